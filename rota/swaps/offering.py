"""Somebody offers a seat that they hold: to one person or to all of a pool, for another or none."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from database.session import broken_constraint
from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound, Reason
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_write
from rota.bookings.actions import free, home_reasons, lock_person
from rota.claims.errors import ClaimOver
from rota.claims.models import Claim
from rota.consent.asking import needs_consent
from rota.shifts.models import Seat, Shift
from rota.swaps.errors import AlreadyOffered, OfferOver, OfferRefused
from rota.swaps.held import Held, held_by_claim, may_act_for, own_held
from rota.swaps.models import SwapOffer, SwapWanted
from rota.swaps.rules import CONSENT_FIRST, lasts_until

MOST_WANTED = 20
ELSEWHERE = Reason(
    "swap-across-nodes",
    "Seats change hands only between people of the node that plans the pool. "
    "Ask your coordinator, or give the seat back so that others can take it.",
)
NO_SUCH_HANDLE = Reason("no-such-handle", "Nobody of this pool has that name at the moment.")
NOT_TO_SWAP = Reason("nothing-to-swap", "A seat that you want in return is not taken by anybody.")
TOO_MANY = Reason("too-many-wanted", f"Name at most {MOST_WANTED} seats that you would take.")


async def offer_seat(
    session: AsyncSession,
    asker: Asker,
    claim_id: UUID,
    now: datetime,
    *,
    to: str | None = None,
    one_way: bool = False,
    wanted: Sequence[UUID] = (),
) -> SwapOffer:
    """Offer a held seat, as its holder or for somebody whom one coordinates.

    `wanted` names seats to be had in return; without any, every seat that fits will do.
    """
    require_write(asker)
    held = await own_held(session, asker, claim_id)
    if held.claim.state != "held" or held.shift.starts <= now:
        raise ClaimOver
    if held.pool.host is not None:
        raise OfferRefused(reasons=(ELSEWHERE,))
    if not one_way and needs_consent(held.pool, asker, None):
        raise OfferRefused(reasons=(CONSENT_FIRST,))
    receiver = await _receiver(session, held, to)
    offer = await _keep(session, held, receiver, now, one_way=one_way)
    if wanted:
        await _keep_wanted(session, held, offer, wanted, now)
    if receiver is not None and receiver.person_id is not None:
        await _ask(session, receiver.person_id, now)
    await record(
        session,
        actor=asker.person_id,
        verb="offer-seat",
        subject="swap_offer",
        subject_id=offer.id,
        now=now,
        facts={
            "claim": str(claim_id),
            "one_way": one_way,
            "on_behalf": asker.person_id != held.person_id,
        },
    )
    return offer


async def _receiver(session: AsyncSession, held: Held, to: str | None) -> Handle | None:
    if to is None:
        return None
    handle = await session.scalar(
        select(Handle).where(
            Handle.pool_id == held.pool.id, Handle.display == to, Handle.retired_at.is_(None)
        )
    )
    if handle is None or handle.person_id == held.person_id:
        raise OfferRefused(reasons=(NO_SUCH_HANDLE,))
    if handle.person_id is None:
        raise OfferRefused(reasons=(ELSEWHERE,))
    return handle


async def _keep(
    session: AsyncSession, held: Held, receiver: Handle | None, now: datetime, *, one_way: bool
) -> SwapOffer:
    briefing = held.shift.starts - timedelta(minutes=held.shift.briefing_minutes)
    offer = SwapOffer(
        pool_id=held.pool.id,
        seat_id=held.seat.id,
        claim_id=held.claim.id,
        to_handle_id=receiver.id if receiver else None,
        one_way=one_way,
        made_at=now,
        expires_at=lasts_until(briefing, now),
    )
    if offer.expires_at <= now:
        raise OfferRefused(
            reasons=(Reason("too-late", "The briefing has begun. Call your coordinator."),)
        )
    session.add(offer)
    try:
        await session.flush()
    except IntegrityError as error:
        if broken_constraint(error) == "uq_swap_offer_one_a_seat":
            raise AlreadyOffered from error
        raise
    expiry = {"offer": str(offer.id)}
    await put(session, "swap-expiry", expiry, now=now, key=str(offer.id), due=offer.expires_at)
    return offer


async def _keep_wanted(
    session: AsyncSession, held: Held, offer: SwapOffer, wanted: Sequence[UUID], now: datetime
) -> None:
    if offer.one_way:
        raise OfferRefused(
            reasons=(Reason("nothing-wanted", "Who gives a seat away wants none in return."),)
        )
    if len(set(wanted)) > MOST_WANTED:
        raise OfferRefused(reasons=(TOO_MANY,))
    rows = (
        await session.execute(
            select(Seat, Shift)
            .join(Shift, Shift.id == Seat.shift_id)
            .join(Claim, Claim.seat_id == Seat.id)
            .join(Handle, Handle.id == Claim.handle_id)
            .where(
                Seat.id.in_(wanted),
                Shift.pool_id == held.pool.id,
                Claim.state == "held",
                Handle.person_id.is_distinct_from(held.person_id),
            )
            .order_by(Shift.starts, Seat.id)
        )
    ).all()
    if len(rows) != len(set(wanted)):
        raise OfferRefused(reasons=(NOT_TO_SWAP,))
    await _could_take(session, held, [(seat, shift) for seat, shift in rows], now)
    session.add_all(
        SwapWanted(offer_id=offer.id, seat_id=seat.id, starts=shift.starts, ends=shift.ends)
        for seat, shift in rows
    )


async def _could_take(
    session: AsyncSession, held: Held, wanted: Sequence[tuple[Seat, Shift]], now: datetime
) -> None:
    """Ask `worker_may` for each seat as if the offered one were gone, and undo its going."""
    person = await lock_person(session, held.person_id)
    trial = await session.begin_nested()
    await free(session, held.claim.id)
    reasons = [
        reason
        for seat, shift in wanted
        for reason in await home_reasons(session, person, shift, seat.role, now)
    ]
    await trial.rollback()
    if reasons:
        raise OfferRefused(reasons=tuple(dict.fromkeys(reasons)))


async def _ask(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    text = "Somebody asks you for a change in your plan. Please look whether it suits you."
    await notify(session, person_id=person_id, code="swap-offered", text=text, now=now)


async def lock_offer(session: AsyncSession, offer: SwapOffer) -> None:
    """Lock an offer and read it again; people, shifts and claims come before it."""
    await session.refresh(offer, with_for_update={"key_share": True})


async def withdraw_offer(
    session: AsyncSession, asker: Asker, offer_id: UUID, now: datetime
) -> SwapOffer:
    """Take an offer back; the seat was never given up."""
    require_write(asker)
    offer = await session.get(SwapOffer, offer_id)
    if offer is None:
        raise NotFound
    held = await held_by_claim(session, offer.claim_id)
    if not may_act_for(asker, held.handle):
        raise NotFound
    await lock_offer(session, offer)
    if offer.state != "open":
        raise OfferOver
    offer.state, offer.ended_at = "withdrawn", now
    await record(
        session,
        actor=asker.person_id,
        verb="withdraw-offer",
        subject="swap_offer",
        subject_id=offer.id,
        now=now,
        facts={"on_behalf": asker.person_id != held.person_id},
    )
    return offer


async def lapse_offer(session: AsyncSession, offer_id: UUID, now: datetime) -> None:
    """End an offer that nobody took up in time, and say so to who made it."""
    offer = await session.get(SwapOffer, offer_id)
    if offer is None:
        return
    await lock_offer(session, offer)
    if offer.state != "open" or now < offer.expires_at:
        return
    offer.state, offer.ended_at = "lapsed", now
    held = await held_by_claim(session, offer.claim_id)
    if held.claim.state == "held":
        text = "Nobody has taken up your offer in time. Your plan is as it was."
        await notify(session, person_id=held.person_id, code="swap-lapsed", text=text, now=now)
    await record(
        session,
        actor=SYSTEM,
        verb="lapse-offer",
        subject="swap_offer",
        subject_id=offer.id,
        now=now,
    )
