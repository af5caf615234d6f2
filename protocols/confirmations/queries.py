"""Recalls of a project, and which others keep to them: by project, never by person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

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
    withdrawn = await _withdrawn(session, asker.project_id)
    hearers = await _hearers(session, asker.project_id)
    confirmed = await _confirmed(session, [one.recall for one in withdrawn])
    return [_seen(one, hearers, confirmed) for one in withdrawn]


@dataclass(frozen=True, slots=True)
class _Withdrawn:
    """A recall with what it withdraws, and the number of the release that holds meanwhile."""

    recall: Recall
    release: Release
    holds_number: str | None


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    project_id: UUID | None
    project: str
    node: Partner
    read_at: datetime | None


async def _withdrawn(session: AsyncSession, project_id: UUID) -> list[_Withdrawn]:
    holds = aliased(Release)
    rows = await session.execute(
        select(Recall, Release, holds.number)
        .select_from(Recall)
        .join(Release, _of_recall(Release, Recall.sequence))
        .outerjoin(holds, _of_recall(holds, Recall.holds_sequence))
        .where(Recall.project_id == project_id, Recall.node_id.is_(None))
        .order_by(Recall.stated_at.desc(), Recall.urn, Recall.sequence.desc())
    )
    return [_Withdrawn(*row) for row in rows]


def _of_recall(
    release: type[Release], sequence: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
) -> ColumnElement[bool]:
    return and_(release.urn == Recall.urn, release.sequence == sequence, release.node_id.is_(None))


async def _hearers(session: AsyncSession, project_id: UUID) -> list[_Elsewhere]:
    """Find the projects of other nodes that share a pool, and nodes that were granted the texts.

    Beside each stands since when its node says that it has read every withdrawal of this project.
    """
    mine = aliased(PoolMember)
    sharing = (
        select(PoolMember.project_id)
        .join(mine, mine.pool_id == PoolMember.pool_id)
        .where(mine.project_id == project_id)
    )
    rows = await session.execute(
        select(Partner, Project.id, Project.name, Feed, FeedReader.at, FeedReader.recalls_hash)
        .select_from(Partner)
        .outerjoin(Project, and_(Project.node == Partner.node_id, Project.id.in_(sharing)))
        .outerjoin(Feed, and_(Feed.kind == PROJECT_RELEASES, Feed.subject == str(project_id)))
        .outerjoin(
            FeedReader,
            and_(FeedReader.feed_id == Feed.id, FeedReader.node_id == Partner.node_id),
        )
        .where(
            Partner.state == JOINED,
            or_(
                Project.id.is_not(None),
                Partner.we_grant.contains([f"{RELEASES}:{project_id}"]),
            ),
        )
        .order_by(Project.name, Project.id, Partner.name, Partner.node_id)
    )
    found = rows.all()
    feeds: list[Feed | None] = [row[3] for row in found[:1]]
    everything = await recalls_hashes(session, [feed for feed in feeds if feed is not None])
    return [
        _Elsewhere(theirs, name or "", node, read_at if read in everything else None)
        for node, theirs, name, _, read_at, read in found
    ]


async def _confirmed(
    session: AsyncSession, recalls: Collection[Recall]
) -> dict[tuple[UUID, str], RecallConfirmation]:
    ids = [one.id for one in recalls]
    rows = await session.scalars(
        select(RecallConfirmation).where(RecallConfirmation.recall_id.in_(ids))
    )
    return {(one.recall_id, one.node_id): one for one in rows}


def _seen(
    one: _Withdrawn,
    hearers: Sequence[_Elsewhere],
    confirmed: Mapping[tuple[UUID, str], RecallConfirmation],
) -> RecallSeen:
    recall, withdrawn = one.recall, one.release
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
        holds_number=one.holds_number,
        holds_texts=recall.holds_texts or {},
        followed=recall.follows is not None,
        hearers=[
            _hearer(hearer, confirmed.get((recall.id, hearer.node.node_id))) for hearer in hearers
        ],
    )


def _hearer(one: _Elsewhere, said: RecallConfirmation | None) -> Hearer:
    return Hearer(
        project=one.project,
        node=one.node.name,
        confirmed_at=said.at if said else None,
        used_it=said is not None and one.project_id in said.used_by,
        last_heard_at=one.node.last_heard_at,
        read_at=None if said else one.read_at,
    )
