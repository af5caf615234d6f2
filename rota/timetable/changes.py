"""Changing a series from a day on: exceptions stay, people move along, the past is untouched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool
from federation.pools.queries import pool_planned_by
from rota.passport.actions import PASSPORT
from rota.passport.rules import needed_on
from rota.seats.actions import settle
from rota.shifts.actions import Generated, add_pattern, follow_pattern, lock_pattern
from rota.shifts.changing import add_seats, take_over
from rota.shifts.keeping import kept_answer, timing_of
from rota.shifts.models import Shift, ShiftPattern
from rota.shifts.rules.patterns import Answer, days, occurrence
from rota.shifts.rules.series import Division
from rota.shifts.rules.spans import local_day
from rota.sign_up.moved import Told, ask_again, call_off, tell_homes
from rota.timetable.clock_questions import tell_of_questions
from rota.timetable.errors import NotAskedAbout
from rota.timetable.series import (
    AHEAD,
    Outcome,
    Series,
    Wanted,
    first_free_day,
    kept_answers,
    lock_series,
    outcome,
    read_series,
    told_days,
)


@dataclass(frozen=True, slots=True)
class Changed:
    """What changing a series has done: the pattern that holds now, and what became of shifts."""

    pattern_id: UUID
    outcome: Outcome
    made: Generated


async def preview_change(
    session: AsyncSession, asker: Asker, pattern_id: UUID, wanted: Wanted, now: datetime
) -> Outcome:
    """Say what changing a series would do, and change nothing."""
    return outcome(await read_series(session, asker, pattern_id, now), wanted, now)


async def change_series(
    session: AsyncSession, asker: Asker, pattern_id: UUID, wanted: Wanted, now: datetime
) -> Changed:
    """Let another rule hold from a day on; without a day, from tomorrow on for the whole series.

    Shifts to come move to the new rule's time with those who sit there, each home asked again.
    """
    series = await lock_series(session, asker, pattern_id, now)
    meant = outcome(series, wanted, now)
    successor = await _follow(session, series, meant, wanted, now)
    told = Told()
    changed = await _move(session, series, meant.division, wanted, successor, told, now)
    ended = [series.shifts[each.shift_id] for each in meant.division.ends]
    await _end(session, series, ended, told, now)
    for standing, day in meant.division.stays:
        shift = series.shifts[standing.shift_id]
        shift.pattern_id, shift.pattern_day = successor.id, day
    for shift in (*changed, *ended):
        await settle(session, shift, now)
    made = await _make(session, asker.person_id, series, successor, meant, now)
    await tell_homes(session, told, now)
    await record(
        session,
        actor=asker.person_id,
        verb="pattern-changed",
        subject="shift_pattern",
        subject_id=pattern_id,
        now=now,
        facts={
            "successor": str(successor.id),
            "changed": [str(shift.id) for shift in changed],
            "cancelled": [str(shift.id) for shift in ended],
        },
    )
    return Changed(successor.id, meant, made)


async def _follow(
    session: AsyncSession, series: Series, meant: Outcome, wanted: Wanted, now: datetime
) -> ShiftPattern:
    """End the patterns of a series where another one begins, and add that one."""
    _stop(series, meant.begins, now)
    # what is set down anew in the same words is another pattern from now on
    for pattern in (*series.patterns, series.last):
        pattern.set_down_as = None
    await session.flush()
    channel = await session.get_one(Channel, series.last.channel_id)
    successor_id, _ = await add_pattern(
        session, channel, series.last.series, meant.timing, wanted.staffing
    )
    successor = await lock_pattern(session, successor_id)
    successor.clock_answers = [
        kept_answer(day, answer)
        for day, answer in kept_answers(series, meant.timing).items()
        if day >= meant.begins
    ]
    successor.clock_told = told_days(series, meant.timing)
    series.last.successor_id = successor_id
    await session.flush()
    return successor


def _stop(series: Series, begins: date, now: datetime) -> None:
    for pattern in series.patterns:
        if pattern.first_day >= begins:
            pattern.ended_at = now
        elif pattern.last_day is None or pattern.last_day >= begins:
            pattern.last_day = begins - timedelta(days=1)


async def _move(
    session: AsyncSession,
    series: Series,
    division: Division,
    wanted: Wanted,
    successor: ShiftPattern,
    told: Told,
    now: datetime,
) -> list[Shift]:
    """Bring shifts in line with the new rule; gives those that have really changed."""
    channel = await session.get_one(Channel, successor.channel_id)
    pool = await session.get_one(Pool, successor.pool_id)
    changed, moved, retrained = [], [], list[UUID]()
    for standing, found in division.moves:
        shift = series.shifts[standing.shift_id]
        if take_over(shift, found.span, wanted.staffing, channel):
            moved.append((found.span.start - standing.span.start, shift))
        shift.zone = successor.zone
        if _asks_more(shift, needed_on(channel.trainings, pool.trainings)):
            retrained.append(shift.id)
        # asked before anything is read, which would write it down first
        modified = session.is_modified(shift)
        if await add_seats(session, shift.id, wanted.staffing.seats) or modified:
            changed.append(shift)
        shift.pattern_id, shift.pattern_day = successor.id, found.day
    await session.flush()
    for shift_id in retrained:
        await put(session, PASSPORT, {"shift": str(shift_id)}, now=now, key=str(shift_id))
    for shift in _in_turn(moved):
        await ask_again(session, shift, series.people, told, now)
    return changed


def _asks_more(shift: Shift, needed: list[str]) -> bool:
    """Write what a shift asks for now; True where somebody who sits there may lack it."""
    more = bool(set(needed) - set(shift.trainings))
    shift.trainings = needed
    return more


def _in_turn(moved: Sequence[tuple[timedelta, Shift]]) -> list[Shift]:
    """Put first what makes room: of those that move later the last one, else the first."""
    later = [shift for by, shift in moved if by > timedelta()]
    others = [shift for by, shift in moved if by <= timedelta()]
    later.sort(key=lambda shift: shift.starts, reverse=True)
    others.sort(key=lambda shift: shift.starts)
    return [*later, *others]


async def _end(
    session: AsyncSession, series: Series, ended: Sequence[Shift], told: Told, now: datetime
) -> None:
    for shift in ended:
        # no longer the shift of its day, on which there may be one again
        shift.cancelled_at, shift.pattern_day = now, None
        await call_off(session, shift, series.people, told, now)


async def _make(
    session: AsyncSession,
    actor: UUID,
    series: Series,
    successor: ShiftPattern,
    meant: Outcome,
    now: datetime,
) -> Generated:
    ahead = local_day(now, successor.zone) + AHEAD
    last = max([ahead, series.last_day(ahead), *(each.day for each in meant.division.fresh)])
    return await follow_pattern(session, actor, successor.id, last + timedelta(days=1), now)


async def end_series(
    session: AsyncSession, asker: Asker, pattern_id: UUID, since: date | None, now: datetime
) -> list[UUID]:
    """Let a series end: from a day on nothing of it takes place, exceptions included."""
    series = await lock_series(session, asker, pattern_id, now)
    begins = first_free_day(series, since, now)
    ended = [
        series.shifts[each.shift_id]
        for each in series.standing(begins)
        if series.shifts[each.shift_id].cancelled_at is None
    ] + series.second_parts(begins)
    _stop(series, begins, now)
    series.last.set_down_as = None
    told = Told()
    await _end(session, series, ended, told, now)
    for shift in ended:
        await settle(session, shift, now)
    await tell_homes(session, told, now)
    await record(
        session,
        actor=asker.person_id,
        verb="pattern-ended",
        subject="shift_pattern",
        subject_id=pattern_id,
        now=now,
        facts={"cancelled": [str(shift.id) for shift in ended]},
    )
    return [shift.id for shift in ended]


async def answer_question(
    session: AsyncSession,
    asker: Asker,
    pattern_id: UUID,
    day: date,
    answer: Answer | None,
    now: datetime,
) -> Generated:
    """Say what holds on a day on which the clock jumps over the time; None leaves the day out."""
    pattern = await session.get(ShiftPattern, pattern_id)
    if pattern is None:
        raise NotFound
    await pool_planned_by(session, asker, pattern.pool_id)
    pattern = await lock_pattern(session, pattern_id)
    if day not in days(timing_of(pattern), day, day + timedelta(days=1)):
        raise NotAskedAbout
    if answer is not None:
        # refused here where that time does not exist either
        occurrence(day, answer.starts, answer.minutes, pattern.zone)
    others = [each for each in pattern.clock_answers if each["day"] != day.isoformat()]
    pattern.clock_answers = [*others, kept_answer(day, answer)]
    await session.flush()
    until = max(day, local_day(now, pattern.zone) + AHEAD) + timedelta(days=1)
    return await follow_pattern(session, asker.person_id, pattern_id, until, now)


async def make_ahead(session: AsyncSession, pattern_id: UUID, now: datetime) -> Generated:
    """Make a pattern's shifts for the coming weeks, as happens every day by itself."""
    pattern = await session.get_one(ShiftPattern, pattern_id)
    until = local_day(now, pattern.zone) + AHEAD + timedelta(days=1)
    made = await follow_pattern(session, SYSTEM, pattern_id, until, now)
    if pattern.ended_at is None:
        await tell_of_questions(session, pattern, now)
    return made
