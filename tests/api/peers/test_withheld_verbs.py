"""What a partner may not do in a pool is answered at once; what it gives back is always taken."""

from datetime import time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from database.session import door
from rota.availability.actions import set_availability
from rota.availability.rules import Weekly
from rota.cover.actions import ask_for_cover
from rota.cover.models import CoverRequest
from rota.cover.take import take_cover
from rota.offers.actions import state_offers
from rota.offers.models import Offer
from rota.offers.queries import offers_on
from rota.swaps.exchange import accept_offer
from rota.swaps.models import SwapOffer
from rota.swaps.offering import offer_seat, withdraw_offer
from rota.waiting.actions import wait_for_seat
from rota.waiting.models import WaitingEntry
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import (
    DAY,
    PoolOfTwo,
    booked,
    pool_of_two,
    seat_state,
    set_aside,
    standing,
)
from tests.rota.world import TUESDAY_19, Planned

REFUSED = ("refused", ["not-granted"])


@pytest.fixture
async def shared(two_nodes: tuple[RunningNode, RunningNode]) -> PoolOfTwo:
    return await pool_of_two(two_nodes)


async def test_a_claim_is_refused_at_once_until_it_is_granted_again(shared: PoolOfTwo) -> None:
    wren = await shared.worker()
    [tuesday] = await shared.shifts(1)
    await shared.withhold("claim")
    refused = await shared.claim(wren, tuesday.lead)
    assert await standing(shared.south, refused) == REFUSED
    assert await standing(shared.north, refused) == REFUSED
    assert await booked(shared.south, wren) == []
    assert await seat_state(shared.north, tuesday.lead) == "open"

    await shared.grant("claim")
    granted = await shared.claim(wren, tuesday.lead)
    assert await standing(shared.south, granted) == ("held", [])
    assert await standing(shared.north, refused) == REFUSED
    assert await set_aside(shared.north) == await set_aside(shared.south) == []


async def test_what_is_held_stays_and_can_be_given_back(shared: PoolOfTwo) -> None:
    wren = await shared.worker()
    [tuesday] = await shared.shifts(1)
    held = await shared.claim(wren, tuesday.lead)
    await shared.withhold("claim", "offer", "shifts")
    # the same claim once more, as from a node that was restored
    said = {"claim": str(held), "seat": str(tuesday.lead), "handle": str(wren.handle)}
    await shared.south_says("claim.requested", **said, answer_by=clock().isoformat())
    assert await standing(shared.south, held) == ("held", [])
    assert await standing(shared.north, held) == ("held", [])
    await shared.give_back(wren, held)
    assert await standing(shared.north, held) == ("released", [])
    assert await seat_state(shared.north, tuesday.lead) == "open"
    assert await set_aside(shared.north) == []


async def test_nobody_else_is_asked_for_cover_and_nobody_takes_it(shared: PoolOfTwo) -> None:
    wren, robin = await shared.worker(), await shared.worker()
    tuesday, wednesday = await shared.shifts(2)
    first = await shared.claim(wren, tuesday.lead)
    second = await shared.claim(wren, wednesday.lead)
    opened = await shared.at_south(lambda s: ask_for_cover(s, wren.asker, first, clock()))
    await shared.withhold("claim")
    late = await shared.at_south(lambda s: ask_for_cover(s, wren.asker, second, clock()))
    taken = await shared.at_south(lambda s: take_cover(s, robin.asker, opened.id, clock()))

    for node in (shared.north, shared.south):
        async with door(node.engine) as session:
            rows = await session.execute(select(CoverRequest.id, CoverRequest.state))
            assert dict(rows.all()) == {opened.id: "open", late.id: "lapsed"}
        assert await standing(node, taken.id) == REFUSED
        assert await standing(node, first) == await standing(node, second) == ("held", [])
    assert await booked(shared.south, robin) == []


async def test_seats_are_neither_offered_nor_handed_over(shared: PoolOfTwo) -> None:
    wren, robin = await shared.worker(), await shared.worker()
    tuesday, wednesday = await shared.shifts(2)
    first = await shared.claim(wren, tuesday.lead)
    second = await shared.claim(wren, wednesday.lead)
    offered = await shared.at_south(
        lambda s: offer_seat(s, wren.asker, first, clock(), one_way=True)
    )
    await shared.withhold("claim")
    late = await shared.at_south(lambda s: offer_seat(s, wren.asker, second, clock(), one_way=True))
    taken = await shared.at_south(lambda s: accept_offer(s, robin.asker, offered.id, clock()))
    assert taken.claim is not None
    assert await standing(shared.south, taken.claim.id) == REFUSED
    assert await booked(shared.south, robin) == []
    assert await offers(shared.north) == {offered.id: "open", late.id: "refused"}
    assert await offers(shared.south) == {offered.id: "open", late.id: "refused"}

    await shared.at_south(lambda s: withdraw_offer(s, wren.asker, offered.id, clock()))
    assert await offers(shared.north) == {offered.id: "withdrawn", late.id: "refused"}


