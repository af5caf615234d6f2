"""Somebody has a partner's head key and speaks in its name; what that leaves is undone by its root.

North's feeds are changed below its actions here, as a thief would who answers in its place.
"""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

from database.session import door
from federation.audit.models import AuditEntry
from federation.feeds import actions as feeds
from federation.feeds.models import Feed, FeedEvent
from federation.feeds.rules import chain
from federation.partners.key_changes import renew
from federation.partners.keys import NodeKeys
from federation.partners.rules.document import LOST, REPLACED, Because
from tests.api.peers.nodes import RunningNode, clock, join
from tests.api.peers.places import Place, port_of
from tests.api.peers.test_pulling_feeds import heard, note_in, pull_now, say, trouble

Pair = tuple[RunningNode, RunningNode]
Theft = Callable[[RunningNode, Feed], Awaitable[None]]
TODAY = date(2027, 1, 5)
FAR = "ffffffff-ffff-7000-8000-000000000000"
"""Of the year 10889."""


@pytest.fixture
async def pair(two_nodes: Pair) -> Pair:
    """Give north, which speaks, and south, which listens to greetings."""
    two_nodes[1].apply["greeting"] = note_in("greeting")
    return two_nodes


async def put_back(north: RunningNode, feed: Feed) -> None:
    """Let north show its own history again."""
    async with door(north.engine) as session:
        others = (FeedEvent.epoch != feed.epoch) | (FeedEvent.seq > feed.seq)
        await session.execute(delete(FeedEvent).where(FeedEvent.feed_id == feed.id, others))
        honest = {"epoch": feed.epoch, "seq": feed.seq, "hash": feed.hash}
        await session.execute(update(Feed).where(Feed.id == feed.id).values(**honest))


async def into_the_future(north: RunningNode, feed: Feed) -> None:
    async with door(north.engine) as session:
        later = {"epoch": FAR, "seq": 0, "hash": chain.beginning(feed.id, FAR)}
        await session.execute(update(Feed).where(Feed.id == feed.id).values(**later))


async def test_05_an_epoch_from_the_future_keeps_nothing_out(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1})
    await pull_now(south, north)
    honest = await north.feed("private", south.id)
    await into_the_future(north, honest)
    await say(north, south, {"n": 66})
    await pull_now(south, north)
    assert (await heard(south), await trouble(south)) == ([{"n": 1}], [(1, "feed-ahead")])
    await put_back(north, honest)
    await say(north, south, {"n": 2})
    await pull_now(south, north)
    assert (await heard(south), await trouble(south)) == ([{"n": 1}, {"n": 2}], [(2, None)])


async def test_05_a_list_from_the_future_begins_nothing_there(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1})
    honest = await north.feed("private", south.id)
    await into_the_future(north, honest)
    await pull_now(south, north)
    assert await trouble(south) == [(0, "feed-ahead")]
    await put_back(north, honest)
    await pull_now(south, north)
    assert (await heard(south), await trouble(south)) == ([{"n": 1}], [(1, None)])
    assert (await south.cursors())[0].epoch == honest.epoch


async def test_20_a_head_from_the_future_is_not_believed(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1})
    behind = timedelta(minutes=6)
    await pull_now(south, north, clock=lambda: clock() - behind)
    assert (await heard(south), await trouble(south)) == ([], [(0, "feed-ahead")])
    await pull_now(south, north, clock=lambda: clock() - behind / 2)
    assert (await heard(south), await trouble(south)) == ([{"n": 1}], [(1, None)])


async def a_newer_epoch(north: RunningNode, feed: Feed) -> None:
    async with door(north.engine) as session:
        await feeds.begin_epoch(session, feed.id, now=clock())


async def another_history(north: RunningNode, feed: Feed) -> None:
    """Leave the epoch as it is: what is said next is not what north will say next."""


@pytest.mark.parametrize("because", [REPLACED, LOST])
@pytest.mark.parametrize(
    ("theft", "code"), [(a_newer_epoch, "feed-rollback"), (another_history, "feed-fork")]
)
async def test_05_the_root_leads_back_from_where_a_stolen_head_key_has_led(
    places: list[Place], theft: Theft, code: str, because: Because
) -> None:
    """What a replaced key has signed still holds; once the root says it is lost, nothing does."""
    north, south = [await place.start() for place in places]
    await join(north, south)
    await say(north, south, {"n": 1})
    await pull_now(south, north)
    honest, port = await north.feed("private", south.id), port_of(north)
    await theft(north, honest)
    await say(north, south, {"n": 66})
    await pull_now(south, north)
    assert await heard(south) == [{"n": 1}, {"n": 66}]
    await put_back(north, honest)
    await say(north, south, {"n": 2}, {"n": 3})
    await pull_now(south, north)
    assert [why for _, why in await trouble(south)] == [code]

    await places[0].stop()
    renew(NodeKeys.load(north.settings.keys), "head", because, TODAY)
    north = await places[0].start(port)
    await pull_now(south, north)
    anew = because == LOST
    assert [said["n"] for said in await heard(south)] == [1, 66, *([1, 2, 3] if anew else [])]
    assert [why for _, why in await trouble(south)] == [None if anew else code]
    async with door(south.engine) as session:
        found = await session.scalars(
            select(AuditEntry.facts).where(AuditEntry.verb == "began-anew")
        )
        told = {"node": north.id, "because": code}
        assert list(found) == ([told] if anew else [])
