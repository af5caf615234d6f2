from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_role
from federation.pools.models import PoolMember
from protocols.pool_texts.models import PoolText, PoolTextRule
from protocols.releases.models import Release
from protocols.releases.queries import visible_to
from protocols.releases.rules import Manifest, read_manifest


async def asks_for_lived_experience(session: AsyncSession, pool_id: UUID) -> bool:
    """Tell whether a pool puts only such texts on its shifts that say of such a review."""
    query = select(PoolTextRule.lived_experience).where(PoolTextRule.pool_id == pool_id)
    return bool(await session.scalar(query))


async def asked_of_project(session: AsyncSession, project_id: UUID, urn: str) -> bool:
    """Tell whether a pool of a project has a text on its shifts and asks for such a review."""
    query = select(
        exists().where(
            PoolText.urn == urn,
            PoolTextRule.pool_id == PoolText.pool_id,
            PoolTextRule.lived_experience,
            PoolMember.pool_id == PoolText.pool_id,
            PoolMember.project_id == project_id,
        )
    )
    return bool(await session.scalar(query))


async def asked_of_projects(
    session: AsyncSession, project_ids: Collection[UUID], urns: Collection[str]
) -> set[tuple[UUID, str]]:
    """Tell of several projects and texts what `asked_of_project` tells of one."""
    query = (
        select(PoolMember.project_id, PoolText.urn)
        .join(PoolText, PoolText.pool_id == PoolMember.pool_id)
        .join(PoolTextRule, PoolTextRule.pool_id == PoolText.pool_id)
        .where(
            PoolTextRule.lived_experience,
            PoolMember.project_id.in_(project_ids),
            PoolText.urn.in_(urns),
        )
    )
    return {(project_id, urn) for project_id, urn in await session.execute(query)}


async def newest_on_pool(session: AsyncSession, pool_id: UUID) -> list[Manifest]:
    """Give the newest known release of each text on a pool's shifts."""
    return (await on_pools(session, [pool_id]))[pool_id].texts


class OnPool(NamedTuple):
    """What is in force on a pool's shifts, and whether it asks for a review of each text."""

    asks: bool
    texts: list[Manifest]


async def on_pools(session: AsyncSession, pool_ids: Collection[UUID]) -> dict[UUID, OnPool]:
    """Give the texts of several pools, each in its newest known release, and what a pool asks."""
    rules = select(PoolTextRule.pool_id).where(
        PoolTextRule.pool_id.in_(pool_ids), PoolTextRule.lived_experience
    )
    asking = set(await session.scalars(rules))
    newest = (
        select(PoolText.pool_id, Release.manifest)
        .ext(distinct_on(PoolText.pool_id, PoolText.protocol_kind))
        .join(Release, Release.urn == PoolText.urn)
        .where(PoolText.pool_id.in_(pool_ids))
        .order_by(PoolText.pool_id, PoolText.protocol_kind, Release.sequence.desc())
    )
    found = {pool_id: OnPool(pool_id in asking, []) for pool_id in pool_ids}
    for pool_id, manifest in await session.execute(newest):
        found[pool_id].texts.append(read_manifest(manifest))
    return found


async def protocols_to_name(session: AsyncSession, asker: Asker) -> list[Manifest]:
    """List the protocols that a coordinator can put in force on a pool's shifts."""
    require_role(asker, "coordinator")
    query = (
        select(Release.manifest)
        .ext(distinct_on(Release.urn))
        .where(visible_to(asker.project_id), Release.kind == "protocol")
        .order_by(Release.urn, Release.sequence.desc())
    )
    found = [read_manifest(stored) for stored in await session.scalars(query)]
    return sorted(found, key=lambda one: (one.protocol_kind or "", one.source.title.casefold()))
