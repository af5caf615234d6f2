from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool
from federation.pools.queries import pool_planned_by
from rota.shifts.keeping import answers_of, timing_of
from rota.shifts.models import Shift, ShiftPattern
from rota.shifts.rules.clock_changes import doubts
from rota.shifts.rules.patterns import Question, occurrences
from rota.shifts.rules.spans import local_day

ASKS_AHEAD = timedelta(weeks=26)


async def shift_to_change(session: AsyncSession, asker: Asker, shift_id: UUID) -> Shift:
    """Find a shift of a pool that the asker may plan; any other one is not found."""
    shift = await session.get(Shift, shift_id)
    if shift is None:
        raise NotFound
    await pool_planned_by(session, asker, shift.pool_id)
    return shift


async def pattern_to_change(session: AsyncSession, asker: Asker, pattern_id: UUID) -> ShiftPattern:
    """Find a pattern of a pool that the asker may plan, or the last one that has followed it."""
    pattern = await session.get(ShiftPattern, pattern_id)
    if pattern is None:
        raise NotFound
    await pool_planned_by(session, asker, pattern.pool_id)
    while pattern.successor_id is not None:
        pattern = await session.get_one(ShiftPattern, pattern.successor_id)
    return pattern


async def patterns_of(
    session: AsyncSession, pool: Pool, now: datetime
) -> list[tuple[ShiftPattern, Channel]]:
    """List the patterns of a pool with days to come; the caller has checked the pool."""
    rows = await session.execute(
        select(ShiftPattern, Channel)
        .join(Channel, Channel.id == ShiftPattern.channel_id)
        .where(ShiftPattern.pool_id == pool.id, *_live(now))
        .order_by(ShiftPattern.weekday, ShiftPattern.starts, ShiftPattern.id)
    )
    return [(pattern, channel) for pattern, channel in rows]


async def patterns_on_channels(
    session: AsyncSession, pool: Pool, kind: str, now: datetime
) -> list[tuple[Channel, ShiftPattern | None]]:
    """List a pool's channels of one kind, with each pattern that has days to come."""
    rows = await session.execute(
        select(Channel, ShiftPattern)
        .outerjoin(ShiftPattern, and_(ShiftPattern.channel_id == Channel.id, *_live(now)))
        .where(Channel.pool_id == pool.id, Channel.kind == kind, Channel.left_out_at.is_(None))
        .order_by(ShiftPattern.weekday, ShiftPattern.starts, ShiftPattern.id)
    )
    return [(channel, pattern) for channel, pattern in rows]


async def live_patterns(session: AsyncSession, now: datetime) -> list[UUID]:
    """List all patterns of this node's pools that still make shifts."""
    rows = await session.scalars(
        select(ShiftPattern.id)
        .join(Pool, Pool.id == ShiftPattern.pool_id)
        .where(Pool.host.is_(None), *_live(now))
        .order_by(ShiftPattern.id)
    )
    return list(rows)


def _live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    today = cast(func.timezone(ShiftPattern.zone, now), Date)
    ends = or_(ShiftPattern.last_day.is_(None), ShiftPattern.last_day >= today)
    return (ShiftPattern.ended_at.is_(None), ends)


async def shifts_of_pattern(session: AsyncSession, pattern_id: UUID) -> list[UUID]:
    """List the shifts that a pattern has made and that were not called off."""
    rows = await session.scalars(
        select(Shift.id)
        .where(Shift.pattern_id == pattern_id, Shift.cancelled_at.is_(None))
        .order_by(Shift.starts, Shift.id)
    )
    return list(rows)


def open_questions(
    patterns: Sequence[ShiftPattern], now: datetime
) -> list[tuple[ShiftPattern, Question]]:
    """List the days of the coming months on which a time never comes, or twice, not yet settled."""
    asked = []
    for pattern in patterns:
        today, said = local_day(now, pattern.zone), answers_of(pattern)
        meant = occurrences(timing_of(pattern), today, today + ASKS_AHEAD, said)
        open_ones = [*meant.questions, *doubts(meant, pattern.zone, said)]
        asked += [(pattern, each) for each in sorted(open_ones, key=lambda each: each.day)]
    return asked
