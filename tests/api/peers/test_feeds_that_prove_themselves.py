"""A feed is a chain under a signed head: gaps, forks, rollbacks and foreign keys are seen."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.client import PartnerRefusedError
from database.session import door
from federation.feeds import actions as feeds
from federation.feeds.models import Feed, FeedEvent
from federation.feeds.rules.heads import Place
from federation.partners.models import Partner
from tests.api.peers.nodes import add_shared_pool, clock
from tests.api.peers.test_pulling_feeds import (
    Pair,
    break_gap,
    heard,
    note_in,
    pull_now,
    say,
    trouble,
)


@pytest.fixture
async def pair(two_nodes: Pair) -> Pair:
    """Give north, which speaks, and south, which listens to greetings."""
    two_nodes[1].apply["greeting"] = note_in("greeting")
    return two_nodes


async def break_rollback(session: AsyncSession, feed: Feed) -> None:
    first = await session.get_one(FeedEvent, (feed.id, feed.epoch, 1))
    await session.execute(delete(FeedEvent).where(FeedEvent.feed_id == feed.id, FeedEvent.seq > 1))
    await session.execute(update(Feed).where(Feed.id == feed.id).values(seq=1, hash=first.hash))


async def break_fork(session: AsyncSession, feed: Feed) -> None:
    await break_rollback(session, feed)
    for number in (20, 30, 40, 50):
        await feeds.append(session, "private", feed.subject, "greeting", {"n": number}, now=clock())


async def break_content(session: AsyncSession, feed: Feed) -> None:
    await session.execute(
        update(FeedEvent)
        .where(FeedEvent.feed_id == feed.id, FeedEvent.seq == 3)
        .values(payload=b'{"n":33}')
    )


async def break_kind(session: AsyncSession, feed: Feed) -> None:
    await session.execute(
        update(FeedEvent)
        .where(FeedEvent.feed_id == feed.id, FeedEvent.seq == 3)
        .values(kind="farewell")
    )


@pytest.mark.parametrize(
    ("breaks", "code"),
    [
        (break_gap, "feed-gap"),
        (break_rollback, "feed-rollback"),
        (break_fork, "feed-fork"),
        (break_content, "feed-fork"),
        (break_kind, "feed-fork"),
    ],
)
async def test_a_feed_that_does_not_prove_itself_is_not_applied(
    pair: Pair, breaks: Callable[[AsyncSession, Feed], Awaitable[None]], code: str
) -> None:
    north, south = pair
    await say(north, south, {"n": 1}, {"n": 2})
    await pull_now(south, north)
    await say(north, south, {"n": 3}, {"n": 4})
    async with door(north.engine) as session:
        feed = (await session.scalars(select(Feed))).one()
        await breaks(session, feed)
    await pull_now(south, north)
    assert await heard(south) == [{"n": 1}, {"n": 2}]
    assert await trouble(south) == [(2, code)]
    assert (await south.cursors())[0].trouble_head is not None


async def test_04_a_head_of_yesterday_is_not_confirmed_current(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1})
    later = timedelta(hours=25)
    await pull_now(south, north, clock=lambda: clock() + later)
    assert (await heard(south), await trouble(south)) == ([], [(0, "feed-frozen")])
    await pull_now(south, north)
    assert (await heard(south), await trouble(south)) == ([{"n": 1}], [(1, None)])


async def test_another_head_key_than_the_pinned_one_is_refused(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1})
    async with door(south.engine) as session:
        partner = await session.get_one(Partner, north.id)
        partner.keys = {**partner.keys, "head": partner.keys["release"]}
    await pull_now(south, north)
    assert (await heard(south), await trouble(south)) == ([], [(0, "feed-head-wrong")])


async def test_trouble_in_one_feed_does_not_stop_another(pair: Pair) -> None:
    north, south = pair
    await say(north, south, *({"n": number} for number in range(1, 5)))
    async with door(north.engine) as session:
        feed = (await session.scalars(select(Feed))).one()
        await break_gap(session, feed)
        pool = await add_shared_pool(session, south.id)
        await feeds.append(session, "pool/shifts", str(pool.id), "greeting", {"n": 9}, now=clock())
    await pull_now(south, north)
    assert await heard(south) == [{"n": 9}]
    assert sorted(await trouble(south), key=str) == [(0, "feed-gap"), (1, None)]


async def test_erased_content_leaves_a_stub_that_proves_the_chain(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1}, {"n": 2}, {"n": 3})
    feed = await north.feed("private", south.id)
    async with door(north.engine) as session:
        await feeds.erase(session, feed.id, feed.epoch, 2)
    await pull_now(south, north)
    assert await heard(south) == [{"n": 1}, {"n": 3}]
    assert await trouble(south) == [(3, None)]


async def test_08_a_new_epoch_is_read_from_its_start(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1}, {"n": 2})
    await pull_now(south, north)
    feed = await north.feed("private", south.id)
    async with door(north.engine) as session:
        epoch = await feeds.begin_epoch(session, feed.id, now=clock())
    await say(north, south, {"n": 3})
    await pull_now(south, north)
    cursor = (await south.cursors())[0]
    assert (cursor.epoch, cursor.seq, cursor.trouble) == (epoch, 1, None)
    assert await heard(south) == [{"n": 1}, {"n": 2}, {"n": 3}]


async def test_09_the_cursor_of_another_epoch_is_answered_409(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1})
    feed = await north.feed("private", south.id)
    client = await south.client(north)
    stale = Place(feed=str(feed.id), epoch=str(feed.id), seq=0, hash=b"")
    with pytest.raises(PartnerRefusedError, match=r"^409 another-epoch$"):
        await client.page(stale, feed.id, "")


async def test_09_an_older_epoch_is_a_rollback(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1})
    await pull_now(south, north)
    feed = await north.feed("private", south.id)
    async with door(south.engine) as session:
        cursor = (await south.cursors())[0]
        session.add(cursor)
        cursor.epoch = "f" + feed.epoch[1:]
    await pull_now(south, north)
    assert await trouble(south) == [(1, "feed-rollback")]
