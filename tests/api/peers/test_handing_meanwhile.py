"""A pool is handed over while something else goes on: a restore, an end, an exchange of seats."""

import pytest
from sqlalchemy import select

from database.session import door
from federation.handing.queries import hostings
from federation.partners.actions import grant
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from federation.relations.leaving.actions import end
from federation.restoring.errors import NodeRestoring
from federation.restoring.queries import is_restoring
from rota.swaps.exchange import accept_offer
from rota.swaps.models import AskedExchange
from rota.swaps.offering import offer_seat
from tests.api.peers.handing import (
    a_worker_of_north,
    accept,
    claim_at,
    everybody,
    hand_over,
    hosts,
    offer,
    restore,
    settled,
    signed,
    with_west,
)
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock, join
from tests.api.peers.pool_of_two import (
    PoolOfTwo,
    booked,
    pool_of_two,
    pull_now,
    seat_state,
    standing,
)
from tests.rota.world import SHARE, TUESDAY_19, Planned, a_project, a_shift, a_worker

Pair = tuple[RunningNode, RunningNode]


async def restoring(node: RunningNode) -> bool:
    async with door(node.engine) as session:
        return await is_restoring(session)


@pytest.mark.parametrize("who", ["old host", "new host"])
async def test_nothing_is_granted_before_a_restore_is_over(two_nodes: Pair, who: str) -> None:
    """The old host keeps the pool until then; the new one has it, and may have had it before."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren, robin = await shared.worker(), await a_worker_of_north(shared)
    evening, other = await shared.shifts(2)
    hers = await shared.claim(wren, evening.lead)
    his = await claim_at(north, robin, evening.seats["second"])
    await signed(shared)
    restored = north if who == "old host" else south
    await restore(restored)
    await pull_now(north, south)
    if who == "old host":
        # nothing is given away that is not known again
        assert (await hosts(shared), await restoring(north)) == ([(None, 1), (north.id, 1)], True)
    else:
        await pull_now(south, north)
        assert ((await hosts(shared))[1], await restoring(south)) == ((None, 2), True)
        with pytest.raises(NodeRestoring):
            await claim_at(south, wren, other.lead)
    await settled(shared)
    assert not await restoring(restored)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    for node in two_nodes:
        assert await standing(node, his) == ("held", [])
        assert await seat_state(node, evening.lead) == "held"
    assert await standing(south, hers) == ("held", [])
    assert (await booked(south, wren), await booked(north, robin)) == ([hers], [his])


@pytest.mark.parametrize("who", ["old host", "new host"])
@pytest.mark.parametrize("accepted", [False, True])
async def test_who_leaves_before_it_is_handed_over_leaves_the_pool_where_it_is(
    two_nodes: Pair, who: str, *, accepted: bool
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    await offer(shared)
    await pull_now(south, north)
    if accepted:
        await accept(shared)
    leaves, left = (north, south) if who == "old host" else (south, north)
    async with door(leaves.engine) as session:
        await end(session, asker=ADMINISTRATOR, node_id=left.id, now=clock())
    for node in (leaves, left, leaves):
        await node.loop.work_off()
    assert await hosts(shared) == [(None, 1), (north.id, 1)]
    for node, asker in ((north, shared.pool.coordinator), (south, shared.coordinator)):
        async with door(node.engine) as session:
            [one] = await hostings(session, asker)
            assert (one.handing, one.partners) == (None, [])


async def test_a_third_node_that_has_left_the_old_host_follows_the_new_one(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _western, finch = await with_west(shared, west)
    [evening] = await shared.shifts(1)
    await everybody(north, south, west)
    held = await claim_at(west, finch, evening.lead)
    await everybody(north, south, west)
    await signed(shared)
    async with door(west.engine) as session:
        await end(session, asker=ADMINISTRATOR, node_id=north.id, now=clock())
    await west.loop.work_off()
    await shared.exchange()
    await shared.exchange()
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    await pull_now(west, south)
    await pull_now(south, west)
    assert await standing(south, held) == ("held", [])
    assert (await standing(west, held), await booked(west, finch)) == (("held", []), [held])


async def test_an_exchange_that_somebody_is_asked_for_ends_and_both_keep_their_seats(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _western, finch = await with_west(shared, west)
    wren = await shared.worker()
    first, second = await shared.shifts(2)
    await everybody(north, south, west)
    hers = await shared.claim(wren, first.lead)
    his = await claim_at(west, finch, second.lead)
    await everybody(north, south, west)
    async with door(west.engine) as session:
        offered = await offer_seat(session, finch.asker, his, clock(), wanted=[first.lead])
    await everybody(north, south, west)
    await offer(shared)
    await pull_now(south, north)
    async with door(south.engine) as session:
        taken = await accept_offer(session, wren.asker, offered.id, clock(), gives=hers)
    await pull_now(north, south)
    assert await exchanges(north) == ["asked"]
    # West has not been asked yet when the pool goes
    await accept(shared)
    await pull_now(north, south)
    # with its copy of the offer, it keeps nothing of what was asked for that
    assert await exchanges(north) == []
    for _ in range(2):
        await everybody(north, south, west)
    assert (await hosts(shared), taken.state) == ([(south.id, 2), (None, 2)], "requested")
    for node in (south, west):
        assert await standing(node, his) == ("held", [])
        assert await seat_state(node, first.lead) == "held"
        assert await seat_state(node, second.lead) == "held"
    assert await standing(south, hers) == ("held", [])
    assert (await booked(south, wren), await booked(west, finch)) == ([hers], [his])


async def exchanges(node: RunningNode) -> list[str]:
    async with door(node.engine) as session:
        return list(await session.scalars(select(AskedExchange.state)))


async def test_who_is_restored_says_its_offer_and_its_yes_again(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    await offer(shared)
    await restore(north)
    await settled(shared)
    await accept(shared)
    # heard twice, it is one offer
    await restore(north)
    await settled(shared)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]


async def test_who_takes_part_since_the_pool_was_offered_follows_it_as_well(
    two_nodes: Pair, west: RunningNode
) -> None:
    """What both sign names who takes part: it is offered once more, with the newcomer."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    await offer(shared)
    await pull_now(south, north)
    western, finch = await with_west(shared, west)
    first, second = await shared.shifts(2)
    await everybody(north, south, west)
    held = await claim_at(west, finch, first.lead)
    await everybody(north, west)
    await accept(shared)
    await everybody(north, south, west)
    assert await hosts(shared) == [(None, 1), (north.id, 1)]
    await accept(shared)
    for _ in range(2):
        await everybody(north, south, west)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    assert await hosted(west, western) == (south.id, 2)
    late = await claim_at(west, finch, second.lead)
    await everybody(south, west)
    for node in (south, west):
        assert await standing(node, held) == await standing(node, late) == ("held", [])


