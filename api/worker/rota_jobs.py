"""The rota's work after a commit: proposals decided, claims lapsed, offers stated, plans made."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from database.outbox import put
from database.session import door
from federation.audit.actions import SYSTEM
from federation.notices.messages.actions import forget_person
from federation.people.models import Person
from federation.pools.actions import restate_handles
from federation.pools.slots.restating import restate_slots
from protocols.favourites.actions import forget_choices
from rota.bookings.busy_seats import tell_of_busy_seats
from rota.busy_times.actions import forget_busy_calendars
from rota.calendar.actions import revoke_all_addresses
from rota.consent.actions import lapse_consent
from rota.cover.follow import follow_seat
from rota.cover.ladder import move_on
from rota.cover.spans import ask_when_away
from rota.coverage.actions import hosted_pools, state_hours
from rota.leave.actions import give_seat_back, seats_to_give_back
from rota.offers.actions import state_offers
from rota.passport.actions import remind_of_expiry
from rota.plans.actions import propose_from_plan
from rota.readings.actions import LOOK, look_at_readings, vacate_unread
from rota.readings.details import tell_of_details
from rota.readings.running import tell_running
from rota.reminders.actions import remind
from rota.sign_up.actions import lapse_claim
from rota.sign_up.leavers import claims_of_leaver, vacate
from rota.sign_up.proposals import decide_proposal
from rota.sign_up.unfit import claims_to_check, vacate_if_unfit
from rota.swaps.offering import end_offer_of, lapse_offer
from rota.swaps.pending import broken_with, lapse_exchange, refuse_broken, refuse_if_broken

RotaJob = Callable[[AsyncEngine, dict[str, Any], datetime], Awaitable[datetime | None]]


async def expire_claim(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """End a claim or proposal that was not answered in time."""
    async with door(engine) as session:
        await lapse_claim(session, UUID(payload["claim"]), now)


async def move_cover(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Ask the next in the ladder, where nobody was found in time."""
    async with door(engine) as session:
        await move_on(session, UUID(payload["cover"]), payload["step"], now)


async def look_again(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Ask those who wait for a seat that has changed hands, or begin the ladder; end its swaps."""
    seat_id = UUID(payload["seat"])
    async with door(engine) as session:
        await follow_seat(session, seat_id, now)
        over = await broken_with(session, seat_id)
    for exchange_id in over:
        async with door(engine) as session:
            await refuse_broken(session, exchange_id, now)
    async with door(engine) as session:
        await end_offer_of(session, seat_id, now)


async def expire_consent(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Free a worker whose coordinators have not answered in time."""
    async with door(engine) as session:
        await lapse_consent(session, UUID(payload["claim"]), now)


async def ask_cover(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Ask others for one seat of somebody who is away."""
    async with door(engine) as session:
        await ask_when_away(session, UUID(payload["claim"]), UUID(payload["actor"]), now)


async def decide(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Let this node, as home, decide a proposal of this node as host."""
    async with door(engine) as session:
        await decide_proposal(session, UUID(payload["claim"]), now)


async def expire_swap(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """End an offer of a seat that nobody took up in time."""
    async with door(engine) as session:
        await lapse_offer(session, UUID(payload["offer"]), now)


async def expire_exchange(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """End an exchange for which another node has not answered in time."""
    async with door(engine) as session:
        await lapse_exchange(session, UUID(payload["exchange"]), now)


async def look_at_exchange(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """End an exchange that one of the two no longer wants."""
    async with door(engine) as session:
        await refuse_if_broken(session, UUID(payload["claim"]), now)


async def propose(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Make one proposal of a published plan."""
    async with door(engine) as session:
        await propose_from_plan(session, payload, now)


async def state_all_offers(engine: AsyncEngine, _payload: dict[str, Any], now: datetime) -> None:
    """Tell hosts elsewhere what our people can take."""
    async with door(engine) as session:
        await state_offers(session, now)


async def follow_texts(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Do what follows from texts that are new, read or withdrawn: for seats, and for offers."""
    async with door(engine) as session:
        await put(session, LOOK, {}, now=now, key="all")
    await state_all_offers(engine, payload, now)


async def look_at_all_readings(
    engine: AsyncEngine, _payload: dict[str, Any], now: datetime
) -> datetime | None:
    """Tell of what is new, remind who has not read, and free their seats, each in its own door."""
    async with door(engine) as session:
        await tell_running(session, now)
    async with door(engine) as session:
        await tell_of_details(session, now)
    async with door(engine) as session:
        looked = await look_at_readings(session, now)
    for claim_id in looked.to_vacate:
        async with door(engine) as session:
            await vacate_unread(session, claim_id, now)
    return looked.again


async def remind_of_tomorrow(engine: AsyncEngine, now: datetime) -> None:
    """Remind those who want it of what they have tomorrow."""
    async with door(engine) as session:
        await remind(session, now)


async def follow_person(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Do what follows from a changed role or from leaving: handles, seats, all addresses."""
    person_id = UUID(payload["person"])
    async with door(engine) as session:
        await restate_handles(session, person_id, now)
        held = await claims_of_leaver(session, person_id, now)
        if (await session.get_one(Person, person_id)).left_at is not None:
            await revoke_all_addresses(session, SYSTEM, person_id, now)
            await forget_busy_calendars(session, person_id, now)
            await forget_person(session, person_id)
            await forget_choices(session, person_id)
    for claim_id in held:
        async with door(engine) as session:
            await vacate(session, person_id, claim_id, now)
    # of somebody who stays, the seats for which a role is gone
    await check_passports(engine, payload, now)


async def check_passports(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Free the seats of a person, or on a shift or channel, whose holders lack what is asked."""
    about = {f"{name}_id": UUID(value) for name, value in payload.items()}
    async with door(engine) as session:
        claims = await claims_to_check(session, now, **about)
    for claim_id in claims:
        async with door(engine) as session:
            await vacate_if_unfit(session, claim_id, now)


async def look_at_busy_seats(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Tell somebody of seats of theirs at which a calendar has come to say busy."""
    async with door(engine) as session:
        await tell_of_busy_seats(session, UUID(payload["person"]), now)


async def remind_of_training(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Remind of a training that ends."""
    async with door(engine) as session:
        training, expires = UUID(payload["training"]), date.fromisoformat(payload["expires"])
        await remind_of_expiry(session, training, expires, now)


async def give_back_for_leave(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Give back the seats that lie in somebody's leave, each in a transaction of its own."""
    leave_id = UUID(payload["leave"])
    async with door(engine) as session:
        found = await seats_to_give_back(session, leave_id, now)
    for seat in found[1] if found else ():
        async with door(engine) as session:
            await give_seat_back(session, leave_id, seat.claim_id, now)


async def count_hours(engine: AsyncEngine, now: datetime) -> None:
    """Count what each project gives to the pools of this node, a pool a transaction.

    Beside it the languages that may be shown, in case a version that did not state them ran before.
    """
    async with door(engine) as session:
        pools = await hosted_pools(session)
    for pool_id in pools:
        async with door(engine) as session:
            await state_hours(session, pool_id, now)
        async with door(engine) as session:
            await restate_slots(session, pool_id, now)
