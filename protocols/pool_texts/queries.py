from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, select
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
    select(PoolText.pool_id, PoolMember.project_id, PoolTextRule.lived_experience, *NAMED)
    .outerjoin(
        PoolMember,
        (PoolMember.pool_id == PoolText.pool_id)
        & PoolMember.project_id.in_(bindparam("project_ids", expanding=True)),
    )
    .outerjoin(PoolTextRule, PoolTextRule.pool_id == PoolText.pool_id)
    .outerjoin(Project, Project.id == OWNER)
    .where(
        PoolText.pool_id.in_(bindparam("pool_ids", expanding=True))
        | PoolMember.project_id.is_not(None)
    )
    .order_by(PoolText.pool_id, PoolText.protocol_kind)
)
"""Built once: every claim asks for it."""


class Wishes(NamedTuple):
    """What pools have put on their shifts, in the order of its kinds, and what projects want there.

    A project wants a text, or one that says of a review by somebody with lived experience, because
    a pool of its own does.
    """

    on_pools: dict[UUID, list[Named]]
    wanted: set[tuple[UUID, Named]]
    reviewed: set[tuple[UUID, Named]]


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


async def wishes_of(
    session: AsyncSession, project_ids: Collection[UUID], pool_ids: Collection[UUID] = ()
) -> Wishes:
    """Give what some pools have put on their shifts, and all that the pools of projects have."""
    found = Wishes({pool_id: [] for pool_id in pool_ids}, set(), set())
    asked = {"pool_ids": list(pool_ids), "project_ids": list(project_ids)}
    for pool_id, project_id, reviewed, *named in await session.execute(ON_POOLS, asked):
        one = Named(*named)
        on_pool = found.on_pools.get(pool_id)
        if on_pool is not None and one not in on_pool:
            on_pool.append(one)
        if project_id is not None:
            found.wanted.add((project_id, one))
            if reviewed:
                found.reviewed.add((project_id, one))
    return found


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
    named = (await wishes_of(session, (), pool_ids)).on_pools
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
