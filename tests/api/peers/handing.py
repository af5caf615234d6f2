"""Handing the pool of two nodes over, as their partner administrators do."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from api.ended import begin_again
from database.session import door
from federation.feeds.models import FeedCursor
from federation.handing.actions import accept_pool, offer_pool, take_back_offer
from federation.handing.losses import agree, name_deputy
from federation.handing.queries import hostings
from federation.partners.actions import grant
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from federation.restoring.actions import mark_restored
from rota.handing.after_loss import take_over
from rota.sign_up.actions import claim_seat
from rota.swaps.offering import offer_seat
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock, join
from tests.api.peers.pool_of_two import (
    PoolOfTwo,
    pull_now,
)
from tests.rota.world import SHARE, Worker, a_project, a_worker

Pair = tuple[RunningNode, RunningNode]


def administrator(of: Asker) -> Asker:
    return replace(of, roles=frozenset({"partner-administrator"}))


async def offer(shared: PoolOfTwo, by: Asker | None = None, to: str | None = None) -> None:
    asker = by or administrator(shared.pool.coordinator)
    async with door(shared.north.engine) as session:
        await offer_pool(
            session, asker, shared.pool.id, to or shared.south.id, shared.north.id, clock()
        )


async def accept(shared: PoolOfTwo) -> None:
    async with door(shared.south.engine) as session:
        asker = administrator(shared.coordinator)
        await accept_pool(session, asker, shared.pool.id, shared.south.node.keys, clock())


async def take_back(shared: PoolOfTwo) -> None:
    async with door(shared.north.engine) as session:
        asker = administrator(shared.pool.coordinator)
        await take_back_offer(session, asker, shared.pool.id, clock())


async def signed(shared: PoolOfTwo) -> None:
    """Let both have signed that South is to host the pool, of which North has not heard yet."""
    await offer(shared)
    await pull_now(shared.south, shared.north)
    await accept(shared)


async def handed_unread(shared: PoolOfTwo) -> None:
    """Let North have handed the pool over, and South not have read what is in it."""
    await signed(shared)
    await pull_now(shared.north, shared.south)


async def hand_over(shared: PoolOfTwo) -> None:
    await signed(shared)
    await shared.exchange()
    await shared.exchange()


async def hosts(shared: PoolOfTwo) -> list[tuple[str | None, int]]:
    """Say for each node who hosts the pool, in which term."""
    found = []
    for node, asker in (
        (shared.north, shared.pool.coordinator),
        (shared.south, shared.coordinator),
    ):
        async with door(node.engine) as session:
            [one] = await hostings(session, asker)
            found.append((one.pool.host, one.term))
    return found


async def a_worker_of_north(shared: PoolOfTwo) -> Worker:
    async with door(shared.north.engine) as session:
        return await a_worker(
            session, shared.pool.id, shared.pool.coordinator, hours_per_week=40, shifts_per_week=9
        )


async def claim_at(node: RunningNode, worker: Worker, seat: UUID) -> UUID:
    async with door(node.engine) as session:
        return (await claim_seat(session, worker.asker, seat, clock())).id


async def offered_at(
    node: RunningNode, worker: Worker, claim: UUID, *, to: str | None = None
) -> UUID:
    """Let somebody offer a seat for nothing in return: to all, or to one handle."""
    async with door(node.engine) as session:
        made = await offer_seat(session, worker.asker, claim, clock(), to=to, one_way=True)
        return made.id


async def everybody(*nodes: RunningNode) -> None:
    """Let all hear all that they may."""
    for _ in range(3):
        for reader in nodes:
            for other in nodes:
                if reader is not other and await reader.workshop.client(other.id) is not None:
                    await pull_now(reader, other)


async def worked_through(*nodes: RunningNode) -> None:
    """Let all hear all, and do the work that comes of it, until nothing new comes."""
    for _ in range(3):
        await everybody(*nodes)
        for node in nodes:
            await node.loop.work_off()


async def silent(host: RunningNode, *others: RunningNode, hours: int = 25) -> None:
    """Let a host have been silent for so long; nobody reads it until it comes back."""
    for node in others:
        async with door(node.engine) as session:
            await session.execute(
                update(FeedCursor)
                .where(FeedCursor.node_id == host.id)
                .values(checked_at=clock() - timedelta(hours=hours))
            )


async def take_part(shared: PoolOfTwo, west: RunningNode) -> tuple[Asker, Worker]:
    """Let a project of a third node, which knows the host alone, take part.

    Gives its coordinator and a worker.
    """
    await join(shared.north, west)
    async with door(shared.north.engine) as session:
        shifts = f"shifts:{shared.pool.id}"
        await grant(session, asker=ADMINISTRATOR, node_id=west.id, capability=shifts, now=clock())
    await pull_now(west, shared.north)
    async with door(west.engine) as session:
        western = await a_project(session, "western")
        await join_pool(session, western, shared.pool.id, SHARE, clock())
        finch = await a_worker(session, shared.pool.id, western, hours_per_week=40)
    await everybody(shared.north, shared.south, west)
    return western, finch


async def with_west(shared: PoolOfTwo, west: RunningNode) -> tuple[Asker, Worker]:
    """Let a project of a third node take part that is joined with both others."""
    await join(shared.south, west)
    return await take_part(shared, west)


async def deputise(shared: PoolOfTwo, node_id: str | None) -> None:
    async with door(shared.north.engine) as session:
        asker = administrator(shared.pool.coordinator)
        keys = shared.north.node.keys
        await name_deputy(session, asker, shared.pool.id, node_id, keys, clock())


async def take(shared: PoolOfTwo) -> None:
    async with door(shared.south.engine) as session:
        asker = administrator(shared.coordinator)
        await take_over(session, asker, shared.pool.id, shared.south.node.keys, clock())


async def agreed(shared: PoolOfTwo, west: RunningNode, western: Asker) -> None:
    async with door(west.engine) as session:
        asker = administrator(western)
        await agree(session, asker, shared.pool.id, west.node.keys, clock())


async def lost(shared: PoolOfTwo, west: RunningNode, western: Asker) -> None:
    """Let North be silent for a day, and South take its pool over with West's yes."""
    for node in (shared.south, west):
        await silent(shared.north, node)
    await take(shared)
    await pull_now(west, shared.south)
    await agreed(shared, west, western)
    await everybody(shared.south, west)


async def handed_on(shared: PoolOfTwo, to: RunningNode, by: Asker) -> None:
    """Let South, which hosts by now, offer the pool to a node that agrees, and hear that."""
    pool, south = shared.pool.id, shared.south
    async with door(south.engine) as session:
        asker = administrator(shared.coordinator)
        await offer_pool(session, asker, pool, to.id, south.id, clock())
    await pull_now(to, south)
    async with door(to.engine) as session:
        await accept_pool(session, administrator(by), pool, to.node.keys, clock())
    await pull_now(south, to)


async def restore(node: RunningNode) -> None:
    """Let a node ask everybody, as one does that comes from a backup."""
    async with door(node.engine) as session:
        await mark_restored(session, clock())
    await begin_again(node.engine, node.settings.keys, clock())


async def settled(shared: PoolOfTwo) -> None:
    for _ in range(3):
        await shared.exchange()
        for node in (shared.north, shared.south):
            await node.loop.work_off()
