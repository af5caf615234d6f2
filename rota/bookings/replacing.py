"""A booking takes the place of another one: the database allows this overlap and no other."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.session import broken_constraint
from rota.bookings.actions import OVERLAP_CONSTRAINTS, book
from rota.bookings.models import Booking
from rota.bookings.rules import DOUBLE_BOOKED, Stay
from rota.claims.errors import ClaimRefused


async def book_instead(
    session: AsyncSession, person_id: UUID, claim_id: UUID, stay: Stay, *, of: UUID | None
) -> None:
    """Keep a person's time for a claim in exchange for that of another claim, if there is one.

    The exchange id is handed on, so both rows may stand side by side until the old one is freed.
    """
    exchange_id = await session.scalar(select(Booking.exchange_id).where(Booking.claim_id == of))
    if exchange_id is None:
        await book(session, person_id, claim_id, stay)
        return
    session.add(
        Booking(
            id=new_id(),
            person_id=person_id,
            claim_id=claim_id,
            during=Range(stay.begins, stay.ends),
            on_call=stay.on_call,
            exchange_id=exchange_id,
        )
    )
    try:
        await session.flush()
    except IntegrityError as error:
        if broken_constraint(error) in OVERLAP_CONSTRAINTS:
            raise ClaimRefused(reasons=(DOUBLE_BOOKED,)) from error
        raise
