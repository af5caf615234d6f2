from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.pools.models import PoolMember
from protocols.adoption.models import Adoption
from protocols.adoption.rules import InForce
from protocols.overlays.queries import parts_of
from protocols.overlays.rules.parts import OwnPart, effective_then, effective_where_it_fits
from protocols.pool_texts.models import PoolText
from protocols.pool_texts.queries import asked_of_projects
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
    return await texts_named(session, project_ids, urns)


async def texts_named(
    session: AsyncSession, project_ids: Collection[UUID], urns: Collection[str]
) -> list[InForce]:
    """Give some protocols in the form that each project has them, adopted or not."""
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


async def texts_adopted(
    session: AsyncSession, project_id: UUID, urns: Collection[str]
) -> list[InForce]:
    """Give some items as a project has them; those that it did not adopt are left out."""
    adoptions = await session.scalars(
        select(Adoption).where(Adoption.project_id == project_id, Adoption.urn.in_(urns))
    )
    return await _resolve(session, list(adoptions), set())


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
    own = await parts_of(session, {one.overlay_id for one in adoptions if one.overlay_id})
    # only where nobody of the project decided does a pool's wish choose the release
    undecided = [key for key in keys if key not in by_key]
    projects, texts = {one for one, _ in undecided}, {urn for _, urn in undecided}
    asked = await asked_of_projects(session, projects, texts) if undecided else set()
    return [
        _stands(
            _Known(
                key,
                adoption := by_key.get(key),
                own.get(adoption.overlay_id, ()) if adoption and adoption.overlay_id else (),
                manifests[key[1]],
                withdrawals[key[1]],
                on_shifts=key in named,
                review_asked=key in asked,
            )
        )
        for key in keys
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    """All that is known of one item in one project."""

    key: tuple[UUID, str]
    adoption: Adoption | None
    own: tuple[OwnPart, ...]
    manifests: Mapping[int, Manifest]
    withdrawals: Withdrawals
    on_shifts: bool
    review_asked: bool


def _stands(known: _Known) -> InForce:
    adoption, manifests = known.adoption, known.manifests
    locked = _locked(known)
    standing = what_holds(locked.sequence, known.withdrawals.releases) if locked else None
    holds = standing.sequence if standing else None
    upstream = manifests.get(holds) if holds else None
    instead = words_instead(holds, known.withdrawals, manifests) if holds else {}
    shown, aside = (
        effective_where_it_fits(
            without_withdrawn(upstream, instead), known.own, additions_only=known.on_shifts
        )
        if upstream
        else (None, [])
    )
    own = tuple(part for part in known.own if part not in aside)
    newer = _newer(known, locked)
    until = upstream.sequence if upstream else 0
    return InForce(
        project_id=known.key[0],
        urn=known.key[1],
        locked=locked,
        manifest=shown,
        history=tuple(_history(manifests, until, own)),
        values=adoption.values if adoption else {},
        emergency=standing.emergency if standing else None,
        withdrawn_because=standing.reason if standing else None,
        withdrawn_parts={
            block: known.withdrawals.blocks[holds][block].reason for block in instead if holds
        },
        withdrawn_history=frozenset((*known.withdrawals.releases, *known.withdrawals.blocks)),
        pending=newer if adoption and adoption.mode == "tracking" else None,
        mode=adoption.mode if adoption else None,
        on_shifts=known.on_shifts,
        upstream=upstream,
        own=own,
        set_aside=tuple(aside),
        offered=newer,
        reading_asked=any(
            one.acknowledgement == "re-read" for one in manifests.values() if one.sequence <= until
        ),
    )


def _newer(known: _Known, locked: Manifest | None) -> str | None:
    if known.adoption is None or locked is None:
        return None
    sound = [one for one in known.manifests if one not in known.withdrawals.releases]
    newest = max((one for one in sound if one > locked.sequence), default=None)
    return known.manifests[newest].number if newest else None


def _history(
    manifests: Mapping[int, Manifest], until: int, own: Sequence[OwnPart]
) -> Iterator[Manifest]:
    for sequence in sorted(manifests, reverse=True):
        if sequence > until:
            continue
        words = effective_then(manifests[sequence], own)
        if words is None:
            return
        yield words


def _locked(known: _Known) -> Manifest | None:
    """Give what a project locked; where it took no decision, the newest that its pools allow."""
    adoption, manifests = known.adoption, known.manifests
    if adoption is not None:
        return next(one for one in manifests.values() if one.release == adoption.release_id)
    allowed = [
        sequence
        for sequence, manifest in manifests.items()
        if manifest.lived_experience or not known.review_asked
    ]
    return manifests[max(allowed)] if allowed else None