async def offers(node: RunningNode) -> dict[UUID, str]:
    async with door(node.engine) as session:
        rows = await session.execute(select(SwapOffer.id, SwapOffer.state))
        return dict(rows.all())


async def test_nobody_stands_in_a_line_without_a_word(shared: PoolOfTwo) -> None:
    wren, robin = await shared.worker(), await shared.worker()
    [tuesday] = await shared.shifts(1)
    await shared.claim(wren, tuesday.lead)
    await shared.withhold("claim")
    entry = await shared.at_south(lambda s: wait_for_seat(s, robin.asker, tuesday.lead, clock()))
    async with door(shared.south.engine) as session:
        assert (await session.get_one(WaitingEntry, entry.id)).state == "passed"
    async with door(shared.north.engine) as session:
        assert list(await session.scalars(select(WaitingEntry.id))) == []


async def test_people_are_offered_only_where_that_is_granted(shared: PoolOfTwo) -> None:
    wren = await shared.worker()
    [tuesday] = await shared.shifts(1)
    about = {"handle": str(wren.handle)}
    can = [{"shift": str(tuesday.id), "preference": 1}]
    await shared.south_says("offers.stated", **about, offers=can)
    assert await stated_offers(shared) == [tuesday.id]

    await shared.withhold("offer")
    await shared.south_says("offers.stated", **about, offers=can)
    await shared.south_says("offers.added", **about, offers=can, statement="00")
    not_granted = [(kind, "bad", "not-granted") for kind in ("offers.stated", "offers.added")]
    assert await set_aside(shared.north) == not_granted
    # that somebody can take nothing is heard all the same
    await shared.south_says("offers.stated", **about, offers=[])
    assert await set_aside(shared.north) == not_granted
    assert await stated_offers(shared) == []
    # and a claim is another verb
    held = await shared.claim(wren, tuesday.lead)
    assert await standing(shared.south, held) == ("held", [])


async def test_what_is_granted_again_is_stated_from_the_beginning(shared: PoolOfTwo) -> None:
    wren = await shared.worker()
    [tuesday] = await shared.shifts(1)
    evenings = Weekly(1, time(18), 240, "Europe/London", 2)
    await shared.at_south(lambda s: set_availability(s, wren.asker, wren.id, [evenings], clock()))
    await state(shared)
    assert await planned_with(shared, tuesday) == {wren.handle: {tuesday.id: 2}}

    await shared.withhold("offer")
    assert await planned_with(shared, tuesday) == {}
    [later] = await shared.shifts(1)
    await state(shared)
    # South has heard that nobody listens, and says nothing that would be set aside
    assert await set_aside(shared.north) == []

    await shared.grant("offer")
    await shared.exchange()
    await state(shared)
    can = {tuesday.id: 2, later.id: 2}
    assert await planned_with(shared, tuesday, later) == {wren.handle: can}


async def state(shared: PoolOfTwo) -> None:
    await shared.at_south(lambda s: state_offers(s, TUESDAY_19 - DAY))


async def planned_with(shared: PoolOfTwo, *shifts: Planned) -> dict[UUID, dict[UUID, int]]:
    """Give the offers with which North would plan."""
    async with door(shared.north.engine) as session:
        return await offers_on(session, [shift.id for shift in shifts])


async def stated_offers(shared: PoolOfTwo) -> list[UUID]:
    async with door(shared.north.engine) as session:
        return list(await session.scalars(select(Offer.shift_id)))


async def test_24_a_field_beside_what_a_wish_says_opens_no_other_way(shared: PoolOfTwo) -> None:
    """Another handle than that of the claim, of which North knows nothing, and is not asked."""
    wren = await shared.worker()
    [tuesday] = await shared.shifts(1)
    held = await shared.claim(wren, tuesday.lead)
    await shared.withhold("claim")
    cover = uuid4()
    said = {"cover": str(cover), "claim": str(held), "handle": str(uuid4())}
    await shared.south_says("cover.asked", **said)
    async with door(shared.north.engine) as session:
        asked = await session.get_one(CoverRequest, cover)
        assert (asked.state, asked.decided_here) == ("lapsed", True)
