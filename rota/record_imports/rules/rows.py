"""What becomes of each row: what is counted of it, or why it stays out; no sentence has a cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

import msgspec

from federation.errors import Reason
from rota.record_imports.rules import columns as col
from rota.record_imports.rules.counts import Counts, counts_of
from rota.record_imports.rules.days import (
    Moment,
    Order,
    day_and_clock,
    placed,
    read_day,
)
from rota.record_imports.rules.hours import A_DAY, Clock, lasts, read_clock
from rota.record_keeping.rules import local_day
from rota.records.rules.drafts import MOST_TOPICS, full_hour
from rota.records.rules.lists import TALKED

TAKEN, LEFT_OUT, SCREENED = "taken", "left-out", "screened"
FATES = {
    TAKEN: "is taken",
    LEFT_OUT: "is left out",
    SCREENED: "is refused: something in it could identify somebody",
}

MANY_TOPICS = "A contact has at most %(number)s topics."


class OldContact(msgspec.Struct, frozen=True, order=True):
    """People of one row that are alike, as entries of lists.

    `at` is a full hour where one is known; until when, where only their session is.
    """

    channel: str
    day: date
    kind: str
    at: datetime | None = None
    until: datetime | None = None
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

    def one(self, field: str) -> str:
        """Give the entry of a column, or nothing."""
        return "".join(self.entries.get(field, ()))


@dataclass(frozen=True, slots=True)
class Rules:
    """By which clock and of which days rows are read, and whether days come before months."""

    zone: str
    now: datetime
    order: Order | None
    first: date = date.min
    last: date = date.max


def fate_of(told: Told, rules: Rules) -> Fate:
    """Decide what becomes of a row whose words are all entries of lists."""
    channel = told.one(col.CHANNEL)
    counts = counts_of(told.cells, told.one(col.KIND))
    when = _when(told, rules)
    wrong = [one for one in (when, counts) if isinstance(one, Reason)]
    if not channel:
        wrong.append(Reason("no-channel", "It does not say on which channel. Choose one above."))
    if len(told.entries.get(col.TOPICS, ())) > MOST_TOPICS:
        wrong.append(Reason("too-many-topics", MANY_TOPICS % {"number": MOST_TOPICS}))
    if wrong or isinstance(when, Reason) or isinstance(counts, Reason):
        return Fate(told.number, LEFT_OUT, reasons=tuple(wrong))
    return _taken(told, channel, when, counts)


_TO_COME = Reason("day-to-come", "Its day or hour is still to come.")
_OTHER_DAY = Reason("day-not-wanted", "Its day is not among those that you want counted.")


class _When(NamedTuple):
    """When a row's people wrote and when its session was, as far as it tells."""

    day: date
    at: datetime | None
    session: Moment | None


def _when(told: Told, rules: Rules) -> _When | Reason:
    day, clock = _day(told, rules), _clock(told)
    session = _clock_in(told.cells.get(col.SESSION, ""))
    if isinstance(day, Reason):
        return day
    if isinstance(clock, Reason):
        return clock
    if isinstance(session, Reason):
        return session
    if session is None and clock and clock.ends:
        session, clock = clock, None
    placed_all = [placed(_day_of(clock, session, day), clock, rules.zone) if clock else None]
    placed_all.append(placed(day, session, rules.zone) if session else None)
    for one in placed_all:
        if isinstance(one, Reason):
            return one
        if one and one.starts > rules.now:
            return _TO_COME
    return _whole(day, *placed_all)


def _whole(day: date, clock: Moment | Reason | None, session: Moment | Reason | None) -> _When:
    at = clock.starts if isinstance(clock, Moment) else None
    there = session if isinstance(session, Moment) else None
    if there and there.ends is None and at is None:
        at, there = there.starts, None
    return _When(day, full_hour(at) if at else None, there if there and there.ends else None)


def _day_of(clock: Clock | None, session: Clock | None, day: date) -> date:
    """Count an hour after midnight to the night of its session."""
    if clock is None or session is None or session.ends is None or session.ends > session.starts:
        return day
    # who wrote just before a session did so on its evening
    over = lasts(session.ends, clock.starts) < lasts(clock.starts, session.starts)
    within = clock.starts <= session.ends
    return day + A_DAY if clock.starts < session.starts and (within or over) else day


def _taken(told: Told, channel: str, when: _When, counts: Counts) -> Fate:
    session = when.session
    at = when.at or (full_hour(session.starts) if session else None)
    until = session.ends if session and when.at is None else None
    contacts = _contacts(told, OldContact(channel, when.day, TALKED, at=at, until=until), counts)
    there = OldSession(channel, session.starts, session.ends) if session and session.ends else None
    if not contacts and there is None:
        nobody = Reason("nobody-counted", "Nobody was counted in it, and no session is told.")
        return Fate(told.number, LEFT_OUT, reasons=(nobody,))
    return Fate(told.number, TAKEN, contacts, there)


def _day(told: Told, rules: Rules) -> date | Reason:
    day = read_day(day_and_clock(told.cells[col.DATE])[0], rules.order)
    if isinstance(day, Reason):
        return day
    if not rules.first <= day <= rules.last:
        return _OTHER_DAY
    return _TO_COME if day > local_day(rules.now, rules.zone) else day


def _clock(told: Told) -> Clock | Reason | None:
    if col.TIME in told.cells:
        return _clock_in(told.cells[col.TIME])
    clock = _clock_in(day_and_clock(told.cells[col.DATE])[1])
    # a program writes midnight beside a day that has no time
    midnight = isinstance(clock, Clock) and clock.starts == time(0)
    return None if midnight else clock


def _clock_in(cell: str) -> Clock | Reason | None:
    # a program writes some day before a time that has none
    written = day_and_clock(cell)[1] or cell
    return read_clock(written) if written else None


def _contacts(told: Told, bare: OldContact, counts: Counts) -> tuple[OldContact, ...]:
    bare = msgspec.structs.replace(bare, language=told.one(col.LANGUAGE))
    alike = [(kind, times) for kind, times in counts.items() if times]
    found = [
        _contact(told, msgspec.structs.replace(bare, kind=kind, times=times))
        for kind, times in alike
    ]
    return tuple(_with_need(found, told.one(col.UNMET)))


def _contact(told: Told, bare: OldContact) -> OldContact:
    if bare.kind != TALKED or bare.times > 1:
        # what is told of a whole session is true of none of its contacts for certain
        return bare
    return msgspec.structs.replace(
        bare,
        familiarity=told.one(col.FAMILIARITY) or "not-said",
        minutes=told.one(col.MINUTES),
        topics=tuple(sorted(set(told.entries.get(col.TOPICS, ())))),
        outcome=told.one(col.OUTCOME),
        area=told.one(col.AREA),
        gender=told.one(col.GENDER),
        nationality=told.one(col.NATIONALITY),
    )


def _with_need(contacts: list[OldContact], need: str) -> list[OldContact]:
    """Count what nobody could give once, as often as a row says it: sums ask not of whom."""
    if not contacts or not need:
        return contacts
    first, *others = contacts
    one = msgspec.structs.replace(first, unmet=need, times=1)
    if first.times > 1:
        others = [msgspec.structs.replace(first, times=first.times - 1), *others]
    return [one, *others]
