"""Rocket.Chat: a list of requests to its API, one for each language of an answer.

It refuses keys that it does not know, clears tags that are left out, and takes a shortcut once in
the whole workspace.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from protocols.exchange.errors import NotAnExport, TooLarge
from protocols.exchange.rules.chat_text import as_chat_text
from protocols.exchange.rules.each_language import Known, each_language
from protocols.exchange.rules.fates import Entry, Exported, Fate, Held, Made, Step, There
from protocols.exchange.rules.fields import Variables, filled_for, finished
from protocols.exchange.rules.fingerprints import fingerprint, in_order
from protocols.exchange.rules.outgoing import Outgoing
from protocols.exchange.rules.requests import Request, request_file
from protocols.exchange.rules.tables import MOST_ROWS

PATH = "/api/v1/canned-responses"
VARIABLES = Variables(
    tool="Rocket.Chat",
    visitor="{{contact.name}}",
    worker="{{agent.name}}",
    danger=re.compile(r"\{\{|\}\}"),
)


class CannedResponse(msgspec.Struct, frozen=True, rename={"id": "_id"}):
    """One canned response as Rocket.Chat lists it."""

    id: str
    shortcut: str
    text: str
    scope: str = "global"
    tags: list[str] | None = None
    departmentId: str | None = None  # noqa: N815 -- the tool's own name


class Listed(msgspec.Struct, frozen=True, rename="camel"):
    """What its list answers; `total` tells whether there is more."""

    canned_responses: list[CannedResponse]
    total: int | None = None


def entries(texts: Sequence[Outgoing], known: Known) -> Made:
    """Lay out each language of each answer as one canned response for the whole workspace."""
    return each_language(texts, known, _entry)


def _entry(text: Outgoing, language: str, name: str) -> Entry | Held:
    words = text.words[language]
    filled = filled_for(words.markdown, text.values, text.gaps, VARIABLES)
    said = finished(filled, as_chat_text(filled.text), VARIABLES)
    if isinstance(said, Held):
        return said
    tags = list(dict.fromkeys(words.keywords))
    return Entry(
        urn=text.urn,
        language=language,
        key=name,
        title=words.title,
        fingerprint=fingerprint(said, in_order(tags)),
        fields={"shortcut": name, "text": said, "scope": "global", "tags": tags},
        warned=[*text.warned, *filled.warned],
    )


def file(steps: Sequence[Step], columns: Sequence[str]) -> Iterator[str]:
    """Write what to ask of Rocket.Chat: a POST, with the tool's own id for what it has."""
    del columns
    return request_file("rocket-chat", steps, _request)


def _request(step: Step) -> Request:
    body: dict[str, Any] = dict(step.entry.fields)
    if step.fate is Fate.UPDATE and step.there:
        kept = {name: step.there.fields[name] for name in ("scope", "departmentId")}
        body |= {"_id": step.there.id} | {name: value for name, value in kept.items() if value}
    return Request(method="POST", path=PATH, body=body)


def read(exported: bytes) -> Exported:
    """Read what `GET /api/v1/canned-responses` answers; half a list is no list."""
    try:
        listed = msgspec.json.decode(exported, type=Listed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotAnExport(
            "This is no list of canned responses that Rocket.Chat answered."
        ) from error
    found = listed.canned_responses
    if listed.total is not None and listed.total > len(found):
        raise NotAnExport("This is one page of the list. Ask Rocket.Chat with `count=0` for all.")
    if len(found) > MOST_ROWS:
        raise TooLarge
    return Exported(
        [
            There(
                key=one.shortcut,
                id=one.id,
                fingerprint=fingerprint(one.text, in_order(one.tags or [])),
                fields=msgspec.structs.asdict(one),
            )
            for one in found
        ]
    )
