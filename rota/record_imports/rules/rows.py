"""What becomes of each row: what is counted of it, or why it stays out; no sentence has a cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from federation.errors import Reason
from rota.record_imports.rules import columns as col
from rota.record_imports.rules.days import (
    Clock,
    Moment,
    Order,
    day_and_clock,
    placed,
    read_clock,
    read_day,
)
from rota.record_imports.rules.words import yes_or_number
from rota.record_keeping.rules import local_day
from rota.records.rules.drafts import MOST_CONTACTS, MOST_TOPICS, full_hour
from rota.records.rules.lists import TALKED, TURNED_AWAY

TAKEN, LEFT_OUT, SCREENED = "taken", "left-out", "screened"
FATES = {
    TAKEN: "is taken",
    LEFT_OUT: "is left out",
    SCREENED: "is refused: something in it could identify somebody",
}


class OldContact(msgspec.Struct, frozen=True, order=True):
    """People of one row that are alike, as entries of lists; `at` is a full hour where known."""

    channel: str
    day: date
    kind: str
    at: datetime | None = None
    language: str = ""
    familiarity: str = "not-said"
    minutes: str = ""
    topics: tuple[str, ...] = ()
    outcome: str = ""
    unmet: str = ""
    area: str = ""
    gender: str = ""
    nationality: str = ""
    times: int = 1


class OldSession(msgspec.Struct, frozen=True, order=True):
    """When a table says that somebody was there."""

    channel: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to one row of the table."""

    row: int
    fate: str
    contacts: tuple[OldContact, ...] = ()
    session: OldSession | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One row by what its columns tell: words as entries already, the rest as it was written."""

    number: int
    cells: Mapping[str, str]
    entries: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rules:
    """By which clock and until when rows are read, and whether days come before months."""

    zone: str
    now: datetime
    order: Order | None


def fate_of(told: Told, rules: Rules) -> Fate:
    """Decide what becomes of a row whose words are all entries of lists."""
    day, clock = _day(told, rules), _clock(told)
    counts = _counts(told)
    channel = "".join(told.entries.get(col.CHANNEL, ()))
    wrong = [one for one in (day, clock, counts) if isinstance(one, Reason)]
    if not channel:
        wrong.append(Reason("no-channel", "It does not say on which channel. Choose one above."))
    if len(told.entries.get(col.TOPICS, ())) > MOST_TOPICS:
        wrong.append(Reason("too-many-topics", f"A contact has at most {MOST_TOPICS} topics."))
    if wrong or isinstance(day, Reason) or isinstance(clock, Reason) or isinstance(counts, Reason):
        return Fate(told.number, LEFT_OUT, reasons=tuple(wrong))
    moment = placed(day, clock, rules.zone) if clock else None
    if isinstance(moment, Reason):
        return Fate(told.number, LEFT_OUT, reasons=(moment,))
    if moment and moment.starts > rules.now:
        return Fate(told.number, LEFT_OUT, reasons=(_TO_COME,))
    return _taken(told, channel, day, moment, counts)


_TO_COME = Reason("day-to-come", "Its day or hour is still to come.")


def _taken(
    told: Told, channel: str, day: date, moment: Moment | None, counts: Mapping[str, int]
) -> Fate:
    at = full_hour(moment.starts) if moment else None
    contacts = tuple(
        _contact(told, OldContact(channel=channel, day=day, at=at, kind=kind, times=times))
        for kind, times in counts.items()
        if times
    )
    there = OldSession(channel, moment.starts, moment.ends) if moment and moment.ends else None
    if not contacts and there is None:
        nobody = Reason("nobody-counted", "Nobody was counted in it, and no session is told.")
        return Fate(told.number, LEFT_OUT, reasons=(nobody,))
    return Fate(told.number, TAKEN, contacts, there)


def _day(told: Told, rules: Rules) -> date | Reason:
    day = read_day(day_and_clock(told.cells[col.DATE])[0], rules.order)
    if isinstance(day, Reason):
        return day
    return _TO_COME if day > local_day(rules.now, rules.zone) else day


def _clock(told: Told) -> Clock | Reason | None:
    if col.TIME in told.cells:
        written = told.cells[col.TIME]
        # a program writes the hour of a day that has none as well
        written = day_and_clock(written)[1] or written
        return read_clock(written) if written else None
    written = day_and_clock(told.cells[col.DATE])[1]
    clock = read_clock(written) if written else None
    midnight = isinstance(clock, Clock) and not (clock.starts.hour or clock.starts.minute)
    return None if midnight else clock


def _counts(told: Told) -> dict[str, int] | Reason:
    """Say how many of each kind a row tells of: one, unless the table counts sessions."""
    numbers = {}
    for field in (col.TALKS, col.TURNED_AWAY):
        number = yes_or_number(told.cells.get(field, ""))
        if number is None or number > MOST_CONTACTS:
            return Reason(
                "not-a-count", f"It has no count from 0 to {MOST_CONTACTS} where one is expected."
            )
        numbers[field] = number
    if col.TALKS in told.cells:
        return {TALKED: numbers[col.TALKS], TURNED_AWAY: numbers[col.TURNED_AWAY]}
    kind = "".join(told.entries.get(col.KIND, ()))
    if not kind and numbers[col.TURNED_AWAY]:
        return {TURNED_AWAY: numbers[col.TURNED_AWAY]}
    return {kind or TALKED: 1}


def _contact(told: Told, bare: OldContact) -> OldContact:
    def one(field: str) -> str:
        return "".join(told.entries.get(field, ()))

    known = msgspec.structs.replace(
        bare, language=one(col.LANGUAGE), unmet=one(col.UNMET) if bare.times == 1 else ""
    )
    if bare.kind != TALKED or bare.times > 1:
        # what is told of a whole session is true of none of its contacts for certain
        return known
    return msgspec.structs.replace(
        known,
        familiarity=one(col.FAMILIARITY) or "not-said",
        minutes=one(col.MINUTES),
        topics=tuple(sorted(set(told.entries.get(col.TOPICS, ())))),
        outcome=one(col.OUTCOME),
        area=one(col.AREA),
        gender=one(col.GENDER),
        nationality=one(col.NATIONALITY),
    )
