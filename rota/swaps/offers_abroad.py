"""At the host: somebody of another node offers their seat, and takes the offer back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound, Reason
from federation.feeds.telling import tell
from federation.people.models import Handle
from federation.pools.stated import Moment
from federation.pools.terms import Term
from rota.claims.errors import ClaimOver
from rota.claims.models import CancelledClaim
from rota.claims.queries import lock_claim
from rota.seats.actions import lock_shift_of
from rota.sign_up.from_homes import Sign, handle_of
from rota.swaps.errors import AlreadyOffered
from rota.swaps.held import Held, held_by_claim, lock_offer
from rota.swaps.models import SwapOffer
from rota.swaps.offering import NO_SUCH_HANDLE, end_in_time, publish_offer
from rota.swaps.queries import offer_standing
from rota.swaps.rules import lasts_until
from rota.swaps.stated import StatedSeats, keep_stated
from rota.swaps.stating import offer_stated, state_as_known


class SwapOffered(msgspec.Struct, frozen=True):
    """A home offers a seat that one of its people holds, to all of the pool or to one name in it.

    `handle` is the one under which they would sit elsewhere.
    """

    offer: UUID
    claim: UUID
    handle: UUID
    to: Annotated[str, msgspec.Meta(max_length=80)] | None
    one_way: bool
    wanted: StatedSeats
    until: Moment
    term: Term | None = None


class SwapWithdrawn(msgspec.Struct, frozen=True):
    """A home takes an offer back; the seat was never given up."""

    offer: UUID


async def receive_offered(
    session: AsyncSession,
    home: str,
    payload: dict[str, Any],
    now: datetime,
    _sign: Sign,
    barred: tuple[Reason, ...] = (),
) -> None:
    """Offer a partner's seat to the pool or to one of it, or say why that cannot be."""
    offered = msgspec.convert(payload, SwapOffered)
    held = await held_by_claim(session, offered.claim)
    if held.home != home or not held.claim.decided_here:
        raise NotFound
    handle = await handle_of(session, offered.handle, home)
    if handle.pool_id != held.pool.id:
        raise NotFound
    shift = await lock_shift_of(session, held.seat.id)
    await lock_claim(session, held.claim)
    known = await session.get(SwapOffer, offered.offer)
    if known is not None:
        await _answer_again(session, home, known, held, now)
        return
    to = await _receiver(session, held, offered)
    until = min(offered.until, lasts_until(held.stay.begins, now))
    reasons = barred or await _against(session, held, offered, to, until, now)
    taken_back = await session.get(CancelledClaim, offered.offer) is not None
    state = "withdrawn" if taken_back else "refused" if reasons else "open"
    offer = SwapOffer(
        id=offered.offer,
        pool_id=shift.pool_id,
        seat_id=held.seat.id,
        claim_id=held.claim.id,
        handle_id=handle.id,
        to_handle_id=to.id if to else None,
        to_display=offered.to,
        one_way=offered.one_way,
        state=state,
        made_at=now,
        expires_at=until,
        ended_at=None if state == "open" else now,
    )
    session.add(offer)
    await session.flush()
    if state != "open":
        await tell(await offer_stated(session, offer, now, reasons))
    else:
        await keep_stated(session, offer, offered.wanted)
        await end_in_time(session, offer, now)
        await publish_offer(session, offer, to, now)
    await record(
        session,
        actor=home,
        verb="offer-seat",
        subject="swap_offer",
        subject_id=offer.id,
        now=now,
        facts={"claim": str(held.claim.id), "one_way": offer.one_way, "state": offer.state},
    )


async def _answer_again(
    session: AsyncSession, home: str, known: SwapOffer, held: Held, now: datetime
) -> None:
    """Say how an offer ended of which its home has not heard that, perhaps as it was restored."""
    if known.claim_id is None and known.seat_id == held.seat.id and known.state != "open":
        # all members were told so by the host before this one
        await state_as_known(session, known, home, now)
    elif known.claim_id != held.claim.id:
        raise NotFound
    elif known.state != "open":
        await tell(await offer_stated(session, known, now))


async def _receiver(session: AsyncSession, held: Held, offered: SwapOffered) -> Handle | None:
    if offered.to is None:
        return None
    handle: Handle | None = await session.scalar(
        select(Handle).where(
            Handle.pool_id == held.pool.id,
            Handle.display == offered.to,
            Handle.retired_at.is_(None),
        )
    )
    return handle


async def _against(
    session: AsyncSession,
    held: Held,
    offered: SwapOffered,
    to: Handle | None,
    until: datetime,
    now: datetime,
) -> Sequence[Reason]:
    """Give the reasons why nobody could take it up, all of which home can see for itself later."""
    if held.claim.state != "held" or until <= now:
        return (Reason(ClaimOver.code, ClaimOver.title),)
    if await offer_standing(session, held.claim.id) is not None:
        return (Reason(AlreadyOffered.code, AlreadyOffered.title),)
    if offered.to is not None and (to is None or to.id == held.handle.id):
        return (NO_SUCH_HANDLE,)
    return ()


async def receive_withdrawn(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime, _sign: Sign
) -> None:
    """End an offer, unless it has ended already; either way its home is told how it is.

    Remembered where it comes before its offer, which is then over as it arrives.
    """
    withdrawn = msgspec.convert(payload, SwapWithdrawn)
    offer = await session.get(SwapOffer, withdrawn.offer)
    if offer is None:
        remember = insert(CancelledClaim).values(claim_id=withdrawn.offer, at=now)
        await session.execute(remember.on_conflict_do_nothing())
        return
    if not offer.decided_here:
        raise NotFound
    held = await held_by_claim(session, offer.claim_id)
    if held.home != home:
        raise NotFound
    await lock_offer(session, offer)
    if offer.state == "open":
        offer.state, offer.ended_at = "withdrawn", now
        await session.flush()
    await tell(await offer_stated(session, offer, now))
    await record(
        session,
        actor=home,
        verb="withdraw-offer",
        subject="swap_offer",
        subject_id=offer.id,
        now=now,
        facts={"state": offer.state},
    )
