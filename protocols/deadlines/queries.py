from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.deadlines.models import AskedReading
from protocols.deadlines.rules import Asked


async def asked_of(
    session: AsyncSession, project_ids: Collection[UUID]
) -> dict[tuple[UUID, str], Asked]:
    """Give by project and item since when what has to be read."""
    rows = await session.scalars(
        select(AskedReading).where(AskedReading.project_id.in_(project_ids))
    )
    return {(row.project_id, row.urn): Asked(row.asked, row.since, row.days) for row in rows}
