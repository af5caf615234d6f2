from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from protocols.adoption.models import Adoption
from protocols.adoption.rules import InForce
from protocols.adoption.standing import Adopted, by_key, standing, worked_by
from protocols.overlays.models import Overlay
from protocols.overlays.queries import read_own
from protocols.overlays.rules.parts import OwnPart
from protocols.pool_texts.queries import Wishes, wishes_of
from protocols.pool_texts.rules import Named
from protocols.recalls.models import Recall
from protocols.recalls.queries import all_withdrawals, of_item, of_release, withdrawals_in
from protocols.releases.models import Release
from protocols.releases.queries import apart, chosen, releases_of, releases_seen_by

_ADOPTIONS = select(Adoption, Overlay.parts).outerjoin(Overlay, Overlay.id == Adoption.overlay_id)
_ADOPTION = _ADOPTIONS.where(
    Adoption.project_id == bindparam("project"), Adoption.urn == bindparam("urn")
)
_OF_KIND = _ADOPTIONS.join(Release, Release.id == Adoption.release_id).where(
    Adoption.project_id.in_(bindparam("projects", expanding=True)),
    Release.kind == bindparam("kind"),
)
_IN_USE = (
    select(Adoption, Overlay.parts, Release, Recall)
    .join(Release, Release.urn == Adoption.urn)
    .outerjoin(Overlay, Overlay.id == Adoption.overlay_id)
    # beside the locked release alone, or each of an item's releases came with each of its recalls
    .outerjoin(Recall, and_(Release.id == Adoption.release_id, of_item(Release)))
    .where(Adoption.project_id == bindparam("project"))
    .order_by(Release.urn, Release.sequence)
)
_ADOPTED = _IN_USE.where(Adoption.urn.in_(bindparam("urns", expanding=True)))
_LOCKED = aliased(Release)
_RECALLED = _IN_USE.where(
    exists()
    .where(_LOCKED.id == Adoption.release_id, _LOCKED.kind == bindparam("kind"))
    .where(of_release(_LOCKED))
    .correlate(Adoption)
)
_FIRST = aliased(Release)
_EARLIER = exists().where(
    _FIRST.urn == Release.urn,
    _FIRST.project_id == Release.project_id,
    _FIRST.node_id.is_not_distinct_from(Release.node_id),
    _FIRST.sequence < Release.sequence,
)
_AT_WORK = (
    select(Release, Adoption, Overlay.parts, Recall)
    .outerjoin(
        Adoption, and_(Adoption.urn == Release.urn, Adoption.project_id == bindparam("project"))
    )
    .outerjoin(Overlay, Overlay.id == Adoption.overlay_id)
    # with an item's first release alone, or its words would be sent as often as it was recalled
    .outerjoin(Recall, and_(of_item(Release), ~_EARLIER))
    .where(
        or_(
            Release.urn.in_(bindparam("urns", expanding=True)),
            Release.urn.in_(
                select(Adoption.urn)
                .join(_LOCKED, _LOCKED.id == Adoption.release_id)
                .where(Adoption.project_id == bindparam("project"), _LOCKED.kind == "answer")
                .where(exists().where(of_release(_LOCKED)))
            ),
        )
    )
    .order_by(Release.urn, Release.sequence)
)
"""Stated once: every search asks these, and to state them costs more than to answer them."""


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


class AtWork(NamedTuple):
    """What a project works by in a session of a pool, and which of its answers were recalled.

    `recalled_at` tells of each item of these when something of it was last withdrawn.
    """

    on_shifts: list[InForce]
    recalled_answers: list[InForce]
    recalled_at: Mapping[str, datetime]


