"""Nothing changes hands yet: a home keeps a worker's time, and the other nodes are asked.

What is kept stands beside the seat that would be given for it, under one exchange id, until the
host has answered. The claim has the same id on all nodes; a cancel of it wins in any order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.feeds.actions import append
from federation.people.models import Handle, Person
from federation.pools.models import Pool
from federation.pools.terms import in_term
from rota.bookings.actions import home_reasons
from rota.bookings.queries import wish_for
from rota.bookings.replacing import book_instead
from rota.claims.errors import ClaimRefused
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import TOO_LATE_FOR_HOST, answer_by, await_answer
from rota.swaps.errors import SwapRefused
from rota.swaps.held import Held
from rota.swaps.models import AskedExchange, SwapOffer

EXCHANGE_EXPIRY = "exchange-expiry"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An offer with its seat and pool, and the handle under which somebody would take it up."""

    offer: SwapOffer
    seat: Seat
    shift: Shift
    pool: Pool
    taker: Handle
    person_id: UUID


async def keep_time(
    session: AsyncSession,
    wanted: Wanted,
    given: Held | None,
    now: datetime,
    *,
    decided_here: bool,
) -> Claim:
    """Ask home's half as if what is given were gone, and keep the time beside it.

    The caller has locked the person.
    """
    until = min(
        wanted.offer.expires_at,
        *(
            answer_by(shift, now)
            for shift in (wanted.shift, given.shift if given else wanted.shift)
        ),
    )
    if until <= now:
        raise SwapRefused(reasons=(TOO_LATE_FOR_HOST,))
    person = await session.get_one(Person, wanted.person_id)
    gone = given.claim.id if given else None
    reasons = await home_reasons(session, person, wanted.shift, wanted.seat.role, now, moving=gone)
    if reasons:
        raise SwapRefused(reasons=reasons)
    claim = Claim(
        id=new_id(),
        seat_id=wanted.seat.id,
        handle_id=wanted.taker.id,
        state="requested",
        origin="worker",
        decided_here=decided_here,
        answer_by=until,
        made_at=now,
        instead_of=gone,
    )
    session.add(claim)
    await session.flush()
    stay = wish_for(wanted.shift, wanted.seat.role).stay
    try:
        await book_instead(session, person.id, claim.id, stay, of=gone)
    except ClaimRefused as refused:
        raise SwapRefused(reasons=refused.reasons) from refused
    return claim


async def ask_host(
    session: AsyncSession,
    wanted: Wanted,
    given: Held | None,
    claim: Claim,
    host: str,
    now: datetime,
) -> UUID:
    """Ask the node that decides for both seats at once; without an answer the worker is freed."""
    exchange_id = new_id()
    stay = wish_for(wanted.shift, wanted.seat.role).stay
    said = {
        "exchange": str(exchange_id),
        "offer": str(wanted.offer.id),
        "handle": str(claim.handle_id),
        "claim": str(claim.id),
        "gives": str(given.claim.id) if given else None,
        "begins": stay.begins.isoformat(),
        "ends": stay.ends.isoformat(),
        "answer_by": claim.answer_by.isoformat(),
    }
    said = await in_term(session, wanted.shift.pool_id, said)
    await append(session, "private", host, "exchange.asked", said, now=now)
    await await_answer(session, claim, now)
    return exchange_id


async def ask_giver(
    session: AsyncSession,
    offer: SwapOffer,
    offered: Held,
    given: Held,
    taken: Claim,
    now: datetime,
    *,
    exchange_id: UUID | None = None,
) -> AskedExchange:
    """As host: ask the giver's home for its yes, with both seats left where they are."""
    back = Claim(
        id=new_id(),
        seat_id=given.seat.id,
        handle_id=offer.handle_id or offered.handle.id,
        state="requested",
        origin="exchange",
        decided_here=True,
        answer_by=taken.answer_by,
        made_at=now,
        instead_of=offered.claim.id,
    )
    session.add(back)
    await session.flush()
    asked = AskedExchange(
        id=exchange_id or new_id(),
        offer_id=offer.id,
        taker_claim_id=taken.id,
        giver_claim_id=back.id,
        begins=offered.stay.begins,
        ends=offered.stay.ends,
        answer_by=taken.answer_by,
        asked_at=now,
    )
    session.add(asked)
    await session.flush()
    expiry = {"exchange": str(asked.id)}
    await put(session, EXCHANGE_EXPIRY, expiry, now=now, key=str(asked.id), due=asked.answer_by)
    said: dict[str, Any] = {
        "exchange": str(asked.id),
        "offer": str(offer.id),
        "claim": str(back.id),
        "gives": str(offered.claim.id),
        "seat": str(back.seat_id),
        "handle": str(back.handle_id),
        "answer_by": back.answer_by.isoformat(),
    }
    said = await in_term(session, offer.pool_id, said)
    await append(session, "private", str(offered.home), "exchange.proposed", said, now=now)
    return asked
