"""Who is told at each step of the ladder: only people of this node, in neutral words."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, any_, exists, literal, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.actions import notify
from federation.people.models import Handle
from federation.pools.queries import coordinators_of_pool
from rota.availability.models import Leave
from rota.bookings.models import Booking
from rota.bookings.queries import wish_for
from rota.cover.models import CoverRequest
from rota.cover.rules import COORDINATOR, OWN_PROJECT, PARTNERS, STEPS
from rota.shifts.models import Seat, Shift

MOST_TOLD = 200
CAN_YOU = "Somebody is wanted for a time that may suit you. Please look in your plan."
FIND_SOMEBODY = "Somebody is wanted, and nobody has been found yet. Please look at the board."
STILL_YOURS = "Nobody has taken over what you asked others for, so it is still yours."
ASKING = {
    OWN_PROJECT: ("cover-wanted", CAN_YOU),
    PARTNERS: ("cover-wanted", CAN_YOU),
    COORDINATOR: ("cover-open", FIND_SOMEBODY),
}


async def tell_step(
    session: AsyncSession, cover: CoverRequest, shift: Shift, now: datetime, *, before: str | None
) -> None:
    """Tell those of this node whom the present step asks and the one `before` did not."""
    told = 0 if before is None else STEPS.index(before) + 1
    for step in STEPS[told : STEPS.index(cover.step) + 1]:
        code, text = ASKING[step]
        for person_id in await _whom(session, cover, shift, step):
            await notify(
                session, person_id=person_id, code=code, text=text, now=now, about=cover.id
            )


async def _whom(
    session: AsyncSession, cover: CoverRequest, shift: Shift, step: str
) -> Sequence[UUID]:
    if step == COORDINATOR:
        return (await coordinators_of_pool(session, shift.pool_id))[:MOST_TOLD]
    return await _might_take(session, cover, shift, step)


async def _might_take(
    session: AsyncSession, cover: CoverRequest, shift: Shift, step: str
) -> Sequence[UUID]:
    """Find people of fitting role who are neither away nor booked; the rule itself comes later."""
    seat = await session.get_one(Seat, cover.seat_id)
    stay = wish_for(shift, seat.role).stay
    span = Range(stay.begins, stay.ends)
    needed = "supervisor" if seat.role == "supervisor" else "worker"
    query = select(Handle.person_id).where(
        Handle.pool_id == shift.pool_id,
        Handle.person_id.is_not(None),
        Handle.retired_at.is_(None),
        literal(needed) == any_(Handle.roles),
        _asked(cover, step),
        ~exists().where(
            Booking.person_id == Handle.person_id, Booking.active, Booking.during.overlaps(span)
        ),
        ~exists().where(Leave.person_id == Handle.person_id, Leave.during.overlaps(span)),
    )
    rows = await session.scalars(query.order_by(Handle.person_id).limit(MOST_TOLD))
    return [person_id for person_id in rows if person_id is not None]


def _asked(cover: CoverRequest, step: str) -> ColumnElement[bool]:
    if step == OWN_PROJECT:
        return Handle.project_id == cover.project_id
    if cover.project_id is None:
        return literal(value=True)
    return Handle.project_id != cover.project_id
