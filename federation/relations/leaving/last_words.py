"""Where the feeds of two nodes end when they part: each learns what the other has not read.

What is said here is proven by what either has kept, so that nobody has to be asked afterwards.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.cursors.actions import MOST_FEEDS, note_trouble, place_of
from federation.feeds.errors import FeedTrouble, Fork, Rollback
from federation.feeds.models import Feed, FeedCursor, FeedEvent, FeedReader
from federation.feeds.queries import PRIVATE, readable_feeds, recalls_hashes
from federation.feeds.rules.heads import HEAD_LIVES, PURPOSE, Head, read_head
from federation.feeds.said import said_beside_read
from federation.partners.keys import NodeKeys
from federation.partners.models import Partner
from federation.partners.rules.encoding import text_of
from federation.relations.leaving.rules import Heard, Leave, feed_named_in


async def places_said(session: AsyncSession, node_id: str) -> list[dict[str, Any]]:
    """Say where each feed ends that a partner may read until now."""
    feeds = (await readable_feeds(session, node_id))[:MOST_FEEDS]
    recalls = await recalls_hashes(session, feeds)
    return [
        {
            "feed": str(feed.id),
            "epoch": feed.epoch,
            "seq": feed.seq,
            "hash": text_of(feed.hash),
            "last": feed.seq,
            "recalls_hash": named,
        }
        for feed, named in zip(feeds, recalls, strict=True)
    ]


async def places_heard(session: AsyncSession, node_id: str) -> list[dict[str, Any]]:
    """Say how far each feed of a partner was read here."""
    cursors = await session.scalars(
        select(FeedCursor)
        .where(FeedCursor.node_id == node_id, FeedCursor.seq > 0)
        .order_by(FeedCursor.feed_id)
        .limit(MOST_FEEDS)
    )
    places = [(cursor.feed_id, cursor.epoch, cursor.seq, cursor.hash) for cursor in cursors]
    return [
        {"feed": str(feed), "epoch": epoch, "seq": seq, "hash": text_of(reached)}
        for feed, epoch, seq, reached in places
    ]


def signed_heads(places: Sequence[dict[str, Any]], keys: NodeKeys, now: datetime) -> list[str]:
    """Sign where feeds have ended, as the head of a page does."""
    heads = [
        msgspec.convert(one | {"at": now, "expires": now + HEAD_LIVES}, Head) for one in places
    ]
    return [keys.sign("head", msgspec.to_builtins(head), purpose=PURPOSE) for head in heads]


async def hear(session: AsyncSession, partner: Partner, leave: Leave, now: datetime) -> None:
    """Keep what a partner proves of where its feeds end, and of how far it has read ours."""
    for statement in leave.said:
        await _hear_end(session, partner, statement, now)
    for place in leave.heard:
        await _hear_place(session, partner.node_id, place, now)


async def _hear_end(session: AsyncSession, partner: Partner, statement: str, now: datetime) -> None:
    """Hold a last head to what was read here; one that proves nothing is passed over."""
    cursor = await session.scalar(
        select(FeedCursor).where(
            FeedCursor.node_id == partner.node_id, FeedCursor.feed_id == feed_named_in(statement)
        )
    )
    if cursor is None:
        return
    try:
        head = read_head(statement, partner.keys["head"], place_of(cursor), now=now)
        if head.epoch == cursor.epoch:
            _require_same_history(head, cursor, statement)
    except (Fork, Rollback) as trouble:
        await note_trouble(session, cursor.id, trouble, now=now)
        return
    except FeedTrouble:
        return
    cursor.head, cursor.checked_at = statement, now


def _require_same_history(head: Head, cursor: FeedCursor, statement: str) -> None:
    if head.seq < cursor.seq:
        raise Rollback(head=statement)
    if head.seq == cursor.seq and head.hash != text_of(cursor.hash):
        raise Fork(head=statement)


async def _hear_place(session: AsyncSession, node_id: str, place: Heard, now: datetime) -> None:
    """Note how far a feed of ours was read, if the hash there proves it."""
    row = (
        await session.execute(
            select(FeedReader, Feed)
            .join(Feed, and_(Feed.id == FeedReader.feed_id, Feed.epoch == FeedReader.epoch))
            .where(FeedReader.node_id == node_id, FeedReader.feed_id == place.feed)
        )
    ).one_or_none()
    if row is None or place.epoch != row[1].epoch or place.seq <= row[0].seq:
        return
    if await _hash_at(session, row[1], place.seq) == place.hash:
        row[0].seq, row[0].at = place.seq, now


async def _hash_at(session: AsyncSession, feed: Feed, seq: int) -> str | None:
    place = (FeedEvent.feed_id == feed.id, FeedEvent.epoch == feed.epoch, FeedEvent.seq == seq)
    reached = await session.scalar(select(FeedEvent.hash).where(*place))
    return None if reached is None else text_of(reached)


async def unheard_since(session: AsyncSession, node_id: str) -> datetime | None:
    """Tell since when something was said to a partner alone that it has not confirmed."""
    said, is_read = said_beside_read(node_id)
    since: datetime | None = await session.scalar(
        select(func.min(FeedEvent.at))
        .select_from(said)
        .where(Feed.kind == PRIVATE, Feed.subject == node_id, ~is_read)
    )
    return since
