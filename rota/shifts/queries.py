from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.pools.models import Pool
from rota.shifts.models import Seat, Shift


async def next_start(
    session: AsyncSession, pools: Sequence[UUID], since: datetime
) -> datetime | None:
    """Tell when the first shift at or after a moment starts; the caller has checked the pools."""
    starts: datetime | None = await session.scalar(
        select(func.min(Shift.starts)).where(
            Shift.pool_id.in_(pools), Shift.starts >= since, Shift.cancelled_at.is_(None)
        )
    )
    return starts


async def starts_of(
    session: AsyncSession, pool_id: UUID, begins: datetime, ends: datetime
) -> dict[UUID, datetime]:
    """Tell when each shift of a pool in a span starts; the caller has checked the pool."""
    rows = await session.execute(
        select(Shift.id, Shift.starts).where(
            Shift.pool_id == pool_id,
            Shift.starts >= begins,
            Shift.starts < ends,
            Shift.cancelled_at.is_(None),
        )
    )
    return {row.id: row.starts for row in rows}


async def shift_at_host(
    session: AsyncSession, seat_id: UUID, host: str, *, pool: UUID | None = None
) -> Shift | None:
    """Find a seat's shift where this host decides it, in this `pool` if one is named.

    Of what another node hosts a host says nothing, nor a pool's feed of another pool's seats.
    """
    query = (
        select(Shift)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(Seat.id == seat_id, Pool.host == host)
    )
    shift: Shift | None = await session.scalar(
        query if pool is None else query.where(Shift.pool_id == pool)
    )
    return shift
