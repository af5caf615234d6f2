"""A project joins a pool just as it goes to another node, or just before its host is lost."""

from sqlalchemy import update

from database.session import door
from federation.handing.losses import SILENCE
from federation.partners.actions import grant
from federation.partners.models import Partner
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from tests.api.peers.handing import (
    accept,
    claim_at,
    everybody,
    offer,
    silent,
)
from tests.api.peers.host_desks import ADMINISTRATOR as ADMINISTRATES
from tests.api.peers.host_desks import desk
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock, join
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two, pull_now, standing
from tests.api.peers.test_handing_meanwhile import hosted
from tests.rota.world import SHARE, Worker, a_project, a_worker

Pair = tuple[RunningNode, RunningNode]


async def shows(node: RunningNode, west: RunningNode, shared: PoolOfTwo) -> None:
    async with door(node.engine) as session:
        shifts = f"shifts:{shared.pool.id}"
        await grant(session, asker=ADMINISTRATOR, node_id=west.id, capability=shifts, now=clock())


async def joins(shared: PoolOfTwo, west: RunningNode) -> tuple[Asker, Worker]:
    async with door(west.engine) as session:
        western = await a_project(session, "western")
        await join_pool(session, western, shared.pool.id, SHARE, clock())
        return western, await a_worker(session, shared.pool.id, western, hours_per_week=40)


async def page_of(west: RunningNode, shared: PoolOfTwo, western: Asker) -> str:
    async with desk(west, shared, western.project_id, ADMINISTRATES) as here:
        return (await here.see()).partition("</main>")[0]


async def test_who_joins_as_the_pool_goes_is_told_who_acts_next_and_takes_part_by_that(
    two_nodes: Pair, west: RunningNode
) -> None:
    """The old host has signed when it reads who joins; the new one was never asked to show it."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    for node in two_nodes:
        await join(node, west)
    await shows(north, west, shared)
    [evening] = await shared.shifts(1)
    await pull_now(west, north)
    await offer(shared)
    await pull_now(south, north)
    await accept(shared)
    western, finch = await joins(shared, west)
    await pull_now(north, south)
    for _ in range(2):
        await everybody(north, south, west)
    assert await hosted(west, western) == (south.id, 2)
    said = "South plans this pool and does not let your project take part yet"
    assert said in await page_of(west, shared, western)
    await shows(south, west, shared)
    for _ in range(2):
        await everybody(north, south, west)
    assert said not in await page_of(west, shared, western)
    claim = await claim_at(west, finch, evening.lead)
    await everybody(south, west)
    for node in (south, west):
        assert await standing(node, claim) == ("held", [])


async def test_who_has_joined_just_before_the_host_is_lost_reads_whom_to_call(
    two_nodes: Pair, west: RunningNode
) -> None:
    """Its deputy never heard of them, and asks nobody whom it does not know."""
    shared = await pool_of_two(two_nodes)
    north, _south = two_nodes
    for node in two_nodes:
        await join(node, west)
    await shows(north, west, shared)
    await pull_now(west, north)
    western, _finch = await joins(shared, west)
    await pull_now(north, west)
    await pull_now(west, north)
    said = "have them show the pool to your node"
    assert said not in await page_of(west, shared, western)
    await silent(north, west)
    async with door(west.engine) as session:
        heard = update(Partner).where(Partner.node_id == north.id)
        await session.execute(heard.values(last_heard_at=clock() - SILENCE * 2))
    assert said in await page_of(west, shared, western)
