"""What people wish when a pool is handed over: cover, offers and places in a line go along."""

from uuid import UUID

from sqlalchemy import delete, select

from database.ids import new_id
from database.session import door
from rota.cover.actions import ask_for_cover, withdraw_cover
from rota.cover.models import CoverRequest
from rota.sign_up.proposals import propose
from rota.swaps.exchange import accept_offer
from rota.swaps.models import SwapOffer
from rota.swaps.offering import offer_seat, withdraw_offer
from rota.waiting.actions import wait_for_seat
from rota.waiting.models import WaitingEntry
from tests.api.peers.handing import (
    a_worker_of_north,
    claim_at,
    deputise,
    everybody,
    hand_over,
    lost,
    offered_at,
    signed,
    with_west,
)
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import booked, pool_of_two, pull_now, set_aside, standing
from tests.rota.world import Worker

Pair = tuple[RunningNode, RunningNode]


async def covers(node: RunningNode) -> dict[UUID, tuple[str, bool]]:
    """Say of each seat that is to be covered how that stands, and whether it is decided here."""
    async with door(node.engine) as session:
        rows = await session.scalars(select(CoverRequest))
        return {each.seat_id: (each.state, each.decided_here) for each in rows}


async def offers(node: RunningNode) -> dict[UUID, tuple[str, bool]]:
    async with door(node.engine) as session:
        rows = await session.scalars(select(SwapOffer))
        return {each.seat_id: (each.state, each.decided_here) for each in rows}


async def lines(node: RunningNode) -> list[tuple[UUID, str]]:
    async with door(node.engine) as session:
        rows = await session.scalars(select(WaitingEntry).order_by(WaitingEntry.joined_at))
        return [(each.handle_id, each.state) for each in rows]


