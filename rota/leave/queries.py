from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from rota.availability.models import Leave
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift


class SeatKept(NamedTuple):
    """A seat that somebody has or has asked for."""

    claim_id: UUID
    starts: datetime
    ends: datetime
    zone: str


async def leave_of(session: AsyncSession, person_id: UUID, now: datetime) -> list[Leave]:
    """List the leave of a person that is not over."""
    rows = await session.scalars(
        select(Leave)
        .where(
            Leave.person_id == person_id,
            func.coalesce(func.upper(Leave.during) > now, True),
        )
        .order_by(func.lower(Leave.during), Leave.id)
    )
    return list(rows)


async def seats_within(
    session: AsyncSession, person_id: UUID, during: Range[datetime], now: datetime
) -> list[SeatKept]:
    """List the seats of a person that touch a time, their meetings included, and are to come."""
    rows = await session.execute(
        select(Claim.id, Shift.starts, Shift.ends, Shift.zone)
        .join(Booking, Booking.claim_id == Claim.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Booking.person_id == person_id,
            Booking.active,
            Booking.during.overlaps(during),
            Shift.ends > now,
        )
        .order_by(Shift.starts, Claim.id)
    )
    return [SeatKept(*row) for row in rows]
