"""What may be offered, what an offer asks for in return, and what becomes of it until its end."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.actions import let_go
from federation.people.rules import OPERATOR
from rota.bookings.models import Booking
from rota.claims.errors import ClaimOver
from rota.leave.actions import enter_leave
from rota.shifts.changing import staffing_of_shift
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat, release_claim
from rota.swaps.errors import AlreadyOffered, OfferOver, OfferRefused, SwapRefused
from rota.swaps.exchange import accept_offer
from rota.swaps.models import SwapOffer
from rota.swaps.offering import lapse_offer, offer_seat, withdraw_offer
from rota.timetable.actions import ShiftDraft, cancel_shift, change_shift
from tests.rota.swaps.pair import (
    LATER,
    WEDNESDAY_19,
    Pair,
    a_pair,
    holders,
    notices,
    offered,
    refused,
)
from tests.rota.world import NOW, TUESDAY_19, Worker, a_shift, a_worker


@pytest.fixture
async def pair(session: AsyncSession) -> Pair:
    return await a_pair(session)


async def somebody_on_thursday(session: AsyncSession, pair: Pair) -> tuple[Worker, UUID]:
    """Give a third worker of the pool, and the claim by which they lead on the day after."""
    worker = await a_worker(session, pair.pool.id, pair.pool.coordinator)
    thursday = await a_shift(session, pair.pool, WEDNESDAY_19 + timedelta(days=1))
    return worker, (await claim_seat(session, worker.asker, thursday.lead, NOW)).id


# bug 16: swaps overlap, are accepted with nothing to swap, outlive a deleted user


async def test_bug_16_a_seat_is_offered_once_at_a_time(session: AsyncSession, pair: Pair) -> None:
    first = await offered(session, pair)
    await refused(session, AlreadyOffered, offer_seat(session, pair.wren.asker, pair.wrens, LATER))
    await withdraw_offer(session, pair.wren.asker, first, LATER)
    await offered(session, pair)


async def test_bug_16_of_overlapping_swaps_one_takes_place(
    session: AsyncSession, pair: Pair
) -> None:
    """Two offers ask for the same seat in return, which can be given once."""
    other, held = await somebody_on_thursday(session, pair)
    mine = await offered(session, pair)
    theirs = (await offer_seat(session, other.asker, held, NOW)).id
    await accept_offer(session, pair.robin.asker, mine, LATER, gives=pair.robins)
    action = accept_offer(session, pair.robin.asker, theirs, LATER, gives=pair.robins)
    await refused(session, ClaimOver, action)


async def test_bug_16_an_accepted_offer_is_not_accepted_again(
    session: AsyncSession, pair: Pair
) -> None:
    other, held = await somebody_on_thursday(session, pair)
    offer = await offered(session, pair)
    await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    action = accept_offer(session, other.asker, offer, LATER, gives=held)
    await refused(session, OfferOver, action)


async def test_bug_16_there_must_be_something_to_swap(session: AsyncSession, pair: Pair) -> None:
    offer = await offered(session, pair)
    action = accept_offer(session, pair.robin.asker, offer, LATER)
    assert await refused(session, SwapRefused, action) == ["nothing-to-swap"]
    await release_claim(session, pair.robin.asker, pair.robins, LATER)
    action = accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    await refused(session, ClaimOver, action)


async def test_bug_16_an_offer_ends_with_the_seat_that_it_offers(
    session: AsyncSession, pair: Pair
) -> None:
    offer = await offered(session, pair)
    await release_claim(session, pair.wren.asker, pair.wrens, LATER)
    action = accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    await refused(session, OfferOver, action)


@pytest.mark.parametrize("leaver", ["wren", "robin"])
async def test_bug_16_an_offer_does_not_outlive_who_has_left(
    session: AsyncSession, pair: Pair, leaver: str
) -> None:
    """Also in the moment before the seats of a leaver have fallen free."""
    offer = await offered(session, pair)
    gone = getattr(pair, leaver)
    await let_go(session, OPERATOR, person_id=gone.id, now=LATER)
    action = accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    why = "other-side-cannot" if leaver == "wren" else "has-left"
    assert await refused(session, SwapRefused, action) == [why]


async def test_bug_16_what_is_wanted_must_be_there_to_swap(
    session: AsyncSession, pair: Pair
) -> None:
    free = pair.wednesday.lead
    own = pair.tuesday.lead
    for seat in (free, own):
        action = offer_seat(session, pair.wren.asker, pair.wrens, NOW, wanted=[seat])
        assert await refused(session, OfferRefused, action) == ["nothing-to-swap"]


async def test_what_is_wanted_must_suit_who_asks_for_it(session: AsyncSession, pair: Pair) -> None:
    starts = WEDNESDAY_19 + timedelta(minutes=5)
    await enter_leave(session, pair.wren.asker, pair.wren.id, WEDNESDAY_19, starts, NOW)
    wanted = [pair.wednesday.seats["second"]]
    action = offer_seat(session, pair.wren.asker, pair.wrens, NOW, wanted=wanted)
    assert await refused(session, OfferRefused, action) == ["on-leave"]


async def test_an_offer_for_one_seat_takes_no_other(session: AsyncSession, pair: Pair) -> None:
    other, held = await somebody_on_thursday(session, pair)
    offer = await offered(session, pair, wanted=[pair.wednesday.seats["second"]])
    action = accept_offer(session, other.asker, offer, LATER, gives=held)
    assert await refused(session, SwapRefused, action) == ["not-wanted"]
    await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)


async def test_a_gift_takes_nothing_in_return(session: AsyncSession, pair: Pair) -> None:
    offer = await offered(session, pair, one_way=True)
    action = accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    assert await refused(session, SwapRefused, action) == ["nothing-wanted"]


# gr#4182: a swap follows a moved shift, or lapses


async def move(session: AsyncSession, pair: Pair, shift_id: UUID) -> None:
    shift = await session.get_one(Shift, shift_id)
    later = timedelta(hours=1)
    draft = ShiftDraft(
        starts=shift.starts + later,
        ends=shift.ends + later,
        staffing=await staffing_of_shift(session, shift),
    )
    await change_shift(session, pair.pool.coordinator, shift_id, draft, NOW)


async def test_gr_4182_an_offer_follows_its_moved_shift(session: AsyncSession, pair: Pair) -> None:
    offer = await offered(session, pair)
    await move(session, pair, pair.tuesday.id)
    seen_before = accept_offer(
        session, pair.robin.asker, offer, LATER, gives=pair.robins, seen=TUESDAY_19
    )
    assert await refused(session, SwapRefused, seen_before) == ["shift-moved"]
    seen = TUESDAY_19 + timedelta(hours=1)
    await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins, seen=seen)
    during = await session.scalar(
        select(Booking.during).where(Booking.person_id == pair.robin.id, Booking.active)
    )
    assert during is not None
    assert during.lower == seen - timedelta(minutes=15)


async def test_gr_4182_a_seat_wanted_at_another_time_is_not_what_was_agreed_on(
    session: AsyncSession, pair: Pair
) -> None:
    offer = await offered(session, pair, wanted=[pair.wednesday.seats["second"]])
    await move(session, pair, pair.wednesday.id)
    action = accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    assert await refused(session, SwapRefused, action) == ["shift-moved"]


async def test_a_seat_on_a_cancelled_shift_is_not_taken(session: AsyncSession, pair: Pair) -> None:
    offer = await offered(session, pair)
    await cancel_shift(session, pair.pool.coordinator, pair.tuesday.id, NOW)
    action = accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    await refused(session, OfferOver, action)


# the end of an offer


async def test_a_withdrawn_offer_is_over(session: AsyncSession, pair: Pair) -> None:
    offer = await offered(session, pair)
    await withdraw_offer(session, pair.wren.asker, offer, LATER)
    action = accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    await refused(session, OfferOver, action)
    await refused(session, OfferOver, withdraw_offer(session, pair.wren.asker, offer, LATER))
    assert (await holders(session))[pair.tuesday.lead] == pair.wren.handle


async def test_an_offer_lapses_at_the_briefing_and_says_so(
    session: AsyncSession, pair: Pair
) -> None:
    offer = await offered(session, pair)
    briefing = TUESDAY_19 - timedelta(minutes=15)
    action = accept_offer(session, pair.robin.asker, offer, briefing, gives=pair.robins)
    await refused(session, OfferOver, action)
    await lapse_offer(session, offer, briefing - timedelta(seconds=1))
    assert (await session.get_one(SwapOffer, offer)).state == "open"
    await lapse_offer(session, offer, briefing)
    await lapse_offer(session, offer, briefing)
    assert (await session.get_one(SwapOffer, offer)).state == "lapsed"
    assert await notices(session) == [(pair.wren.id, "swap-lapsed")]


async def test_a_lapsed_offer_of_a_seat_long_given_up_is_nobodys_news(
    session: AsyncSession, pair: Pair
) -> None:
    offer = await offered(session, pair)
    await release_claim(session, pair.wren.asker, pair.wrens, LATER)
    await lapse_offer(session, offer, TUESDAY_19)
    assert await notices(session) == []


async def test_what_is_over_or_not_held_cannot_be_offered(
    session: AsyncSession, pair: Pair
) -> None:
    await release_claim(session, pair.wren.asker, pair.wrens, LATER)
    await refused(session, ClaimOver, offer_seat(session, pair.wren.asker, pair.wrens, LATER))
    late = offer_seat(session, pair.robin.asker, pair.robins, WEDNESDAY_19)
    await refused(session, ClaimOver, late)
