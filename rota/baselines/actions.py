"""Folds feeds: a pool's is begun anew with what holds, of a private one what was read is erased.

A reader of any age comes along: one that asks for what follows a place in the old epoch is told to
read the new one from its beginning, and finds there the last word on everything that still matters.
"""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Text, and_, cast, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.actions import append, begin_epoch, hold
from federation.feeds.models import Feed, FeedEvent, FeedReader
from federation.feeds.queries import POOL_HOURS, POOL_SHIFTS, PRIVATE
from federation.pools.models import Pool
from federation.restoring.queries import is_restoring
from rota.baselines.rules import KEPT, Baseline

AT_LEAST = 1000
"""Old events of a feed: fewer are no burden to anybody."""


async def feeds_to_fold(
    session: AsyncSession, now: datetime, *, at_least: int = AT_LEAST
) -> list[UUID]:
    """Name the pools' feeds in which much was said long ago; none while the node is restoring."""
    if await is_restoring(session):
        return []
    found = await session.scalars(
        select(Feed.id)
        .join(FeedEvent, and_(FeedEvent.feed_id == Feed.id, FeedEvent.epoch == Feed.epoch))
        .join(Pool, cast(Pool.id, Text) == Feed.subject)
        .where(
            Feed.kind.in_((POOL_SHIFTS, POOL_HOURS)),
            # who has handed a pool over says nothing of it any more, also not once more
            Pool.host.is_(None),
            FeedEvent.at < now - KEPT,
        )
        .group_by(Feed.id)
        .having(func.count() >= at_least)
        .order_by(Feed.id)
    )
    return list(found)


async def fold(session: AsyncSession, feed_id: UUID, now: datetime) -> None:
    """Begin a pool's feed anew with what a newcomer has to hear, each thing said once."""
    feed = await session.get_one(Feed, feed_id)
    await hold(session, feed.kind, feed.subject, now=now)
    baseline = Baseline(now)
    rows = await session.stream(
        select(FeedEvent.seq, FeedEvent.kind, FeedEvent.payload)
        .where(
            FeedEvent.feed_id == feed_id,
            FeedEvent.epoch == feed.epoch,
            FeedEvent.payload.is_not(None),
        )
        .order_by(FeedEvent.seq)
    )
    async for seq, kind, payload in rows:
        baseline.hear(kind, msgspec.json.decode(payload or b""), seq)
    await begin_epoch(session, feed_id, now=now)
    for kind, said in baseline.to_say(feed.subject):
        await append(session, feed.kind, feed.subject, kind, said, now=now)


async def forget_read(session: AsyncSession, now: datetime) -> None:
    """Erase what a partner was told alone and has confirmed long ago; and what no epoch holds.

    What it has not read yet stays, however long it is away.
    """
    private = select(Feed.id).where(Feed.kind == PRIVATE, Feed.id == FeedEvent.feed_id)
    read = select(FeedReader.seq).where(
        FeedReader.feed_id == FeedEvent.feed_id, FeedReader.epoch == FeedEvent.epoch
    )
    await session.execute(
        update(FeedEvent)
        .where(
            FeedEvent.at < now - KEPT,
            FeedEvent.payload.is_not(None),
            private.exists(),
            FeedEvent.seq <= read.scalar_subquery(),
        )
        .values(salt=None, payload=None)
        .execution_options(synchronize_session=False)
    )
    left = select(Feed.id).where(Feed.id == FeedEvent.feed_id, Feed.epoch != FeedEvent.epoch)
    await session.execute(
        delete(FeedEvent)
        .where(FeedEvent.at < now - KEPT, left.exists())
        .execution_options(synchronize_session=False)
    )
