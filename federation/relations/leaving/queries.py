from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from federation.partners.queries import require_reader
from federation.permissions.rules import Asker
from federation.relations.leaving.actions import TELL


async def untold(session: AsyncSession, asker: Asker) -> set[str]:
    """Name the nodes that still have to hear that this one has ended it."""
    require_reader(asker)
    rows = await session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == TELL))
    return {payload["node_id"] for payload in rows}


async def not_told_yet(session: AsyncSession, asker: Asker, node_id: str) -> bool:
    """Tell whether a node still has to hear that this one has ended it."""
    require_reader(asker)
    waiting = select(OutboxRow.id).where(OutboxRow.kind == TELL, OutboxRow.key == node_id)
    return await session.scalar(waiting) is not None
