"""Who took a lost host's pool over waits for what homes hold: what that means for all else."""

from pathlib import Path

from database.session import door
from federation.handing.queries import hostings
from federation.permissions.rules import Asker
from tests.api.peers.backups import back_up, restored
from tests.api.peers.handing import (
    a_worker_of_north,
    agreed,
    claim_at,
    deputise,
    everybody,
    handed_on,
    hosts,
    silent,
    take,
    with_west,
    worked_through,
)
from tests.api.peers.nodes import RunningNode
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two, pull_now, set_aside, standing

Pair = tuple[RunningNode, RunningNode]


async def waits(shared: PoolOfTwo) -> list[str]:
    """Name whom South waits for."""
    async with door(shared.south.engine) as session:
        [one] = await hostings(session, shared.coordinator)
        return [each.node_id for each in one.waits]


async def taken_by_south(shared: PoolOfTwo, west: RunningNode, western: Asker) -> None:
    """Let South have the pool of North, which is lost, before West has said what it holds."""
    for node in (shared.south, west):
        await silent(shared.north, node)
    await take(shared)
    await pull_now(west, shared.south)
    await agreed(shared, west, western)
    await pull_now(shared.south, west)
    assert await hosts(shared) == [(None, 1), (None, 2)]
    assert await waits(shared) == [west.id]


async def test_a_pool_is_handed_over_once_all_homes_have_said_what_they_hold(
    two_nodes: Pair, west: RunningNode
) -> None:
    """A home says only once which sessions it knows: to the host that waits for it."""
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    western, _finch = await with_west(shared, west)
    await deputise(shared, south.id)
    await everybody(north, south, west)
    await taken_by_south(shared, west, western)
    await everybody(north, south)
    await handed_on(shared, north, shared.pool.coordinator)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    await everybody(south, west)
    assert await waits(shared) == []
    await everybody(north, south, west)
    assert await hosts(shared) == [(None, 3), (north.id, 3)]


async def test_who_hosts_no_more_waits_for_nobody(
    two_nodes: Pair, west: RunningNode, tmp_path: Path
) -> None:
    """As one that has forgotten with a backup that it had heard all, and handed the pool over."""
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    western, _finch = await with_west(shared, west)
    await deputise(shared, south.id)
    await everybody(north, south, west)
    await taken_by_south(shared, west, western)
    backup = tmp_path / "monday.backup"
    await back_up(south, backup)
    await everybody(south, west)
    await handed_on(shared, west, western)
    await everybody(south, west)
    assert await hosts(shared) == [(None, 1), (west.id, 3)]
    await restored(south, backup)
    assert await waits(shared) == [west.id]
    await worked_through(north, south, west)
    assert await hosts(shared) == [(west.id, 3), (west.id, 3)]
    assert await waits(shared) == []


async def test_a_wish_that_came_meanwhile_is_answered_as_soon_as_all_have_said(
    two_nodes: Pair, west: RunningNode
) -> None:
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    western, _finch = await with_west(shared, west)
    await deputise(shared, south.id)
    robin = await a_worker_of_north(shared)
    [evening] = await shared.shifts(1)
    await everybody(north, south, west)
    await taken_by_south(shared, west, western)
    await everybody(north, south)
    asked = await claim_at(north, robin, evening.lead)
    await pull_now(south, north)
    await south.loop.work_off()
    assert await set_aside(south) == [("claim.requested", "unknown-kind", "not-here-yet")]
    await pull_now(west, south)
    await pull_now(south, west)
    await south.loop.work_off()
    assert await standing(south, asked) == ("held", [])
