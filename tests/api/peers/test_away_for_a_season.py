"""Feeds are folded after a season: who comes then, new or after long, hears what holds."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select

from database.outbox import OutboxRow
from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import Feed, FeedEvent
from federation.partners.rules.capabilities import SHIFTS
from federation.pools.models import Pool
from rota.baselines.actions import feeds_to_fold, fold, forget_read
from rota.shifts.models import Seat, Shift
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import Pair, PoolOfTwo, pool_of_two, pull_now, set_aside, standing
from tests.rota.world import Planned, a_shift

BEGUN = datetime(2027, 1, 4, 12, tzinfo=UTC)
SEASON = timedelta(days=100)
FOLLOWED = ("offers", "follow-move", "passport", "tell-notice")


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGUN, tick=True) as traveller:
        yield traveller


async def fold_now(node: RunningNode, *, at_least: int = 1) -> list[UUID]:
    """Do what the sweep does once an hour."""
    async with door(node.engine) as session:
        await forget_read(session, clock())
        found = await feeds_to_fold(session, clock(), at_least=at_least)
    for feed_id in found:
        async with door(node.engine) as session:
            await fold(session, feed_id, clock())
    return found


async def plan(shared: PoolOfTwo, days: int) -> Planned:
    """Plan a session at North, without telling South."""
    async with door(shared.north.engine) as session:
        return await a_shift(session, shared.pool, clock() + timedelta(days=days))


async def coming(node: RunningNode) -> list[tuple[Any, ...]]:
    async with door(node.engine) as session:
        rows = await session.execute(
            select(Shift.id, Shift.starts, Shift.open, Seat.id, Seat.role, Seat.state)
            .join(Seat, Seat.shift_id == Shift.id)
            .where(Shift.ends > clock())
            .order_by(Seat.id)
        )
        return [tuple(row) for row in rows]


async def kinds_in_force(node: RunningNode, pool: UUID) -> Counter[str]:
    async with door(node.engine) as session:
        rows = await session.scalars(
            select(FeedEvent.kind)
            .join(Feed, (Feed.id == FeedEvent.feed_id) & (Feed.epoch == FeedEvent.epoch))
            .where(Feed.subject == str(pool))
        )
        return Counter(rows)


async def left_over(node: RunningNode) -> int:
    """Count the events of epochs that are over."""
    async with door(node.engine) as session:
        return (
            await session.scalar(
                select(func.count())
                .select_from(FeedEvent)
                .join(Feed, Feed.id == FeedEvent.feed_id)
                .where(Feed.epoch != FeedEvent.epoch)
            )
            or 0
        )


async def asked_for(node: RunningNode) -> dict[str, int]:
    async with door(node.engine) as session:
        rows = await session.execute(
            select(OutboxRow.kind, func.sum(OutboxRow.asked))
            .where(OutboxRow.kind.in_(FOLLOWED))
            .group_by(OutboxRow.kind)
        )
        return {kind: int(asked) for kind, asked in rows}


async def is_read(node: RunningNode, other: RunningNode) -> list[tuple[str, bool]]:
    """Say of each thing that a node told another alone whether its content is still kept."""
    async with door(node.engine) as session:
        rows = await session.execute(
            select(FeedEvent.kind, FeedEvent.payload.is_not(None))
            .join(Feed, Feed.id == FeedEvent.feed_id)
            .where(Feed.kind == "private", Feed.subject == other.id)
            .order_by(FeedEvent.seq)
        )
        return [(kind, kept) for kind, kept in rows]


async def test_14_who_was_away_for_longer_than_90_days_hears_what_holds_and_goes_on(
    two_nodes: Pair, time: time_machine.Traveller
) -> None:
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    worker = await shared.worker()
    past, _ = await shared.shifts(2)
    claim = await shared.claim(worker, past.lead)
    assert await standing(south, claim) == ("held", [])

    time.shift(SEASON)
    one, other = await plan(shared, 3), await plan(shared, 4)
    assert len(await fold_now(north)) == 1
    assert await kinds_in_force(north, shared.pool.id) == {"pool.stated": 1, "shift.stated": 2}
    await shared.exchange()
    assert await coming(south) == await coming(north)
    assert {row[0] for row in await coming(south)} == {one.id, other.id}
    feed = await north.feed("pool/shifts", str(shared.pool.id))
    [cursor] = [each for each in await south.cursors() if each.kind == "pool/shifts"]
    assert (cursor.epoch, cursor.seq, cursor.trouble) == (feed.epoch, feed.seq, None)
    assert (await set_aside(south), await set_aside(north)) == ([], [])
    again = await shared.claim(worker, one.lead)
    assert await standing(south, again) == ("held", [])
    # what was there before is there once, and still held
    assert await standing(south, claim) == ("held", [])


async def test_who_has_read_everything_finds_nothing_that_changes_anything(
    two_nodes: Pair, time: time_machine.Traveller
) -> None:
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    worker = await shared.worker()
    time.shift(SEASON)
    planned = await plan(shared, 3)
    await shared.exchange()
    await shared.claim(worker, planned.lead)
    before, asked = await coming(south), await asked_for(south)
    assert len(await fold_now(north)) == 1
    await shared.exchange()
    assert (await coming(south), await asked_for(south)) == (before, asked)
    assert await coming(south) == await coming(north)


async def test_a_newcomer_hears_each_thing_once(
    two_nodes: Pair, time: time_machine.Traveller
) -> None:
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    await shared.shifts(3)
    await shared.withhold(SHIFTS)
    time.shift(SEASON)
    await plan(shared, 3)
    await fold_now(north)
    await shared.grant(SHIFTS)
    await pull_now(south, north)
    assert await coming(south) == await coming(north)
    assert len(await coming(south)) == 3


async def test_few_old_events_and_young_ones_are_left_as_they_are(
    two_nodes: Pair, time: time_machine.Traveller
) -> None:
    north, _ = two_nodes
    await pool_of_two(two_nodes)
    time.shift(timedelta(days=89))
    assert await fold_now(north) == []
    time.shift(SEASON)
    assert await fold_now(north, at_least=1000) == []
    assert len(await fold_now(north)) == 1


async def test_a_pool_that_was_handed_over_is_not_stated_once_more(
    two_nodes: Pair, time: time_machine.Traveller
) -> None:
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    time.shift(SEASON)
    async with door(north.engine) as session:
        (await session.get_one(Pool, shared.pool.id)).host = south.id
    assert await fold_now(north) == []


async def test_of_epochs_that_are_over_nothing_is_kept_for_ever(
    two_nodes: Pair, time: time_machine.Traveller
) -> None:
    north, _ = two_nodes
    await pool_of_two(two_nodes)
    time.shift(SEASON)
    await fold_now(north)
    assert await left_over(north) > 0
    await fold_now(north)
    assert await left_over(north) == 0


async def test_what_a_partner_has_not_read_waits_for_it_and_what_it_has_read_is_erased(
    two_nodes: Pair, time: time_machine.Traveller
) -> None:
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    await shared.worker()
    read = [kind for kind, _ in await is_read(south, north)]
    async with door(south.engine) as session:
        await append(session, "private", north.id, "novelty", {}, now=clock())
    time.shift(SEASON)
    await fold_now(south)
    told = [*((kind, False) for kind in read), ("novelty", True)]
    assert await is_read(south, north) == told
    await pull_now(north, south)
    assert await set_aside(north) == [("novelty", "unknown-kind", "")]
