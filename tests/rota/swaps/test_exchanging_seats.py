"""Seats change hands: both sides are asked everything, nobody is booked twice, all agree after."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.rules import secret_hash
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.notices.models import Notice
from federation.people.actions import let_go
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.settings import set_consent
from rota.bookings.models import Booking
from rota.calendar.actions import make_address
from rota.calendar.feeds.actions import write_feed
from rota.calendar.models import CalendarAddress
from rota.claims.errors import ClaimOver
from rota.claims.models import Claim
from rota.cover.actions import ask_for_cover
from rota.cover.models import CoverRequest
from rota.leave.actions import enter_leave
from rota.shifts.changing import staffing_of_shift
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat, release_claim
from rota.swaps.errors import AlreadyOffered, OfferOver, OfferRefused, SwapRefused
from rota.swaps.exchange import accept_offer
from rota.swaps.models import ExchangeLeg, SwapOffer
from rota.swaps.offering import lapse_offer, offer_seat, withdraw_offer
from rota.swaps.queries import exchanged_by
from rota.timetable.actions import ShiftDraft, cancel_shift, change_shift
from tests.rota.strict_calendar import strictly_read
from tests.rota.swaps.pair import LATER, WEDNESDAY_19, Pair, a_pair, holders, refused
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    is_open,
    seat_states,
)


@pytest.fixture
async def pair(session: AsyncSession) -> Pair:
    return await a_pair(session)


async def offered(session: AsyncSession, pair: Pair, **terms: Any) -> UUID:
    offer = await offer_seat(session, pair.wren.asker, pair.wrens, NOW, **terms)
    return offer.id


async def notices(session: AsyncSession) -> list[tuple[UUID, str]]:
    rows = await session.execute(select(Notice.person_id, Notice.code).order_by(Notice.at))
    return [(person, code) for person, code in rows]


async def test_two_exchange_their_seats(session: AsyncSession, pair: Pair) -> None:
    offer = await offered(session, pair)
    made = await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    assert await holders(session) == {
        pair.tuesday.lead: pair.robin.handle,
        pair.wednesday.seats["second"]: pair.wren.handle,
    }
    old = [await session.get_one(Claim, claim) for claim in (pair.wrens, pair.robins)]
    assert [(claim.state, claim.ended_at) for claim in old] == [("released", LATER)] * 2
    legs = await session.execute(
        select(ExchangeLeg.handle_id, ExchangeLeg.gave_claim_id, Claim.seat_id)
        .join(Claim, Claim.id == ExchangeLeg.got_claim_id)
        .where(ExchangeLeg.exchange_id == made.id)
    )
    assert sorted(map(tuple, legs)) == sorted(
        [
            (pair.wren.handle, pair.wrens, pair.wednesday.seats["second"]),
            (pair.robin.handle, pair.robins, pair.tuesday.lead),
        ]
    )
    assert (await session.get_one(SwapOffer, offer)).state == "accepted"
    assert await notices(session) == [(pair.wren.id, "swapped")]


async def test_what_replaces_a_booking_keeps_its_exchange_id(
    session: AsyncSession, pair: Pair
) -> None:
    offer = await offered(session, pair)
    await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    for person in (pair.wren.id, pair.robin.id):
        rows = await session.execute(
            select(Booking.exchange_id, Booking.active)
            .where(Booking.person_id == person)
            .order_by(Booking.id)
        )
        (before, was_active), (after, active) = rows
        assert (was_active, active) == (False, True)
        assert before == after


async def test_seats_at_the_same_time_are_exchanged_though_each_overlaps_what_it_replaces(
    session: AsyncSession,
) -> None:
    pair = await a_pair(session, second=TUESDAY_19 + timedelta(hours=1))
    offer = await offered(session, pair)
    await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    assert (await holders(session))[pair.tuesday.lead] == pair.robin.handle


async def test_lead_and_second_of_one_shift_change_places(session: AsyncSession) -> None:
    pair = await a_pair(session)
    other = await a_worker(session, pair.pool.id, pair.pool.coordinator)
    held = await claim_seat(session, other.asker, pair.tuesday.seats["second"], NOW)
    offer = await offered(session, pair)
    await accept_offer(session, other.asker, offer, LATER, gives=held.id)
    assert await seat_states(session, pair.tuesday) == {
        "lead": "held",
        "second": "held",
        "supervisor": "open",
    }
    found = await holders(session)
    assert found[pair.tuesday.lead] == other.handle
    assert found[pair.tuesday.seats["second"]] == pair.wren.handle


async def test_a_seat_is_handed_over_for_nothing(session: AsyncSession, pair: Pair) -> None:
    offer = await offered(session, pair, one_way=True, to=pair.robin.display)
    await accept_offer(session, pair.robin.asker, offer, LATER)
    assert await holders(session) == {
        pair.tuesday.lead: pair.robin.handle,
        pair.wednesday.seats["second"]: pair.robin.handle,
    }
    assert await notices(session) == [
        (pair.robin.id, "swap-offered"),
        (pair.wren.id, "swapped"),
    ]


async def test_an_exchange_keeps_a_shift_open_throughout(session: AsyncSession, pair: Pair) -> None:
    second = await a_worker(session, pair.pool.id, pair.pool.coordinator)
    on_call = await a_worker(session, pair.pool.id, pair.pool.coordinator, "supervisor")
    await claim_seat(session, second.asker, pair.tuesday.seats["second"], NOW)
    await claim_seat(session, on_call.asker, pair.tuesday.seats["supervisor"], NOW)
    assert await is_open(session, pair.tuesday)
    offer = await offered(session, pair)
    await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    assert await is_open(session, pair.tuesday)
    assert "shift-closed" not in {code for _person, code in await notices(session)}


async def test_check_17_a_swap_updates_both_feeds(session: AsyncSession, pair: Pair) -> None:
    people = (pair.wren.id, pair.robin.id)
    secrets = [await make_address(session, person, "Phone", "Plan", NOW) for person in people]

    async def days() -> list[list[str]]:
        addresses = [await feed_address(session, secret) for secret in secrets]
        written = [await write_feed(session, address, LATER) for address in addresses]
        return [[event["DTSTART"] for event in strictly_read(one.body)] for one in written if one]

    assert await days() == [["20270105T184500Z"], ["20270106T184500Z"]]
    offer = await offered(session, pair)
    await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    assert await days() == [["20270106T184500Z"], ["20270105T184500Z"]]


async def feed_address(session: AsyncSession, secret: str) -> UUID:
    hashed = CalendarAddress.secret_hash == secret_hash(secret)
    found: UUID | None = await session.scalar(select(CalendarAddress.id).where(hashed))
    assert found
    return found


async def test_the_audit_names_both_acts_by_ids_alone(session: AsyncSession, pair: Pair) -> None:
    offer = await offered(session, pair)
    made = await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    rows = await session.execute(
        select(AuditEntry.actor, AuditEntry.verb, AuditEntry.facts)
        .where(AuditEntry.subject_id.in_([offer, made.id]))
        .order_by(AuditEntry.at)
    )
    assert [tuple(row) for row in rows] == [
        (
            str(pair.wren.id),
            "offer-seat",
            {"claim": str(pair.wrens), "one_way": False, "on_behalf": False},
        ),
        (
            str(pair.robin.id),
            "exchange-seats",
            {"offer": str(offer), "on_behalf": False, "state": "held"},
        ),
    ]


# who takes up an offer is told their own reasons, of the other side only that it cannot


async def test_home_asks_who_takes_up_and_says_why_not(session: AsyncSession, pair: Pair) -> None:
    offer = await offered(session, pair)
    starts = TUESDAY_19 + timedelta(minutes=5)
    await enter_leave(session, pair.robin.asker, pair.robin.id, TUESDAY_19, starts, NOW)
    action = accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    assert await refused(session, SwapRefused, action) == ["on-leave"]


async def test_home_asks_who_offered_and_does_not_tell_the_other_why(
    session: AsyncSession, pair: Pair
) -> None:
    offer = await offered(session, pair)
    starts = WEDNESDAY_19 + timedelta(minutes=5)
    await enter_leave(session, pair.wren.asker, pair.wren.id, WEDNESDAY_19, starts, NOW)
    action = accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    assert await refused(session, SwapRefused, action) == ["other-side-cannot"]


async def test_the_host_asks_both_sides(session: AsyncSession) -> None:
    pair = await a_pair(session, wren={"languages": ["en", "ro"]})
    second = await a_worker(session, pair.pool.id, pair.pool.coordinator)
    await claim_seat(session, second.asker, pair.tuesday.seats["second"], NOW)
    needs = update(Shift).where(Shift.id == pair.tuesday.id).values(languages=["ro"])
    await session.execute(needs)
    offer = await offered(session, pair)
    action = accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    assert await refused(session, SwapRefused, action) == ["language-missing"]


async def test_a_weekly_limit_counts_as_if_the_seat_given_were_gone(session: AsyncSession) -> None:
    pair = await a_pair(session, wren={"shifts_per_week": 1}, robin={"shifts_per_week": 1})
    with_return = await offered(session, pair)
    await accept_offer(session, pair.robin.asker, with_return, LATER, gives=pair.robins)
    again = await a_pair(session, wren={"shifts_per_week": 1}, robin={"shifts_per_week": 1})
    given = await offered(session, again, one_way=True)
    action = accept_offer(session, again.robin.asker, given, LATER)
    assert await refused(session, SwapRefused, action) == ["too-many-shifts"]


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
    other = await a_worker(session, pair.pool.id, pair.pool.coordinator)
    third = await a_shift(session, pair.pool, WEDNESDAY_19 + timedelta(days=1))
    held = await claim_seat(session, other.asker, third.lead, NOW)
    mine = await offered(session, pair)
    theirs = (await offer_seat(session, other.asker, held.id, NOW)).id
    await accept_offer(session, pair.robin.asker, mine, LATER, gives=pair.robins)
    action = accept_offer(session, pair.robin.asker, theirs, LATER, gives=pair.robins)
    await refused(session, ClaimOver, action)


async def test_bug_16_an_accepted_offer_is_not_accepted_again(
    session: AsyncSession, pair: Pair
) -> None:
    other = await a_worker(session, pair.pool.id, pair.pool.coordinator)
    third = await a_shift(session, pair.pool, WEDNESDAY_19 + timedelta(days=1))
    held = await claim_seat(session, other.asker, third.lead, NOW)
    offer = await offered(session, pair)
    await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    action = accept_offer(session, other.asker, offer, LATER, gives=held.id)
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
    other = await a_worker(session, pair.pool.id, pair.pool.coordinator)
    third = await a_shift(session, pair.pool, WEDNESDAY_19 + timedelta(days=1))
    held = await claim_seat(session, other.asker, third.lead, NOW)
    offer = await offered(session, pair, wanted=[pair.wednesday.seats["second"]])
    action = accept_offer(session, other.asker, offer, LATER, gives=held.id)
    assert await refused(session, SwapRefused, action) == ["not-wanted"]
    await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)


async def test_a_gift_takes_nothing_in_return(session: AsyncSession, pair: Pair) -> None:
    offer = await offered(session, pair, one_way=True)
    action = accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    assert await refused(session, SwapRefused, action) == ["nothing-wanted"]


async def test_nobody_is_asked_any_more_to_cover_a_seat_that_was_swapped(
    session: AsyncSession, pair: Pair
) -> None:
    cover = await ask_for_cover(session, pair.wren.asker, pair.wrens, NOW)
    offer = await offered(session, pair)
    await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    assert (await session.get_one(CoverRequest, cover.id)).state == "covered"


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


# who may


async def test_only_who_holds_a_seat_or_coordinates_them_offers_it(
    session: AsyncSession, pair: Pair
) -> None:
    stranger = await a_project(session)
    for asker in (pair.robin.asker, stranger):
        await refused(session, NotFound, offer_seat(session, asker, pair.wrens, NOW))
    reads = Asker(
        pair.wren.id, pair.wren.asker.project_id, frozenset({"worker"}), frozenset({"read"})
    )
    await refused(session, NotAllowed, offer_seat(session, reads, pair.wrens, NOW))
    offer = await offer_seat(session, pair.pool.coordinator, pair.wrens, NOW)
    for asker in (pair.robin.asker, stranger):
        await refused(session, NotFound, withdraw_offer(session, asker, offer.id, NOW))
    await refused(session, NotAllowed, withdraw_offer(session, reads, offer.id, NOW))
    await refused(session, NotAllowed, accept_offer(session, reads, offer.id, NOW))
    await withdraw_offer(session, pair.pool.coordinator, offer.id, NOW)


async def test_an_offer_to_one_person_is_nobody_elses(session: AsyncSession, pair: Pair) -> None:
    other = await a_worker(session, pair.pool.id, pair.pool.coordinator)
    offer = await offered(session, pair, one_way=True, to=pair.robin.display)
    for asker in (other.asker, pair.wren.asker):
        await refused(session, NotFound, accept_offer(session, asker, offer, LATER))
    await accept_offer(session, pair.robin.asker, offer, LATER)


async def test_an_offer_is_not_of_another_pool(session: AsyncSession, pair: Pair) -> None:
    elsewhere = await a_pool(session, pair.pool.coordinator)
    outsider = await a_worker(session, elsewhere.id, pair.pool.coordinator)
    offer = await offered(session, pair, one_way=True)
    await refused(session, NotFound, accept_offer(session, outsider.asker, offer, LATER))
    action = offer_seat(session, pair.robin.asker, pair.robins, NOW, to=outsider.display)
    assert await refused(session, OfferRefused, action) == ["no-such-handle"]


async def test_nobody_gives_what_is_somebody_elses(session: AsyncSession, pair: Pair) -> None:
    other = await a_worker(session, pair.pool.id, pair.pool.coordinator)
    offer = await offered(session, pair)
    action = accept_offer(session, other.asker, offer, LATER, gives=pair.robins)
    await refused(session, NotFound, action)


async def test_a_coordinator_acts_for_their_own_people_and_it_is_recorded(
    session: AsyncSession, pair: Pair
) -> None:
    coordinator = pair.pool.coordinator
    offer = await offer_seat(session, coordinator, pair.wrens, NOW)
    stranger = await a_project(session)
    action = accept_offer(
        session, stranger, offer.id, LATER, gives=pair.robins, worker=pair.robin.display
    )
    await refused(session, NotFound, action)
    worker = accept_offer(
        session, pair.robin.asker, offer.id, LATER, gives=pair.robins, worker=pair.robin.display
    )
    await refused(session, NotAllowed, worker)
    made = await accept_offer(
        session, coordinator, offer.id, LATER, gives=pair.robins, worker=pair.robin.display
    )
    facts = await session.scalars(
        select(AuditEntry.facts).where(AuditEntry.subject_id.in_([offer.id, made.id]))
    )
    assert [each["on_behalf"] for each in facts] == [True, True]
    assert (await holders(session))[pair.tuesday.lead] == pair.robin.handle
    assert sorted(await notices(session)) == sorted(
        [(pair.wren.id, "swapped"), (pair.robin.id, "swapped")]
    )


async def test_where_coordinators_have_to_agree_they_swap_for_their_people(
    session: AsyncSession, pair: Pair
) -> None:
    coordinator = pair.pool.coordinator
    early = await offered(session, pair)
    await set_consent(session, coordinator, pair.pool.id, NOW, needed=True)
    action = accept_offer(session, pair.robin.asker, early, LATER, gives=pair.robins)
    assert await refused(session, SwapRefused, action) == ["consent-first"]
    offering = offer_seat(session, pair.robin.asker, pair.robins, NOW)
    assert await refused(session, OfferRefused, offering) == ["consent-first"]
    gift = await offer_seat(session, pair.robin.asker, pair.robins, NOW, one_way=True)
    action = accept_offer(session, pair.wren.asker, gift.id, LATER)
    assert await refused(session, SwapRefused, action) == ["consent-first"]
    await accept_offer(session, coordinator, gift.id, LATER, worker=pair.wren.display)
    assert (await holders(session))[pair.wednesday.seats["second"]] == pair.wren.handle


async def test_both_sides_can_read_what_they_exchanged(session: AsyncSession, pair: Pair) -> None:
    offer = await offered(session, pair)
    await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    lead, second = pair.tuesday.lead, pair.wednesday.seats["second"]
    read = []
    for worker in (pair.wren, pair.robin):
        [one] = await exchanged_by(session, worker.asker, LATER)
        assert one.gave
        assert one.got
        read.append((one.at, one.gave.seat.id, one.got.seat.id))
    assert read == [(LATER, lead, second), (LATER, second, lead)]
    assert await exchanged_by(session, pair.pool.coordinator, LATER) == []
    assert await exchanged_by(session, pair.wren.asker, LATER + timedelta(days=29)) == []


async def test_a_hand_over_is_read_from_either_side(session: AsyncSession, pair: Pair) -> None:
    offer = await offered(session, pair, one_way=True)
    await accept_offer(session, pair.robin.asker, offer, LATER)
    [given] = await exchanged_by(session, pair.wren.asker, LATER)
    [taken] = await exchanged_by(session, pair.robin.asker, LATER)
    assert given.gave
    assert taken.got
    assert given.gave.seat.id == taken.got.seat.id == pair.tuesday.lead
    assert (given.got, taken.gave) == (None, None)
