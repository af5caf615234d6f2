from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.history.models import ItemVersion
from protocols.history.rules.written import Written


async def keep_version(
    session: AsyncSession,
    item_id: UUID,
    version: int,
    written: Written,
    *,
    saved_by: UUID,
    now: datetime,
) -> None:
    """Keep a text as it stands, for good; whoever changes it has asked for the permission."""
    session.add(
        ItemVersion(
            item_id=item_id,
            version=version,
            written=msgspec.to_builtins(written),
            saved_by=saved_by,
            saved_at=now,
        )
    )
    await session.flush()


async def note_release(session: AsyncSession, item_id: UUID, version: int, number: str) -> None:
    """Remember which saved state a release is a copy of."""
    await session.execute(
        update(ItemVersion)
        .where(ItemVersion.item_id == item_id, ItemVersion.version == version)
        .values(released_as=number)
    )
