"""Two nodes part when a pool was handed over and its contents were not read: it has a host."""

import pytest

from database.session import door
from federation.handing.queries import hostings
from federation.pools.models import Pool
from tests.api.peers.handing import (
    a_worker_of_north,
    claim_at,
    everybody,
    handed_unread,
    hosts,
    with_west,
)
from tests.api.peers.host_desks import ADMINISTRATOR, desk
from tests.api.peers.nodes import RunningNode
from tests.api.peers.pool_of_two import (
    PoolOfTwo,
    booked,
    pool_of_two,
    pull_now,
    seat_state,
    standing,
)
from tests.api.peers.test_leaving import leave

Pair = tuple[RunningNode, RunningNode]


async def between_the_words(shared: PoolOfTwo) -> None:
    """Let North hand the pool over, and South not have read of it."""
    await handed_unread(shared)
    assert await hosts(shared) == [(shared.south.id, 2), (shared.north.id, 1)]


@pytest.mark.parametrize("who", ["old host", "new host"])
async def test_whom_both_have_signed_hosts_it_with_what_it_knows(two_nodes: Pair, who: str) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren, robin = await shared.worker(), await a_worker_of_north(shared)
    first, second = await shared.shifts(2)
    hers = await shared.claim(wren, first.lead)
    his = await claim_at(north, robin, first.seats["second"])
    await shared.exchange()
    await between_the_words(shared)
    leaves, left = (north, south) if who == "old host" else (south, north)
    await leave(leaves, left)
    assert await hosts(shared) == [(south.id, 2), (north.id, 1)]
    async with desk(south, shared, shared.coordinator.project_id, ADMINISTRATOR) as there:
        before = await there.see()
    async with desk(north, shared, shared.pool.coordinator.project_id, ADMINISTRATOR) as here:
        if who == "old host":
            assert "it may not know that it plans it" in await here.see()
        else:
            assert "last word tells, which has not come yet: call its people" in before
        for node in (leaves, left, leaves, left):
            await node.loop.work_off()
        assert await hosts(shared) == [(south.id, 2), (None, 2)]
        assert "it plans this pool without your people" in await here.see()
    async with desk(south, shared, shared.coordinator.project_id, ADMINISTRATOR) as there:
        assert "Planned by this node, term 2." in await there.see()
    # of his seat it has never heard: it is free, at both
    assert (await standing(north, his), await booked(north, robin)) == (("released", []), [])
    assert await seat_state(south, first.seats["second"]) == "open"
    # its own people keep their seats and get others
    assert await standing(south, hers) == ("held", [])
    assert await seat_state(south, first.lead) == "held"
    more = await claim_at(south, wren, second.lead)
    assert await standing(south, more) == ("held", [])


async def test_who_parts_once_it_was_read_keeps_their_seats(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    robin = await a_worker_of_north(shared)
    [evening] = await shared.shifts(1)
    his = await claim_at(north, robin, evening.lead)
    await shared.exchange()
    await between_the_words(shared)
    await pull_now(south, north)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    await leave(north, south)
    for node in (north, south, north):
        await node.loop.work_off()
    for node in two_nodes:
        assert await standing(node, his) == ("held", [])


async def test_a_third_node_shows_it_and_is_waited_for(two_nodes: Pair, west: RunningNode) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    western, finch = await with_west(shared, west)
    wren = await shared.worker()
    first, second = await shared.shifts(2)
    await everybody(north, south, west)
    his = await claim_at(west, finch, first.lead)
    await everybody(north, south, west)
    await between_the_words(shared)
    await pull_now(west, north)
    # North says nothing any more
    await leave(south, north)
    await pull_now(south, west)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    await everybody(south, west)
    async with door(west.engine) as session:
        [one] = await hostings(session, western)
        assert (await session.get_one(Pool, shared.pool.id)).host == one.pool.host == south.id
    for node in (south, west):
        assert await standing(node, his) == ("held", [])
    more = await claim_at(south, wren, second.lead)
    assert await standing(south, more) == ("held", [])
