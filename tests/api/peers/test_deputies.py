"""Who takes a lost host's pool over, where its host has named several one after the other."""

import pytest
from sqlalchemy import select

from database.session import door
from federation.handing.actions import accept_pool
from federation.handing.errors import NothingOffered
from federation.handing.losses import name_deputy
from federation.handing.models import PoolHanding
from federation.handing.queries import hostings
from federation.permissions.rules import Asker
from tests.api.peers.handing import (
    administrator,
    agreed,
    deputise,
    everybody,
    hosts,
    lost,
    offer,
    silent,
    take,
    with_west,
)
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two, pull_now, set_aside

Pair = tuple[RunningNode, RunningNode]


async def with_a_deputy(pair: Pair, west: RunningNode) -> tuple[PoolOfTwo, Asker]:
    """Let a pool of three know South as its deputy; gives the pool and West's coordinator."""
    shared = await pool_of_two(pair)
    western, _worker = await with_west(shared, west)
    await deputise(shared, shared.south.id)
    await everybody(*pair, west)
    return shared, western


async def test_who_was_away_believes_a_term_of_which_its_host_has_said_more_since(
    two_nodes: Pair, west: RunningNode
) -> None:
    """What began the term is shown beside what its new host has signed alone."""
    north, south = two_nodes
    shared, western = await with_a_deputy(two_nodes, west)
    await lost(shared, west, western)
    assert (await hosts(shared))[1] == (None, 2)
    async with door(south.engine) as session:
        asker, keys = administrator(shared.coordinator), south.node.keys
        await name_deputy(session, asker, shared.pool.id, west.id, keys, clock())
        await name_deputy(session, asker, shared.pool.id, north.id, keys, clock())
    await pull_now(north, south)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    await pull_now(west, south)
    async with door(west.engine) as session:
        [one] = await hostings(session, western)
    assert (one.pool.host, one.term, one.deputy, one.disputed) == (south.id, 2, north.id, None)
    assert await set_aside(west) == []


async def test_a_host_that_was_lost_before_anybody_heard_of_another_deputy_steps_down(
    two_nodes: Pair, west: RunningNode
) -> None:
    """It has named two others since, and none of its members knew."""
    north, south = two_nodes
    shared, western = await with_a_deputy(two_nodes, west)
    for deputy in (west.id, None):
        await deputise(shared, deputy)
    await lost(shared, west, western)
    await everybody(north, south, west)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    assert await set_aside(north) == []


async def test_a_deputy_that_has_not_heard_of_the_next_one_takes_over_with_its_yes(
    two_nodes: Pair, west: RunningNode
) -> None:
    """West is the deputy by now, and South's question is still one for its people."""
    north, south = two_nodes
    shared, western = await with_a_deputy(two_nodes, west)
    await deputise(shared, west.id)
    await pull_now(west, north)
    await lost(shared, west, western)
    await everybody(north, south, west)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    assert [await set_aside(node) for node in (south, west)] == [[], []]


async def test_who_has_agreed_to_a_deputy_signs_no_other_host_of_that_term(
    two_nodes: Pair, west: RunningNode
) -> None:
    """The host was heard again and offers its pool, before the deputy has heard the yes."""
    north, south = two_nodes
    shared, western = await with_a_deputy(two_nodes, west)
    for node in (south, west):
        await silent(north, node)
    await take(shared)
    await pull_now(west, south)
    await agreed(shared, west, western)
    for to in (west, south):
        await offer(shared, to=to.id)
        await pull_now(to, north)
        await pull_now(north, to)
        assert await under_way(north) == []
    assert [await under_way(node) for node in (south, west)] == [["taking"], ["agreed"]]
    async with door(west.engine) as session:
        asker, keys = administrator(western), west.node.keys
        with pytest.raises(NothingOffered):
            await accept_pool(session, asker, shared.pool.id, keys, clock())

    await everybody(north, south, west)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    assert [await set_aside(node) for node in (north, south, west)] == [[], [], []]


async def under_way(node: RunningNode) -> list[str]:
    async with door(node.engine) as session:
        return list(await session.scalars(select(PoolHanding.state)))
