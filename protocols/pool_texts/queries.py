from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_role
from federation.pools.models import PoolMember
from federation.projects.models import Project
from protocols.pool_texts.models import OWNER, PoolText, PoolTextRule
from protocols.pool_texts.rules import Named, meant
from protocols.recalls.queries import all_withdrawals
from protocols.recalls.rules import Withdrawals
from protocols.releases.models import Release
from protocols.releases.queries import meant_by, releases_of, visible_to, work_of
from protocols.releases.rules import Manifest, Work, read_manifest

NAMED = (PoolText.urn, OWNER, Project.node, Project.id.is_not(None))
"""What `Named` says, of a pool's text joined with the project that its host has named."""
ON_POOLS = (
    select(PoolText.pool_id, *NAMED)
    .outerjoin(Project, Project.id == OWNER)
    .where(PoolText.pool_id.in_(bindparam("pool_ids", expanding=True)))
    .order_by(PoolText.pool_id, PoolText.protocol_kind)
)
"""Built once: every claim asks for it."""


async def asks_for_lived_experience(session: AsyncSession, pool_id: UUID) -> bool:
    """Tell whether a pool puts only such texts on its shifts that say of such a review."""
    query = select(PoolTextRule.lived_experience).where(PoolTextRule.pool_id == pool_id)
    return bool(await session.scalar(query))


def names(work: Work | type[Release]) -> ColumnElement[bool]:
    """Limit what pools have put on their shifts to one project's item."""
    return and_(PoolText.urn == work.urn, func.coalesce(OWNER, work.project_id) == work.project_id)


def is_asked(project_id: UUID, work: Work | type[Release]) -> ColumnElement[bool]:
    """State that a pool of a project has a text on its shifts and asks for such a review."""
    return exists().where(
        names(work),
        PoolTextRule.pool_id == PoolText.pool_id,
        PoolTextRule.lived_experience,
        PoolMember.pool_id == PoolText.pool_id,
        PoolMember.project_id == project_id,
    )


async def asked_of_project(session: AsyncSession, project_id: UUID, work: Work) -> bool:
    """Tell whether a pool of a project has a text on its shifts and asks for such a review."""
    return bool(await session.scalar(select(is_asked(project_id, work))))


async def named_for_projects(
    session: AsyncSession, project_ids: Collection[UUID]
) -> set[tuple[UUID, Named]]:
    """Give what the pools of some projects have put on their shifts, by project."""
    return await _named(session, _for_projects(project_ids))


async def asked_of_projects(
    session: AsyncSession, project_ids: Collection[UUID], urns: Collection[str]
) -> set[tuple[UUID, Named]]:
    """Tell of several projects and texts what `asked_of_project` tells of one."""
    asking = _for_projects(project_ids).join(PoolTextRule, PoolTextRule.pool_id == PoolText.pool_id)
    return await _named(
        session, asking.where(PoolTextRule.lived_experience, PoolText.urn.in_(urns))
    )


async def named_on_pools(
    session: AsyncSession, pool_ids: Collection[UUID]
) -> dict[UUID, list[Named]]:
    """Give what some pools have put on their shifts, in the order of its kinds."""
    found: dict[UUID, list[Named]] = {pool_id: [] for pool_id in pool_ids}
    for pool_id, *named in await session.execute(ON_POOLS, {"pool_ids": list(pool_ids)}):
        found[pool_id].append(Named(*named))
    return found


def _for_projects(project_ids: Collection[UUID]) -> Select[Any]:
    return (
        select(PoolMember.project_id, *NAMED)
        .join(PoolText, PoolText.pool_id == PoolMember.pool_id)
        .outerjoin(Project, Project.id == OWNER)
        .where(PoolMember.project_id.in_(project_ids))
    )


async def _named(session: AsyncSession, query: Select[Any]) -> set[tuple[UUID, Named]]:
    return {(project_id, Named(*named)) for project_id, *named in await session.execute(query)}


async def newest_on_pool(session: AsyncSession, pool_id: UUID) -> list[Manifest]:
    """Give each text on a pool's shifts in the newest release that can be worked by."""
    return (await on_pools(session, [pool_id]))[pool_id].texts


class OnPool(NamedTuple):
    """What is in force on a pool's shifts, and whether it asks for a review of each text."""

    asks: bool
    texts: list[Manifest]


async def on_pools(session: AsyncSession, pool_ids: Collection[UUID]) -> dict[UUID, OnPool]:
    """Give what several pools ask, and their texts.

    Each is in the newest release that nobody has withdrawn and that was reviewed as the pool asks;
    in the newest of all where there is none.
    """
    rules = select(PoolTextRule.pool_id).where(
        PoolTextRule.pool_id.in_(pool_ids), PoolTextRule.lived_experience
    )
    asking = set(await session.scalars(rules))
    named = await named_on_pools(session, pool_ids)
    kept = await releases_of(session, {one.urn for each in named.values() for one in each})
    withdrawals = await all_withdrawals(session, kept)
    return {
        pool_id: OnPool(
            pool_id in asking,
            [
                to_work_by(kept[work], withdrawals[work], asks=pool_id in asking)
                for one in each
                if (work := meant(one, kept)) is not None
            ],
        )
        for pool_id, each in named.items()
    }


def to_work_by(releases: Sequence[Release], withdrawals: Withdrawals, *, asks: bool) -> Manifest:
    """Read the newest that is not withdrawn and reviewed as `asks`; where none is, the newest."""
    for release in reversed(releases):
        manifest = read_manifest(release.manifest)
        if release.sequence not in withdrawals.releases and (manifest.lived_experience or not asks):
            return manifest
    return read_manifest(releases[-1].manifest)


async def protocols_to_name(session: AsyncSession, asker: Asker) -> list[Manifest]:
    """List the protocols that a coordinator can put in force on a pool's shifts."""
    require_role(asker, "coordinator")
    query = (
        select(Release)
        .ext(distinct_on(Release.urn, Release.project_id, Release.node_id))
        .where(visible_to(asker.project_id), Release.kind == "protocol")
        .order_by(Release.urn, Release.project_id, Release.node_id, Release.sequence.desc())
    )
    releases = list(await session.scalars(query))
    meant = await meant_by(session, asker.project_id, {one.urn for one in releases})
    found = [read_manifest(one.manifest) for one in releases if work_of(one) in meant]
    return sorted(found, key=lambda one: (one.protocol_kind or "", one.source.title.casefold()))
