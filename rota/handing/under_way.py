"""What a host has asked and nobody has answered, when the pool goes to another host."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from rota.bookings.actions import free
from rota.calendar.actions import calendar_changed
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift
from rota.swaps.models import AskedExchange, SwapOffer


async def end_exchanges(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """End the exchanges for which a home is asked: both sides keep what they have."""
    rows = await session.scalars(
        select(AskedExchange)
        .join(SwapOffer, SwapOffer.id == AskedExchange.offer_id)
        .where(SwapOffer.pool_id == pool_id, AskedExchange.state == "asked")
        .order_by(AskedExchange.id)
    )
    for exchange in rows.all():
        exchange.state, exchange.ended_at = "refused", now
        for claim_id in (exchange.taker_claim_id, exchange.giver_claim_id):
            await end_wish(session, await session.get_one(Claim, claim_id), now)
    await session.flush()


async def end_wish(session: AsyncSession, claim: Claim, now: datetime) -> None:
    """End a wish that nobody decides any more, and give the time back that was kept for it."""
    if claim.state != "requested":
        return
    claim.state, claim.ended_at = "refused", now
    await free(session, claim.id)
    await session.flush()
    handle = await session.get_one(Handle, claim.handle_id)
    if handle.person_id is not None:
        await calendar_changed(session, handle.person_id, now)


async def lapse_own_proposals(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """Take back what was proposed to our own people and not decided; a moved seat is asked again.

    The new host sees the seat as free, and its plan may propose it anew.
    """
    seats = select(Seat.id).join(Shift, Shift.id == Seat.shift_id).where(Shift.pool_id == pool_id)
    own = select(Handle.id).where(Handle.pool_id == pool_id, Handle.person_id.is_not(None))
    await session.execute(
        update(Claim)
        .where(
            Claim.seat_id.in_(seats),
            Claim.handle_id.in_(own),
            Claim.state == "proposed",
            Claim.moved_at.is_(None),
            Claim.decided_here,
        )
        .values(state="lapsed", ended_at=now)
        .execution_options(synchronize_session="fetch")
    )
