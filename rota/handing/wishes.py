"""Cover and offers at a pool's new host: our own people's go on, others' are said anew by homes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from rota.claims.models import Claim
from rota.consent.models import Consent
from rota.cover.ladder import COVER_STEP
from rota.cover.models import CoverRequest
from rota.seats.actions import SEAT_CHANGED
from rota.shifts.models import Seat, Shift
from rota.swaps.models import AskedExchange, Exchange, SwapOffer, SwapWanted
from rota.swaps.offering import end_in_time


async def take_wishes(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """Go on with what our own people wish; forget the copies of others' wishes."""
    await end_taken_back(session, pool_id, now)
    await _take_covers(session, pool_id, now)
    await _take_offers(session, pool_id, now)
    await session.flush()


async def _take_covers(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    rows = await session.scalars(
        select(CoverRequest)
        .join(Seat, Seat.id == CoverRequest.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Shift.pool_id == pool_id,
            CoverRequest.decided_here.is_(False),
            CoverRequest.state.in_(("asked", "open")),
        )
        .order_by(CoverRequest.id)
    )
    needed = set(await session.scalars(select(Consent.cover_id).where(Consent.state == "waiting")))
    for cover in rows.all():
        if cover.claim_id is not None and cover.kind == "asked":
            cover.state, cover.decided_here = "open", True
            about = {"cover": str(cover.id), "step": cover.step}
            key = f"{cover.id} {cover.step}"
            await put(session, COVER_STEP, about, now=now, key=key, due=cover.until)
            continue
        seat = {"seat": str(cover.seat_id)}
        await put(session, SEAT_CHANGED, seat, now=now, key=str(cover.seat_id))
        if cover.id not in needed:
            await session.execute(
                update(Consent).where(Consent.cover_id == cover.id).values(cover_id=None)
            )
            await session.delete(cover)


async def forget_copies(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """Forget offers that the old host told: those that still stand are told anew.

    One that somebody has taken up is over, whether all members have heard of it or not. What was
    asked for such an offer when this node hosted the pool itself has ended with that.
    """
    copies = (
        SwapOffer.pool_id == pool_id,
        SwapOffer.state == "open",
        SwapOffer.claim_id.is_(None),
    )
    taken_up = exists().where(Exchange.offer_id == SwapOffer.id)
    over = {"state": "accepted", "ended_at": now}
    await session.execute(update(SwapOffer).where(*copies, taken_up).values(over))
    found = list(await session.scalars(select(SwapOffer.id).where(*copies)))
    for hangs_on in (SwapWanted, AskedExchange):
        await session.execute(delete(hangs_on).where(hangs_on.offer_id.in_(found)))
    await session.execute(delete(SwapOffer).where(SwapOffer.id.in_(found)))


async def end_taken_back(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """End cover and offers that our own people are taking back.

    The old host was asked to end them, and says no more whether somebody has taken them up.
    """
    seats = select(Seat.id).join(Shift, Shift.id == Seat.shift_id).where(Shift.pool_id == pool_id)
    await session.execute(
        update(CoverRequest)
        .where(
            CoverRequest.seat_id.in_(seats),
            CoverRequest.claim_id.is_not(None),
            CoverRequest.decided_here.is_(False),
            CoverRequest.state == "withdrawing",
        )
        .values(state="withdrawn", closed_at=now)
    )
    await session.execute(
        update(SwapOffer)
        .where(*_own_offers(pool_id), SwapOffer.state == "withdrawing")
        .values(state="withdrawn", ended_at=now)
    )


async def end_own_offers(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """As a home, end offers of seats that were given up: no new host is told of them."""
    held = select(Claim.id).where(Claim.state == "held")
    await session.execute(
        update(SwapOffer)
        .where(*_own_offers(pool_id), SwapOffer.state == "open", SwapOffer.claim_id.not_in(held))
        .values(state="lapsed", ended_at=now)
    )


def _own_offers(pool_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        SwapOffer.pool_id == pool_id,
        SwapOffer.claim_id.is_not(None),
        SwapOffer.decided_here.is_(False),
    )


async def _take_offers(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    await forget_copies(session, pool_id, now)
    rows = await session.scalars(
        select(SwapOffer)
        .where(
            SwapOffer.pool_id == pool_id,
            SwapOffer.state == "open",
            SwapOffer.decided_here.is_(False),
        )
        .order_by(SwapOffer.id)
    )
    for offer in rows.all():
        offer.decided_here = True
        await end_in_time(session, offer, now)
