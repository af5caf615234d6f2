from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.adoption.models import Adoption
from protocols.adoption.rules import InForce
from protocols.overlays.models import Overlay
from protocols.overlays.queries import read_own
from protocols.overlays.rules.parts import OwnPart, effective_then, effective_where_it_fits
from protocols.pool_texts.queries import Wishes, wishes_of
from protocols.pool_texts.rules import Named, meant
from protocols.recalls.models import Recall
from protocols.recalls.queries import all_withdrawals, of_release
from protocols.recalls.rules import Withdrawals, what_holds, without_withdrawn, words_instead
from protocols.releases.models import Release
from protocols.releases.queries import chosen, kept_manifest, releases_of, releases_seen_by
from protocols.releases.rules import Manifest, Work

_ADOPTIONS = select(Adoption, Overlay.parts).outerjoin(Overlay, Overlay.id == Adoption.overlay_id)
_ADOPTED = _ADOPTIONS.where(
    Adoption.project_id == bindparam("project"),
    Adoption.urn.in_(bindparam("urns", expanding=True)),
)
_OF_KIND = _ADOPTIONS.join(Release, Release.id == Adoption.release_id).where(
    Adoption.project_id.in_(bindparam("projects", expanding=True)),
    Release.kind == bindparam("kind"),
)
_RECALLED = (
    _ADOPTIONS.join(Release, Release.id == Adoption.release_id)
    .join(Recall, of_release(Release))
    .where(Adoption.project_id == bindparam("project"), Release.kind == bindparam("kind"))
)
"""Stated once: every search asks these, and to state them costs more than to answer them."""


class _Adopted(NamedTuple):
    """An adoption, and the own parts that were approved for it."""

    adoption: Adoption
    own: tuple[OwnPart, ...]


async def texts_of_projects(
    session: AsyncSession, project_ids: Collection[UUID], *, kind: str = "protocol"
) -> list[InForce]:
    """Give what each project has adopted and what its pools have put on their shifts."""
    adoptions = await _of_kind(session, project_ids, kind)
    if kind != "protocol":
        return await _resolve(session, adoptions)
    wishes = await wishes_of(session, project_ids)
    return await _resolve(session, adoptions, wishes.wanted, wishes.reviewed)


async def texts_on_pool(
    session: AsyncSession, project_ids: Collection[UUID], pool_id: UUID
) -> list[InForce]:
    """Give the texts that a pool has put on its shifts, in the form that each project has them."""
    return await texts_wished(
        session, project_ids, await wishes_of(session, project_ids, [pool_id])
    )


async def texts_wished(
    session: AsyncSession, project_ids: Collection[UUID], wishes: Wishes
) -> list[InForce]:
    """Give what pools have named in the form that each project has it, adopted or not."""
    named = {one for on_pool in wishes.on_pools.values() for one in on_pool}
    if not named:
        return []
    urns = {one.urn for one in named}
    adoptions = [
        one for one in await _of_kind(session, project_ids, "protocol") if one.adoption.urn in urns
    ]
    wanted = {(project_id, one) for project_id in project_ids for one in named}
    texts = await _resolve(session, adoptions, wanted, wishes.reviewed)
    return [text for text in texts if text.on_shifts]


async def text_of_project(session: AsyncSession, project_id: UUID, urn: str) -> InForce | None:
    """Give one item as one project has it; None where it is no business of that project.

    Where its pools mean another text by this URN than it has adopted, that is what it works by.
    """
    adoptions = await _adoptions(session, _ADOPTED, {"project": project_id, "urns": [urn]})
    wishes = await wishes_of(session, [project_id])
    named = {one for one in wishes.wanted if one[1].urn == urn}
    return _worked_by(await _resolve(session, adoptions, named, wishes.reviewed))


@dataclass(frozen=True, slots=True, kw_only=True)
class InProject:
    """An item as `text_of_project` has it, with all that its project knows and may see of it.

    `releases` are those of whom the project means, oldest first; none where it may see none.
    """

    adoption: Adoption | None
    own: tuple[OwnPart, ...]
    standing: InForce | None
    releases: Sequence[Release]
    withdrawn: Collection[int]
    named: Collection[Named]

    def on_shifts(self, release: Release) -> bool:
        """Tell whether a pool of the project has put this text on its shifts."""
        return any(one.owner in {None, release.project_id} for one in self.named)


