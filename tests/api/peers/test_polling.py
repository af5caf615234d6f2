"""One question about all feeds: what is new since where the reader stands."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from api.peers.wire import FeedList, News
from database.session import door
from federation.audit.models import AuditEntry
from federation.feeds import actions as feeds
from federation.feeds.cursors.quiet import places_in
from federation.feeds.models import FeedCursor, FeedReader
from federation.feeds.queries import unconfirmed
from federation.feeds.rules.standing import told
from federation.projects.models import Project
from tests.api.peers.nodes import RunningNode, add_shared_pool, clock
from tests.api.peers.test_pulling_feeds import heard, note_in, pull_now, say, trouble

Pair = tuple[RunningNode, RunningNode]


@pytest.fixture
async def pair(two_nodes: Pair) -> Pair:
    """Give two nodes of which the second has read one greeting of the first."""
    north, south = two_nodes
    south.apply["greeting"] = note_in("greeting")
    await say(north, south, {"n": 1})
    await pull_now(south, north)
    return north, south


async def word_of(south: RunningNode, north: RunningNode) -> str:
    listed = (await south.client(north)).listed
    assert listed is not None
    lines = [(line.id, line.epoch) for line in listed.told.feeds]
    places = await places_in(south.engine, north.id, lines)
    assert places is not None
    word = told(listed.told.name, places)
    assert word is not None
    return word


async def polled(south: RunningNode, north: RunningNode) -> News | FeedList:
    return await (await south.client(north)).poll(await word_of(south, north))


async def test_where_nothing_is_new_the_answer_has_no_page(pair: Pair) -> None:
    north, south = pair
    assert await polled(south, north) == News(pages={})


async def test_only_feeds_with_news_are_in_the_answer_and_what_they_say_is_applied_once(
    pair: Pair,
) -> None:
    north, south = pair
    async with door(north.engine) as session:
        pool = await add_shared_pool(session, south.id)
        await feeds.append(session, "pool/shifts", str(pool.id), "greeting", {"n": 2}, now=clock())
    await pull_now(south, north)
    await say(north, south, {"n": 3})
    answer = await polled(south, north)
    private = await north.feed("private", south.id)
    assert isinstance(answer, News)
    assert [(feed, len(page.events)) for feed, page in answer.pages.items()] == [(private.id, 1)]

    await pull_now(south, north)
    await pull_now(south, north)
    assert await heard(south) == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert await polled(south, north) == News(pages={})


async def test_more_than_a_page_is_read_to_its_end(pair: Pair) -> None:
    north, south = pair
    await say(north, south, *({"n": number} for number in range(2, 252)))
    await pull_now(south, north)
    assert await heard(south) == [{"n": number} for number in range(1, 252)]


async def test_news_of_many_feeds_is_hardly_larger_than_a_page(pair: Pair) -> None:
    north, south = pair
    async with door(north.engine) as session:
        pools = [await add_shared_pool(session, south.id) for _ in range(4)]
        for pool in pools:
            await feeds.append(session, "pool/shifts", str(pool.id), "greeting", {}, now=clock())
    await pull_now(south, north)
    async with door(north.engine) as session:
        for pool in pools:
            for _ in range(2):
                await feeds.append(
                    session,
                    "pool/shifts",
                    str(pool.id),
                    "greeting",
                    {"t": "é" * 100_000},
                    now=clock(),
                )
    answer = await polled(south, north)
    assert isinstance(answer, News)
    assert [len(page.events) for page in answer.pages.values()] == [2, 2, 1, 1]
    await pull_now(south, north)
    await pull_now(south, north)
    assert await polled(south, north) == News(pages={})


async def test_polls_at_once_find_no_gap_where_another_was_faster(pair: Pair) -> None:
    north, south = pair
    await say(north, south, *({"n": number} for number in range(2, 252)))
    await asyncio.gather(*(pull_now(south, north) for _ in range(4)))
    assert await heard(south) == [{"n": number} for number in range(1, 252)]
    assert await trouble(south) == [(251, None)]
    async with door(south.engine) as session:
        troubles = select(AuditEntry.verb).where(AuditEntry.subject == "feed-cursor")
        assert list(await session.scalars(troubles)) == []


async def test_a_feed_that_is_new_brings_the_whole_list(pair: Pair) -> None:
    north, south = pair
    word = await word_of(south, north)
    async with door(north.engine) as session:
        pool = await add_shared_pool(session, south.id)
        await feeds.append(session, "pool/shifts", str(pool.id), "greeting", {"n": 2}, now=clock())
    answer = await (await south.client(north)).poll(word)
    assert isinstance(answer, FeedList)
    assert [line.kind for line in answer.feeds] == ["pool/shifts", "private"]
    await pull_now(south, north)
    assert await heard(south) == [{"n": 1}, {"n": 2}]


@pytest.mark.parametrize("word", ["x", "abc.1.def", "A" * 16 + ".1-2." + "B" * 16])
async def test_a_standing_that_is_none_brings_the_whole_list(pair: Pair, word: str) -> None:
    north, south = pair
    answer = await (await south.client(north)).poll(word)
    assert isinstance(answer, FeedList)
    assert [line.kind for line in answer.feeds] == ["private"]


async def test_a_new_epoch_is_noticed_by_a_poll(pair: Pair) -> None:
    north, south = pair
    feed = await north.feed("private", south.id)
    async with door(north.engine) as session:
        epoch = await feeds.begin_epoch(session, feed.id, now=clock())
    await say(north, south, {"n": 2})
    await pull_now(south, north)
    cursor = (await south.cursors())[0]
    assert (cursor.epoch, cursor.seq, cursor.trouble) == (epoch, 1, None)
    assert await heard(south) == [{"n": 1}, {"n": 2}]


async def test_a_recall_comes_with_a_poll_and_the_next_poll_confirms_it(pair: Pair) -> None:
    north, south = pair
    recalls: list[str] = []

    async def recalled(*said: Any) -> None:
        recalls.append(said[2])

    south.apply_recall["project/releases"] = recalled
    async with door(north.engine) as session:
        await add_shared_pool(session, south.id)
        subject = str((await session.scalars(select(Project))).one().id)
        await feeds.append(session, "project/releases", subject, "greeting", {"n": 2}, now=clock())
    await pull_now(south, north)
    async with door(north.engine) as session:
        await feeds.recall(session, "project/releases", subject, "withdrawn", now=clock())
    feed = await north.feed("project/releases", subject)

    answer = await polled(south, north)
    assert isinstance(answer, News)
    assert [(one, page.recalls) for one, page in answer.pages.items()] == [(feed.id, ["withdrawn"])]
    await pull_now(south, north)
    async with door(north.engine) as session:
        assert await unconfirmed(session, feed) == [south.id]
    await pull_now(south, north)
    async with door(north.engine) as session:
        assert await unconfirmed(session, feed) == []
    assert recalls == ["withdrawn"]


async def test_trouble_in_a_polled_feed_stops_no_other(pair: Pair) -> None:
    north, south = pair
    async with door(north.engine) as session:
        pool = await add_shared_pool(session, south.id)
        await feeds.append(session, "pool/shifts", str(pool.id), "greeting", {"n": 2}, now=clock())
    await pull_now(south, north)
    async with door(south.engine) as session:
        await session.execute(
            update(FeedCursor).where(FeedCursor.kind == "pool/shifts").values(hash=b"x" * 32)
        )
    async with door(north.engine) as session:
        await feeds.append(session, "pool/shifts", str(pool.id), "greeting", {"n": 3}, now=clock())
    await say(north, south, {"n": 4})
    await pull_now(south, north)
    assert await heard(south) == [{"n": 1}, {"n": 2}, {"n": 4}]
    assert sorted(await trouble(south), key=str) == [(1, "feed-fork"), (2, None)]


async def test_a_quiet_partners_heads_are_asked_for_before_they_look_frozen(pair: Pair) -> None:
    north, south = pair
    before = (await south.cursors())[0].head
    await pull_now(south, north)
    assert (await south.cursors())[0].head == before
    later = timedelta(hours=7)
    await pull_now(south, north, clock=lambda: clock() + later)
    after = (await south.cursors())[0]
    assert (after.head != before, after.trouble) == (True, None)


async def test_nothing_new_says_when_it_was_confirmed(pair: Pair) -> None:
    north, south = pair
    at = clock() + timedelta(minutes=5)
    await pull_now(south, north, clock=lambda: at)
    assert [cursor.checked_at for cursor in await south.cursors()] == [at]


async def test_how_far_a_reader_is_follows_from_its_polls(pair: Pair) -> None:
    north, south = pair
    await pull_now(south, north)
    await say(north, south, {"n": 2})
    await pull_now(south, north)
    async with door(north.engine) as session:
        assert [one.seq for one in await session.scalars(select(FeedReader))] == [1]
    await pull_now(south, north)
    async with door(north.engine) as session:
        assert [one.seq for one in await session.scalars(select(FeedReader))] == [2]


async def test_a_worker_that_starts_asks_for_the_whole_list_first(pair: Pair) -> None:
    north, south = pair
    await south.workshop.close()
    fresh = await south.client(north)
    before = fresh.listed
    await pull_now(south, north)
    assert before is None
    assert await polled(south, north) == News(pages={})
