"""A partner is narrowed and widened again, loses nothing by it, and cannot hoard a pool."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import door
from federation.feeds.actions import append
from federation.partners.actions import grant, withdraw
from federation.partners.sender import Sender
from rota.shifts.models import Shift
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, add_shared_pool, clock
from tests.api.peers.pool_of_two import DAY, pool_of_two, pull_now, seat_state, standing

Pair = tuple[RunningNode, RunningNode]


async def test_36_a_partner_that_would_hoard_every_shift_is_stopped(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes, seats_at_once=2)
    wren, robin = await shared.worker(), await shared.worker()
    first, second, third = await shared.shifts(3)
    kept = await shared.claim(wren, first.lead)
    await shared.claim(robin, second.lead)
    refused = await shared.claim(wren, third.lead)
    for node in two_nodes:
        assert await standing(node, kept) == ("held", [])
        assert await standing(node, refused) == ("refused", ["too-many-claims"])
    assert await seat_state(shared.north, third.lead) == "open"

    await shared.give_back(wren, kept)
    granted = await shared.claim(wren, third.lead)
    assert await standing(shared.south, granted) == ("held", [])


async def test_36_a_seat_that_is_said_to_be_given_in_return_is_counted(two_nodes: Pair) -> None:
    """A claim gives nothing back, whatever else stands beside what it says."""
    shared = await pool_of_two(two_nodes, seats_at_once=1)
    wren = await shared.worker()
    first, second = await shared.shifts(2)
    await shared.claim(wren, first.lead)
    said = {"seat": str(second.lead), "handle": str(wren.handle), "gives": str(uuid4())}
    claim = uuid4()
    later = (clock() + DAY).isoformat()
    await shared.south_says("claim.requested", claim=str(claim), **said, answer_by=later)
    assert await standing(shared.north, claim) == ("refused", ["too-many-claims"])
    assert await seat_state(shared.north, second.lead) == "open"


async def test_narrowing_stops_at_a_sequence_and_widening_reads_on_from_there(
    two_nodes: Pair,
) -> None:
    north, south = two_nodes
    heard: list[int] = []

    async def hear(_: AsyncSession, __: Sender, said: dict[str, Any], ___: datetime) -> None:
        heard.append(said["n"])

    south.apply["greeting"] = hear
    async with door(north.engine) as session:
        pool = await add_shared_pool(session, south.id)
    shifts = f"shifts:{pool.id}"
    await say(north, pool.id, 1, 2)
    await pull_now(south, north)
    assert (heard, await stands(south)) == ([1, 2], [2])

    await change(north, south, withdraw, shifts)
    await say(north, pool.id, 3)
    await pull_now(south, north)
    # what it has read it keeps; nothing is taken back and nothing is added
    assert (heard, await stands(south)) == ([1, 2], [2])

    await change(north, south, grant, shifts)
    await say(north, pool.id, 4)
    for _ in range(2):
        await pull_now(south, north)
    assert (heard, await stands(south)) == ([1, 2, 3, 4], [4])


async def say(node: RunningNode, pool_id: UUID, *numbers: int) -> None:
    async with door(node.engine) as session:
        for number in numbers:
            await append(
                session, "pool/shifts", str(pool_id), "greeting", {"n": number}, now=clock()
            )


async def stands(node: RunningNode) -> list[int]:
    return [cursor.seq for cursor in await node.cursors()]


async def change(north: RunningNode, south: RunningNode, verb: Any, capability: str) -> None:
    async with door(north.engine) as session:
        await verb(
            session, asker=ADMINISTRATOR, node_id=south.id, capability=capability, now=clock()
        )


async def test_a_member_that_sees_no_shifts_keeps_those_that_it_knows(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    [before] = await shared.shifts(1)
    await shared.withhold("shifts")
    [during] = await shared.shifts(1)
    assert await shifts_at(shared.south) == {before.id}
    await shared.grant("shifts")
    await shared.exchange()
    assert await shifts_at(shared.south) == {before.id, during.id}


async def shifts_at(node: RunningNode) -> set[UUID]:
    async with door(node.engine) as session:
        return set(await session.scalars(select(Shift.id)))
