from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.queries import pool_planned_by
from rota.shifts.models import Shift


async def shift_to_change(session: AsyncSession, asker: Asker, shift_id: UUID) -> Shift:
    """Find a shift of a pool that the asker may plan; any other one is not found."""
    shift = await session.get(Shift, shift_id)
    if shift is None:
        raise NotFound
    await pool_planned_by(session, asker, shift.pool_id)
    return shift
