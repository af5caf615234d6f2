"""A short word to the next people on the channel: about the work, never about anybody."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec

from federation.errors import TOO_LONG, Reason
from federation.pools.stated import Moment
from federation.screen.meaning.notes import findings_in_note
from federation.screen.rules import WORDS, Finding

LONGEST_NOTE = 500
LASTS = timedelta(days=7)
WRITTEN_UNTIL = timedelta(hours=12)
PERSONAL = (
    "This looks like %(what)s: line %(line)s, from character %(first)s to %(last)s. "
    "Say it without that."
)


class Note(msgspec.Struct, frozen=True):
    """A word from the people of the session before."""

    id: UUID
    text: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE)]
    written_at: Moment
    expires_at: Moment


def wrong_note(text: str) -> tuple[Reason, ...]:
    """Give every reason why this is no handover note; personal data with where it stands."""
    if not text.strip():
        return (Reason("note-empty", "Write a few words first."),)
    if len(text) > LONGEST_NOTE:
        # not searched as well: of a very long text that would take minutes
        return (Reason("note-too-long", TOO_LONG % {"number": LONGEST_NOTE}),)
    return tuple(_found(text, each) for each in findings_in_note(text))


def _found(text: str, each: Finding) -> Reason:
    line = text.count("\n", 0, each.start) + 1
    column = each.start - (text.rfind("\n", 0, each.start) + 1) + 1
    told = {
        "what": WORDS[each.kind],
        "line": line,
        "first": column,
        "last": column + each.end - each.start - 1,
    }
    return Reason(f"personal-data-{each.kind}", PERSONAL % told)


def may_write_until(ends: datetime, debrief_minutes: int) -> datetime:
    """Say how long after a session its people may still leave a note."""
    return ends + timedelta(minutes=debrief_minutes) + WRITTEN_UNTIL
