from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.pools.models import Pool
from rota.attendance.models import Attendance
from rota.claims.models import Claim
from rota.company.models import SessionCompany
from rota.company.rules import Companion, Company, Window, window
from rota.handover.queries import notes_for
from rota.session_details.queries import details_of
from rota.shifts.models import Seat, Shift


async def company_of(session: AsyncSession, shift: Shift, now: datetime) -> Company:
    """Give what this shift's holders may know now: worked out at the host, else as it told us."""
    hosted = await session.scalar(select(Pool.host).where(Pool.id == shift.pool_id)) is None
    seen = window_of(shift, now)
    if hosted:
        return await company_at_host(session, shift, seen, now)
    kept = await session.get(SessionCompany, shift.id, populate_existing=True)
    told = msgspec.convert(kept.content, Company) if kept else Company(shift=shift.id)
    return only(told, seen, now)


def window_of(shift: Shift, now: datetime) -> Window:
    """Say what may be told of a shift at a moment."""
    return window(shift.starts, shift.ends, shift.briefing_minutes, shift.debrief_minutes, now)


def only(told: Company, seen: Window, now: datetime) -> Company:
    """Show of what was told only what its time is, whatever a host has told and when."""
    if not seen.handles:
        return Company(shift=told.shift)
    if not seen.details:
        return Company(shift=told.shift, companions=told.companions)
    notes = [note for note in told.notes if note.expires_at > now]
    return msgspec.structs.replace(told, notes=notes)


async def company_at_host(
    session: AsyncSession, shift: Shift, seen: Window, now: datetime
) -> Company:
    """Work out what the holders of a shift are told, at the host that knows all of them."""
    companions = await _companions(session, shift.id) if seen.handles else []
    if not seen.details:
        return Company(shift=shift.id, companions=companions)
    details = await details_of(session, shift)
    return Company(
        shift=shift.id,
        companions=companions,
        meeting_link=details.meeting_link,
        contact_label=details.contact_label,
        contact_number=details.contact_number,
        contact_link=details.contact_link,
        conversations_at_once=details.conversations_at_once,
        never_alone=details.never_alone,
        answer_minutes=details.answer_minutes,
        notes=await notes_for(session, shift, now),
    )


async def _companions(session: AsyncSession, shift_id: UUID) -> list[Companion]:
    rows = await session.execute(
        select(
            Seat.id,
            Seat.role,
            Handle.display,
            Handle.project_id,
            Attendance.arrived_at,
            Attendance.left_at,
            Attendance.late_until,
        )
        .join(Claim, Claim.seat_id == Seat.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .outerjoin(Attendance, Attendance.claim_id == Claim.id)
        .where(Seat.shift_id == shift_id, Claim.state == "held", Claim.decided_here)
        .order_by(Seat.id)
    )
    return [
        Companion(
            seat=seat,
            role=role,
            handle=display,
            project=project,
            here=arrived_at is not None and left_at is None,
            late_until=late_until,
        )
        for seat, role, display, project, arrived_at, left_at, late_until in rows
    ]


async def companions_told(
    session: AsyncSession, shifts: Sequence[UUID]
) -> list[tuple[UUID, Companion]]:
    """Give the holders that hosts have told this node of, for sessions of its own people."""
    rows = await session.scalars(
        select(SessionCompany.content).where(SessionCompany.shift_id.in_(shifts))
    )
    told = [msgspec.convert(content, Company) for content in rows]
    return [(each.seat, each) for company in told for each in company.companions]
