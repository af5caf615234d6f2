"""What follows at the host when a seat has changed hands: those who wait, then the ladder."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.actions import hold
from federation.pools.models import Pool
from rota.claims.models import Claim
from rota.consent.models import Consent
from rota.cover.ladder import briefing_of, close_cover, open_cover, open_cover_of
from rota.cover.models import CoverRequest
from rota.cover.rules import is_dropped
from rota.seats.actions import lock_shift_of
from rota.seats.queries import SeatNow, seats_of
from rota.shifts.models import Seat, Shift
from rota.waiting.line import end_line, follow_line, offer_next, stands_in_line
from rota.waiting.models import WaitingEntry

_GIVEN_UP = or_(
    Claim.state == "released", and_(Claim.state == "lapsed", Claim.moved_at.is_not(None))
)
"""Held once: also a seat of a moved shift whose holder has not said in time that they stay."""
_NEVER_HELD = or_(
    exists().where(WaitingEntry.claim_id == Claim.id, WaitingEntry.state == "passed"),
    exists().where(Consent.claim_id == Claim.id, Consent.state != "given"),
)
"""Only offered, or asked for: who says no to that has given nothing up."""


async def follow_seat(session: AsyncSession, seat_id: UUID, now: datetime) -> None:
    """Bring the line and the cover of a seat in line with who holds it now; twice is as once."""
    shift = await lock_shift_of(session, seat_id)
    seats = await seats_of(session, shift.id)
    seat = next(each for each in seats if each.seat_id == seat_id)
    if await stands_in_line(session, seat_id):
        await _hold_pool(session, shift, now)
    if shift.cancelled_at is not None or now >= briefing_of(shift):
        await _give_up(session, shift, seat_id, now)
    else:
        await follow_line(session, seat_id, seat.claim_id, holder_of(seat), now)
        if seat.state == "held":
            await _end_cover(session, shift, seat, now)
        elif seat.state is None and not await offer_next(session, seat_id, now):
            await _ask_others(session, shift, seat_id, now)
    await _stop_watching(session, seat_id)


async def _hold_pool(session: AsyncSession, shift: Shift, now: datetime) -> None:
    """Take the pool's locks first: partners are told of the line before the seat is offered."""
    await session.execute(
        select(Pool.id).where(Pool.id == shift.pool_id).with_for_update(key_share=True)
    )
    await hold(session, "pool/shifts", str(shift.pool_id), now=now)


def holder_of(seat: SeatNow) -> UUID | None:
    """Give the handle that holds a seat; one to whom it is only proposed does not yet."""
    return seat.handle_id if seat.state == "held" else None


async def _give_up(session: AsyncSession, shift: Shift, seat_id: UUID, now: datetime) -> None:
    await end_line(session, seat_id, now)
    cover = await open_cover_of(session, seat_id)
    if cover is not None:
        await close_cover(session, cover, shift, "lapsed", now)


async def _end_cover(session: AsyncSession, shift: Shift, seat: SeatNow, now: datetime) -> None:
    """Ask nobody any more once somebody else holds the seat, in whatever way they came to it."""
    cover = await open_cover_of(session, seat.seat_id)
    if cover is not None and (cover.kind == "vacated" or cover.claim_id != seat.claim_id):
        await close_cover(session, cover, shift, "covered", now, taken_by=seat.claim_id)


async def _ask_others(session: AsyncSession, shift: Shift, seat_id: UUID, now: datetime) -> None:
    """Begin the ladder for a seat that somebody has given up, once for each time it happens."""
    given_up = await session.scalar(
        select(Claim)
        .where(Claim.seat_id == seat_id, Claim.decided_here, _GIVEN_UP, ~_NEVER_HELD)
        .order_by(Claim.ended_at.desc(), Claim.id.desc())
        .limit(1)
    )
    if given_up is None or given_up.ended_at is None:
        return
    cover = await open_cover_of(session, seat_id)
    # only what somebody gave back themselves can have been a slip
    lost = bool(given_up.reasons) or given_up.moved_at is not None
    dropped = lost or is_dropped(given_up.made_at, given_up.ended_at, briefing_of(shift))
    if cover is not None or (dropped and not await _asked_before(session, given_up.id)):
        await open_cover(session, shift, given_up, "vacated", now)


async def _asked_before(session: AsyncSession, claim_id: UUID) -> bool:
    asked = await session.scalar(
        select(exists().where(CoverRequest.claim_id == claim_id, CoverRequest.kind == "vacated"))
    )
    return bool(asked)


async def _stop_watching(session: AsyncSession, seat_id: UUID) -> None:
    """Forget a seat for which nobody waits and nobody is asked."""
    if await open_cover_of(session, seat_id) or await stands_in_line(session, seat_id):
        return
    await session.execute(update(Seat).where(Seat.id == seat_id).values(watched=False))
