from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from federation.permissions.rules import Asker, require_role
from federation.projects.models import Project
from protocols.adoption.models import Adoption
from protocols.items.actions import APPROVERS, AUTHORS
from protocols.overlays.models import Overlay
from protocols.overlays.queries import parts_of
from protocols.overlays.rules.parts import OwnPart
from protocols.overview.rules import Line, Offered, counted, in_order, overdue
from protocols.pool_texts.queries import is_asked, wishes_of
from protocols.recalls.models import Recall
from protocols.recalls.queries import all_withdrawals, of_release
from protocols.recalls.rules import Withdrawals
from protocols.releases.models import Release, ReleaseText
from protocols.releases.queries import meant_by, same_work, visible_to, work_of
from protocols.releases.rules import Work

REVIEWED = b'"lived_experience":true'
"""So the bytes of a manifest say it; within a text its quotation marks would be escaped."""
MOST = 100
"""How many texts to take up are listed at once; words in their titles find the others."""


class _Titled(msgspec.Struct):
    title: str


class _Head(msgspec.Struct):
    """As much of a release as a list shows; the rest of its bytes is passed over."""

    kind: Literal["protocol", "answer"]
    source_language: str
    variants: dict[str, _Titled]


async def texts_at_a_glance(session: AsyncSession, asker: Asker, now: datetime) -> list[Line]:
    """List every text that the asker's project uses or drafts, with how far it differs."""
    require_role(asker, *AUTHORS)
    adopted = await _adopted(session, asker.project_id)
    drafted = await _drafted(session, asker.project_id)
    urns = {*adopted, *drafted}
    over = {urn: (adopted.get(urn) or drafted[urn]).release_id for urn in urns}
    releases = await _releases(session, over.values())
    works = {urn: work_of(releases[over[urn]]) for urn in urns}
    withdrawals = await all_withdrawals(session, works.values())
    newer = await _newer(session, asker.project_id, withdrawals)
    named = (await wishes_of(session, [asker.project_id])).wanted
    own = await parts_of(session, {one.overlay_id for one in adopted.values() if one.overlay_id})
    return in_order(
        [
            _line(
                asker,
                releases[over[urn]],
                adopted.get(urn),
                drafted.get(urn),
                own=own,
                newer=newer.get(urn),
                on_shifts=any(one.may_mean(works[urn]) for _, one in named),
                withdrawals=withdrawals[works[urn]],
                now=now,
            )
            for urn in urns
        ]
    )


async def _adopted(session: AsyncSession, project_id: UUID) -> dict[str, Adoption]:
    found = await session.scalars(select(Adoption).where(Adoption.project_id == project_id))
    return {one.urn: one for one in found}


async def _drafted(session: AsyncSession, project_id: UUID) -> dict[str, Overlay]:
    query = select(Overlay).where(
        Overlay.project_id == project_id, Overlay.state.in_(("draft", "asked"))
    )
    return {one.urn: one for one in await session.scalars(query)}


async def _releases(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Release]:
    query = select(Release).where(Release.id.in_(ids))
    return {one.id: one for one in await session.scalars(query)}


async def _newer(
    session: AsyncSession, project_id: UUID, withdrawals: Mapping[Work, Withdrawals]
) -> dict[str, str]:
    """Give the newest sound version of each text that is newer than the one in use."""
    used = aliased(Release)
    later = and_(same_work(used, Release), Release.sequence > used.sequence)
    query = (
        select(Release.urn, Release.project_id, Release.node_id, Release.sequence, Release.number)
        .join(used, later)
        .join(Adoption, Adoption.release_id == used.id)
        .where(Adoption.project_id == project_id)
        .order_by(Release.sequence)
    )
    return {
        urn: number
        for urn, project, node, sequence, number in await session.execute(query)
        if sequence not in withdrawals[Work(urn, project, node)].releases
    }


def _line(
    asker: Asker,
    release: Release,
    adoption: Adoption | None,
    draft: Overlay | None,
    *,
    own: Mapping[UUID, tuple[OwnPart, ...]],
    newer: str | None,
    on_shifts: bool,
    withdrawals: Withdrawals,
    now: datetime,
) -> Line:
    head = msgspec.json.decode(release.manifest, type=_Head)
    parts = own[adoption.overlay_id] if adoption and adoption.overlay_id else ()
    replaced, added, hidden = counted(parts)
    return Line(
        urn=release.urn,
        title=head.variants[head.source_language].title,
        kind=head.kind,
        number=release.number if adoption else None,
        newer=newer,
        mode=adoption.mode if adoption else None,
        on_shifts=on_shifts,
        withdrawn=release.sequence in {*withdrawals.releases, *withdrawals.blocks},
        replaced=replaced,
        added=added,
        hidden=hidden,
        overdue=overdue(parts, now.date()),
        values=len(adoption.values) if adoption else 0,
        state=_state(draft),
        yours=_waits_for(asker, draft),
    )


def _state(draft: Overlay | None) -> Literal["draft", "asked"] | None:
    if draft is None:
        return None
    return "asked" if draft.state == "asked" else "draft"


def _waits_for(asker: Asker, draft: Overlay | None) -> bool:
    if draft is None:
        return False
    wrote = asker.person_id in draft.authors
    if draft.state == "asked":
        return not wrote and asker.has(*APPROVERS)
    return wrote


async def texts_to_take_up(session: AsyncSession, asker: Asker, words: str) -> list[Offered]:
    """Look among the texts that the project may use and does not, by their title.

    Each is offered in the newest version that can be taken up.
    """
    require_role(asker, *AUTHORS)
    project_id = asker.project_id
    later = aliased(Release)
    query = (
        select(Release, ReleaseText.title, Project.name)
        .join(Release, Release.id == ReleaseText.release_id)
        .outerjoin(Project, Project.id == Release.project_id)
        .where(
            ReleaseText.is_source.is_(True),
            ReleaseText.title.icontains(words, autoescape=True),
            visible_to(project_id),
            _is_sound(Release, project_id),
            ~exists().where(
                same_work(Release, later),
                later.sequence > Release.sequence,
                _is_sound(later, project_id),
            ),
            ~exists().where(Adoption.urn == Release.urn, Adoption.project_id == project_id),
        )
        .order_by(ReleaseText.title, ReleaseText.release_id)
        .limit(MOST)
    )
    found = (await session.execute(query)).all()
    meant = await meant_by(session, project_id, {one.urn for one, *_ in found})
    return [
        Offered(one.urn, title, one.kind, one.number, by)
        for one, title, by in found
        if work_of(one) in meant
    ]


def _is_sound(release: type[Release], project_id: UUID) -> ColumnElement[bool]:
    """State that nobody has withdrawn a release, and that it was reviewed as a pool may ask."""
    withdrawn = exists().where(of_release(release), Recall.block.is_(None))
    reviewed = func.position(literal(REVIEWED).op("IN")(release.manifest)) > 0
    return and_(~withdrawn, or_(~is_asked(project_id, release), reviewed))
