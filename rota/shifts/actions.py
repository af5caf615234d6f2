from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool
from federation.pools.queries import pool_planned_by
from rota.passport.rules import needed_on
from rota.shifts.announce import announce_shift
from rota.shifts.errors import PastIsKept, TooFarAhead, WrongPattern
from rota.shifts.models import Seat, Shift, ShiftPattern
from rota.shifts.rules.patterns import Answer, Occurrence, Question, Weekly, checked, occurrences
from rota.shifts.rules.spans import local_day
from rota.shifts.rules.staffing import Staffing, wrong_staffing

FARTHEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Generated:
    """What generating has made, and the days for which somebody has to name another time."""

    shifts: tuple[UUID, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """What changing a pattern has done: its successor, shifts taken back, exceptions that stay."""

    pattern_id: UUID
    cancelled: tuple[UUID, ...]
    kept: tuple[UUID, ...]


async def _channel_of(session: AsyncSession, pool_id: UUID, channel_id: UUID) -> Channel:
    channel = await session.get(Channel, channel_id)
    if channel is None or channel.pool_id != pool_id:
        raise NotFound
    return channel


async def make_pattern(
    session: AsyncSession,
    asker: Asker,
    *,
    pool_id: UUID,
    channel_id: UUID,
    series: str,
    weekly: Weekly,
    staffing: Staffing,
    now: datetime,
) -> UUID:
    """Set down a recurring session; shifts come of it by `generate_shifts`."""
    await pool_planned_by(session, asker, pool_id)
    channel = await _channel_of(session, pool_id, channel_id)
    pattern_id = await _add_pattern(session, channel, series, weekly, staffing)
    await record(
        session,
        actor=asker.person_id,
        verb="pattern-made",
        subject="shift_pattern",
        subject_id=pattern_id,
        now=now,
    )
    return pattern_id


async def _add_pattern(
    session: AsyncSession, channel: Channel, series: str, weekly: Weekly, staffing: Staffing
) -> UUID:
    checked(weekly)
    wrong = wrong_staffing(staffing, channel.minimum_workers, channel.minimum_supervisors)
    if wrong:
        raise WrongPattern(reasons=wrong)
    lists = {
        name: list(getattr(staffing, name)) for name in ("seats", "languages", "wanted_languages")
    }
    pattern = ShiftPattern(
        pool_id=channel.pool_id,
        channel_id=channel.id,
        series=series,
        **asdict(weekly),
        **{**asdict(staffing), **lists},
    )
    session.add(pattern)
    await session.flush()
    return pattern.id


def weekly_of(pattern: ShiftPattern) -> Weekly:
    """Take from the table what decides when."""
    return Weekly(
        weekday=pattern.weekday,
        starts=pattern.starts,
        minutes=pattern.minutes,
        zone=pattern.zone,
        first_day=pattern.first_day,
        last_day=pattern.last_day,
        every_weeks=pattern.every_weeks,
    )


async def generate_shifts(
    session: AsyncSession,
    asker: Asker,
    pattern_id: UUID,
    until: date,
    now: datetime,
    *,
    answers: dict[date, Answer] | None = None,
) -> Generated:
    """Make the pattern's shifts that have not ended, to `until` (excluded); twice makes them once.

    A day on which the clock jumps over the pattern's time comes back as a question, which
    `answers` settles in a second call.
    """
    pattern = await session.get(ShiftPattern, pattern_id)
    if pattern is None:
        raise NotFound
    await pool_planned_by(session, asker, pattern.pool_id)
    today = local_day(now, pattern.zone)
    if until > today + timedelta(days=FARTHEST_DAYS):
        raise TooFarAhead
    # a night shift of yesterday may still be running
    meant = occurrences(weekly_of(pattern), today - timedelta(days=1), until, answers)
    to_come = [each for each in meant.found if each.span.end > now]
    made = await _insert_shifts(session, pattern, to_come)
    for shift in made:
        await announce_shift(session, shift, now)
    await record(
        session,
        actor=asker.person_id,
        verb="shifts-made",
        subject="shift_pattern",
        subject_id=pattern_id,
        now=now,
        facts={"shifts": [str(shift.id) for shift in made]},
    )
    return Generated(tuple(shift.id for shift in made), tuple(meant.questions))


def _shift_row(
    pattern: ShiftPattern, channel: Channel, pool: Pool, meant: Occurrence
) -> dict[str, Any]:
    """Copy pattern, channel and pool as they are now: a later change of any is not retroactive."""
    return {
        "id": new_id(),
        "pool_id": pattern.pool_id,
        "channel_id": channel.id,
        "starts": meant.span.start,
        "ends": meant.span.end,
        "zone": pattern.zone,
        "briefing_minutes": pattern.briefing_minutes,
        "debrief_minutes": pattern.debrief_minutes,
        "languages": pattern.languages,
        "wanted_languages": pattern.wanted_languages,
        "theme": pattern.theme,
        "demand": pattern.demand,
        "minimum_workers": channel.minimum_workers,
        "minimum_supervisors": channel.minimum_supervisors,
        "trainings": needed_on(channel.trainings, pool.trainings),
        "series": pattern.series,
        "pattern_id": pattern.id,
        "pattern_day": meant.day,
        "open": False,
    }


async def _insert_shifts(
    session: AsyncSession, pattern: ShiftPattern, meant: list[Occurrence]
) -> list[Shift]:
    if not meant:
        return []
    channel = await session.get_one(Channel, pattern.channel_id)
    pool = await session.get_one(Pool, pattern.pool_id)
    new = insert_new(Shift).values([_shift_row(pattern, channel, pool, each) for each in meant])
    made = (
        await session.scalars(
            new.on_conflict_do_nothing(
                index_elements=[Shift.pattern_id, Shift.pattern_day]
            ).returning(Shift)
        )
    ).all()
    if made:
        seats = [
            {"id": new_id(), "shift_id": shift.id, "role": role, "state": "open"}
            for shift in made
            for role in pattern.seats
        ]
        await session.execute(insert(Seat), seats)
    return sorted(made, key=lambda shift: shift.starts)


async def change_pattern(
    session: AsyncSession,
    asker: Asker,
    pattern_id: UUID,
    weekly: Weekly,
    staffing: Staffing,
    now: datetime,
) -> Split:
    """End a pattern and let another follow it from `weekly.first_day`; the past stays as it was.

    Shifts to come that nobody has claimed or changed are cancelled; the others are exceptions
    that stay, and count as the new pattern's shift of their day.
    """
    pattern = await session.get(ShiftPattern, pattern_id, with_for_update=True)
    if pattern is None:
        raise NotFound
    await pool_planned_by(session, asker, pattern.pool_id)
    before, since = weekly_of(pattern), weekly.first_day
    ended = pattern.last_day is not None and pattern.last_day < since
    if ended or since <= local_day(now, pattern.zone):
        raise PastIsKept
    channel = await session.get_one(Channel, pattern.channel_id)
    successor = await _add_pattern(session, channel, pattern.series, weekly, staffing)
    pattern.last_day = since - timedelta(days=1)
    split = await _divide(session, before, pattern_id, successor, since, now)
    await record(
        session,
        actor=asker.person_id,
        verb="pattern-changed",
        subject="shift_pattern",
        subject_id=pattern_id,
        now=now,
        facts={"successor": str(successor), "cancelled": [str(each) for each in split.cancelled]},
    )
    return split


async def _divide(
    session: AsyncSession,
    before: Weekly,
    pattern_id: UUID,
    successor: UUID,
    since: date,
    now: datetime,
) -> Split:
    shifts = (
        await session.scalars(
            select(Shift)
            .where(Shift.pattern_id == pattern_id, Shift.pattern_day >= since)
            .order_by(Shift.id)
            .with_for_update()
        )
    ).all()
    claimed = set(
        await session.scalars(
            select(Seat.shift_id).where(
                Seat.shift_id.in_([shift.id for shift in shifts]), Seat.state != "open"
            )
        )
    )
    until = max((shift.pattern_day or since for shift in shifts), default=since)
    found = occurrences(before, since, until + timedelta(days=1)).found
    meant = {each.day: each.span for each in found}
    cancelled, kept = [], []
    for shift in shifts:
        as_meant = meant.get(shift.pattern_day or since) == (shift.starts, shift.ends)
        if as_meant and shift.id not in claimed and shift.cancelled_at is None:
            shift.cancelled_at = now
            await announce_shift(session, shift, now)
            cancelled.append(shift.id)
        else:
            shift.pattern_id = successor
            kept.append(shift.id)
    return Split(successor, tuple(cancelled), tuple(kept))
