from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.pools.models import PoolMember
from protocols.pool_texts.models import PoolText, PoolTextRule
from protocols.releases.queries import releases_of
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


async def newest_on_pool(session: AsyncSession, pool_id: UUID) -> list[Manifest]:
    """Give the newest known release of each text on a pool's shifts."""
    named = set(await session.scalars(select(PoolText.urn).where(PoolText.pool_id == pool_id)))
    known = await releases_of(session, named)
    return [read_manifest(releases[-1].manifest) for releases in known.values() if releases]
