"""Two people exchange seats, or one hands a seat over: in one transaction, with all rules asked.

Locks: both people, then both shifts, each in the order of their ids; claims, the offer. Both seats
are given up first, so that each side is judged as if what it gives were gone; a refusal of either
side undoes it all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound, Reason
from federation.notices.actions import notify
from federation.people.models import Handle, Person
from federation.permissions.rules import Asker, require_role, require_write
from rota.bookings.actions import free, home_reasons
from rota.bookings.queries import wish_for
from rota.bookings.replacing import book_instead
from rota.calendar.actions import calendar_changed
from rota.claims.errors import ClaimOver, ClaimRefused, SeatTaken
from rota.claims.models import Claim
from rota.consent.asking import needs_consent
from rota.cover.ladder import close_cover, open_cover_of
from rota.seats.actions import host_reasons, settle
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import answer_by, lock_claim
from rota.swaps.errors import OfferOver, SwapRefused
from rota.swaps.held import Held, current_handle, held_by_claim, own_held
from rota.swaps.models import Exchange, ExchangeLeg, SwapOffer, SwapWanted
from rota.swaps.offering import lock_offer
from rota.swaps.rules import CONSENT_FIRST, OTHER_SIDE, Given, Terms, Times, agreed


@dataclass(slots=True)
class Side:
    """One of the two: who they are, what they give and the seat that they get."""

    handle: Handle
    person_id: UUID
    gives: Held | None
    gets: Held | None
    claim: Claim | None = field(default=None)
    """What they hold afterwards."""


async def accept_offer(
    session: AsyncSession,
    asker: Asker,
    offer_id: UUID,
    now: datetime,
    *,
    gives: UUID | None = None,
    worker: str | None = None,
    seen: datetime | None = None,
) -> Exchange:
    """Take up an offer, giving a claim in return where one is wanted; seats change hands at once.

    A coordinator may do so for a worker of their own project. `seen` is the start that was shown.
    """
    require_write(asker)
    offer, offered, taker = await _offer_for(session, asker, offer_id, worker)
    if needs_consent(offered.pool, asker, worker):
        raise SwapRefused(reasons=(CONSENT_FIRST,))
    given = await own_held(session, asker, gives) if gives else None
    if given is not None and (given.person_id, given.pool.id) != (taker.person_id, offer.pool_id):
        raise NotFound
    await _lock_all(session, offer, offered, given, taker)
    if not _stands(offer, offered, now):
        raise OfferOver
    if given is not None and given.claim.state != "held":
        raise ClaimOver
    await _agree(session, offer, offered, given, seen)
    giver = Side(await current_handle(session, offered), offered.person_id, offered, given)
    other = Side(taker, taker.person_id or offered.person_id, given, offered)
    made = await _exchange(session, asker, offer, (giver, other), now)
    await record(
        session,
        actor=asker.person_id,
        verb="exchange-seats" if given else "hand-over-seat",
        subject="exchange",
        subject_id=made.id,
        now=now,
        facts={"offer": str(offer.id), "on_behalf": asker.person_id != other.person_id},
    )
    return made


async def _offer_for(
    session: AsyncSession, asker: Asker, offer_id: UUID, worker: str | None
) -> tuple[SwapOffer, Held, Handle]:
    """Find an offer that this person may take up, and under which handle; else 404."""
    if worker is None:
        whose = Handle.person_id == asker.person_id
    else:
        require_role(asker, "coordinator")
        whose = (Handle.display == worker) & (Handle.project_id == asker.project_id)
    row = (
        await session.execute(
            select(SwapOffer, Handle)
            .join(Handle, Handle.pool_id == SwapOffer.pool_id)
            .where(
                SwapOffer.id == offer_id,
                whose,
                Handle.retired_at.is_(None),
                Handle.person_id.is_not(None),
                SwapOffer.to_handle_id.is_(None) | (SwapOffer.to_handle_id == Handle.id),
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    offer, handle = row
    offered = await held_by_claim(session, offer.claim_id)
    if offered.person_id == handle.person_id:
        raise NotFound
    return offer, offered, handle


async def _lock_all(
    session: AsyncSession, offer: SwapOffer, offered: Held, given: Held | None, taker: Handle
) -> None:
    parts = [offered, given] if given else [offered]
    people = {offered.person_id, taker.person_id}
    await session.execute(_in_order(Person, people))
    await session.execute(_in_order(Shift, {each.shift.id for each in parts}))
    for each in sorted(parts, key=lambda part: part.claim.id):
        await lock_claim(session, each.claim)
    await lock_offer(session, offer)


def _in_order(table: type[Person] | type[Shift], ids: set[UUID | None]) -> Select[Any]:
    return (
        select(table)
        .where(table.id.in_(ids))
        .order_by(table.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def _stands(offer: SwapOffer, offered: Held, now: datetime) -> bool:
    return offer.state == "open" and now < offer.expires_at and offered.claim.state == "held"


async def _agree(
    session: AsyncSession,
    offer: SwapOffer,
    offered: Held,
    given: Held | None,
    seen: datetime | None,
) -> None:
    wanted = await session.scalars(select(SwapWanted).where(SwapWanted.offer_id == offer.id))
    terms = Terms(
        offer.one_way,
        {each.seat_id: Times(each.starts, each.ends) for each in wanted},
        Times(offered.shift.starts, offered.shift.ends),
    )
    back = Given(given.seat.id, Times(given.shift.starts, given.shift.ends)) if given else None
    reasons = agreed(terms, back, seen)
    if reasons:
        raise SwapRefused(reasons=reasons)


async def _exchange(
    session: AsyncSession,
    asker: Asker,
    offer: SwapOffer,
    sides: tuple[Side, Side],
    now: datetime,
) -> Exchange:
    giver, other = sides
    await _give_up([side.gives.claim for side in sides if side.gives], session, now)
    other_may_not = await _sit(session, other, now)
    if other_may_not:
        raise SwapRefused(reasons=other_may_not)
    if await _sit(session, giver, now):
        raise SwapRefused(reasons=(OTHER_SIDE,))
    offer.state, offer.ended_at = "accepted", now
    made = await _keep(session, offer, sides, now)
    for side in sorted(sides, key=lambda side: side.person_id):
        await calendar_changed(session, side.person_id, now)
        if side.person_id != asker.person_id:
            await _tell(session, side.person_id, now)
    await _settle_all(session, sides, now)
    return made


async def _settle_all(session: AsyncSession, sides: tuple[Side, Side], now: datetime) -> None:
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
    for cover, held, claim in covers:
        if cover is not None:
            await close_cover(session, cover, held.shift, "covered", now, taken_by=claim.id)


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
    person = await session.get_one(Person, side.person_id)
    reasons = await home_reasons(session, person, shift, seat.role, now)
    if not reasons:
        reasons = await _host_reasons(session, shift, seat, side.handle, now)
    if reasons:
        return reasons
    side.claim = Claim(
        seat_id=seat.id,
        handle_id=side.handle.id,
        state="held",
        origin="worker",
        decided_here=True,
        answer_by=answer_by(shift, now),
        made_at=now,
    )
    session.add(side.claim)
    await session.flush()
    stay = wish_for(shift, seat.role).stay
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


async def _keep(
    session: AsyncSession, offer: SwapOffer, sides: Sequence[Side], now: datetime
) -> Exchange:
    made = Exchange(offer_id=offer.id, at=now)
    session.add(made)
    await session.flush()
    session.add_all(
        ExchangeLeg(
            exchange_id=made.id,
            handle_id=side.handle.id,
            gave_claim_id=side.gives.claim.id if side.gives else None,
            got_claim_id=side.claim.id if side.claim else None,
        )
        for side in sides
    )
    await session.flush()
    return made


async def _tell(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    text = "There is a change in your plan: a seat of yours has been exchanged or handed over."
    await notify(session, person_id=person_id, code="swapped", text=text, now=now)
