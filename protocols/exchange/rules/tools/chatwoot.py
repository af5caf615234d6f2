"""Chatwoot: a list of requests to its API, one for each language of an answer.

It keeps no id of ours, so the file ends with a map from its short codes to answers. Liquid runs on
every message that is sent, so two open braces are never plain text there.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from protocols.exchange.errors import NotAnExport, TooLarge
from protocols.exchange.rules.each_language import Known, each_language
from protocols.exchange.rules.fates import Entry, Exported, Fate, Held, Made, Step, There
from protocols.exchange.rules.fields import Variables, filled_for, finished
from protocols.exchange.rules.fingerprints import fingerprint
from protocols.exchange.rules.outgoing import Outgoing
from protocols.exchange.rules.requests import Request, request_file
from protocols.exchange.rules.tables import MOST_ROWS

PATH = "/api/v1/accounts/{account_id}/canned_responses"
TOO_LONG = "It is longer than the %(number)s characters it may have."
LONGEST_CONTENT = 20_000
VARIABLES = Variables(
    tool="Chatwoot",
    visitor="{{contact.name}}",
    worker="{{agent.name}}",
    danger=re.compile(r"\{\{|\}\}|\{%|%\}"),
)


class CannedResponse(msgspec.Struct, frozen=True):
    """One canned response as Chatwoot lists it."""

    id: int
    short_code: str
    content: str


def entries(texts: Sequence[Outgoing], known: Known) -> Made:
    """Lay out each language of each answer as one canned response, in Markdown."""
    return each_language(texts, known, _entry)


def _entry(text: Outgoing, language: str, name: str) -> Entry | Held:
    words = text.words[language]
    filled = filled_for(words.markdown, text.values, text.gaps, VARIABLES)
    content = finished(filled, filled.text.strip(), VARIABLES)
    if isinstance(content, Held):
        return content
    if len(content) > LONGEST_CONTENT:
        return Held("too-long", TOO_LONG % {"number": LONGEST_CONTENT})
    return Entry(
        urn=text.urn,
        language=language,
        key=name,
        title=words.title,
        fingerprint=fingerprint(content),
        fields={"short_code": name, "content": content},
        warned=[*text.warned, *filled.warned],
    )


def file(steps: Sequence[Step], columns: Sequence[str]) -> Iterator[str]:
    """Write what to ask of Chatwoot: a POST for what is new, a PATCH for what it has."""
    del columns
    return request_file("chatwoot", steps, _request)


def _request(step: Step) -> Request:
    body = {"canned_response": step.entry.fields}
    if step.fate is Fate.UPDATE and step.there:
        return Request(method="PATCH", path=f"{PATH}/{step.there.id}", body=body)
    return Request(method="POST", path=PATH, body=body)


def read(exported: bytes) -> Exported:
    """Read what `GET …/canned_responses` answers."""
    try:
        found = msgspec.json.decode(exported, type=list[CannedResponse])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotAnExport("This is no list of canned responses that Chatwoot answered.") from error
    if len(found) > MOST_ROWS:
        raise TooLarge
    return Exported(
        [
            There(
                key=one.short_code,
                id=str(one.id),
                fingerprint=fingerprint(one.content),
                fields=msgspec.structs.asdict(one),
            )
            for one in found
        ]
    )
