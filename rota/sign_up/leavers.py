"""Somebody has left their project: what they still held falls free, a seat at a time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.people.models import Handle, Person
from rota.bookings.actions import lock_person
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.shifts.models import Seat, Shift
from rota.sign_up.ending import end_claim


async def claims_of_leaver(session: AsyncSession, person_id: UUID, now: datetime) -> list[UUID]:
    """List the live claims on coming shifts of somebody who has left; none of those who stay."""
    rows = await session.scalars(
        select(Claim.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Person, Person.id == Handle.person_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Person.id == person_id,
            Person.left_at.is_not(None),
            Claim.state.in_(LIVE),
            Shift.starts > now,
        )
        .order_by(Shift.starts, Claim.id)
    )
    return list(rows)


async def vacate(session: AsyncSession, person_id: UUID, claim_id: UUID, now: datetime) -> None:
    """Free one seat of a leaver; each in a transaction of its own, so that locks stay in order."""
    await lock_person(session, person_id)
    claim = await session.get_one(Claim, claim_id)
    if await end_claim(session, claim, "released", now):
        await record(
            session,
            actor=SYSTEM,
            verb="vacate-seat",
            subject="claim",
            subject_id=claim_id,
            now=now,
        )
