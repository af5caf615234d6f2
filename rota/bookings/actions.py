from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.session import broken_constraint
from federation.errors import NotFound, Reason
from federation.people.models import Person
from federation.restoring.queries import refuse_while_restoring
from rota.bookings.models import Booking
from rota.bookings.queries import circumstances, wish_for
from rota.bookings.rules import DOUBLE_BOOKED, Stay, worker_may
from rota.claims.errors import ClaimRefused
from rota.shifts.models import Shift

OVERLAP_CONSTRAINTS = frozenset({"no_double_booking", "no_on_call_while_seated"})


PERSON_LOCKED = (
    select(Person)
    .where(Person.id == bindparam("person_id"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
BOOKED = insert(Booking)
"""Built once: every claim needs them."""


async def lock_person(session: AsyncSession, person_id: UUID) -> Person:
    """Lock a worker's row: home decides one wish of a person at a time.

    Without its key (FOR NO KEY UPDATE), so that rows that merely name the person never wait.
    """
    person = await session.scalar(PERSON_LOCKED, {"person_id": person_id})
    if person is None:
        raise NotFound
    return person


async def home_reasons(
    session: AsyncSession,
    person: Person,
    shift: Shift,
    role: str,
    now: datetime,
    *,
    moving: UUID | None = None,
    automatic: bool = False,
) -> tuple[Reason, ...]:
    """Ask `worker_may`, with the person locked by the caller.

    A claim that is `moving` has its old time booked still, which the new one may overlap; it has a
    deadline of its own for texts that are new (`rota/readings`). What is `automatic`, a plan's
    move, wants the person's time to be known.
    """
    await refuse_while_restoring(session)
    wish = replace(wish_for(shift, role), automatic=automatic)
    known = await circumstances(session, person, shift, wish, now, moving=moving)
    if moving is not None:
        known = replace(known, texts_lacking=())
    return worker_may(wish, known, now)


async def book(session: AsyncSession, person_id: UUID, claim_id: UUID, stay: Stay) -> None:
    """Keep a person's time for a claim; the database refuses what a second path overlooked."""
    booking_id = new_id()
    booking = {
        "id": booking_id,
        "person_id": person_id,
        "claim_id": claim_id,
        "during": Range(stay.begins, stay.ends),
        "on_call": stay.on_call,
        "exchange_id": booking_id,
        "active": True,
    }
    await session.flush()
    connection = await session.connection()
    try:
        await connection.execute(BOOKED, booking)
    except IntegrityError as error:
        raise _refused(error) from error


def _refused(error: IntegrityError) -> Exception:
    if broken_constraint(error) in OVERLAP_CONSTRAINTS:
        return ClaimRefused(reasons=(DOUBLE_BOOKED,))
    return error


async def move_booking(session: AsyncSession, claim_id: UUID, stay: Stay) -> bool:
    """Keep the time of a moved shift instead of the old one; False if it was kept already."""
    during = Range(stay.begins, stay.ends)
    mine = Booking.claim_id == claim_id
    kept = (await session.execute(select(Booking.during, Booking.active).where(mine))).one_or_none()
    if kept is None:
        raise NotFound
    if kept.active and kept.during == during:
        return False
    try:
        await session.execute(update(Booking).where(mine).values(during=during, active=True))
    except IntegrityError as error:
        raise _refused(error) from error
    return True


async def takes_no_more(session: AsyncSession, claim_id: UUID, stay: Stay) -> bool:
    """Tell whether a claim's new time lies within the one that is kept for it already."""
    kept = select(Booking.id).where(
        Booking.claim_id == claim_id,
        Booking.active,
        Booking.during.contains(Range(stay.begins, stay.ends)),
    )
    return await session.scalar(kept) is not None


async def free(session: AsyncSession, claim_id: UUID) -> None:
    """Give a person's time back at once."""
    await session.execute(
        update(Booking).where(Booking.claim_id == claim_id, Booking.active).values(active=False)
    )
