"""A hand-over that its old host has forgotten with a backup's time is carried out all the same."""

from pathlib import Path

from api.peers.handing_events import hear_pools
from database.session import door
from federation.handing.queries import hostings, signed_for
from tests.api.peers.backups import back_up, environment, restored
from tests.api.peers.handing import (
    a_worker_of_north,
    claim_at,
    everybody,
    hand_over,
    handed_on,
    handed_unread,
    hosts,
    settled,
    with_west,
    worked_through,
)
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import booked, pool_of_two, pull_now, set_aside, standing
from tests.api.server.by_hand_node import said

Pair = tuple[RunningNode, RunningNode]


async def test_both_have_signed_and_so_it_holds(
    two_nodes: Pair, west: RunningNode, tmp_path: Path
) -> None:
    """The new host has read nothing of it, and the old one calls off what it does not know."""
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    western, finch = await with_west(shared, west)
    wren, robin = await shared.worker(), await a_worker_of_north(shared)
    evening, late = await shared.shifts(2)
    await everybody(north, south, west)
    hers = await shared.claim(wren, evening.lead)
    his = await claim_at(north, robin, evening.seats["second"])
    theirs = await claim_at(west, finch, late.lead)
    await everybody(north, south, west)
    backup = tmp_path / "monday.backup"
    await back_up(north, backup)

    await handed_unread(shared)
    await pull_now(west, north)
    assert await hosts(shared) == [(south.id, 2), (north.id, 1)]
    await said(environment(north), "keys", "renew", "head")
    await restored(north, backup)
    assert await hosts(shared) == [(None, 1), (north.id, 1)]
    await pull_now(north, south)
    await pull_now(south, north)
    await worked_through(north, south, west)

    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    async with door(west.engine) as session:
        [one] = await hostings(session, western)
        assert (one.pool.host, one.term) == (south.id, 2)
    stands = [await standing(south, claim) for claim in (hers, his, theirs)]
    assert stands == [("held", [])] * 3
    assert (await booked(south, wren), await booked(north, robin)) == ([hers], [his])


async def test_the_new_host_alone_tells_what_both_have_signed(
    two_nodes: Pair, tmp_path: Path
) -> None:
    """It has read the old host's word, and not yet what the pool holds; no third node knows."""
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    wren = await shared.worker()
    [evening] = await shared.shifts(1)
    hers = await shared.claim(wren, evening.lead)
    backup = tmp_path / "monday.backup"
    await back_up(north, backup)

    await handed_unread(shared)
    async with door(north.engine) as session:
        [both] = await signed_for(session, south.id)
    async with door(south.engine) as session:
        await hear_pools(south.node.keys)(session, both, clock())
    await restored(north, backup)
    assert await hosts(shared) == [(None, 1), (north.id, 1)]
    await settled(shared)

    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    assert (await standing(south, hers), await booked(south, wren)) == (("held", []), [hers])
    assert [await set_aside(node) for node in two_nodes] == [[], []]


async def test_who_has_handed_the_pool_back_since_takes_nothing_once_more(
    two_nodes: Pair, tmp_path: Path
) -> None:
    """The first host, which has forgotten both, says again what the pool held at first."""
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    backup = tmp_path / "monday.backup"
    await back_up(north, backup)
    await hand_over(shared)
    await handed_on(shared, north, shared.pool.coordinator)
    await settled(shared)
    assert await hosts(shared) == [(None, 3), (north.id, 3)]
    await restored(north, backup)
    await settled(shared)
    assert await hosts(shared) == [(None, 3), (north.id, 3)]
    assert {why for _kind, _state, why in await set_aside(south)} <= {"handed-over"}
