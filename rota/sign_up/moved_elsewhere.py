"""At home: claims follow a shift that another node has moved, as the pool's feed tells it.

Each is decided by itself with `worker_may`, and the host hears for which time that was.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.errors import Reason
from federation.feeds.actions import append
from federation.people.models import Handle, Person
from federation.pools.models import Pool
from rota.bookings.actions import home_reasons, lock_person, move_booking, takes_no_more
from rota.bookings.queries import kept_since, wish_for
from rota.calendar.actions import calendar_changed
from rota.claims.models import Claim
from rota.claims.queries import lock_claim
from rota.consent.models import Consent
from rota.seats.actions import lock_shift_of
from rota.shifts.models import Seat, Shift
from rota.sign_up.ending import end_claim
from rota.sign_up.notices import tell_moved


async def claims_here(session: AsyncSession, shift_id: UUID) -> list[UUID]:
    """List our people's live claims on a shift that another node hosts."""
    rows = await session.scalars(
        select(Claim.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .where(
            Seat.shift_id == shift_id,
            Claim.state.in_(("requested", "held")),
            ~Claim.decided_here,
            Handle.person_id.is_not(None),
        )
        .order_by(Claim.id)
    )
    return list(rows)


async def follow_move(session: AsyncSession, claim_id: UUID, now: datetime) -> None:
    """At home: bring one claim in line with the time that its host has given the shift.

    Yes moves the booking and tells the host for which time; no gives the seat back.
    """
    claim = await session.get_one(Claim, claim_id, populate_existing=True)
    handle = await session.get_one(Handle, claim.handle_id)
    if handle.person_id is None:
        return
    person = await lock_person(session, handle.person_id)
    shift = await lock_shift_of(session, claim.seat_id)
    await lock_claim(session, claim)
    if claim.state not in {"requested", "held"} or shift.cancelled_at is not None:
        # what is cancelled is ended by the host's own word
        return
    seat = await session.get_one(Seat, claim.seat_id)
    was = await kept_since(session, claim.id, shift.starts)
    reasons: tuple[Reason, ...] = ()
    # who is to stay for a part of the time that they gave already is not asked again
    if not await takes_no_more(session, claim.id, wish_for(shift, seat.role).stay):
        reasons = await home_reasons(session, person, shift, seat.role, now, moving=claim.id)
    if reasons:
        claim.reasons = [reason._asdict() for reason in reasons]
        await end_claim(session, claim, "released", now)
        await tell_moved(session, person.id, shift, now, was=was, stays=False)
    else:
        await _stay_afar(session, person, claim, shift, seat.role, was, now)
    await record(
        session,
        actor=SYSTEM,
        verb="follow-move",
        subject="claim",
        subject_id=claim.id,
        now=now,
        facts={"stays": not reasons},
    )


async def _stay_afar(
    session: AsyncSession,
    person: Person,
    claim: Claim,
    shift: Shift,
    role: str,
    was: datetime,
    now: datetime,
) -> None:
    stay = wish_for(shift, role).stay
    if await move_booking(session, claim.id, stay):
        await tell_moved(session, person.id, shift, now, was=was, stays=True)
        await calendar_changed(session, person.id, now)
    if await _waits_for_consent(session, claim):
        # the host has not heard of this request yet
        return
    host = await _host_of(session, shift)
    said = {
        "claim": str(claim.id),
        "yes": True,
        "begins": stay.begins.isoformat(),
        "ends": stay.ends.isoformat(),
    }
    await append(session, "private", host, "proposal.answered", said, now=now)


async def _waits_for_consent(session: AsyncSession, claim: Claim) -> bool:
    consent = await session.get(Consent, claim.id)
    return consent is not None and consent.state == "waiting"


async def _host_of(session: AsyncSession, shift: Shift) -> str:
    return str(await session.scalar(select(Pool.host).where(Pool.id == shift.pool_id)))
