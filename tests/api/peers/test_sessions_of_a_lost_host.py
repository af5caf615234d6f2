"""Sessions that a host made before it was lost, and of which its deputy has never heard."""

from uuid import UUID

from sqlalchemy import select

from database.ids import new_id
from database.session import door
from federation.feeds.actions import append
from federation.handing.actions import accept_pool, offer_pool
from federation.handing.losses import sign_again
from rota.shifts.models import Seat, Shift
from tests.api.peers.handing import (
    a_worker_of_north,
    administrator,
    claim_at,
    deputise,
    everybody,
    lost,
    with_west,
)
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import DAY, PoolOfTwo, pool_of_two, pull_now, set_aside, standing
from tests.rota.world import TUESDAY_19, Planned, a_shift

Pair = tuple[RunningNode, RunningNode]


async def made_at_north(shared: PoolOfTwo, days: int) -> Planned:
    async with door(shared.north.engine) as session:
        return await a_shift(session, shared.pool, TUESDAY_19 + days * DAY)


async def known(node: RunningNode) -> set[tuple[UUID, str, str, bool]]:
    """Name the seats of a node's sessions, how they stand, and whether those are called off."""
    async with door(node.engine) as session:
        rows = await session.execute(
            select(Seat.id, Seat.role, Seat.state, Shift.cancelled_at.is_not(None)).join(
                Shift, Shift.id == Seat.shift_id
            )
        )
        return {(seat, role, state, off) for seat, role, state, off in rows}


def seats(
    shift: Planned, *, lead: str = "open", off: bool = False
) -> set[tuple[UUID, str, str, bool]]:
    return {
        (seat, role, lead if role == "lead" else "open", off) for role, seat in shift.seats.items()
    }


async def test_what_others_have_heard_takes_place_and_all_know_it(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    await deputise(shared, south.id)
    western, finch = await with_west(shared, west)
    robin = await a_worker_of_north(shared)
    async with door(north.engine) as session:
        await sign_again(session, shared.pool.id, north.node.keys, clock())
    await everybody(north, south, west)
    # the deputy hears of none of these
    seated, empty = await made_at_north(shared, 1), await made_at_north(shared, 2)
    await pull_now(west, north)
    held = await claim_at(west, finch, seated.lead)
    await pull_now(north, west)
    await pull_now(west, north)
    alone, nobodys = await made_at_north(shared, 3), await made_at_north(shared, 4)
    kept = await claim_at(north, robin, alone.lead)

    await lost(shared, west, western)
    both = seats(seated, lead="held") | seats(empty)
    assert await known(south) == await known(west) == both
    assert await standing(west, held) == ("held", [])

    # the lost host comes back: only where somebody has a seat does it add to what is planned
    await everybody(north, south, west)
    everything = both | seats(alone, lead="held") | seats(nobodys, off=True)
    for node in (north, south, west):
        assert await known(node) == everything
        assert {detail for _, _, detail in await set_aside(node)} <= {"handed-over"}
    assert await standing(north, kept) == ("held", [])

    # it names a part that only it has ever known
    late = {
        "claim": str(held),
        "part": str(new_id()),
        "seat": str(new_id()),
        "answer_by": (clock() + DAY).isoformat(),
    }
    async with door(north.engine) as session:
        await append(session, "private", west.id, "claim.split", late, now=clock())
    await pull_now(west, north)
    assert ("claim.split", "bad", "handed-over") in await set_aside(west)


async def test_a_lost_host_says_its_sessions_to_the_host_that_there_is_when_it_comes_back(
    two_nodes: Pair, west: RunningNode
) -> None:
    """It hears at once of the deputy and of who got the pool from that one."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    await deputise(shared, south.id)
    western, _finch = await with_west(shared, west)
    robin = await a_worker_of_north(shared)
    async with door(north.engine) as session:
        await sign_again(session, shared.pool.id, north.node.keys, clock())
    await everybody(north, south, west)
    alone, nobodys = await made_at_north(shared, 3), await made_at_north(shared, 4)
    kept = await claim_at(north, robin, alone.lead)
    await lost(shared, west, western)
    async with door(south.engine) as session:
        by = administrator(shared.coordinator)
        await offer_pool(session, by, shared.pool.id, west.id, south.id, clock())
    await pull_now(west, south)
    async with door(west.engine) as session:
        by = administrator(western)
        await accept_pool(session, by, shared.pool.id, west.node.keys, clock())
    await pull_now(south, west)
    await pull_now(west, south)
    await everybody(north, south, west)
    everything = seats(alone, lead="held") | seats(nobodys, off=True)
    for node in (north, south, west):
        assert await known(node) == everything
        assert {detail for _, _, detail in await set_aside(node)} <= {"handed-over"}
    for node in (north, west):
        assert await standing(node, kept) == ("held", [])