async def test_cover_is_asked_for_at_the_new_host(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren, robin = await shared.worker(), await a_worker_of_north(shared)
    first, second = await shared.shifts(2)
    hers = await shared.claim(wren, first.lead)
    his = await claim_at(north, robin, second.lead)
    for node, worker, claim in ((south, wren, hers), (north, robin, his)):
        async with door(node.engine) as session:
            await ask_for_cover(session, worker.asker, claim, clock())
    await shared.exchange()
    decided = {first.lead: ("open", True), second.lead: ("open", True)}
    assert await covers(north) == decided
    await hand_over(shared)
    assert await covers(south) == decided
    assert await covers(north) == {first.lead: ("open", False), second.lead: ("open", False)}


async def test_offers_and_lines_go_on_at_the_new_host(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren, robin = await shared.worker(), await a_worker_of_north(shared)
    first, second = await shared.shifts(2)
    hers = await shared.claim(wren, first.lead)
    his = await claim_at(north, robin, second.lead)
    await shared.exchange()
    for node, worker, claim, wanted in (
        (south, wren, hers, second.lead),
        (north, robin, his, first.lead),
    ):
        async with door(node.engine) as session:
            await offer_seat(session, worker.asker, claim, clock(), one_way=True)
            await wait_for_seat(session, worker.asker, wanted, clock())
        await shared.exchange()
    decided = {first.lead: ("open", True), second.lead: ("open", True)}
    assert await offers(north) == decided
    await hand_over(shared)
    assert await offers(south) == decided
    assert await offers(north) == {first.lead: ("open", False), second.lead: ("open", False)}
    waiting = [(wren.handle, "waiting"), (robin.handle, "waiting")]
    assert sorted(await lines(south)) == sorted(waiting)


async def test_an_offer_that_its_home_has_forgotten_goes_with_the_old_host(
    two_nodes: Pair, west: RunningNode
) -> None:
    """It came from a backup: nobody says the offer anew, and nobody could take it up."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _western, finch = await with_west(shared, west)
    [evening] = await shared.shifts(1)
    await everybody(north, south, west)
    claim = await claim_at(west, finch, evening.lead)
    await everybody(north, west)
    await offered_at(west, finch, claim)
    await everybody(north, south, west)
    shown = [await offers(node) for node in (north, south)]
    assert shown == [{evening.lead: ("open", True)}, {evening.lead: ("open", False)}]
    async with door(west.engine) as session:
        await session.execute(delete(SwapOffer))
    await hand_over(shared)
    await everybody(north, south, west)
    assert [await offers(node) for node in (north, south, west)] == [{}, {}, {}]


async def test_an_exchange_that_only_a_lost_host_settled_leaves_the_offer_open_for_all(
    two_nodes: Pair, west: RunningNode
) -> None:
    """It had gone on by itself for a day: nobody was told, and who gave the seat has it still."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    western, finch = await with_west(shared, west)
    robin = await a_worker_of_north(shared)
    [evening] = await shared.shifts(1)
    await deputise(shared, south.id)
    await everybody(north, south, west)
    his = await claim_at(west, finch, evening.lead)
    await everybody(north, west)
    made = await offered_at(west, finch, his)
    await everybody(north, south, west)
    await lost(shared, west, western)
    async with door(north.engine) as session:
        got = await accept_offer(session, robin.asker, made, clock())
    assert (await offers(north), got.state) == ({evening.lead: ("accepted", True)}, "held")

    await everybody(north, south, west)
    open_for_all = {evening.lead: ("open", False)}
    assert [await offers(node) for node in (north, west)] == [open_for_all, open_for_all]
    assert await offers(south) == {evening.lead: ("open", True)}
    assert (await booked(west, finch), await booked(north, robin)) == ([his], [])
    async with door(north.engine) as session:
        again = (await accept_offer(session, robin.asker, made, clock())).claim
    await everybody(north, south, west)
    taken = {evening.lead: ("accepted", False)}
    assert [await offers(node) for node in (north, west)] == [taken, taken]
    assert (await booked(west, finch), await booked(north, robin)) == ([], [again and again.id])


async def propose_at(node: RunningNode, worker: Worker, seat: UUID) -> UUID:
    claim = new_id()
    async with door(node.engine) as session:
        await propose(session, claim, seat, worker.handle, clock(), origin="coordinator")
    return claim


async def test_what_is_proposed_meanwhile_is_decided_at_the_new_host(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren, robin = await shared.worker(), await a_worker_of_north(shared)
    first, second = await shared.shifts(2)
    await signed(shared)
    hers = await propose_at(north, wren, first.lead)
    his = await propose_at(north, robin, second.lead)
    for _ in range(2):
        await shared.exchange()
    assert (await standing(south, hers), await booked(south, wren)) == (("held", []), [hers])
    # to its own people, of whom nobody had decided; the new host may propose it anew
    for node in two_nodes:
        assert await standing(node, his) == ("lapsed", [])


async def test_who_gave_a_seat_just_before_hears_of_it_at_the_new_host(
    two_nodes: Pair, west: RunningNode
) -> None:
    """Their home has heard of the hand-over before it has heard of the exchange."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _, finch = await with_west(shared, west)
    robin = await a_worker_of_north(shared)
    [evening] = await shared.shifts(1)
    await everybody(north, south, west)
    given = await claim_at(west, finch, evening.lead)
    await everybody(north, west)
    made = await offered_at(west, finch, given)
    await everybody(north, south, west)
    await signed(shared)
    async with door(north.engine) as session:
        taken = await accept_offer(session, robin.asker, made, clock())
    await pull_now(north, south)
    await pull_now(west, north)
    assert await offers(west) == {evening.lead: ("open", False)}
    await everybody(north, south, west)
    for node in (north, south, west):
        assert (await offers(node))[evening.lead][0] == "accepted"
        assert {why for _kind, _state, why in await set_aside(node)} <= {"handed-over"}
    for node in (south, west):
        assert await standing(node, given) == ("released", [])
    assert await booked(west, finch) == []
    assert taken.claim is not None
    for node in two_nodes:
        assert await standing(node, taken.claim.id) == ("held", [])


async def test_an_offer_that_its_home_is_taking_back_has_ended_where_that_home_hosts(
    two_nodes: Pair,
) -> None:
    """The old host, to which that was said, hears nothing more as a host."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren = await shared.worker()
    [evening] = await shared.shifts(1)
    hers = await shared.claim(wren, evening.lead)
    made = await offered_at(south, wren, hers)
    await shared.exchange()
    await signed(shared)
    async with door(south.engine) as session:
        await withdraw_offer(session, wren.asker, made, clock())
    assert await offers(south) == {evening.lead: ("withdrawing", False)}
    await shared.exchange()
    await shared.exchange()
    assert (await offers(south))[evening.lead][0] == "withdrawn"
    assert (await offers(north)).get(evening.lead, ("gone", False))[0] != "open"


async def test_cover_that_is_being_taken_back_has_ended_at_every_home(
    two_nodes: Pair, west: RunningNode
) -> None:
    """One of them hosts the pool then, the other one follows it."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _western, finch = await with_west(shared, west)
    wren = await shared.worker()
    first, second = await shared.shifts(2)
    await everybody(north, south, west)
    asked = []
    for node, worker, seat in ((south, wren, first.lead), (west, finch, second.lead)):
        claim = await claim_at(node, worker, seat)
        await everybody(north, node)
        async with door(node.engine) as session:
            cover = await ask_for_cover(session, worker.asker, claim, clock())
        asked.append((node, worker, seat, cover.id))
    await everybody(north, south, west)
    await signed(shared)
    for node, worker, seat, cover_id in asked:
        async with door(node.engine) as session:
            await withdraw_cover(session, worker.asker, cover_id, clock())
        assert (await covers(node))[seat] == ("withdrawing", False)
    await pull_now(north, south)
    await everybody(south, west)
    await everybody(north, south, west)
    ended = [(await covers(node)).get(seat) for node, _worker, seat, _cover in asked]
    assert ended == [("withdrawn", False)] * 2
    assert "open" not in {state for state, _here in (await covers(south)).values()}


async def test_a_yes_to_what_the_old_host_proposed_waits_for_its_contents(
    two_nodes: Pair, west: RunningNode
) -> None:
    """The new host does not know of the proposal yet, and must not refuse what it will be told."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _western, finch = await with_west(shared, west)
    [evening] = await shared.shifts(1)
    await everybody(north, south, west)
    await signed(shared)
    his = await propose_at(north, finch, evening.lead)
    await pull_now(west, north)
    assert await standing(west, his) == ("requested", [])
    await pull_now(north, south)
    await pull_now(west, north)
    await pull_now(south, west)
    await pull_now(west, south)
    assert await standing(west, his) == ("requested", [])
    await everybody(north, south, west)
    assert [await standing(node, his) for node in (south, west)] == [("held", [])] * 2
    assert await booked(west, finch) == [his]
