from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.pools.models import PoolMember
from protocols.adoption.models import Adoption
from protocols.adoption.rules import InForce
from protocols.pool_texts.models import PoolText
from protocols.recalls.models import Recall
from protocols.recalls.queries import all_withdrawals
from protocols.recalls.rules import Withdrawals, what_holds, without_withdrawn, words_instead
from protocols.releases.models import Release
from protocols.releases.queries import releases_of
from protocols.releases.rules import Manifest, read_manifest


async def texts_of_projects(
    session: AsyncSession, project_ids: Collection[UUID], *, kind: str = "protocol"
) -> list[InForce]:
    """Give what each project has adopted and what its pools have put on their shifts."""
    adoptions = await _adoptions(session, project_ids, kind)
    named = await _named_by_pools(session, project_ids) if kind == "protocol" else set()
    return await _resolve(session, adoptions, named)


URNS_ON_POOL = select(PoolText.urn).where(PoolText.pool_id == bindparam("pool_id"))
"""Built once: every claim asks for it."""


async def texts_on_pool(
    session: AsyncSession, project_ids: Collection[UUID], pool_id: UUID
) -> list[InForce]:
    """Give the texts that a pool has put on its shifts, in the form that each project has them."""
    urns = set(await session.scalars(URNS_ON_POOL, {"pool_id": pool_id}))
    if not urns:
        return []
    adoptions = [
        adoption
        for adoption in await _adoptions(session, project_ids, "protocol")
        if adoption.urn in urns
    ]
    return await _resolve(session, adoptions, {(one, urn) for one in project_ids for urn in urns})


async def text_of_project(session: AsyncSession, project_id: UUID, urn: str) -> InForce | None:
    """Give one item as one project has it; None where it is no business of that project."""
    adoption = await session.scalar(
        select(Adoption).where(Adoption.project_id == project_id, Adoption.urn == urn)
    )
    named = {pair for pair in await _named_by_pools(session, [project_id]) if pair[1] == urn}
    found = await _resolve(session, [adoption] if adoption else [], named)
    return found[0] if found else None


async def texts_recalled(session: AsyncSession, project_id: UUID, kind: str) -> list[InForce]:
    """Give a project's texts whose locked release has been recalled, and what holds instead."""
    adoptions = await session.scalars(
        select(Adoption)
        .join(Release, Release.id == Adoption.release_id)
        .join(Recall, (Recall.urn == Release.urn) & (Recall.sequence == Release.sequence))
        .where(Adoption.project_id == project_id, Release.kind == kind)
    )
    found = await _resolve(session, list(adoptions), set())
    return [text for text in found if text.is_recalled]


async def _adoptions(
    session: AsyncSession, project_ids: Collection[UUID], kind: str
) -> list[Adoption]:
    query = (
        select(Adoption)
        .join(Release, Release.id == Adoption.release_id)
        .where(Adoption.project_id.in_(project_ids), Release.kind == kind)
    )
    return list(await session.scalars(query))


async def _named_by_pools(
    session: AsyncSession, project_ids: Collection[UUID]
) -> set[tuple[UUID, str]]:
    query = (
        select(PoolMember.project_id, PoolText.urn)
        .join(PoolText, PoolText.pool_id == PoolMember.pool_id)
        .where(PoolMember.project_id.in_(project_ids))
    )
    return {(project_id, urn) for project_id, urn in await session.execute(query)}


async def _resolve(
    session: AsyncSession, adoptions: Collection[Adoption], named: set[tuple[UUID, str]]
) -> list[InForce]:
    by_key = {(adoption.project_id, adoption.urn): adoption for adoption in adoptions}
    keys = sorted(named.union(by_key))
    if not keys:
        return []
    urns = {urn for _, urn in keys}
    manifests = {
        urn: {release.sequence: read_manifest(release.manifest) for release in releases}
        for urn, releases in (await releases_of(session, urns)).items()
    }
    withdrawals = await all_withdrawals(session, urns)
    return [
        _stands(key, by_key.get(key), manifests[key[1]], withdrawals[key[1]], key in named)
        for key in keys
    ]


def _stands(
    key: tuple[UUID, str],
    adoption: Adoption | None,
    manifests: Mapping[int, Manifest],
    withdrawals: Withdrawals,
    on_shifts: bool,  # noqa: FBT001 -- one of five facts, all of them from one caller
) -> InForce:
    locked = _locked(adoption, manifests)
    standing = what_holds(locked.sequence, withdrawals.releases) if locked else None
    holds = standing.sequence if standing else None
    instead = words_instead(holds, withdrawals, manifests) if holds else {}
    sound = [sequence for sequence in manifests if sequence not in withdrawals.releases]
    newer = max((one for one in sound if adoption and locked and one > locked.sequence), default=0)
    return InForce(
        project_id=key[0],
        urn=key[1],
        locked=locked,
        manifest=without_withdrawn(manifests[holds], instead)
        if holds and holds in manifests
        else None,
        history=tuple(
            manifests[one] for one in sorted(manifests, reverse=True) if holds and one <= holds
        ),
        values=adoption.values if adoption else {},
        emergency=standing.emergency if standing else None,
        withdrawn_because=standing.reason if standing else None,
        withdrawn_parts={
            block: withdrawals.blocks[holds][block].reason for block in instead if holds
        },
        withdrawn_history=frozenset((*withdrawals.releases, *withdrawals.blocks)),
        pending=manifests[newer].number if newer and _tracks(adoption) else None,
        mode=adoption.mode if adoption else None,
        on_shifts=on_shifts,
    )


def _locked(adoption: Adoption | None, manifests: Mapping[int, Manifest]) -> Manifest | None:
    """Give what a project locked; the newest where it took no decision on its pool's text."""
    if adoption is None:
        return manifests[max(manifests)] if manifests else None
    return next(one for one in manifests.values() if one.release == adoption.release_id)


def _tracks(adoption: Adoption | None) -> bool:
    return adoption is not None and adoption.mode == "tracking"
