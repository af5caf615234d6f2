"""Somebody takes up an offer: seats change hands at once, or the nodes concerned are asked first.

At once, in one transaction with all rules asked, where this node is host and either both are at
home here or the giver wants nothing in return. Else each home keeps the new time beside the old
one, and the host decides once both have said yes.

Locks: both people, then both shifts, each in the order of their ids; claims, the offer.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_write
from federation.pools.models import Pool
from rota.claims.errors import ClaimOver
from rota.claims.models import Claim
from rota.claims.queries import handle_for
from rota.consent.asking import needs_consent
from rota.shifts.models import Seat, Shift
from rota.swaps.asking import Wanted, ask_giver, ask_host, keep_time
from rota.swaps.errors import BeingExchanged, OfferOver, SwapRefused
from rota.swaps.held import (
    Held,
    current_handle,
    held_by_claim,
    lock_parts,
    made_to,
    own_held,
    replaced_already,
)
from rota.swaps.models import Exchange, SwapOffer, SwapWanted
from rota.swaps.rules import CONSENT_FIRST, Given, Terms, Times, agreed
from rota.swaps.settling import Side, exchange_seats, tell_everybody


@dataclass(frozen=True, slots=True)
class Taken:
    """An offer was taken up: an exchange, once there is one, and the taker's claim."""

    id: UUID
    claim: Claim | None
    exchange: Exchange | None

    @property
    def state(self) -> str:
        """Say how it stands: `held`, or `requested` while other nodes are asked."""
        return "requested" if self.exchange is None else "held"


async def accept_offer(
    session: AsyncSession,
    asker: Asker,
    offer_id: UUID,
    now: datetime,
    *,
    gives: UUID | None = None,
    worker: str | None = None,
    seen: datetime | None = None,
) -> Taken:
    """Take up an offer, giving a claim in return where one is wanted.

    A coordinator may do so for a worker of their own project. `seen` is the start that was shown.
    """
    require_write(asker)
    wanted = await _offer_for(session, asker, offer_id, worker)
    if needs_consent(wanted.pool, asker, worker):
        raise SwapRefused(reasons=(CONSENT_FIRST,))
    given = await own_held(session, asker, gives) if gives else None
    if given is not None and (given.person_id, given.pool.id) != (
        wanted.person_id,
        wanted.offer.pool_id,
    ):
        raise NotFound
    if wanted.pool.host is None:
        taken = await _take_here(session, asker, wanted, given, now, seen)
    else:
        taken = await _ask_abroad(session, wanted, given, wanted.pool.host, now, seen)
    await record(
        session,
        actor=asker.person_id,
        verb="exchange-seats" if given else "hand-over-seat",
        subject="exchange",
        subject_id=taken.id,
        now=now,
        facts={
            "offer": str(wanted.offer.id),
            "on_behalf": asker.person_id != wanted.person_id,
            "state": taken.state,
        },
    )
    return taken


async def _offer_for(
    session: AsyncSession, asker: Asker, offer_id: UUID, worker: str | None
) -> Wanted:
    """Find an offer that this person may take up, and under which handle; else 404."""
    row = (
        await session.execute(
            select(SwapOffer, Seat, Shift, Pool, Handle)
            .join(Seat, Seat.id == SwapOffer.seat_id)
            .join(Shift, Shift.id == Seat.shift_id)
            .join(Pool, Pool.id == SwapOffer.pool_id)
            .join(Handle, Handle.pool_id == SwapOffer.pool_id)
            .where(
                SwapOffer.id == offer_id,
                handle_for(asker, worker),
                Handle.person_id.is_not(None),
                made_to(Handle),
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    offer, seat, shift, pool, taker = row
    person_id = taker.person_id
    if person_id is None:
        raise NotFound
    if offer.claim_id is not None:
        offered = await held_by_claim(session, offer.claim_id)
        if offered.person_id == person_id:
            raise NotFound
    return Wanted(offer, seat, shift, pool, taker, person_id)


async def _take_here(
    session: AsyncSession,
    asker: Asker,
    wanted: Wanted,
    given: Held | None,
    now: datetime,
    seen: datetime | None,
) -> Taken:
    """Take it up at the host: at once, unless the giver's home has to be asked for its yes."""
    offer = wanted.offer
    offered = await held_by_claim(session, offer.claim_id)
    parts = [offered, given] if given else [offered]
    await lock_parts(session, [offered.person_id, wanted.person_id], parts, offer)
    if not stands(offer, offered, now):
        raise OfferOver
    if given is not None and given.claim.state != "held":
        raise ClaimOver
    if await replaced_already(session, [each.claim.id for each in parts]):
        raise BeingExchanged
    await agree(session, offer, offered.shift, given, seen)
    if given is not None and offered.person_id is None:
        claim = await keep_time(session, wanted, given, now, decided_here=True)
        asked = await ask_giver(session, offer, offered, given, claim, now)
        return Taken(asked.id, claim, None)
    giver = Side(
        await current_handle(session, offered), offered.person_id, offered.home, offered, given
    )
    other = Side(wanted.taker, wanted.person_id, None, given, offered)
    made = await exchange_seats(session, offer, (giver, other), now)
    await tell_everybody(session, offer, made, (giver, other), now, actor=asker.person_id)
    return Taken(made.id, other.claim, made)


async def _ask_abroad(
    session: AsyncSession,
    wanted: Wanted,
    given: Held | None,
    host: str,
    now: datetime,
    seen: datetime | None,
) -> Taken:
    """Take it up at a home: the time is kept, and the host asked for both seats at once."""
    offer = wanted.offer
    parts = [given] if given else []
    await lock_parts(session, [wanted.person_id], parts, offer, shifts=[wanted.shift.id])
    if offer.state != "open" or now >= offer.expires_at:
        raise OfferOver
    if given is not None and given.claim.state != "held":
        raise ClaimOver
    if given is not None and await replaced_already(session, [given.claim.id]):
        raise BeingExchanged
    await agree(session, offer, wanted.shift, given, seen)
    claim = await keep_time(session, wanted, given, now, decided_here=False)
    exchange_id = await ask_host(session, wanted, given, claim, host, now)
    return Taken(exchange_id, claim, None)


def stands(offer: SwapOffer, offered: Held, now: datetime) -> bool:
    """Tell whether an offer can be taken up: it is open, and its giver has the seat."""
    return offer.state == "open" and now < offer.expires_at and offered.claim.state == "held"


async def agree(
    session: AsyncSession,
    offer: SwapOffer,
    shift: Shift,
    given: Held | None,
    seen: datetime | None,
) -> None:
    """See that what is given in return is what the offer asks for, at the times that were meant."""
    wanted = await session.scalars(select(SwapWanted).where(SwapWanted.offer_id == offer.id))
    terms = Terms(
        offer.one_way,
        {each.seat_id: Times(each.starts, each.ends) for each in wanted},
        Times(shift.starts, shift.ends),
    )
    back = Given(given.seat.id, Times(given.shift.starts, given.shift.ends)) if given else None
    reasons = agreed(terms, back, seen)
    if reasons:
        raise SwapRefused(reasons=reasons)
