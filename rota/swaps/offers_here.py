"""At a home: offers that its people could take up, and how those of its own people ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound, NotHereYet
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.pools.stated import Moment, Name
from federation.pools.terms import Term
from rota.claims.errors import ClaimOver
from rota.shifts.models import Shift
from rota.shifts.queries import shift_at_host
from rota.sign_up.from_hosts import StatedReason
from rota.swaps.errors import AlreadyOffered
from rota.swaps.held import held_by_claim, lock_offer
from rota.swaps.models import Exchange, ExchangeLeg, SwapOffer
from rota.swaps.offering import ASKED, NO_SUCH_HANDLE
from rota.swaps.stated import StatedSeats, keep_stated

CLOSED = frozenset({"accepted", "withdrawn", "lapsed", "refused"})
NOT_OFFERED = (
    "What you offered to others cannot be offered as it was. Your plan is as it was; "
    "please look at it again."
)
WHY_NOT = {
    NO_SUCH_HANDLE.code: NO_SUCH_HANDLE.text,
    AlreadyOffered.code: AlreadyOffered.title,
    ClaimOver.code: ClaimOver.title,
}
"""In this node's own words: a notice says nothing that another node wrote."""


class SwapStated(msgspec.Struct, frozen=True):
    """How an offer stands. Who made it, only to the one whom they ask; why not, only to them."""

    offer: UUID
    seat: UUID
    one_way: bool
    wanted: StatedSeats
    until: Moment
    state: Literal["open", "accepted", "withdrawn", "lapsed", "refused"]
    to: UUID | None = None
    giver: Name | None = None
    reasons: list[StatedReason] = []
    term: Term | None = None


async def receive_stated(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime, *, pool: UUID | None
) -> None:
    """Keep an offer that our people could take up, or how one of theirs ended.

    `pool` is the pool in whose feed it was said; None in a private one. What has ended stays so.
    """
    stated = msgspec.convert(payload, SwapStated)
    shift = await shift_at_host(session, stated.seat, host, pool=pool)
    if shift is None:
        raise NotHereYet
    offer = await session.get(SwapOffer, stated.offer)
    if offer is None and pool is None and stated.to is None and stated.state in CLOSED:
        # it was one of ours, forgotten with a backup's time
        return
    if offer is None:
        await _keep(session, stated, shift, now, private=pool is None)
        return
    if offer.seat_id != stated.seat:
        raise NotFound
    await lock_offer(session, offer)
    if offer.decided_here:
        await _follow(session, offer, stated)
    if pool is None and offer.claim_id is not None and offer.state == stated.state == "open":
        await _tell_asked(session, await _addressee(session, stated, shift), offer.id, now)
    if offer.state not in CLOSED and stated.state in CLOSED:
        offer.state, offer.ended_at = stated.state, now
        if stated.state == "refused":
            await _tell_refused(session, offer, stated.reasons, now)


async def _follow(session: AsyncSession, offer: SwapOffer, stated: SwapStated) -> None:
    """As the host that was, believe the one that is of how an offer stands that ended here.

    What a lost host settled by itself may have reached nobody, and then it never was.
    """
    offer.decided_here = False
    held = await held_by_claim(session, offer.claim_id)
    if held.person_id is not None:
        # what our own people gave they have given
        return
    offer.claim_id = None
    if stated.state != "open":
        return
    legs = select(Exchange.id).where(Exchange.offer_id == offer.id)
    await session.execute(delete(ExchangeLeg).where(ExchangeLeg.exchange_id.in_(legs)))
    await session.execute(delete(Exchange).where(Exchange.offer_id == offer.id))
    offer.state, offer.ended_at = "open", None


async def _keep(
    session: AsyncSession, stated: SwapStated, shift: Shift, now: datetime, *, private: bool
) -> None:
    to = await _addressee(session, stated, shift) if private else None
    offer = SwapOffer(
        id=stated.offer,
        pool_id=shift.pool_id,
        seat_id=stated.seat,
        decided_here=False,
        giver=stated.giver if to else None,
        to_handle_id=to.id if to else None,
        one_way=stated.one_way,
        state=stated.state,
        made_at=now,
        expires_at=stated.until,
        ended_at=now if stated.state in CLOSED else None,
    )
    session.add(offer)
    await session.flush()
    await keep_stated(session, offer, stated.wanted)
    if to is not None and stated.state == "open":
        await _tell_asked(session, to, offer.id, now)


async def _tell_asked(session: AsyncSession, to: Handle, offer_id: UUID, now: datetime) -> None:
    if to.person_id is not None:
        await notify(
            session,
            person_id=to.person_id,
            code="swap-offered",
            text=ASKED,
            now=now,
            about=offer_id,
        )


async def _addressee(session: AsyncSession, stated: SwapStated, shift: Shift) -> Handle:
    """Find the one whom an offer asks: in private a host speaks of our people only."""
    to = await session.get(Handle, stated.to) if stated.to else None
    if to is None or to.person_id is None or to.pool_id != shift.pool_id:
        raise NotFound
    return to


async def _tell_refused(
    session: AsyncSession, offer: SwapOffer, reasons: Sequence[StatedReason], now: datetime
) -> None:
    if offer.claim_id is None:
        return
    held = await held_by_claim(session, offer.claim_id)
    if held.person_id is None:
        return
    why = [WHY_NOT[reason.code] for reason in reasons if reason.code in WHY_NOT]
    text = " ".join([NOT_OFFERED, *why])
    await notify(session, person_id=held.person_id, code="swap-not-offered", text=text, now=now)
