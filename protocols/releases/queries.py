from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.models import PoolMember
from protocols.pool_texts.models import PoolText
from protocols.releases.models import Release
from protocols.releases.rules import is_number


def visible_to(project_id: UUID) -> ColumnElement[bool]:
    """Limit releases to those of the project itself and of projects that it shares a pool with.

    Two projects of one node that share no pool are as separate as if they were on two.
    """
    mine, theirs = aliased(PoolMember), aliased(PoolMember)
    partners = (
        select(theirs.project_id)
        .join(mine, mine.pool_id == theirs.pool_id)
        .where(mine.project_id == project_id)
    )
    on_shifts = (
        select(PoolText.urn)
        .join(PoolMember, PoolMember.pool_id == PoolText.pool_id)
        .where(PoolMember.project_id == project_id)
    )
    return or_(
        Release.project_id == project_id,
        Release.project_id.in_(partners),
        Release.urn.in_(on_shifts),
    )


async def release_of(session: AsyncSession, asker: Asker, urn: str, number: str | None) -> Release:
    """Give one release that the asker's project may see; the newest where no number is asked."""
    query = select(Release).where(Release.urn == urn, visible_to(asker.project_id))
    if number is not None and not is_number(number):
        raise NotFound
    if number is not None:
        query = query.where(Release.number == number)
    release = await session.scalar(query.order_by(Release.sequence.desc()).limit(1))
    if release is None:
        raise NotFound
    return release


async def newest(session: AsyncSession, urn: str) -> Release | None:
    """Give the newest release of an item that this node knows, for whoever publishes the next."""
    query = select(Release).where(Release.urn == urn).order_by(Release.sequence.desc())
    return await session.scalar(query.limit(1))


async def releases_of(session: AsyncSession, urns: Collection[str]) -> dict[str, list[Release]]:
    """Give every known release of some items, oldest first."""
    found: dict[str, list[Release]] = {urn: [] for urn in urns}
    query = select(Release).where(Release.urn.in_(urns)).order_by(Release.urn, Release.sequence)
    for release in await session.scalars(query):
        found[release.urn].append(release)
    return found
