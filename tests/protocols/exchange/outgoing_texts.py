"""Answers on their way out, as values."""

from collections.abc import Mapping
from typing import Any

from protocols.exchange.rules.outgoing import Outgoing, Words
from protocols.releases.rules import Gap

URN = "urn:uuid:0197b1c2-0000-7000-8000-000000000001"
OWNER = "0197b1c2-0000-7000-8000-00000000000a"


def words(markdown: str, **other: Any) -> Words:
    facts: dict[str, Any] = {"title": "Free test", "question": "Where?", "keywords": ("test",)}
    return Words(markdown=markdown, **facts | other)


def text(
    said: str | Mapping[str, Words], values: Mapping[str, str] | None = None, **other: Any
) -> Outgoing:
    by_language = {"en": words(said)} if isinstance(said, str) else said
    return Outgoing(
        **{"urn": URN, "owner": OWNER, "words": by_language, "values": values or {}} | other
    )


def gap(name: str, filled_by: str = "worker") -> Gap:
    return Gap(name=name, type="text", filled_by=filled_by, example="x", material=False)
