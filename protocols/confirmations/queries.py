"""Recalls of a project, and which others keep to them: by project, never by person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from federation.feeds.models import Feed, FeedReader
from federation.feeds.queries import PROJECT_RELEASES, recalls_hashes
from federation.partners.models import Partner
from federation.partners.rules.capabilities import RELEASES
from federation.partners.rules.handshake import JOINED
from federation.permissions.rules import Asker, require_role
from federation.pools.models import PoolMember
from federation.projects.models import Project
from protocols.confirmations.models import RecallConfirmation
from protocols.recalls.models import Recall
from protocols.recalls.rules import block_words
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearer:
    """A project elsewhere that a recall concerns, or a node whose projects are not known here.

    `confirmed_at` is its node's word that it keeps to it; `used_it` whether it had the text in use.
    `read_at` is when its node said that it has read all that this project has withdrawn: where it
    has not confirmed since, it may have refused it.
    """

    project: str
    node: str
    confirmed_at: datetime | None
    used_it: bool
    last_heard_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallSeen:
    """A recall as the coordinators of the project that stated it see it."""

    id: UUID
    urn: str
    title: str
    kind: str
    number: str
    part: str | None
    reason: str
    stated_at: datetime
    holds_number: str | None
    holds_texts: Mapping[str, str]
    followed: bool
    hearers: Sequence[Hearer]

    @property
    def waiting(self) -> list[Hearer]:
        """Name those who have not confirmed."""
        return [one for one in self.hearers if one.confirmed_at is None]


async def recalls_stated(session: AsyncSession, asker: Asker) -> list[RecallSeen]:
    """List the recalls of the asker's project, the newest first, each with who has confirmed it."""
    require_role(asker, "coordinator")
    query = (
        select(Recall)
        .where(Recall.project_id == asker.project_id, Recall.node_id.is_(None))
        .order_by(Recall.stated_at.desc(), Recall.urn, Recall.sequence.desc())
    )
    recalls = list(await session.scalars(query))
    releases = await _releases(session, recalls)
    hearers = await _hearers(session, asker.project_id)
    confirmed = await _confirmed(session, recalls)
    read = await _read(session, asker.project_id)
    return [_seen(one, releases, hearers, confirmed, read) for one in recalls]


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    project_id: UUID | None
    project: str
    node: Partner


async def _releases(
    session: AsyncSession, recalls: Sequence[Recall]
) -> dict[tuple[str, int], Release]:
    wanted = {(one.urn, one.sequence) for one in recalls}
    wanted |= {(one.urn, one.holds_sequence) for one in recalls if one.holds_sequence}
    rows = await session.scalars(
        select(Release).where(
            tuple_(Release.urn, Release.sequence).in_(wanted), Release.node_id.is_(None)
        )
    )
    return {(one.urn, one.sequence): one for one in rows}


async def _hearers(session: AsyncSession, project_id: UUID) -> list[_Elsewhere]:
    """Find the projects of other nodes that share a pool, and nodes that were granted the texts."""
    mine = aliased(PoolMember)
    rows = await session.execute(
        select(Project.id, Project.name, Partner)
        .distinct()
        .join(PoolMember, PoolMember.project_id == Project.id)
        .join(mine, mine.pool_id == PoolMember.pool_id)
        .join(Partner, Partner.node_id == Project.node)
        .where(mine.project_id == project_id, Partner.state == JOINED)
        .order_by(Project.name, Project.id)
    )
    found = [_Elsewhere(one, name, node) for one, name, node in rows]
    known = {one.node.node_id for one in found}
    granted = await session.scalars(
        select(Partner)
        .where(
            Partner.state == JOINED,
            Partner.we_grant.contains([f"{RELEASES}:{project_id}"]),
            Partner.node_id.not_in(known),
        )
        .order_by(Partner.name, Partner.node_id)
    )
    return found + [_Elsewhere(None, "", node) for node in granted]


async def _read(session: AsyncSession, project_id: UUID) -> dict[str, datetime]:
    """Tell which nodes say that they have read every withdrawal of a project, and since when."""
    feed = await session.scalar(
        select(Feed).where(Feed.kind == PROJECT_RELEASES, Feed.subject == str(project_id))
    )
    if feed is None:
        return {}
    [wanted] = await recalls_hashes(session, [feed])
    rows = await session.execute(
        select(FeedReader.node_id, FeedReader.at).where(
            FeedReader.feed_id == feed.id, FeedReader.recalls_hash == wanted
        )
    )
    return dict(rows.all())


async def _confirmed(
    session: AsyncSession, recalls: Collection[Recall]
) -> dict[tuple[UUID, str], RecallConfirmation]:
    ids = [one.id for one in recalls]
    rows = await session.scalars(
        select(RecallConfirmation).where(RecallConfirmation.recall_id.in_(ids))
    )
    return {(one.recall_id, one.node_id): one for one in rows}


def _seen(
    recall: Recall,
    releases: Mapping[tuple[str, int], Release],
    hearers: Sequence[_Elsewhere],
    confirmed: Mapping[tuple[UUID, str], RecallConfirmation],
    read: Mapping[str, datetime],
) -> RecallSeen:
    withdrawn = releases[recall.urn, recall.sequence]
    holds = releases.get((recall.urn, recall.holds_sequence)) if recall.holds_sequence else None
    manifest = read_manifest(withdrawn.manifest)
    words = block_words(manifest, str(recall.block)) if recall.block else {}
    return RecallSeen(
        id=recall.id,
        urn=recall.urn,
        title=manifest.source.question or manifest.source.title,
        kind=withdrawn.kind,
        number=withdrawn.number,
        part=words.get(manifest.source_language),
        reason=recall.reason,
        stated_at=recall.stated_at,
        holds_number=holds.number if holds else None,
        holds_texts=recall.holds_texts or {},
        followed=recall.follows is not None,
        hearers=[
            _hearer(one, confirmed.get((recall.id, one.node.node_id)), read) for one in hearers
        ],
    )


def _hearer(
    one: _Elsewhere, said: RecallConfirmation | None, read: Mapping[str, datetime]
) -> Hearer:
    return Hearer(
        project=one.project,
        node=one.node.name,
        confirmed_at=said.at if said else None,
        used_it=said is not None and one.project_id in said.used_by,
        last_heard_at=one.node.last_heard_at,
        read_at=None if said else read.get(one.node.node_id),
    )
