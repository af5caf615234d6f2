"""At the host: two people exchange seats, or one hands a seat over, with all rules asked.

All in one transaction, whose caller has locked everything (`lock_parts`). Both seats are given up
first, so that each side is judged as if what it gives were gone; a refusal of either side undoes
it all. Who is at home elsewhere was judged there by `worker_may`, for exactly this time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.errors import Reason
from federation.feeds.actions import append
from federation.feeds.telling import Telling, tell
from federation.notices.actions import notify
from federation.people.models import Handle, Person
from federation.pools.terms import in_term
from rota.bookings.actions import free, home_reasons
from rota.bookings.queries import wish_for
from rota.bookings.replacing import book_instead
from rota.calendar.actions import calendar_changed
from rota.claims.errors import ClaimRefused, SeatTaken
from rota.claims.models import Claim
from rota.cover.ladder import close_cover, open_cover_of
from rota.seats.actions import host_reasons, settle
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import answer_by
from rota.sign_up.from_homes import Sign, receipt_of
from rota.swaps.errors import SwapRefused
from rota.swaps.held import Held
from rota.swaps.models import Exchange, ExchangeLeg, SwapOffer
from rota.swaps.rules import OTHER_SIDE
from rota.swaps.stating import offer_stated

EXCHANGED = "There is a change in your plan: a seat of yours has been exchanged or handed over."


@dataclass(slots=True)
class Side:
    """One of the two: who they are, what they give and the seat that they get."""

    handle: Handle
    person_id: UUID | None
    home: str | None
    gives: Held | None
    gets: Held | None
    claim: Claim | None = field(default=None)
    """What they hold afterwards; made before where a home had to be asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a home is told of its side of an exchange."""

    exchange_id: UUID
    offer_id: UUID
    side: Side
    state: str
    reasons: Sequence[Reason] = ()
    sign: Sign | None = None


async def exchange_seats(
    session: AsyncSession,
    offer: SwapOffer,
    sides: tuple[Side, Side],
    now: datetime,
    *,
    exchange_id: UUID | None = None,
) -> Exchange:
    """Give both seats to the other side, the giver's first; whoever is refused raises."""
    giver, other = sides
    await _give_up([side.gives.claim for side in sides if side.gives], session, now)
    other_may_not = await _sit(session, other, now)
    if other_may_not:
        raise SwapRefused(reasons=other_may_not)
    if await _sit(session, giver, now):
        raise SwapRefused(reasons=(OTHER_SIDE,))
    offer.state, offer.ended_at = "accepted", now
    made = Exchange(id=exchange_id or new_id(), offer_id=offer.id, at=now)
    session.add(made)
    await session.flush()
    session.add_all(_leg(made, side) for side in sides)
    await session.flush()
    return made


async def try_exchange(
    session: AsyncSession,
    offer: SwapOffer,
    sides: tuple[Side, Side],
    now: datetime,
    *,
    exchange_id: UUID,
) -> tuple[Reason, ...]:
    """Exchange seats where nobody waits to hear a refusal raised: gives the reasons instead."""
    kept = [side.gives.claim for side in sides if side.gives] + [
        side.claim for side in sides if side.claim
    ]
    try:
        async with session.begin_nested():
            await exchange_seats(session, offer, sides, now, exchange_id=exchange_id)
    except SwapRefused as refused:
        for each in (offer, *kept):
            await session.refresh(each)
        return refused.reasons
    return ()


async def _give_up(claims: Sequence[Claim], session: AsyncSession, now: datetime) -> None:
    for claim in claims:
        claim.state, claim.ended_at = "released", now
        await free(session, claim.id)
    # before new claims on the same seats: one holder a seat
    await session.flush()


async def _sit(session: AsyncSession, side: Side, now: datetime) -> tuple[Reason, ...]:
    """Ask both halves of the rule, and seat this side; every reason if it cannot be."""
    if side.gets is None:
        return ()
    shift, seat = side.gets.shift, side.gets.seat
    reasons: tuple[Reason, ...] = ()
    if side.person_id is not None:
        person = await session.get_one(Person, side.person_id)
        kept = side.claim.id if side.claim else None
        reasons = await home_reasons(session, person, shift, seat.role, now, moving=kept)
    if not reasons:
        reasons = await _host_reasons(session, shift, seat, side.handle, now)
    if reasons:
        return reasons
    if side.claim is not None:
        side.claim.state = "held"
        await session.flush()
        return ()
    return await _seat_now(session, side, side.gets, now)


