"""What somebody says of an answer to its owner, without saying who they are."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from federation.errors import TOO_LONG, Reason
from federation.screen.meaning.notes import findings_in_note
from protocols.releases.rules import Urn

Kind = Literal["wrong", "hard-to-read"]
KINDS: dict[str, str] = {"wrong": "It is wrong", "hard-to-read": "It is hard to read"}
LONGEST_NOTE = 500
MOST_OPEN = 10
"""Of one project about one answer, until its owner has looked at them."""
PERSONAL = "This holds %(what)s. Say it without that."
WORDS = {
    "phone": "a phone number",
    "email": "an e-mail address",
    "url": "a web address",
    "handle": "a user name",
    "postcode": "a full postcode",
    "date-of-birth": "a full date",
    "address": "somebody's address",
}


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What crosses between nodes: which words, what about them, and whose worker, never who."""

    mark: UUID
    urn: Urn
    number: Annotated[str, msgspec.Meta(max_length=20)]
    language: Annotated[str, msgspec.Meta(max_length=35)]
    kind: Kind
    note: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE)]
    project: UUID
    project_name: Annotated[str, msgspec.Meta(max_length=200)]
    day: date


def reasons_against(kind: str, note: str) -> tuple[Reason, ...]:
    """Give every reason why this is not told: above all, what could identify somebody."""
    reasons = []
    if kind not in KINDS:
        reasons.append(Reason("mark-kind", "Say whether it is wrong or hard to read."))
    if len(note) > LONGEST_NOTE:
        # not searched as well: of a very long text that would take minutes
        return (*reasons, Reason("mark-too-long", TOO_LONG % {"number": LONGEST_NOTE}))
    if "\0" in note:
        reasons.append(Reason("mark-not-text", "There is a character here that no text has."))
    kinds = dict.fromkeys(found.kind for found in findings_in_note(note))
    reasons += [
        Reason("mark-personal", PERSONAL % {"what": WORDS.get(kind, kind)}) for kind in kinds
    ]
    return tuple(reasons)
