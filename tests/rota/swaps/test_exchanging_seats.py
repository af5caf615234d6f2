"""Seats change hands: both sides are asked everything, nobody is booked twice, all agree after."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.rules import secret_hash
from federation.audit.models import AuditEntry
from rota.bookings.models import Booking
from rota.calendar.actions import make_address
from rota.calendar.feeds.actions import write_feed
from rota.calendar.models import CalendarAddress
from rota.claims.models import Claim
from rota.cover.actions import ask_for_cover
from rota.cover.models import CoverRequest
from rota.leave.actions import enter_leave
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat
from rota.swaps.errors import SwapRefused
from rota.swaps.exchange import accept_offer
from rota.swaps.models import ExchangeLeg, SwapOffer
from rota.swaps.queries import exchanged_by
from tests.rota.strict_calendar import strictly_read
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
from tests.rota.world import NOW, TUESDAY_19, a_worker, is_open, seat_states


@pytest.fixture
async def pair(session: AsyncSession) -> Pair:
    return await a_pair(session)


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


async def test_nobody_is_asked_any_more_to_cover_a_seat_that_was_swapped(
    session: AsyncSession, pair: Pair
) -> None:
    cover = await ask_for_cover(session, pair.wren.asker, pair.wrens, NOW)
    offer = await offered(session, pair)
    await accept_offer(session, pair.robin.asker, offer, LATER, gives=pair.robins)
    assert (await session.get_one(CoverRequest, cover.id)).state == "covered"


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
