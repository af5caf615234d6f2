"""A home heard of a moved session, and hosts the pool before it has decided for its people."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle, Person
from rota.bookings.actions import takes_no_more
from rota.bookings.models import Booking
from rota.bookings.queries import wish_for
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift
from rota.sign_up.moved import follow_here


async def follow_moves(
    session: AsyncSession, pool_id: UUID, now: datetime, *, shorter_only: bool = False
) -> None:
    """Decide for each of our people whose time is kept as the session was before.

    After a backup's time that may be long ago: nobody asks this node for its yes any more. To stay
    for a part of one's time needs none, also while this node grants nothing.
    """
    rows = await session.execute(
        select(Claim, Shift, Seat.role, Person, Booking.during)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Person, Person.id == Handle.person_id)
        .join(Booking, (Booking.claim_id == Claim.id) & Booking.active)
        .where(
            Shift.pool_id == pool_id,
            Shift.starts > now,
            Shift.cancelled_at.is_(None),
            Claim.state.in_(("requested", "held")),
            # what would have been exchanged ends with the old host
            (Claim.state == "held") | Claim.instead_of.is_(None),
        )
        .order_by(Shift.starts, Claim.id)
    )
    for claim, shift, role, person, during in rows.all():
        stay = wish_for(shift, role).stay
        if during == Range(stay.begins, stay.ends):
            continue
        if not shorter_only or await takes_no_more(session, claim.id, stay):
            await follow_here(session, person, claim, shift, role, now)
