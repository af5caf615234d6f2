"""A pool's sessions as its coordinators see them: when, staffed or not, with figures."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rota.calendar.feeds.shift_entries import ShownShift
from rota.calendar.rules.personal import CONFIRMED, TENTATIVE
from rota.shifts.models import Seat, Shift

LOOKS_BACK = timedelta(days=7)
STAFFING = ("lead", "second", "supervisor")


async def sessions_of_pool(
    session: AsyncSession, pool_id: UUID, weeks: int, now: datetime
) -> list[ShownShift]:
    """Read a pool's shifts in one statement; no channel, theme or holder, only figures.

    The caller has found that the owner of the feed coordinates a member of this pool.
    """
    midnight = datetime.combine(now.date(), time(), UTC)
    counted = Seat.role.in_(STAFFING)
    rows = await session.execute(
        select(
            Shift.id,
            Shift.starts,
            Shift.ends,
            Shift.open,
            func.count().filter(counted, Seat.state == "held").label("held"),
            func.count().filter(counted).label("seats"),
        )
        .join(Seat, Seat.shift_id == Shift.id)
        .where(
            Shift.pool_id == pool_id,
            Shift.cancelled_at.is_(None),
            Shift.starts >= midnight - LOOKS_BACK,
            Shift.starts < midnight + timedelta(weeks=weeks),
        )
        .group_by(Shift.id)
    )
    return [
        ShownShift(
            row.id,
            row.starts,
            row.ends,
            CONFIRMED if row.open else TENTATIVE,
            f"{row.held}/{row.seats}",
        )
        for row in rows
    ]
