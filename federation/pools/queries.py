from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Handle, Person, RoleGrant
from federation.permissions.rules import Asker, require_role, require_write
from federation.pools.errors import NotTheHost
from federation.pools.models import Channel, Pool, PoolMember


async def pool_seen_by(session: AsyncSession, asker: Asker, slug: str) -> Pool:
    """Find a pool in which the asker's project takes part; any other one is not found."""
    pool = await session.scalar(
        select(Pool)
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(Pool.slug == slug, PoolMember.project_id == asker.project_id)
    )
    if pool is None:
        raise NotFound
    return pool


async def pools_of(session: AsyncSession, asker: Asker) -> list[Pool]:
    """List the pools in which the asker's project takes part."""
    rows = await session.scalars(
        select(Pool)
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(PoolMember.project_id == asker.project_id)
        .order_by(Pool.slug)
    )
    return list(rows)


async def pool_planned_by(
    session: AsyncSession, asker: Asker, pool_id: UUID, *, lock: bool = False
) -> Pool:
    """Find a pool that the asker may plan: a coordinator of a member, on the host.

    Locked, decisions about it that read one another come one after the other; seats go on.
    """
    return await _planned(session, asker, Pool.id == pool_id, lock=lock)


async def pool_planned_at(session: AsyncSession, asker: Asker, slug: str) -> Pool:
    """Find a pool that the asker may plan by its short name."""
    return await _planned(session, asker, Pool.slug == slug)


async def _planned(
    session: AsyncSession, asker: Asker, which: ColumnElement[bool], *, lock: bool = False
) -> Pool:
    require_write(asker)
    require_role(asker, "coordinator")
    query = (
        select(Pool)
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(which, PoolMember.project_id == asker.project_id)
    )
    pool = await session.scalar(
        query.with_for_update(of=Pool, key_share=True).execution_options(populate_existing=True)
        if lock
        else query
    )
    if pool is None:
        raise NotFound
    if pool.host is not None:
        raise NotTheHost
    return pool


async def coordinators_of_pool(session: AsyncSession, pool_id: UUID) -> list[UUID]:
    """List who of this node coordinates a member of a pool: on its host, those who plan it."""
    rows = await session.scalars(
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(PoolMember, PoolMember.project_id == Person.project_id)
        .where(
            PoolMember.pool_id == pool_id,
            RoleGrant.role == "coordinator",
            Person.left_at.is_(None),
        )
        .order_by(Person.id)
    )
    return list(rows)


async def own_handles(session: AsyncSession, asker: Asker) -> list[tuple[str, str]]:
    """List the asker's pseudonyms, each with the short name of its pool."""
    rows = await session.execute(
        select(Pool.slug, Handle.display)
        .join(Handle, Handle.pool_id == Pool.id)
        .where(Handle.person_id == asker.person_id, Handle.retired_at.is_(None))
        .order_by(Pool.slug)
    )
    return [(slug, display) for slug, display in rows]


async def session_channels(session: AsyncSession, pool_id: UUID) -> list[str]:
    """Name the channels on which people are met at a fixed time: live chat, not forum or inbox."""
    rows = await session.scalars(
        select(Channel.slug)
        .where(Channel.pool_id == pool_id, Channel.kind == "session", Channel.left_out_at.is_(None))
        .order_by(Channel.slug)
    )
    return list(rows)


async def channel_names(session: AsyncSession, pool_id: UUID) -> dict[str, str]:
    """Give the names of a pool's channels by the short ones with which plans are kept."""
    rows = await session.execute(
        select(Channel.slug, Channel.name).where(Channel.pool_id == pool_id)
    )
    return {row.slug: row.name for row in rows}


async def channel_of(session: AsyncSession, pool_id: UUID, slug: str) -> UUID | None:
    """Find a channel of a pool that the caller has found already."""
    found: UUID | None = await session.scalar(
        select(Channel.id).where(
            Channel.pool_id == pool_id, Channel.slug == slug, Channel.left_out_at.is_(None)
        )
    )
    return found


async def channels_by_pool(
    session: AsyncSession, pools: Sequence[Pool]
) -> dict[UUID, list[Channel]]:
    """List the channels of pools that the caller has found already."""
    rows = await session.scalars(
        select(Channel)
        .where(Channel.pool_id.in_([pool.id for pool in pools]), Channel.left_out_at.is_(None))
        .order_by(Channel.pool_id, Channel.name, Channel.id)
    )
    found: dict[UUID, list[Channel]] = {pool.id: [] for pool in pools}
    for channel in rows:
        found[channel.pool_id].append(channel)
    return found


async def pools_to_join(session: AsyncSession, asker: Asker) -> list[Pool]:
    """List the pools that this node knows and in which the asker's project takes no part."""
    require_role(asker, "coordinator")
    member = exists().where(
        PoolMember.pool_id == Pool.id, PoolMember.project_id == asker.project_id
    )
    rows = await session.scalars(select(Pool).where(~member, ~Pool.example).order_by(Pool.slug))
    return list(rows)


async def pool_to_join(session: AsyncSession, slug: str) -> UUID:
    """Find a pool by its short name; that there is one, everybody may know."""
    found: UUID | None = await session.scalar(select(Pool.id).where(Pool.slug == slug))
    if found is None:
        raise NotFound
    return found


async def handles_by_person(session: AsyncSession, asker: Asker) -> dict[UUID, dict[UUID, str]]:
    """List the pseudonyms of a project's people for its coordinators: by person, then by pool."""
    require_role(asker, "coordinator")
    rows = await session.execute(
        select(Handle.person_id, Handle.pool_id, Handle.display).where(
            Handle.project_id == asker.project_id,
            Handle.retired_at.is_(None),
        )
    )
    found: dict[UUID, dict[UUID, str]] = {}
    for person_id, pool_id, display in rows:
        if person_id is not None:
            found.setdefault(person_id, {})[pool_id] = display
    return found
