from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.permissions.rules import Asker
from protocols.items.models import Block, Item, Placeholder, Variant


async def item_of(
    session: AsyncSession, asker: Asker, item_id: UUID, *, lock: bool = False
) -> Item:
    """Give an item of the asker's own project; another's drafts are not there at all."""
    query = select(Item).where(Item.id == item_id, Item.project_id == asker.project_id)
    item = await session.scalar(query.with_for_update() if lock else query)
    if item is None:
        raise NotFound
    return item


async def blocks_of(session: AsyncSession, item_id: UUID) -> list[Block]:
    """Give an item's parts in their order."""
    query = select(Block).where(Block.item_id == item_id).order_by(Block.position)
    return list(await session.scalars(query))


async def variants_of(session: AsyncSession, item_id: UUID) -> list[Variant]:
    """Give an item's wordings by language."""
    query = select(Variant).where(Variant.item_id == item_id).order_by(Variant.language)
    return list(await session.scalars(query))


async def placeholders_of(session: AsyncSession, item_id: UUID) -> list[Placeholder]:
    """Give an item's declared gaps by name."""
    query = select(Placeholder).where(Placeholder.item_id == item_id).order_by(Placeholder.name)
    return list(await session.scalars(query))
