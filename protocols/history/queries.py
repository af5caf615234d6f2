"""Saved states of a text that the caller has looked up for its asker."""

from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Person
from protocols.history.models import ItemVersion
from protocols.history.rules.saved import Saved
from protocols.history.rules.written import Written


async def saved_states(session: AsyncSession, item_id: UUID) -> list[Saved]:
    """List every saved state, newest first."""
    query = (
        select(ItemVersion.version, ItemVersion.saved_at, Person.name, ItemVersion.released_as)
        .outerjoin(Person, Person.id == ItemVersion.saved_by)
        .where(ItemVersion.item_id == item_id)
        .order_by(ItemVersion.version.desc())
    )
    return [Saved(*row) for row in await session.execute(query)]


async def written_at(session: AsyncSession, item_id: UUID, version: int) -> Written:
    """Give a text as it stood at one version."""
    query = select(ItemVersion.written).where(
        ItemVersion.item_id == item_id, ItemVersion.version == version
    )
    stored = await session.scalar(query)
    if stored is None:
        raise NotFound("This text has no such version.")
    return msgspec.convert(stored, Written)


async def last_released(session: AsyncSession, item_id: UUID) -> Saved | None:
    """Give the saved state that was released last, to which a reviewer compares."""
    states = await saved_states(session, item_id)
    return next((state for state in states if state.released_as is not None), None)
