"""A home that has left a pool's host gives it no months, also when both meet anew."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from api.worker.sweeping import sweep
from database.session import door
from federation.audit.models import AuditEntry
from federation.partners.actions import grant
from federation.pools.models import Pool
from rota.record_sharing.actions import STOPPED, stop_sharing
from rota.record_sharing.models import RecordSharing
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock, join
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two
from tests.api.peers.test_leaving import leave
from tests.rota.record_sharing.world import count, kept, tick

Pair = tuple[RunningNode, RunningNode]

TICKED = datetime(2027, 1, 3, tzinfo=UTC)
LEFT = datetime(2027, 1, 20, tzinfo=UTC)
JANUARY_DUE = datetime(2027, 2, 16, 1, tzinfo=UTC)
FEBRUARY_DUE = datetime(2027, 3, 16, 1, tzinfo=UTC)
MET_ANEW = datetime(2027, 3, 20, tzinfo=UTC)


async def counted(shared: PoolOfTwo) -> None:
    """Tick, and count in two months, at the node that will leave."""
    asker, pool = shared.coordinator, shared.pool.id
    async with door(shared.south.engine) as session:
        await count(session, asker.project_id, pool)
        await tick(session, asker, pool, TICKED)
        await count(session, asker.project_id, pool, month=date(2027, 2, 1))


async def months_at(node: RunningNode) -> list[str]:
    async with door(node.engine) as session:
        return [month for month, _ in await kept(session)]


async def stopped(node: RunningNode) -> tuple[int, list[str]]:
    """Give how many projects share there, and who has written down that one stopped."""
    async with door(node.engine) as session:
        sharing = (await session.scalars(select(RecordSharing.project_id))).all()
        entries = await session.scalars(select(AuditEntry.actor).where(AuditEntry.verb == STOPPED))
        return len(sharing), list(entries)


async def meet_anew(shared: PoolOfTwo) -> None:
    await join(shared.north, shared.south)
    async with door(shared.north.engine) as session:
        capability = f"shifts:{shared.pool.id}"
        await grant(
            session,
            asker=ADMINISTRATOR,
            node_id=shared.south.id,
            capability=capability,
            now=clock(),
        )
    await shared.exchange()
    await shared.exchange()


async def part(shared: PoolOfTwo) -> None:
    """Let the southern node leave, and both hear of it."""
    await leave(shared.south, shared.north)
    for node in (shared.south, shared.north):
        await node.loop.work_off()


async def test_sharing_ends_where_the_host_was_left(two_nodes: Pair) -> None:
    north, south = two_nodes
    with time_machine.travel(TICKED, tick=True) as clocks:
        shared = await pool_of_two(two_nodes)
        await counted(shared)
        clocks.move_to(LEFT)
        await part(shared)
        for at in (JANUARY_DUE, FEBRUARY_DUE):
            clocks.move_to(at)
            await sweep(south.workshop, {})
        assert await stopped(south) == (0, ["system"])
        clocks.move_to(MET_ANEW)
        await meet_anew(shared)
        await sweep(south.workshop, {})
        await shared.exchange()
    assert (await months_at(south), await months_at(north)) == ([], [])


async def test_sharing_has_ended_also_where_both_meet_anew_within_the_hour(two_nodes: Pair) -> None:
    north, south = two_nodes
    with time_machine.travel(TICKED, tick=True) as clocks:
        shared = await pool_of_two(two_nodes)
        await counted(shared)
        clocks.move_to(LEFT)
        await part(shared)
        await meet_anew(shared)
        clocks.move_to(JANUARY_DUE)
        await sweep(south.workshop, {})
        await shared.exchange()
    assert await stopped(south) == (0, ["system"])
    assert (await months_at(south), await months_at(north)) == ([], [])


@pytest.mark.parametrize("heard", [True, False])
async def test_a_host_never_reads_a_month_that_it_had_not_read_when_sharing_stopped(
    two_nodes: Pair, *, heard: bool
) -> None:
    north, south = two_nodes
    with time_machine.travel(TICKED, tick=True) as clocks:
        shared = await pool_of_two(two_nodes)
        await counted(shared)
        clocks.move_to(JANUARY_DUE)
        await sweep(south.workshop, {})
        if heard:
            await shared.exchange()
        async with door(south.engine) as session:
            pool = await session.get_one(Pool, shared.pool.id)
            await stop_sharing(session, shared.coordinator, pool, clock())
        await shared.exchange()
    assert await months_at(south) == ["2027-01"]
    assert await months_at(north) == (["2027-01"] if heard else [])