async def texts_at_work(session: AsyncSession, project_id: UUID, pool_id: UUID) -> AtWork:
    """Give what `texts_on_pool` and `texts_recalled` give of one project, in two questions."""
    wishes = await wishes_of(session, [project_id], [pool_id])
    named = wishes.on_pools[pool_id]
    asked = {"project": project_id, "urns": list({one.urn for one in named})}
    rows = (await session.execute(_AT_WORK, asked)).all()
    kept = apart({release.id: release for release, *_ in rows}.values())
    kinds = {release.id: release.kind for release, *_ in rows}
    recalls = [recall for *_, recall in rows if recall is not None]
    withdrawals = withdrawals_in(recalls, kept)
    used = {one.id: Adopted(one, read_own(parts or [])) for _, one, parts, _ in rows if one}
    protocols, answers = (
        by_key([one for one in used.values() if kinds[one.adoption.release_id] == kind], kept)
        for kind in ("protocol", "answer")
    )
    wanted = {(project_id, one) for one in named}
    on_shifts = standing(protocols, wanted, wishes.reviewed, kept, withdrawals)
    return AtWork(
        [text for text in on_shifts if text.on_shifts],
        [text for text in standing(answers, (), (), kept, withdrawals) if text.is_recalled],
        {one.urn: one.received_at for one in sorted(recalls, key=lambda one: one.received_at)},
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
    adoptions = await _adoptions(session, _ADOPTION, {"project": project_id, "urn": urn})
    wishes = await wishes_of(session, [project_id])
    named = {one for one in wishes.wanted if one[1].urn == urn}
    return worked_by(await _resolve(session, adoptions, named, wishes.reviewed))


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
    adoptions = await _adoptions(session, _ADOPTION, {"project": project_id, "urn": urn})
    wishes = await wishes_of(session, [project_id])
    named = {one for one in wishes.wanted if one[1].urn == urn}
    kept, visible = await releases_seen_by(session, project_id, urn)
    withdrawals = await all_withdrawals(session, kept)
    adopted = by_key(adoptions, kept)
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
        standing=worked_by(standing(adopted, named, wishes.reviewed, kept, withdrawals)),
        releases=kept[work] if work else [],
        withdrawn=withdrawals[work].releases if work else (),
        named={one for _, one in named},
    )


async def texts_adopted(
    session: AsyncSession, project_id: UUID, urns: Collection[str]
) -> list[InForce]:
    """Give some items as a project has them; those that it did not adopt are left out."""
    if not urns:
        return []
    return await _in_use(session, _ADOPTED, {"project": project_id, "urns": list(urns)})


async def texts_recalled(session: AsyncSession, project_id: UUID, kind: str) -> list[InForce]:
    """Give a project's texts whose locked release has been recalled, and what holds instead."""
    found = await _in_use(session, _RECALLED, {"project": project_id, "kind": kind})
    return [text for text in found if text.is_recalled]


async def _in_use(
    session: AsyncSession,
    query: Select[Adoption, list[Any], Release, Recall],
    asked: Mapping[str, Any],
) -> list[InForce]:
    """Give what holds of adopted items: with each of its releases an item says how it is used."""
    rows = (await session.execute(query, asked)).all()
    kept = apart({release.id: release for _, _, release, _ in rows}.values())
    used = {one.id: Adopted(one, read_own(parts or [])) for one, parts, _, _ in rows}
    withdrawals = withdrawals_in((recall for *_, recall in rows if recall is not None), kept)
    return standing(by_key(used.values(), kept), (), (), kept, withdrawals)


async def _of_kind(
    session: AsyncSession, project_ids: Collection[UUID], kind: str
) -> list[Adopted]:
    return await _adoptions(session, _OF_KIND, {"projects": list(project_ids), "kind": kind})


async def _adoptions(
    session: AsyncSession, query: Select[Adoption, list[Any]], asked: Mapping[str, Any]
) -> list[Adopted]:
    rows = await session.execute(query, asked)
    return [Adopted(adoption, read_own(parts or [])) for adoption, parts in rows]


async def _resolve(
    session: AsyncSession,
    adoptions: Collection[Adopted],
    named: Collection[tuple[UUID, Named]] = (),
    reviewed: Collection[tuple[UUID, Named]] = (),
) -> list[InForce]:
    urns = {one.adoption.urn for one in adoptions} | {one.urn for _, one in named}
    if not urns:
        return []
    kept = await releases_of(session, urns)
    withdrawals = await all_withdrawals(session, kept)
    return standing(by_key(adoptions, kept), named, reviewed, kept, withdrawals)
