"""A node tells the one whose recall it has received that it keeps to it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.feeds.queries import PRIVATE
from federation.partners.sender import Sender
from federation.pools.models import PoolMember
from federation.projects.models import Project
from protocols.adoption.models import Adoption
from protocols.confirmations.models import RecallConfirmation
from protocols.pool_texts.models import PoolText
from protocols.pool_texts.queries import names
from protocols.recalls.models import Recall
from protocols.recalls.queries import withdrawn_from
from protocols.recalls.rules import read_recall
from protocols.releases.models import Release

CONFIRMED = "recall.confirmed"


class RecallConfirmed(msgspec.Struct, frozen=True):
    """Which recall a node keeps to, and which of its projects used what was withdrawn."""

    recall: UUID
    used_by: list[UUID] = []


async def confirm_recall(
    session: AsyncSession, recall: Recall, now: datetime, *, said: UUID | None = None
) -> None:
    """Tell the node that withdrew a text that it is withdrawn here, too; never who saw it.

    `said` is the id by which that node knows it, where it is not the one whose words hold here.
    """
    users = sorted(str(project) for project in await _users(session, recall))
    known_as = said or read_recall(recall.manifest).recall
    payload = {"recall": str(known_as), "used_by": users}
    await append(session, PRIVATE, str(recall.node_id), CONFIRMED, payload, now=now)


async def confirm_all(session: AsyncSession, node_id: str, project_id: UUID, now: datetime) -> None:
    """Say of every recall of a project again that it is kept to: its node may have forgotten."""
    theirs = (Recall.node_id == node_id) & (Recall.project_id == project_id)
    for recall in await session.scalars(select(Recall).where(theirs).order_by(Recall.id)):
        await confirm_recall(session, recall, now)


async def receive_confirmation(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    """Keep that a partner keeps to a recall of ours; the first time it said so stands."""
    said = msgspec.convert(payload, RecallConfirmed)
    ours = await session.scalar(
        select(Recall.id).where(Recall.id == said.recall, Recall.node_id.is_(None))
    )
    if sender.feed_kind != PRIVATE or ours is None:
        raise NotFound
    theirs = select(Project.id).where(Project.node == sender.node_id, Project.id.in_(said.used_by))
    used_by = sorted(await session.scalars(theirs))
    row = insert(RecallConfirmation).values(
        recall_id=said.recall, node_id=sender.node_id, at=now, used_by=used_by
    )
    kept = await session.scalar(
        row.on_conflict_do_nothing().returning(RecallConfirmation.recall_id)
    )
    if kept is not None:
        await record(
            session,
            actor=sender.node_id,
            verb="confirmed-recall",
            subject="recall",
            subject_id=said.recall,
            now=now,
        )


async def _users(session: AsyncSession, recall: Recall) -> set[UUID]:
    """Find the projects of this node that have the withdrawn release, or its item on their shifts.

    A pool's text that a project has not adopted itself is there in its newest release.
    """
    adopted = (
        select(Adoption.project_id)
        .join(Release, Release.id == Adoption.release_id)
        .where(
            Release.urn == recall.urn,
            Release.project_id == recall.project_id,
            Release.node_id.is_not_distinct_from(recall.node_id),
        )
    )
    locked = await session.scalars(adopted.where(Release.sequence == recall.sequence))
    on_shifts = await session.scalars(
        select(PoolMember.project_id)
        .join(PoolText, PoolText.pool_id == PoolMember.pool_id)
        .join(Project, Project.id == PoolMember.project_id)
        .where(
            names(withdrawn_from(recall)),
            Project.node.is_(None),
            PoolMember.project_id.not_in(adopted),
        )
    )
    return {*locked, *on_shifts}
