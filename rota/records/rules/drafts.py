"""A record as somebody enters it, and every reason why it cannot be kept.

No sentence repeats what was entered: it may be just what must not be kept anywhere.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec

from federation.errors import TOO_LONG, Reason
from federation.pools.stated import Moment
from federation.screen.meaning.notes import findings_in_note
from federation.screen.numbers.dates import full_dates
from federation.screen.plain import plain
from federation.screen.rules import WORDS, Finding, apart
from rota.records.rules.lists import (
    FAMILIARITIES,
    FIRST_HALF,
    GENDERS,
    KINDS,
    MINUTES,
    NATIONALITIES,
    OUTCOMES,
    PACES,
    SIGNPOSTED,
    SUPPORT,
    TALKED,
    is_language,
)

MOST_CONTACTS, MOST_TOPICS, LONGEST_NOTE = 200, 8, 300
WRITTEN_UNTIL = timedelta(days=14)
HOUR = timedelta(hours=1)
DATE = "date"
DATES = {DATE: "a full date"}
"""What only a note of a record may not hold: on which day something was tells who it was."""
PERSONAL = "Character %(first)s to %(last)s looks like %(what)s. Say it without that."
OF_CONTACT = "Contact %(number)s: %(what)s"
MANY_CONTACTS = "A record holds at most %(number)s contacts. Tell your coordinator of the others."


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who wrote, told apart from nobody else: bands and entries of lists only."""

    at: Moment
    language: str
    kind: str = TALKED
    familiarity: str = "not-said"
    minutes: str | None = None
    topics: Annotated[list[str], msgspec.Meta(max_length=MOST_TOPICS)] = []
    outcome: str | None = None
    signpost: UUID | None = None
    unmet: str | None = None
    area: str | None = None
    gender: str | None = None
    nationality: str | None = None


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a seat holder counts of one session or task; `done` once it is complete."""

    contacts: Annotated[list[Contact], msgspec.Meta(max_length=MOST_CONTACTS)] = []
    pace: str | None = None
    technical_trouble: bool = False
    staff_abused: bool = False
    support: str = "not-needed"
    note: str = ""
    done: bool = False


NOTHING = Draft()


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be entered for one session: its time, and the lists of pool and project."""

    starts: datetime
    ends: datetime
    topics: Collection[str]
    areas: Collection[str] = ()
    signposts: Collection[UUID] = ()
    asks_gender: bool = False
    asks_nationality: bool = False
    keeps_notes: bool = False


def full_hour(at: datetime) -> datetime:
    """Give the full hour in which something was: of a contact nothing finer is kept."""
    try:
        return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    except OverflowError:
        # before the first year or after the last one of UTC: outside every session
        return at


def holds_contact(draft: Draft, new: Contact) -> bool:
    """Tell whether a contact like this one is among those that were counted."""
    return _kept(new) in draft.contacts


def with_contact(draft: Draft, new: Contact) -> Draft:
    """Add a contact behind all others."""
    return _holding(draft, [*draft.contacts, _kept(new)])


def _kept(new: Contact) -> Contact:
    return msgspec.structs.replace(new, at=full_hour(new.at))


def without_contact(draft: Draft, number: str, shown: int | None) -> Draft:
    """Take out the contact with a number, if the list is still the one that somebody saw."""
    if shown not in {None, len(draft.contacts)}:
        return draft
    counted = enumerate(draft.contacts, 1)
    return _holding(draft, [one for at, one in counted if str(at) != number])


def _holding(draft: Draft, contacts: list[Contact]) -> Draft:
    return msgspec.structs.replace(draft, contacts=contacts)


def wrong_record(draft: Draft, allowed: Allowed, before: Draft = NOTHING) -> tuple[Reason, ...]:
    """Give every reason why a record cannot be kept as it is.

    What it held before was right when it was kept, and stays so, whatever was taken off a list.
    """
    return (*_of_session(draft, allowed, before), *_of_contacts(draft, allowed, before))


def _of_session(draft: Draft, allowed: Allowed, before: Draft) -> Iterator[Reason]:
    if draft.pace is not None and draft.pace not in PACES:
        yield Reason("unknown-pace", "A session was quiet or busy; leave it out if neither.")
    if draft.support not in SUPPORT:
        yield Reason("unknown-support", "Choose whether support was needed from the list.")
    if draft.done and draft.pace is None:
        yield Reason("pace-missing", "Say whether the session was quiet or busy.")
    if draft.note != before.note:
        yield from _of_note(draft.note, allowed)