async def _seat_now(
    session: AsyncSession, side: Side, gets: Held, now: datetime
) -> tuple[Reason, ...]:
    """Make the claim of somebody whom no other node has to be asked about."""
    side.claim = Claim(
        seat_id=gets.seat.id,
        handle_id=side.handle.id,
        state="held",
        origin="worker",
        decided_here=True,
        answer_by=answer_by(gets.shift, now),
        made_at=now,
    )
    session.add(side.claim)
    await session.flush()
    if side.person_id is None:
        return ()
    stay = wish_for(gets.shift, gets.seat.role).stay
    given_up = side.gives.claim.id if side.gives else None
    try:
        await book_instead(session, side.person_id, side.claim.id, stay, of=given_up)
    except ClaimRefused as refused:
        return refused.reasons
    return ()


async def _host_reasons(
    session: AsyncSession, shift: Shift, seat: Seat, handle: Handle, now: datetime
) -> tuple[Reason, ...]:
    try:
        return await host_reasons(session, shift, seat.id, handle, now, changes_hands=True)
    except SeatTaken as taken:
        return (Reason(taken.code, taken.sentence),)


def _leg(made: Exchange, side: Side) -> ExchangeLeg:
    return ExchangeLeg(
        exchange_id=made.id,
        handle_id=side.handle.id,
        gave_claim_id=side.gives.claim.id if side.gives else None,
        got_claim_id=side.claim.id if side.claim else None,
    )


async def tell_everybody(
    session: AsyncSession,
    offer: SwapOffer,
    made: Exchange,
    sides: tuple[Side, Side],
    now: datetime,
    *,
    actor: UUID | None = None,
    sign: Sign | None = None,
) -> None:
    """Bring shifts, calendars and partners in line with an exchange; its `actor` knows of it."""
    people = [side.person_id for side in sides if side.person_id is not None]
    for person_id in sorted(people):
        await calendar_changed(session, person_id, now)
        if person_id != actor:
            await notify(session, person_id=person_id, code="swapped", text=EXCHANGED, now=now)
    covers = await _settle_all(session, sides, now)
    answers = [
        _telling(session, Answer(made.id, offer.id, side, "held", sign=sign), now) for side in sides
    ]
    stated = await offer_stated(session, offer, now)
    await tell([*stated, *covers, *(each for each in answers if each)])


async def _settle_all(
    session: AsyncSession, sides: tuple[Side, Side], now: datetime
) -> list[Telling]:
    """Bring the shifts in line, and ask nobody any more to cover a seat that has gone to another.

    Each seat given is in the hands of the other side by now.
    """
    giver, other = sides
    given = [(giver.gives, other.claim), (other.gives, giver.claim)]
    parts = [(held, claim) for held, claim in given if held is not None and claim is not None]
    covers = [(await open_cover_of(session, held.seat.id), held, claim) for held, claim in parts]
    shifts = {held.shift.id: held.shift for held, _claim in parts}
    for shift_id in sorted(shifts):
        await settle(session, shifts[shift_id], now)
    return [
        (
            held.home or "",
            partial(close_cover, session, cover, held.shift, "covered", now, taken_by=claim.id),
        )
        for cover, held, claim in covers
        if cover is not None
    ]


def _telling(session: AsyncSession, answer: Answer, now: datetime) -> Telling | None:
    home = answer.side.home
    return None if home is None else (home, partial(answer_home, session, home, answer, now))


async def answer_home(session: AsyncSession, home: str, answer: Answer, now: datetime) -> None:
    """Tell a home how its side of an exchange ended, both seats in one word; with a receipt."""
    side, held = answer.side, answer.state == "held"
    if held and side.claim is not None and answer.sign is not None:
        receipt_of(side.claim, now, answer.sign)
    said: dict[str, Any] = {
        "exchange": str(answer.exchange_id),
        "offer": str(answer.offer_id),
        "claim": str(side.claim.id) if side.claim else None,
        "gave": str(side.gives.claim.id) if side.gives else None,
        "state": answer.state,
        "reasons": [reason._asdict() for reason in answer.reasons],
        "receipt": side.claim.receipt if held and side.claim else None,
    }
    said = await in_term(session, side.handle.pool_id, said)
    await append(session, "private", home, "exchange.answered", said, now=now)
