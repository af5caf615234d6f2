from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool
from federation.pools.queries import pool_planned_by
from rota.passport.rules import needed_on
from rota.shifts.announce import announce_shift
from rota.shifts.errors import TooFarAhead, WrongPattern
from rota.shifts.keeping import answers_of, columns_of, name_of, staffing_of_pattern, timing_of
from rota.shifts.models import Seat, Shift, ShiftPattern
from rota.shifts.rules.patterns import Answers, Occurrence, Question, Timing, checked, occurrences
from rota.shifts.rules.spans import local_day
from rota.shifts.rules.staffing import Staffing, wrong_staffing

FARTHEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Generated:
    """What generating has made, and the days for which somebody has to name another time."""

    shifts: tuple[UUID, ...]
    questions: tuple[Question, ...]


async def _channel_of(session: AsyncSession, pool_id: UUID, channel_id: UUID) -> Channel:
    channel = await session.get(Channel, channel_id)
    if channel is None or channel.pool_id != pool_id or channel.left_out_at is not None:
        raise NotFound
    return channel


async def make_pattern(
    session: AsyncSession,
    asker: Asker,
    *,
    pool_id: UUID,
    channel_id: UUID,
    series: str,
    timing: Timing,
    staffing: Staffing,
    now: datetime,
) -> UUID:
    """Set down a recurring session; shifts come of it by `generate_shifts`.

    What has been set down before in exactly these words is not set down a second time.
    """
    await pool_planned_by(session, asker, pool_id)
    channel = await _channel_of(session, pool_id, channel_id)
    pattern_id, made = await add_pattern(session, channel, series, timing, staffing)
    if not made:
        return pattern_id
    await record(
        session,
        actor=asker.person_id,
        verb="pattern-made",
        subject="shift_pattern",
        subject_id=pattern_id,
        now=now,
    )
    return pattern_id


async def add_pattern(
    session: AsyncSession, channel: Channel, series: str, timing: Timing, staffing: Staffing
) -> tuple[UUID, bool]:
    """Add a pattern, or find the one that was set down in the same words; tells whether it is new.

    The caller has checked the pool.
    """
    checked(timing)
    wrong = wrong_staffing(staffing, channel.minimum_workers, channel.minimum_supervisors)
    if wrong:
        raise WrongPattern(reasons=wrong)
    name, pattern_id = name_of(channel.id, series, timing, staffing), new_id()
    made = await session.scalar(
        insert_new(ShiftPattern)
        .values(
            id=pattern_id,
            pool_id=channel.pool_id,
            channel_id=channel.id,
            series=series,
            set_down_as=name,
            **columns_of(timing, staffing),
        )
        .on_conflict_do_nothing(index_elements=[ShiftPattern.pool_id, ShiftPattern.set_down_as])
        .returning(ShiftPattern.id)
    )
    if made is not None:
        return pattern_id, True
    found = await session.scalars(
        select(ShiftPattern.id).where(
            ShiftPattern.pool_id == channel.pool_id, ShiftPattern.set_down_as == name
        )
    )
    return found.one(), False


async def lock_pattern(session: AsyncSession, pattern_id: UUID) -> ShiftPattern:
    """Lock a pattern, before any person or shift: it is followed or changed by one at a time."""
    pattern = await session.get(
        ShiftPattern, pattern_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if pattern is None:
        raise NotFound
    return pattern


async def generate_shifts(
    session: AsyncSession,
    asker: Asker,
    pattern_id: UUID,
    until: date,
    now: datetime,
    *,
    answers: Answers | None = None,
) -> Generated:
    """Make the pattern's shifts that have not ended, to `until` (excluded); twice makes them once.

    A day on which the clock jumps over the pattern's time comes back as a question, which
    `answers` settles in a second call.
    """
    pattern = await session.get(ShiftPattern, pattern_id)
    if pattern is None:
        raise NotFound
    await pool_planned_by(session, asker, pattern.pool_id)
    if until > local_day(now, pattern.zone) + timedelta(days=FARTHEST_DAYS):
        raise TooFarAhead
    return await follow_pattern(session, asker.person_id, pattern_id, until, now, answers=answers)


async def follow_pattern(
    session: AsyncSession,
    actor: UUID | str,
    pattern_id: UUID,
    until: date,
    now: datetime,
    *,
    answers: Answers | None = None,
) -> Generated:
    """Make the shifts that are missing to `until`; the caller has checked who asks for them."""
    pattern = await lock_pattern(session, pattern_id)
    if pattern.ended_at is not None:
        return Generated((), ())
    # a night shift of yesterday may still be running
    since = local_day(now, pattern.zone) - timedelta(days=1)
    said = answers_of(pattern) | dict(answers or {})
    meant = occurrences(timing_of(pattern), since, until, said)
    to_come = [each for each in meant.found if each.span.end > now]
    made = await _insert_shifts(session, pattern, to_come)
    for shift in made:
        await announce_shift(session, shift, now)
    there = await _days_with_a_shift(session, pattern_id, [each.day for each in meant.questions])
    if made or actor != SYSTEM:
        await record(
            session,
            actor=actor,
            verb="shifts-made",
            subject="shift_pattern",
            subject_id=pattern_id,
            now=now,
            facts={"shifts": [str(shift.id) for shift in made]},
        )
    asked = tuple(each for each in meant.questions if each.day not in there)
    return Generated(tuple(shift.id for shift in made), asked)


async def _days_with_a_shift(
    session: AsyncSession, pattern_id: UUID, days: Sequence[date]
) -> frozenset[date]:
    """Tell on which of these days a shift stands already, so that nothing needs to be asked."""
    if not days:
        return frozenset()
    found = await session.scalars(
        select(Shift.pattern_day).where(Shift.pattern_id == pattern_id, Shift.pattern_day.in_(days))
    )
    return frozenset(day for day in found if day is not None)


def _shift_row(
    pattern: ShiftPattern, channel: Channel, pool: Pool, meant: Occurrence
) -> dict[str, Any]:
    """Copy pattern, channel and pool as they are now: a later change of any is not retroactive."""
    minimum = staffing_of_pattern(pattern).minimum(
        channel.minimum_workers, channel.minimum_supervisors
    )
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
        "ground_rules": pattern.ground_rules,
        "minimum_workers": minimum[0],
        "minimum_supervisors": minimum[1],
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
