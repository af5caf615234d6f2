"""Saved states of a text that the caller has looked up for its asker."""

from collections.abc import Collection
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
    return (await written_at_each(session, item_id, [version]))[version]


async def written_at_each(
    session: AsyncSession, item_id: UUID, versions: Collection[int]
) -> dict[int, Written]:
    """Give a text as it stood at each of some versions."""
    query = select(ItemVersion.version, ItemVersion.written).where(
        ItemVersion.item_id == item_id, ItemVersion.version.in_(versions)
    )
    found = {
        version: msgspec.convert(stored, Written)
        for version, stored in await session.execute(query)
    }
    if found.keys() != set(versions):
        raise NotFound("This text has no such version.")
    return found


async def when_translated(
    session: AsyncSession, item_id: UUID, language: str, source: str | None
) -> Written | None:
    """Give a text as it stood when a language was made from the words that `source` names.

    The first version that says so is the one in which those words were the source.
    """
    made_from = ItemVersion.written["variants"][language]["source"].astext
    query = (
        select(ItemVersion.written)
        .where(ItemVersion.item_id == item_id, made_from == source)
        .order_by(ItemVersion.version)
        .limit(1)
    )
    stored = await session.scalar(query)
    return msgspec.convert(stored, Written) if stored is not None else None


async def last_released(session: AsyncSession, item_id: UUID) -> tuple[Saved, Written] | None:
    """Give the saved state that was released last, to which a reviewer compares."""
    query = (
        select(
            ItemVersion.version,
            ItemVersion.saved_at,
            Person.name,
            ItemVersion.released_as,
            ItemVersion.written,
        )
        .outerjoin(Person, Person.id == ItemVersion.saved_by)
        .where(ItemVersion.item_id == item_id, ItemVersion.released_as.is_not(None))
        .order_by(ItemVersion.version.desc())
        .limit(1)
    )
    row = (await session.execute(query)).first()
    if row is None:
        return None
    version, saved_at, by, released_as, stored = row
    return Saved(version, saved_at, by, released_as), msgspec.convert(stored, Written)
