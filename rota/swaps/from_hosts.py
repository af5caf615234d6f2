"""At a home: whether somebody who offered a seat can take the one that they would get for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound, NotHereYet, Reason
from federation.feeds.actions import append
from federation.people.models import Handle, Person
from federation.pools.stated import Moment
from federation.pools.terms import Term
from federation.restoring.queries import was_restored
from rota.bookings.actions import home_reasons, lock_person
from rota.bookings.queries import wish_for
from rota.bookings.replacing import book_instead
from rota.claims.errors import ClaimRefused
from rota.claims.models import Claim
from rota.claims.queries import lock_claim
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import TOO_LATE, await_answer
from rota.sign_up.from_hosts import Verify
from rota.swaps.errors import SwapRefused
from rota.swaps.exchange import agree
from rota.swaps.held import Held, held_by_claim, lock_offer, replaced_already
from rota.swaps.models import SwapOffer
from rota.swaps.rules import OTHER_SIDE


class ExchangeProposed(msgspec.Struct, frozen=True):
    """The host asks whether somebody of ours can take the seat that they would get."""

    exchange: UUID
    offer: UUID
    claim: UUID
    gives: UUID
    seat: UUID
    handle: UUID
    answer_by: Moment
    term: Term | None = None


async def receive_proposed(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime, _verify: Verify
) -> None:
    """Say yes or no for somebody who offered a seat: their offer is their own yes.

    With the person locked, `worker_may` is asked as if what they give were gone. A yes keeps the
    new time beside the old one until the host's answer. The host never learns why not.
    """
    proposed = msgspec.convert(payload, ExchangeProposed)
    if await session.get(Claim, proposed.claim) is not None:
        return
    try:
        held, person_id = await _ours(session, proposed, host)
    except NotFound:
        if not await was_restored(session):
            raise
        # of an offer that was made after the backup that this node came back from
        no = {"exchange": str(proposed.exchange), "claim": str(proposed.claim), "yes": False}
        await append(session, "private", host, "exchange.agreed", no, now=now)
        return
    seat, shift = await _place(session, proposed, held)
    person = await lock_person(session, person_id)
    await lock_claim(session, held.claim)
    claim = Claim(
        id=proposed.claim,
        seat_id=seat.id,
        handle_id=proposed.handle,
        state="refused",
        origin="exchange",
        decided_here=False,
        answer_by=proposed.answer_by,
        made_at=now,
        instead_of=held.claim.id,
        ended_at=now,
    )
    yes = await _keep_time(session, person, proposed, held, claim, (seat, shift), now)
    stay = wish_for(shift, seat.role).stay
    said: dict[str, Any] = {
        "exchange": str(proposed.exchange),
        "claim": str(claim.id),
        "yes": yes,
    }
    if yes:
        said |= {"begins": stay.begins.isoformat(), "ends": stay.ends.isoformat()}
        await await_answer(session, claim, now)
    await append(session, "private", host, "exchange.agreed", said, now=now)
    await record(
        session,
        actor=host,
        verb="decide-exchange",
        subject="claim",
        subject_id=claim.id,
        now=now,
        facts={"offer": str(proposed.offer), "yes": yes},
    )


async def _ours(session: AsyncSession, proposed: ExchangeProposed, host: str) -> tuple[Held, UUID]:
    """Find the seat that one of ours has offered, at this host, and under which handle they sit."""
    held = await held_by_claim(session, proposed.gives)
    handle = await session.get(Handle, proposed.handle)
    offer = await session.get(SwapOffer, proposed.offer)
    if held.pool.host != host or held.person_id is None or offer is None or handle is None:
        raise NotFound
    if (offer.claim_id, handle.person_id, handle.pool_id) != (
        held.claim.id,
        held.person_id,
        held.pool.id,
    ):
        raise NotFound
    return held, held.person_id


async def _place(
    session: AsyncSession, proposed: ExchangeProposed, held: Held
) -> tuple[Seat, Shift]:
    row = (
        await session.execute(
            select(Seat, Shift)
            .join(Shift, Shift.id == Seat.shift_id)
            .where(Seat.id == proposed.seat, Shift.pool_id == held.pool.id)
        )
    ).one_or_none()
    if row is None:
        raise NotHereYet
    return row[0], row[1]


async def _keep_time(
    session: AsyncSession,
    person: Person,
    proposed: ExchangeProposed,
    held: Held,
    claim: Claim,
    place: tuple[Seat, Shift],
    now: datetime,
) -> bool:
    """Keep the time of the new seat beside the old one's; False, and kept as refused, if not."""
    seat, shift = place
    reasons = await _reasons(session, person, proposed, held, place, now)
    if not reasons:
        claim.state, claim.ended_at = "requested", None
        try:
            async with session.begin_nested():
                session.add(claim)
                await session.flush()
                stay = wish_for(shift, seat.role).stay
                await book_instead(session, person.id, claim.id, stay, of=held.claim.id)
        except ClaimRefused as refused:
            reasons = refused.reasons
        else:
            return True
    claim.state, claim.ended_at = "refused", now
    claim.reasons = [reason._asdict() for reason in reasons]
    session.add(claim)
    await session.flush()
    return False


async def _reasons(
    session: AsyncSession,
    person: Person,
    proposed: ExchangeProposed,
    held: Held,
    place: tuple[Seat, Shift],
    now: datetime,
) -> tuple[Reason, ...]:
    seat, shift = place
    offer = await session.get_one(SwapOffer, proposed.offer)
    await lock_offer(session, offer)
    over = offer.state != "open" or held.claim.state != "held"
    if over or await replaced_already(session, [held.claim.id]):
        return (OTHER_SIDE,)
    if now >= proposed.answer_by:
        return (TOO_LATE,)
    back = Held(held.claim, seat, shift, held.pool, held.handle, held.person_id)
    try:
        await agree(session, offer, held.shift, back, None)
    except SwapRefused as refused:
        return refused.reasons
    return await home_reasons(session, person, shift, seat.role, now, moving=held.claim.id)