async def hosted(node: RunningNode, asker: Asker) -> tuple[str | None, int]:
    async with door(node.engine) as session:
        [one] = await hostings(session, asker)
        return one.pool.host, one.term


async def test_who_was_invited_and_takes_no_part_yet_hears_of_the_new_host_as_well(
    two_nodes: Pair, west: RunningNode
) -> None:
    """It reads the pool, and joins it at the node that plans it by then."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    for node in two_nodes:
        await join(node, west)
    shifts = f"shifts:{shared.pool.id}"
    async with door(north.engine) as session:
        await grant(session, asker=ADMINISTRATOR, node_id=west.id, capability=shifts, now=clock())
    await pull_now(west, north)
    await hand_over(shared)
    async with door(south.engine) as session:
        await grant(session, asker=ADMINISTRATOR, node_id=west.id, capability=shifts, now=clock())
    await everybody(north, south, west)
    async with door(west.engine) as session:
        western = await a_project(session, "western")
        await join_pool(session, western, shared.pool.id, SHARE, clock())
        finch = await a_worker(session, shared.pool.id, western, hours_per_week=40)
    evening = await at_south(shared)
    await everybody(north, south, west)
    assert await hosted(west, western) == (south.id, 2)
    held = await claim_at(west, finch, evening.lead)
    await everybody(south, west)
    assert await standing(west, held) == ("held", [])


async def at_south(shared: PoolOfTwo) -> Planned:
    async with door(shared.south.engine) as session:
        return await a_shift(session, shared.pool, TUESDAY_19)
