from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rota.shifts.models import Shift


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
