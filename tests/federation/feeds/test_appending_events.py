import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from federation.feeds.actions import (
    ALWAYS_FITS,
    LARGEST_EVENT,
    LARGEST_RECALL,
    LARGEST_RECALLS,
    append,
    recall,
)
from federation.feeds.errors import EventTooLarge, RecallTooLarge
from federation.feeds.models import Feed, FeedEvent, FeedRecall
from federation.feeds.queries import read_page
from federation.feeds.rules import chain
from federation.feeds.rules.heads import Place
from federation.partners.errors import NotCanonical

NOW = datetime(2027, 1, 5, 19, 0, 0, 123456, tzinfo=UTC)
NODE = "N" * 43


async def test_events_are_chained_from_the_feeds_beginning(session: AsyncSession) -> None:
    for number in range(3):
        assert await append(session, "private", NODE, "greeting", {"n": number}, now=NOW) == (
            number + 1
        )
    feed = (await session.scalars(select(Feed).where(Feed.subject == NODE))).one()
    events, reached = await read_page(session, feed, 0)
    start = Place(
        feed=str(feed.id), epoch=feed.epoch, seq=0, hash=chain.beginning(feed.id, feed.epoch)
    )
    followed = chain.follow(start.hash, epoch=feed.epoch, seq=0, events=events)
    assert followed == (3, feed.hash)
    assert reached == feed.hash
    assert [event.payload for event in events] == ['{"n":0}', '{"n":1}', '{"n":2}']


async def test_11_appends_at_once_leave_no_gap_and_one_chain(
    committing_engine: AsyncEngine,
) -> None:
    async def say(number: int) -> None:
        async with door(committing_engine) as session:
            await append(session, "private", NODE, "greeting", {"n": number}, now=NOW)

    await asyncio.gather(*(say(number) for number in range(20)))
    async with door(committing_engine) as session:
        feed = (await session.scalars(select(Feed))).one()
        events, _ = await read_page(session, feed, 0)
    start = chain.beginning(feed.id, feed.epoch)
    assert chain.follow(start, epoch=feed.epoch, seq=0, events=events) == (20, feed.hash)


async def test_a_transaction_that_fails_says_nothing(committing_engine: AsyncEngine) -> None:
    async def fails() -> None:
        async with door(committing_engine) as session:
            await append(session, "private", NODE, "greeting", {"n": 1}, now=NOW)
            raise TimeoutError

    with pytest.raises(TimeoutError):
        await fails()
    async with door(committing_engine) as session:
        assert list(await session.scalars(select(FeedEvent))) == []


async def test_what_no_page_could_hold_is_refused(session: AsyncSession) -> None:
    with pytest.raises(EventTooLarge):
        await append(session, "private", NODE, "x", {"text": "a" * LARGEST_EVENT}, now=NOW)
    with pytest.raises(NotCanonical):
        await append(session, "private", NODE, "x", {"hours": 1.5}, now=NOW)


async def test_recalls_leave_room_on_the_pages_that_carry_all_of_them(
    session: AsyncSession,
) -> None:
    async def recalled(mark: int, length: int) -> None:
        await recall(session, "private", NODE, str(mark).ljust(length, "."), now=NOW)

    with pytest.raises(RecallTooLarge):
        await recalled(0, LARGEST_RECALL + 1)
    full = LARGEST_RECALLS // LARGEST_RECALL
    for mark in range(1, full + 1):
        await recalled(mark, LARGEST_RECALL)
    with pytest.raises(RecallTooLarge):
        await recalled(full + 1, ALWAYS_FITS + 1)
    # something can always be withdrawn
    await recalled(full + 2, ALWAYS_FITS)

    kept = [len(one.statement) for one in await session.scalars(select(FeedRecall))]
    assert sorted(kept) == [ALWAYS_FITS, *[LARGEST_RECALL] * full]
