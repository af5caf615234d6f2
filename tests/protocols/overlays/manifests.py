"""Releases and own parts made of a few words each, for rules that need no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from protocols.items.rules.drafts import source_hash
from protocols.overlays.rules.parts import Action, OwnPart
from protocols.overlays.rules.three_way import based_on, reworded
from protocols.releases.rules import Gap, Manifest, Part, Wording

SPACE = UUID("00000000-0000-7000-8000-000000000000")
OWNER = uuid5(SPACE, "owner")
REVIEW = date(2027, 12, 1)
ON_CALL = Gap(name="on_call", type="phone", filled_by="project", example="0113", material=False)


def block(name: str) -> UUID:
    return uuid5(SPACE, name)


@dataclass(frozen=True)
class Facts:
    """What a test says about a release beside its words."""

    locked: Sequence[str] = ()
    dutch: Mapping[str, str] | None = None
    stale: bool = False
    gaps: Sequence[Gap] = field(default_factory=tuple)
    protocol_kind: str = "conduct"


def manifest(texts: Mapping[str, str], facts: Facts | None = None, sequence: int = 1) -> Manifest:
    facts = facts or Facts()
    english = {str(block(name)): text for name, text in texts.items()}
    variants = {"en": wording(english, None)}
    if facts.dutch is not None:
        words = {str(block(name)): text for name, text in facts.dutch.items()}
        source = "0" * 64 if facts.stale else source_hash(english).hex()
        variants["nl"] = wording(words, source)
    return Manifest(
        format="netreach-release/1",
        release=uuid5(SPACE, f"release {sequence}"),
        urn=f"urn:uuid:{SPACE}",
        project=uuid5(SPACE, "project"),
        number=f"{sequence}.0.0",
        sequence=sequence,
        previous=None,
        acknowledgement="re-read",
        kind="protocol",
        protocol_kind=facts.protocol_kind,
        source_language="en",
        jurisdictions=["england"],
        review_by=REVIEW,
        use_limits=[],
        channels=[],
        stated=datetime(2027, 1, 5, tzinfo=UTC),
        expires=datetime(2028, 1, 5, tzinfo=UTC),
        blocks=[Part(id=block(name), locked=name in facts.locked) for name in texts],
        variants=variants,
        placeholders=list(facts.gaps),
    )


def wording(texts: dict[str, str], source: str | None) -> Wording:
    return Wording(title="Conduct", question=None, keywords=[], texts=texts, source=source)


def own(
    release: Manifest,
    action: Action,
    name: str,
    texts: Mapping[str, str] | None = None,
    **more: Any,
) -> OwnPart:
    """Write a part against a release, as the action does."""
    part = OwnPart(
        block=block(name),
        action=action,
        base="",
        reason="We ring another number.",
        owner=OWNER,
        review_by=REVIEW,
        **more,
    )
    if texts:
        part = reworded(part, texts, "en")
    return based_on(release, part)


def english(release: Manifest) -> list[str]:
    return [release.source.texts[str(part.id)] for part in release.blocks]
