from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.adoption.models import Adoption
from protocols.adoption.rules import InForce
from protocols.overlays.queries import parts_of
from protocols.overlays.rules.parts import OwnPart, effective_then, effective_where_it_fits
from protocols.pool_texts.queries import asked_of_projects, named_for_projects, named_on_pools
from protocols.pool_texts.rules import Named, meant
from protocols.recalls.models import Recall
from protocols.recalls.queries import all_withdrawals, of_release
from protocols.recalls.rules import Withdrawals, what_holds, without_withdrawn, words_instead
from protocols.releases.models import Release
from protocols.releases.queries import kept_manifest, releases_of
from protocols.releases.rules import Manifest, Work

_ADOPTED = select(Adoption).where(
    Adoption.project_id == bindparam("project"),
    Adoption.urn.in_(bindparam("urns", expanding=True)),
)
_RECALLED = (
    select(Adoption)
    .join(Release, Release.id == Adoption.release_id)
    .join(Recall, of_release(Release))
    .where(Adoption.project_id == bindparam("project"), Release.kind == bindparam("kind"))
)
"""Stated once: every search asks these, and to state them costs more than to answer them."""


async def texts_of_projects(
    session: AsyncSession, project_ids: Collection[UUID], *, kind: str = "protocol"
) -> list[InForce]:
    """Give what each project has adopted and what its pools have put on their shifts."""
    adoptions = await _adoptions(session, project_ids, kind)
    named = await named_for_projects(session, project_ids) if kind == "protocol" else set()
    return await _resolve(session, adoptions, named)


async def texts_on_pool(
    session: AsyncSession, project_ids: Collection[UUID], pool_id: UUID
) -> list[InForce]:
    """Give the texts that a pool has put on its shifts, in the form that each project has them."""
    named = await named_on_pools(session, [pool_id])
    return await texts_named(session, project_ids, named[pool_id])


async def texts_named(
    session: AsyncSession, project_ids: Collection[UUID], named: Collection[Named]
) -> list[InForce]:
    """Give what pools have named in the form that each project has it, adopted or not."""
    if not named:
        return []
    urns = {one.urn for one in named}
    adoptions = [
        adoption
        for adoption in await _adoptions(session, project_ids, "protocol")
        if adoption.urn in urns
    ]
    wanted = {(project_id, one) for project_id in project_ids for one in named}
    texts = await _resolve(session, adoptions, wanted)
    return [text for text in texts if text.on_shifts]


async def text_of_project(session: AsyncSession, project_id: UUID, urn: str) -> InForce | None:
    """Give one item as one project has it; None where it is no business of that project.

    Where its pools mean another text by this URN than it has adopted, that is what it works by.
    """
    adoption = await session.scalar(
        select(Adoption).where(Adoption.project_id == project_id, Adoption.urn == urn)
    )
    named = {one for one in await named_for_projects(session, [project_id]) if one[1].urn == urn}
    found = await _resolve(session, [adoption] if adoption else [], named)
    return min(found, key=lambda text: (not text.on_shifts, text.mode is None), default=None)


async def texts_adopted(
    session: AsyncSession, project_id: UUID, urns: Collection[str]
) -> list[InForce]:
    """Give some items as a project has them; those that it did not adopt are left out."""
    asked = {"project": project_id, "urns": list(urns)}
    return await _resolve(session, list(await session.scalars(_ADOPTED, asked)), set())


async def texts_recalled(session: AsyncSession, project_id: UUID, kind: str) -> list[InForce]:
    """Give a project's texts whose locked release has been recalled, and what holds instead."""
    adoptions = await session.scalars(_RECALLED, {"project": project_id, "kind": kind})
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


class _Key(NamedTuple):
    """An item in one project; `work` is None where no release of it has arrived."""

    project_id: UUID
    urn: str
    work: Work | None


async def _resolve(
    session: AsyncSession,
    adoptions: Collection[Adoption],
    named: Collection[tuple[UUID, Named]],
) -> list[InForce]:
    urns = {one.urn for one in adoptions} | {one.urn for _, one in named}
    if not urns:
        return []
    kept = await releases_of(session, urns)
    adopted = _adopted(adoptions, kept)
    meanings = _meanings(named, adopted, kept)
    keys = sorted({*adopted, *meanings}, key=str)
    works = {key.work: None for key in keys if key.work}
    manifests = {work: {one.sequence: kept_manifest(one) for one in kept[work]} for work in works}
    withdrawals = await all_withdrawals(session, works)
    own = await parts_of(session, {one.overlay_id for one in adoptions if one.overlay_id})
    # only where nobody of the project decided does a pool's wish choose the release
    undecided = meanings.keys() - adopted.keys()
    projects, texts = {key.project_id for key in undecided}, {key.urn for key in undecided}
    asked = await asked_of_projects(session, projects, texts) if undecided else set()
    return [
        _stands(
            _Known(
                key,
                adoption := adopted.get(key),
                own.get(adoption.overlay_id, ()) if adoption and adoption.overlay_id else (),
                manifests[key.work] if key.work else {},
                withdrawals[key.work] if key.work else Withdrawals(),
                named=frozenset(meanings.get(key, ())),
                review_asked=any(
                    project == key.project_id and key.work and one.may_mean(key.work)
                    for project, one in asked
                ),
            )
        )
        for key in keys
    ]


def _adopted(
    adoptions: Collection[Adoption], kept: Mapping[Work, Sequence[Release]]
) -> dict[_Key, Adoption]:
    whose = {one.id: work for work, releases in kept.items() for one in releases}
    return {_Key(one.project_id, one.urn, whose[one.release_id]): one for one in adoptions}


def _meanings(
    named: Collection[tuple[UUID, Named]],
    adopted: Collection[_Key],
    kept: Mapping[Work, Sequence[Release]],
) -> dict[_Key, set[Named]]:
    """Tell what pools mean in each project."""
    used = {(key.project_id, key.urn): key.work for key in adopted}
    known: dict[str, list[Work]] = defaultdict(list)
    for work in kept:
        known[work.urn].append(work)
    meanings: dict[_Key, set[Named]] = defaultdict(set)
    for project_id, one in named:
        its = meant(one, known[one.urn], used.get((project_id, one.urn)))
        meanings[_Key(project_id, one.urn, its)].add(one)
    return meanings


@dataclass(frozen=True, slots=True)
class _Known:
    """All that is known of one item in one project."""

    key: _Key
    adoption: Adoption | None
    own: tuple[OwnPart, ...]
    manifests: Mapping[int, Manifest]
    withdrawals: Withdrawals
    named: frozenset[Named]
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
            without_withdrawn(upstream, instead), known.own, additions_only=bool(known.named)
        )
        if upstream
        else (None, [])
    )
    own = tuple(part for part in known.own if part not in aside)
    newer = _newer(known, locked)
    until = upstream.sequence if upstream else 0
    return InForce(
        project_id=known.key.project_id,
        urn=known.key.urn,
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
        named=known.named,
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
