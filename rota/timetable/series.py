"""A series: the patterns that follow one another, and their shifts to come, as they stand now."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Person
from federation.permissions.rules import Asker
from federation.pools.queries import pool_planned_by
from rota.shifts.actions import lock_pattern
from rota.shifts.errors import PastIsKept
from rota.shifts.keeping import answers_of, timing_of
from rota.shifts.models import Seat, Shift, ShiftPattern
from rota.shifts.rules.patterns import Answers, Timing, occurrences
from rota.shifts.rules.series import Division, Standing, divide, from_day
from rota.shifts.rules.spans import Span, local_day
from rota.shifts.rules.staffing import Staffing
from rota.sign_up.moved import lock_sitters

AHEAD = timedelta(weeks=4)
"""How far shifts are made ahead without anybody asking for more."""
LONGEST_PERIOD = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Seats:
    """What a shift has: its seats by role, and whether somebody has or asks for one of them."""

    roles: Counter[str] = field(default_factory=Counter)
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """The patterns of a series with days to come, its shifts to come, and who sits on them."""

    last: ShiftPattern
    patterns: list[ShiftPattern]
    shifts: dict[UUID, Shift]
    seats: Mapping[UUID, Seats]
    people: dict[UUID, Person]

    def standing(self, since: date) -> list[Standing]:
        """See the shifts from a day on as the rules see them."""
        meant = {pattern.id: self._meant(pattern, since) for pattern in self.patterns}
        return [
            Standing(shift.id, day, Span(shift.starts, shift.ends), _exception(shift, day, meant))
            for shift in self.shifts.values()
            if (day := shift.pattern_day) is not None and day >= since
        ]

    def second_parts(self, since: date) -> list[Shift]:
        """Give what was divided from a session of the series, and takes place from a day on."""
        return [
            shift
            for shift in self.shifts.values()
            if shift.pattern_day is None and local_day(shift.starts, shift.zone) >= since
        ]

    def last_day(self, otherwise: date) -> date:
        """Give the last day on which a shift stands."""
        days = (shift.pattern_day for shift in self.shifts.values())
        return max((day for day in days if day is not None), default=otherwise)

    def _meant(self, pattern: ShiftPattern, since: date) -> dict[date, Span]:
        until = self.last_day(since) + timedelta(days=1)
        found = occurrences(timing_of(pattern), since, until, answers_of(pattern)).found
        return {each.day: each.span for each in found}


def _exception(shift: Shift, day: date, meant: Mapping[UUID, Mapping[date, Span]]) -> bool:
    """Tell what somebody changed or called off by itself, also before that was written down."""
    if shift.exception_at is not None or shift.cancelled_at is not None:
        return True
    mine = meant.get(shift.pattern_id, {}) if shift.pattern_id else {}
    return mine.get(day) != (shift.starts, shift.ends)


async def read_series(
    session: AsyncSession, asker: Asker, pattern_id: UUID, now: datetime
) -> Series:
    """Read a series that the asker may plan, whichever of its patterns is named."""
    patterns = await _patterns(session, asker, pattern_id)
    shifts = await _to_come(session, patterns, now)
    return await _series(session, patterns, shifts, {})


async def lock_series(
    session: AsyncSession, asker: Asker, pattern_id: UUID, now: datetime
) -> Series:
    """Read a series and lock it: its patterns, then all who sit on its shifts, then the shifts."""
    locked = await _lock_patterns(session, asker, pattern_id)
    named = [shift.id for shift in await _to_come(session, locked, now)]
    people = await lock_sitters(session, named)
    shifts = await session.scalars(
        select(Shift)
        .where(Shift.id.in_(named))
        .order_by(Shift.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return await _series(session, locked, list(shifts), people)


async def _lock_patterns(
    session: AsyncSession, asker: Asker, pattern_id: UUID
) -> list[ShiftPattern]:
    """Lock all patterns of a series, those also that follow since it was asked who they are."""
    locked: dict[UUID, ShiftPattern] = {}
    while True:
        found = await _patterns(session, asker, pattern_id)
        fresh = sorted(each.id for each in found if each.id not in locked)
        if not fresh:
            return [locked[each] for each in sorted(locked)]
        for each in fresh:
            locked[each] = await lock_pattern(session, each)


async def _patterns(session: AsyncSession, asker: Asker, pattern_id: UUID) -> list[ShiftPattern]:
    """Walk from a pattern to those that it follows and to those that follow it."""
    pattern = await session.get(ShiftPattern, pattern_id)
    if pattern is None:
        raise NotFound
    await pool_planned_by(session, asker, pattern.pool_id)
    ahead = [pattern]
    while (follows := ahead[-1].successor_id) is not None:
        ahead.append(await session.get_one(ShiftPattern, follows))
    behind, named = list[ShiftPattern](), [pattern_id]
    while named:
        before = await session.scalars(
            select(ShiftPattern).where(ShiftPattern.successor_id.in_(named))
        )
        found = list(before)
        behind += found
        named = [each.id for each in found]
    return [*behind, *ahead]


async def _to_come(
    session: AsyncSession, patterns: Iterable[ShiftPattern], now: datetime
) -> Sequence[Shift]:
    named = [each.id for each in patterns]
    stands = or_(Shift.pattern_day.is_not(None), Shift.cancelled_at.is_(None))
    rows = await session.scalars(
        select(Shift)
        .where(Shift.pattern_id.in_(named), stands, Shift.starts > now)
        .order_by(Shift.starts, Shift.id)
    )
    return rows.all()


async def _series(
    session: AsyncSession,
    patterns: Sequence[ShiftPattern],
    shifts: Sequence[Shift],
    people: dict[UUID, Person],
) -> Series:
    rows = await session.execute(
        select(Seat.shift_id, Seat.role, Seat.state).where(
            Seat.shift_id.in_([shift.id for shift in shifts])
        )
    )
    roles: dict[UUID, Counter[str]] = defaultdict(Counter)
    claimed = set()
    for shift_id, role, state in rows:
        roles[shift_id][role] += 1
        if state != "open":
            claimed.add(shift_id)
    return Series(
        last=next(each for each in patterns if each.successor_id is None),
        patterns=[each for each in patterns if each.ended_at is None],
        shifts={shift.id: shift for shift in shifts},
        seats={shift.id: Seats(roles[shift.id], shift.id in claimed) for shift in shifts},
        people=people,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Another rule for a series from a day on; without a day, for all of it that is to come."""

    timing: Timing
    staffing: Staffing
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a changed rule means: from which day it holds, and what becomes of the shifts."""

    begins: date
    timing: Timing
    division: Division


def first_free_day(series: Series, since: date | None, now: datetime) -> date:
    """Give the first day that changes; a day that has begun stays, with all that is on it."""
    tomorrow = local_day(now, series.last.zone) + timedelta(days=1)
    if since is not None and since < tomorrow:
        raise PastIsKept
    begins = since or tomorrow
    ends = [each.last_day for each in series.patterns]
    if all(day is not None and day < begins for day in ends):
        raise PastIsKept("This series has ended by then. Set down a new one instead.")
    # a series that begins later than asked is changed from its first day on
    return max(begins, min(each.first_day for each in series.patterns))


def outcome(series: Series, wanted: Wanted, now: datetime) -> Outcome:
    """Work out what would become of every shift, without changing any."""
    begins = first_free_day(series, wanted.since, now)
    timing = from_day(wanted.timing, timing_of(series.last), begins)
    last = series.last_day(begins)
    horizon = max(last, local_day(now, timing.zone) + AHEAD)
    # to the end of the month in which the last shift stands, so that it can find its pair
    until = horizon + LONGEST_PERIOD
    meant = occurrences(timing, begins, until, kept_answers(series, timing))
    division = divide(series.standing(begins), meant, timing)
    _made_anew(series, division, wanted.staffing)
    division.fresh[:] = [each for each in division.fresh if each.day <= horizon]
    division.questions[:] = [each for each in meant.questions if each.day <= horizon]
    division.skipped[:] = [each for each in meant.skipped if each.day <= horizon]
    return Outcome(begins, timing, division)


def kept_answers(series: Series, timing: Timing) -> Answers:
    """Keep what was said about clock changes where the clock times are still the same."""
    return answers_of(series.last) if _same_clock(series, timing) else {}


def told_days(series: Series, timing: Timing) -> list[str]:
    """Keep of which days coordinators were told, so that the same is not asked twice."""
    return series.last.clock_told if _same_clock(series, timing) else []


def _same_clock(series: Series, timing: Timing) -> bool:
    before = timing_of(series.last)
    return (before.starts, before.minutes, before.zone) == (
        timing.starts,
        timing.minutes,
        timing.zone,
    )


def _made_anew(series: Series, division: Division, staffing: Staffing) -> None:
    """End and make anew what nobody has claimed and has more seats than are wanted now."""
    roles = Counter(staffing.seats)
    for each in list(division.moves):
        standing, found = each
        seats = series.seats[standing.shift_id]
        if seats.roles - roles and not seats.claimed:
            division.moves.remove(each)
            division.ends.append(standing)
            division.fresh.append(found)
