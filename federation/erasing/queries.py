from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.erasing.models import HandleErasure
from federation.partners.models import Partner
from federation.partners.queries import require_reader
from federation.people.models import Handle
from federation.permissions.rules import Asker


async def not_erased_yet(session: AsyncSession, asker: Asker, node_id: str) -> int:
    """Count the handles that a node was asked to erase and has not said that it did."""
    require_reader(asker)
    waiting = select(func.count()).where(
        HandleErasure.node_id == node_id, HandleErasure.confirmed_at.is_(None)
    )
    return await session.scalar(waiting) or 0


async def who_was_asked(session: AsyncSession, person_id: UUID) -> Sequence[Partner]:
    """Name the nodes that were asked to erase somebody, for whoever erases them."""
    found = await session.scalars(
        select(Partner)
        .join(HandleErasure, HandleErasure.node_id == Partner.node_id)
        .join(Handle, Handle.id == HandleErasure.handle_id)
        .where(Handle.person_id == person_id)
        .distinct()
        .order_by(Partner.name, Partner.node_id)
    )
    return found.all()
