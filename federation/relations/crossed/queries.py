"""Reads what crossed between this node and one partner, and what one tick would let cross."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Text, cast, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.feeds.cursors.actions import UNKNOWN
from federation.feeds.models import (
    Feed,
    FeedCursor,
    FeedEvent,
    FeedReader,
    SetAsideEvent,
)
from federation.feeds.queries import (
    POOL_HOURS,
    POOL_SHIFTS,
    PROJECT_RELEASES,
    feeds_with_reader,
    recalls_counted,
)
from federation.feeds.rules.heads import Head
from federation.feeds.said import said_beside_read
from federation.partners.models import Partner
from federation.partners.queries import require_reader
from federation.partners.rules.capabilities import OPEN_HOURS, RELEASES, SHIFTS
from federation.partners.rules.encoding import bytes_of
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.projects.models import Project
from federation.relations.crossed.rules import (
    Count,
    Crossed,
    DryRun,
    Received,
    Sent,
    SetAside,
    would_help,
)
from federation.relations.queries import ticks

FEED_OF = {SHIFTS: POOL_SHIFTS, RELEASES: PROJECT_RELEASES, OPEN_HOURS: POOL_HOURS}
"""The feed that a capability opens; the others are verbs."""
HOURS_SAID = "open-hours.stated"
Names = dict[str, str]


class _Waiting(NamedTuple):
    confirmed: list[Count]
    waiting: list[Count]


async def crossed(session: AsyncSession, asker: Asker, partner: Partner) -> Crossed:
    """Tell exactly which data crossed in both directions, and what is late or wrong."""
    require_reader(asker)
    sent = await feeds_with_reader(session, partner.node_id)
    cursors = await _cursors(session, partner.node_id)
    subjects = {feed.subject for feed, _, _ in sent} | {cursor.subject for cursor, _ in cursors}
    names = await _names(session, subjects)
    return Crossed(
        sent=await _sent(session, partner.node_id, sent, names),
        received=_received(cursors, names),
    )


async def dry_run(
    session: AsyncSession, asker: Asker, partner: Partner, capability: str, now: datetime
) -> DryRun:
    """Tell what a partner would receive at once, before anything is ticked."""
    listed = {tick.capability: tick for tick in await ticks(session, asker, partner)}
    if capability not in listed:
        raise NotFound
    has = listed[capability].open
    kind, _, subject = capability.partition(":")
    if kind == OPEN_HOURS:
        # they are said once, whole, as soon as somebody who knows the feed may hear them
        understood = POOL_HOURS in partner.reads
        return DryRun([Count(HOURS_SAID, 1, now)] if understood else [], 0, has=has)
    feed = await session.scalar(
        select(Feed).where(Feed.kind == FEED_OF.get(kind, ""), Feed.subject == subject)
    )
    if feed is None:
        return DryRun([], 0, has=has)
    rows = await session.execute(
        select(FeedEvent.kind, func.count(), func.max(FeedEvent.at))
        .where(FeedEvent.feed_id == feed.id, FeedEvent.epoch == feed.epoch)
        .group_by(FeedEvent.kind)
        .order_by(FeedEvent.kind)
    )
    [(recalls, _)] = await recalls_counted(session, [feed])
    return DryRun([Count(*row) for row in rows], recalls, has=has)


async def _sent(
    session: AsyncSession,
    node_id: str,
    feeds: Sequence[tuple[Feed, FeedReader | None, bool]],
    names: Names,
) -> list[Sent]:
    listed = [feed for feed, _, _ in feeds]
    counted = await _counted(session, node_id, [feed.id for feed in listed])
    recalls = await recalls_counted(session, listed)
    return [
        Sent(
            feed=feed.kind,
            name=names.get(feed.subject, ""),
            open=is_open,
            confirmed=counted[feed.id].confirmed,
            confirmed_at=reader.at if reader else None,
            waiting=sum(one.events for one in counted[feed.id].waiting) if is_open else 0,
            waiting_since=_oldest(counted[feed.id].waiting) if is_open else None,
            recalls_unconfirmed=number if _lacks(reader, wanted) else 0,
            unconfirmed=counted[feed.id].waiting,
        )
        for (feed, reader, is_open), (number, wanted) in zip(feeds, recalls, strict=True)
    ]


def _oldest(waiting: Collection[Count]) -> datetime | None:
    return min((one.last for one in waiting), default=None)


def _lacks(reader: FeedReader | None, recalls: str) -> bool:
    return reader is None or reader.recalls_hash != recalls


async def _counted(
    session: AsyncSession, node_id: str, feed_ids: Sequence[UUID]
) -> defaultdict[UUID, _Waiting]:
    """Count events by kind: confirmed ones with their last moment, others with their first."""
    said, is_read = said_beside_read(node_id)
    rows = await session.execute(
        select(
            FeedEvent.feed_id,
            FeedEvent.kind,
            is_read,
            func.count(),
            func.max(FeedEvent.at),
            func.min(FeedEvent.at),
        )
        .select_from(said)
        .where(Feed.id.in_(feed_ids))
        .group_by(FeedEvent.feed_id, FeedEvent.kind, is_read)
        .order_by(FeedEvent.kind)
    )
    found: defaultdict[UUID, _Waiting] = defaultdict(lambda: _Waiting([], []))
    for feed_id, kind, has_read, events, last, first in rows:
        if has_read:
            found[feed_id].confirmed.append(Count(kind, events, last))
        else:
            found[feed_id].waiting.append(Count(kind, events, first))
    return found


async def _cursors(session: AsyncSession, node_id: str) -> list[tuple[FeedCursor, list[SetAside]]]:
    """Give how far each of a partner's feeds was read, with what of it was not applied."""
    own = select(FeedCursor.id).where(FeedCursor.node_id == node_id)
    of = SetAsideEvent.cursor_id, SetAsideEvent.kind, SetAsideEvent.why, SetAsideEvent.detail
    aside = (
        select(*of, func.count().label("events"), func.max(SetAsideEvent.at).label("last"))
        .where(SetAsideEvent.cursor_id.in_(own))
        .group_by(*of)
        .subquery()
    )
    rows = await session.execute(
        select(FeedCursor, aside)
        .outerjoin(aside, aside.c.cursor_id == FeedCursor.id)
        .where(FeedCursor.node_id == node_id)
        .order_by(FeedCursor.kind, FeedCursor.feed_id, aside.c.kind, aside.c.detail)
    )
    found: dict[UUID, tuple[FeedCursor, list[SetAside]]] = {}
    for cursor, cursor_id, kind, why, detail, events, last in rows:
        _, set_aside = found.setdefault(cursor.id, (cursor, []))
        if cursor_id is not None:
            set_aside.append(SetAside(kind, why == UNKNOWN, detail, events, last))
    return list(found.values())


