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
from federation.feeds.actions import append
from federation.feeds.telling import tell
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_write
from rota.bookings.actions import free, home_reasons, lock_person
from rota.claims.errors import ClaimOver
from rota.claims.models import Claim
from rota.claims.queries import ENDED
from rota.consent.asking import needs_consent
from rota.shifts.models import Seat, Shift
from rota.swaps.errors import AlreadyOffered, OfferOver, OfferRefused
from rota.swaps.held import (
    Held,
    current_handle,
    held_by_claim,
    holds,
    lock_offer,
    own_held,
)
from rota.swaps.models import SwapOffer, SwapWanted
from rota.swaps.rules import CONSENT_FIRST, lasts_until
from rota.swaps.stating import as_offered, offer_stated

MOST_WANTED = 20
ASKED = "Somebody asks you for a change in your plan. Please look whether it suits you."
NO_SUCH_HANDLE = Reason("no-such-handle", "Nobody of this pool has that name at the moment.")
NOT_TO_SWAP = Reason("nothing-to-swap", "A seat that you want in return is not taken by anybody.")
NAME_FEWER = "Name at most %(number)s seats that you would take."
TOO_MANY = Reason("too-many-wanted", NAME_FEWER % {"number": MOST_WANTED})


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
    if not one_way and needs_consent(held.pool, asker, None):
        raise OfferRefused(reasons=(CONSENT_FIRST,))
    receiver = await _receiver(session, held, to)
    offer = await _keep(session, held, receiver, now, to=to, one_way=one_way)
    if wanted:
        await _keep_wanted(session, held, offer, wanted, now)
    if held.pool.host is None:
        await publish_offer(session, offer, receiver, now)
    else:
        await _offer_abroad(session, offer, held.pool.host, now)
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
    """Find who is asked; the people of other nodes are known to the pool's host alone."""
    if to is None:
        return None
    handle = await session.scalar(
        select(Handle).where(
            Handle.pool_id == held.pool.id, Handle.display == to, Handle.retired_at.is_(None)
        )
    )
    unknown = handle is None and held.pool.host is None
    if unknown or (handle is not None and handle.person_id == held.person_id):
        raise OfferRefused(reasons=(NO_SUCH_HANDLE,))
    return handle


async def _keep(
    session: AsyncSession,
    held: Held,
    receiver: Handle | None,
    now: datetime,
    *,
    to: str | None,
    one_way: bool,
) -> SwapOffer:
    briefing = held.shift.starts - timedelta(minutes=held.shift.briefing_minutes)
    offer = SwapOffer(
        pool_id=held.pool.id,
        seat_id=held.seat.id,
        claim_id=held.claim.id,
        decided_here=held.pool.host is None,
        handle_id=(await current_handle(session, held)).id,
        to_handle_id=receiver.id if receiver else None,
        to_display=to,
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
    await end_in_time(session, offer, now)
    return offer


async def end_in_time(session: AsyncSession, offer: SwapOffer, now: datetime) -> None:
    """Have an offer end by itself when nobody has taken it up."""
    expiry = {"offer": str(offer.id)}
    await put(session, "swap-expiry", expiry, now=now, key=str(offer.id), due=offer.expires_at)


async def publish_offer(
    session: AsyncSession, offer: SwapOffer, receiver: Handle | None, now: datetime
) -> None:
    """As host: tell members of an offer, or the one whom it asks, on whichever node they are."""
    if receiver is not None and receiver.person_id is not None:
        await _ask(session, receiver.person_id, offer.id, now)
    await tell(await offer_stated(session, offer, now))


async def _offer_abroad(session: AsyncSession, offer: SwapOffer, host: str, now: datetime) -> None:
    """As home: have the host offer it; whose name `to` is, it alone can tell."""
    said = await as_offered(session, offer)
    await append(session, "private", host, "swap.offered", said, now=now)


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
            .where(
                Seat.id.in_(wanted),
                Shift.pool_id == held.pool.id,
                Seat.state == "held",
                ~holds(held.person_id),
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
    if held.person_id is None:
        raise NotFound
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


async def _ask(session: AsyncSession, person_id: UUID, offer_id: UUID, now: datetime) -> None:
    await notify(
        session, person_id=person_id, code="swap-offered", text=ASKED, now=now, about=offer_id
    )


async def withdraw_offer(
    session: AsyncSession, asker: Asker, offer_id: UUID, now: datetime
) -> SwapOffer:
    """Take an offer back; the seat was never given up."""
    require_write(asker)
    offer = await session.get(SwapOffer, offer_id)
    if offer is None or offer.claim_id is None:
        raise NotFound
    held = await own_held(session, asker, offer.claim_id)
    await lock_offer(session, offer)
    if offer.state != "open":
        raise OfferOver
    if offer.decided_here:
        offer.state, offer.ended_at = "withdrawn", now
        await session.flush()
        await tell(await offer_stated(session, offer, now))
    else:
        # somebody may have taken it up already; the host tells
        offer.state = "withdrawing"
        said = {"offer": str(offer.id)}
        await append(session, "private", str(held.pool.host), "swap.withdrawn", said, now=now)
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
    if offer is None or offer.claim_id is None:
        return
    await lock_offer(session, offer)
    if offer.state not in {"open", "withdrawing"} or now < offer.expires_at:
        return
    asked_for = offer.state == "open"
    offer.state, offer.ended_at = "lapsed", now
    held = await held_by_claim(session, offer.claim_id)
    if asked_for and held.claim.state == "held" and held.person_id is not None:
        text = "Nobody has taken up your offer in time. Your plan is as it was."
        await notify(session, person_id=held.person_id, code="swap-lapsed", text=text, now=now)
    await session.flush()
    await tell(await offer_stated(session, offer, now))
    await record(
        session,
        actor=SYSTEM,
        verb="lapse-offer",
        subject="swap_offer",
        subject_id=offer.id,
        now=now,
    )


async def end_offer_of(session: AsyncSession, seat_id: UUID, now: datetime) -> None:
    """As host: tell members that an offer is over whose seat its giver no longer has."""
    offer = await session.scalar(
        select(SwapOffer)
        .join(Claim, Claim.id == SwapOffer.claim_id)
        .where(
            SwapOffer.seat_id == seat_id,
            SwapOffer.state == "open",
            SwapOffer.decided_here,
            Claim.state.in_(ENDED),
        )
    )
    if offer is None:
        return
    await lock_offer(session, offer)
    if offer.state == "open":
        offer.state, offer.ended_at = "lapsed", now
        await session.flush()
        await tell(await offer_stated(session, offer, now))