async def item_in_project(session: AsyncSession, project_id: UUID, urn: str) -> InProject:
    """Give all that is known of one item in one project, for whoever is about to change it there.

    However many releases, recalls and pools there are, it asks four questions.
    """
    adoptions = await _adoptions(session, _ADOPTED, {"project": project_id, "urns": [urn]})
    wishes = await wishes_of(session, [project_id])
    named = {one for one in wishes.wanted if one[1].urn == urn}
    kept, visible = await releases_seen_by(session, project_id, urn)
    withdrawals = await all_withdrawals(session, kept)
    adopted = _adopted(adoptions, kept)
    meant = chosen(
        project_id,
        [work for work in kept if work in visible],
        {(urn, one.owner) for _, one in named if one.owner},
        {key.work for key in adopted if key.work},
    )
    work = next(iter(meant), None)
    adoption, own = adoptions[0] if adoptions else (None, ())
    return InProject(
        adoption=adoption,
        own=own,
        standing=_worked_by(_standing(adopted, named, wishes.reviewed, kept, withdrawals)),
        releases=kept[work] if work else [],
        withdrawn=withdrawals[work].releases if work else (),
        named={one for _, one in named},
    )


def _worked_by(texts: Iterable[InForce]) -> InForce | None:
    return min(texts, key=lambda text: (not text.on_shifts, text.mode is None), default=None)


async def texts_adopted(
    session: AsyncSession, project_id: UUID, urns: Collection[str]
) -> list[InForce]:
    """Give some items as a project has them; those that it did not adopt are left out."""
    asked = {"project": project_id, "urns": list(urns)}
    return await _resolve(session, await _adoptions(session, _ADOPTED, asked))


async def texts_recalled(session: AsyncSession, project_id: UUID, kind: str) -> list[InForce]:
    """Give a project's texts whose locked release has been recalled, and what holds instead."""
    asked = {"project": project_id, "kind": kind}
    found = await _resolve(session, await _adoptions(session, _RECALLED, asked))
    return [text for text in found if text.is_recalled]


async def _of_kind(
    session: AsyncSession, project_ids: Collection[UUID], kind: str
) -> list[_Adopted]:
    return await _adoptions(session, _OF_KIND, {"projects": list(project_ids), "kind": kind})


async def _adoptions(
    session: AsyncSession, query: Select[Adoption, list[Any]], asked: Mapping[str, Any]
) -> list[_Adopted]:
    rows = await session.execute(query, asked)
    return [_Adopted(adoption, read_own(parts or [])) for adoption, parts in rows]


class _Key(NamedTuple):
    """An item in one project; `work` is None where no release of it has arrived."""

    project_id: UUID
    urn: str
    work: Work | None


async def _resolve(
    session: AsyncSession,
    adoptions: Collection[_Adopted],
    named: Collection[tuple[UUID, Named]] = (),
    reviewed: Collection[tuple[UUID, Named]] = (),
) -> list[InForce]:
    urns = {one.adoption.urn for one in adoptions} | {one.urn for _, one in named}
    if not urns:
        return []
    kept = await releases_of(session, urns)
    withdrawals = await all_withdrawals(session, kept)
    return _standing(_adopted(adoptions, kept), named, reviewed, kept, withdrawals)


def _standing(
    adopted: Mapping[_Key, _Adopted],
    named: Collection[tuple[UUID, Named]],
    reviewed: Collection[tuple[UUID, Named]],
    kept: Mapping[Work, Sequence[Release]],
    withdrawals: Mapping[Work, Withdrawals],
) -> list[InForce]:
    meanings = _meanings(named, adopted, kept)
    keys = sorted({*adopted, *meanings}, key=str)
    works = {key.work: None for key in keys if key.work}
    manifests = {work: {one.sequence: kept_manifest(one) for one in kept[work]} for work in works}
    return [
        _stands(
            _Known(
                key,
                one.adoption if (one := adopted.get(key)) else None,
                one.own if one else (),
                manifests[key.work] if key.work else {},
                withdrawals[key.work] if key.work else Withdrawals(),
                named=frozenset(meanings.get(key, ())),
                # only where nobody of the project decided does a pool's wish choose the release
                review_asked=not one and _is_asked(key, reviewed),
            )
        )
        for key in keys
    ]


def _is_asked(key: _Key, reviewed: Collection[tuple[UUID, Named]]) -> bool:
    return key.work is not None and any(
        project_id == key.project_id and one.may_mean(key.work) for project_id, one in reviewed
    )


def _adopted(
    adoptions: Collection[_Adopted], kept: Mapping[Work, Sequence[Release]]
) -> dict[_Key, _Adopted]:
    whose = {one.id: work for work, releases in kept.items() for one in releases}
    return {
        _Key(one.adoption.project_id, one.adoption.urn, whose[one.adoption.release_id]): one
        for one in adoptions
    }


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