def _received(cursors: Sequence[tuple[FeedCursor, list[SetAside]]], names: Names) -> list[Received]:
    return [
        Received(
            feed=cursor.kind,
            name=names.get(cursor.subject, ""),
            read=cursor.seq,
            behind=_behind(cursor),
            checked_at=cursor.checked_at,
            trouble=cursor.trouble or "",
            would_help=would_help(cursor.trouble),
            set_aside=set_aside,
            recalls_unread=_recalls_unread(cursor),
        )
        for cursor, set_aside in cursors
    ]


def _behind(cursor: FeedCursor) -> int:
    """Count what the partner has said and was not read; an epoch that was begun anew is all new."""
    if cursor.head is None:
        return 0
    head = _head(cursor.head)
    return max(0, head.last - (cursor.seq if head.epoch == cursor.epoch else 0))


def _recalls_unread(cursor: FeedCursor) -> bool:
    return cursor.head is not None and _head(cursor.head).recalls_hash != cursor.recalls_hash


def _head(kept: str) -> Head:
    """Read a head, which was verified before it was kept."""
    return msgspec.json.decode(bytes_of(kept.split(".")[1]), type=Head)


async def _names(session: AsyncSession, subjects: Collection[str]) -> Names:
    """Name pools and projects, of this node and of partners, by their ids."""
    both = union_all(
        select(cast(Pool.id, Text), Pool.name).where(cast(Pool.id, Text).in_(subjects)),
        select(cast(Project.id, Text), Project.name).where(cast(Project.id, Text).in_(subjects)),
    )
    rows = await session.execute(both)
    return {row[0]: row[1] for row in rows}