def _of_note(note: str, allowed: Allowed) -> Iterator[Reason]:
    if not note.strip():
        return
    if not allowed.keeps_notes:
        yield Reason("notes-not-kept", "Your project keeps no notes with records. Leave it empty.")
    elif len(note) > LONGEST_NOTE:
        yield Reason("record-note-too-long", TOO_LONG % {"number": LONGEST_NOTE})
    else:
        for one in _personal(note):
            told = {"first": one.start + 1, "last": one.end, "what": (WORDS | DATES)[one.kind]}
            yield Reason(f"personal-data-{one.kind}", PERSONAL % told)


def _personal(note: str) -> list[Finding]:
    """Find what could identify somebody, and every full date (decision 0092)."""
    read = plain(note)
    spans = ((read.start(first), read.end(end)) for first, end in full_dates(read.text))
    found = findings_in_note(note)
    dates = [Finding(DATE, *span) for span in spans]
    return apart([*found, *(one for one in dates if not any(_overlap(one, own) for own in found))])


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end


def _of_contacts(draft: Draft, allowed: Allowed, before: Draft) -> Iterator[Reason]:
    if len(draft.contacts) > MOST_CONTACTS:
        yield Reason("many-contacts", MANY_CONTACTS % {"number": MOST_CONTACTS})
        return
    kept = [*before.contacts]
    for number, contact in enumerate(draft.contacts, 1):
        if contact in kept:
            kept.remove(contact)
            continue
        for code, sentence in _wrong(contact, allowed):
            yield Reason(code, OF_CONTACT % {"number": number, "what": sentence})


def _wrong(contact: Contact, allowed: Allowed) -> Iterator[Reason]:
    if not full_hour(allowed.starts) <= full_hour(contact.at) < allowed.ends:
        yield Reason("hour-outside", "choose an hour of the session.")
    if not is_language(contact.language):
        yield Reason("unknown-language", "choose a language from the list.")
    if contact.kind not in KINDS:
        yield Reason("unknown-kind", "say whether you talked, or they were turned away.")
    yield from _wrong_words(contact, allowed)
    yield from _wrong_outcome(contact, allowed)
    yield from _wrong_about_people(contact, allowed)


def _wrong_words(contact: Contact, allowed: Allowed) -> Iterator[Reason]:
    if contact.familiarity not in FAMILIARITIES:
        yield Reason("unknown-familiarity", "new, was here before, or not said.")
    if contact.minutes is not None and contact.minutes not in MINUTES:
        yield Reason("unknown-minutes", "choose how long it took from the list.")
    unmet = [] if contact.unmet is None else [contact.unmet]
    if not set(allowed.topics).issuperset([*contact.topics, *unmet]):
        yield Reason("unknown-topic", "choose topics from your pool's list.")
    if len(contact.topics) > MOST_TOPICS:
        yield Reason("many-topics", "choose at most eight topics.")
    if len(set(contact.topics)) < len(contact.topics):
        yield Reason("topic-twice", "name each topic once.")


def _wrong_outcome(contact: Contact, allowed: Allowed) -> Iterator[Reason]:
    if contact.outcome is not None and contact.outcome not in OUTCOMES:
        yield Reason("unknown-outcome", "choose what came of it from the list.")
    if (contact.kind == TALKED) != (contact.outcome is not None):
        yield Reason("outcome-and-kind", "an outcome belongs to those you talked with, always.")
    if contact.signpost is not None:
        if contact.outcome != SIGNPOSTED:
            yield Reason("signpost-and-outcome", "a service belongs to people told of one.")
        if contact.signpost not in allowed.signposts:
            yield Reason("unknown-signpost", "choose a service from your project's list.")


def _wrong_about_people(contact: Contact, allowed: Allowed) -> Iterator[Reason]:
    area = contact.area
    if area is not None and area not in allowed.areas and not FIRST_HALF.fullmatch(area):
        yield Reason(
            "unknown-area", "a town of your project's list, or the first half of a postcode."
        )
    asked = (
        (contact.gender, GENDERS, allowed.asks_gender),
        (contact.nationality, NATIONALITIES, allowed.asks_nationality),
    )
    for value, known, asks in asked:
        if value is not None and not asks:
            yield Reason("not-collected", "your project does not ask for gender or nationality.")
        elif value is not None and value not in known:
            yield Reason("unknown-band", "choose gender and nationality from the lists.")
