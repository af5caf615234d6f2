"""What was never read when two nodes part: seats are given back all the same, and pages say it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from database.session import door
from federation.feeds.actions import recall
from federation.feeds.models import Feed, FeedCursor, FeedEvent, FeedReader
from federation.feeds.queries import PRIVATE
from federation.partners.rules.encoding import text_of
from rota.sign_up.actions import release_claim
from tests.api.peers.desk import desk
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import pool_of_two, pull_now, seat_state, standing
from tests.api.peers.test_leaving import bring, held_twice, leave, stands, untold, word_of
from tests.api.peers.test_pulling_feeds import note_in, say

Pair = tuple[RunningNode, RunningNode]


@pytest.mark.parametrize("who", ["host", "home"])
async def test_a_seat_given_back_just_before_the_end_is_free_although_no_feed_says_so(
    two_nodes: Pair, who: str
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    worker, seats, claims = await held_twice(shared)
    async with door(south.engine) as session:
        await release_claim(session, worker.asker, claims[0], clock())
    leaves, left = (north, south) if who == "host" else (south, north)
    await leave(leaves, left)
    for node in (leaves, left, north):
        await node.loop.work_off()
    assert [(await standing(north, claim))[0] for claim in claims] == ["released", "held"]
    assert [await seat_state(north, seat) for seat in seats] == ["open", "held"]
    assert (await untold(north), await untold(south)) == ([], [])


async def private_feed(at: RunningNode, other: RunningNode) -> tuple[Feed, FeedReader]:
    """Give what a node says to another alone, and how far it believes that this was read."""
    async with door(at.engine) as session:
        query = select(Feed, FeedReader).join(FeedReader, FeedReader.feed_id == Feed.id)
        row = await session.execute(query.where(Feed.kind == PRIVATE, Feed.subject == other.id))
        feed, reader = row.one()
        return feed, reader


async def test_both_see_what_was_never_read(two_nodes: Pair) -> None:
    north, south = two_nodes
    south.apply["greeting"] = note_in("greeting")
    for number in range(3):
        await say(north, south, {"n": number})
        if number == 0:
            await pull_now(south, north)
    async with desk(south, "coordinator") as reads:
        assert "withdrawals not read" not in await reads.see(f"/partners/{north.id}")
    async with door(north.engine) as session:
        await recall(session, PRIVATE, south.id, "a.withdrawal", now=clock())
    await leave(north, south)
    await north.loop.work_off()
    assert await stands(south, north) == ("ended", True)
    async with desk(south, "coordinator") as reads:
        seen = await reads.see(f"/partners/{north.id}")
    assert "2 never read" in seen
    assert "withdrawals not read" in seen
    async with desk(north, "coordinator") as reads:
        assert "it has not confirmed the last 3" in await reads.see(f"/partners/{south.id}")
    # what South has read it says itself once it has heard of the end
    await south.loop.work_off()
    async with desk(north, "coordinator") as reads:
        assert "it has not confirmed the last 2" in await reads.see(f"/partners/{south.id}")


async def test_a_last_head_of_another_history_is_kept_as_one(two_nodes: Pair) -> None:
    north, south = two_nodes
    south.apply["greeting"] = note_in("greeting")
    await say(north, south, {"n": 1})
    await pull_now(south, north)
    async with door(south.engine) as session:
        await session.execute(update(FeedCursor).values(hash=b"another"))
    await leave(north, south)
    await north.loop.work_off()
    async with door(south.engine) as session:
        cursor = (await session.scalars(select(FeedCursor))).one()
    assert (cursor.trouble, cursor.trouble_head is None) == ("feed-fork", False)
    # the end holds whatever was read
    assert await stands(south, north) == ("ended", True)


async def test_what_was_read_is_believed_only_with_the_hash_of_the_chain(two_nodes: Pair) -> None:
    north, south = two_nodes
    south.apply["greeting"] = note_in("greeting")
    await say(north, south, {"n": 1})
    await pull_now(south, north)
    await say(north, south, {"n": 2})
    feed, reader = await private_feed(north, south)
    async with door(north.engine) as session:
        reached = select(FeedEvent.hash).where(FeedEvent.seq == feed.seq)
        right = text_of((await session.scalars(reached.where(FeedEvent.feed_id == feed.id))).one())
    place: dict[str, Any] = {"feed": str(feed.id), "epoch": feed.epoch, "seq": feed.seq}
    for wrong in (
        place | {"hash": "another"},
        place | {"hash": right, "seq": feed.seq + 1},
        place | {"hash": right, "epoch": "0" * 36},
        place | {"hash": right, "feed": "01940000-0000-7000-8000-000000000001"},
    ):
        said = word_of(south, north, heard=[wrong], said=["a.b", "not a head"])
        assert await bring(north, said) == (204, "")
        assert (await private_feed(north, south))[1].seq == reader.seq < feed.seq
    late = word_of(south, north, at=clock() + timedelta(seconds=1), heard=[place | {"hash": right}])
    assert await bring(north, late) == (204, "")
    assert (await private_feed(north, south))[1].seq == feed.seq
