"""A seat is offered to one person, who takes it up just before the pool's host is another one."""

from uuid import UUID

import pytest
from sqlalchemy import select

from database.session import door
from rota.swaps.exchange import accept_offer
from rota.swaps.models import SwapOffer
from tests.api.peers.handing import (
    accept,
    claim_at,
    deputise,
    everybody,
    handed_unread,
    hosts,
    lost,
    offer,
    offered_at,
    with_west,
)
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import (
    booked,
    pool_of_two,
    pull_now,
    seat_state,
    set_aside,
    standing,
)

Pair = tuple[RunningNode, RunningNode]


async def offers(node: RunningNode) -> list[tuple[UUID, str, bool]]:
    async with door(node.engine) as session:
        rows = await session.scalars(select(SwapOffer).order_by(SwapOffer.id))
        return [(each.id, each.state, each.decided_here) for each in rows]


@pytest.mark.parametrize("ends", ["planned", "lost"])
async def test_a_yes_that_the_old_host_has_not_heard_is_over_and_the_offer_stands(
    two_nodes: Pair, west: RunningNode, ends: str
) -> None:
    """West's Finch offers to South's Wren; she is told no, and can take it up once more."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    western, finch = await with_west(shared, west)
    wren = await shared.worker()
    await deputise(shared, south.id)
    [evening] = await shared.shifts(1)
    await everybody(north, south, west)
    his = await claim_at(west, finch, evening.lead)
    await everybody(north, south, west)
    made = await offered_at(west, finch, his, to=wren.display)
    await everybody(north, south, west)
    assert await offers(south) == [(made, "open", False)]
    if ends == "planned":
        await handed_unread(shared)
    async with door(south.engine) as session:
        taken = await accept_offer(session, wren.asker, made, clock())
    if ends == "lost":
        await lost(shared, west, western)
    for _ in range(2):
        await everybody(north, south, west)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    assert taken.claim is not None
    assert await standing(south, taken.claim.id) == ("refused", ["seat-taken"])
    assert await standing(south, his) == await standing(west, his) == ("held", [])
    assert (await booked(south, wren), await booked(west, finch)) == ([], [his])
    shown = [await offers(node) for node in (south, west)]
    assert shown == [[(made, "open", True)], [(made, "open", False)]]

    async with door(south.engine) as session:
        again = await accept_offer(session, wren.asker, made, clock())
    await everybody(north, south, west)
    assert again.claim is not None
    assert await standing(south, again.claim.id) == ("held", [])
    assert await standing(west, his) == ("released", [])
    assert (await booked(south, wren), await booked(west, finch)) == ([again.claim.id], [])
    shown = [await offers(node) for node in (south, west)]
    assert shown == [[(made, "accepted", True)], [(made, "accepted", False)]]
    for node in (north, south, west):
        assert await seat_state(node, evening.lead) == "held"
        assert {why for _kind, _state, why in await set_aside(node)} <= {"handed-over"}


@pytest.mark.parametrize("hears", ["nobody", "taker", "giver"])
@pytest.mark.parametrize("ends", ["planned", "lost"])
async def test_a_yes_that_the_old_host_has_granted_ends_as_its_homes_have_heard_it(
    two_nodes: Pair, west: RunningNode, ends: str, hears: str
) -> None:
    """Nothing is lost where the host tells it on; after a loss it is as those say who heard it."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    western, finch = await with_west(shared, west)
    wren = await shared.worker()
    await deputise(shared, south.id)
    first, other = await shared.shifts(2)
    await everybody(north, south, west)
    his = await claim_at(west, finch, first.lead)
    hers = await shared.claim(wren, other.lead)
    await everybody(north, south, west)
    made = await offered_at(west, finch, his, to=wren.display)
    await everybody(north, south, west)
    if ends == "planned":
        await offer(shared)
        await pull_now(south, north)
    async with door(south.engine) as session:
        taken = await accept_offer(session, wren.asker, made, clock())
    await pull_now(north, south)
    if hears != "nobody":
        await pull_now(south if hears == "taker" else west, north)
    if ends == "planned":
        await accept(shared)
        await pull_now(north, south)
    else:
        await lost(shared, west, western)
    for _ in range(2):
        await everybody(north, south, west)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    assert taken.claim is not None
    got, gave = await standing(south, taken.claim.id), await standing(west, his)
    assert await standing(south, his) == gave
    assert [got[0], gave[0]].count("held") == 1
    assert await booked(west, finch) == ([his] if gave[0] == "held" else [])
    assert set(await booked(south, wren)) == {hers} | (
        {taken.claim.id} if got[0] == "held" else set()
    )
    for node in (north, south, west):
        assert await seat_state(node, first.lead) == "held"
        assert {why for _kind, _state, why in await set_aside(node)} <= {"handed-over"}
