from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rota.attendance.models import CheckIn


async def check_ins(session: AsyncSession, shifts: Sequence[UUID]) -> dict[UUID, CheckIn]:
    """Tell of each of these shifts that has begun how it stands; the caller may know of them."""
    rows = await session.scalars(select(CheckIn).where(CheckIn.shift_id.in_(shifts)))
    return {row.shift_id: row for row in rows}
