from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Text, cast, column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.projects.models import Project
from rota.attendance.models import Attendance
from rota.claims.models import Claim
from rota.company.models import SessionCompany
from rota.company.rules import Companion, Company, Window, window
from rota.handover.rules import Note
from rota.session_details.queries import details_of
from rota.shifts.models import Seat, Shift

Names = dict[UUID, str]
"""What people call the projects of a session's holders by."""


async def company_of(
    session: AsyncSession, shift: Shift, host: str | None, left: Sequence[Note], now: datetime
) -> tuple[Company, Names]:
    """Give what this shift's holders may know now: worked out at the host, else as it told us.

    `left` are the notes for them, of which a node knows all only where it is the host.
    """
    seen = window_of(shift, now)
    if host is None:
        return await company_at_host(session, shift, seen, left)
    kept = await session.get(SessionCompany, shift.id, populate_existing=True)
    told = msgspec.convert(kept.content, Company) if kept else Company(shift=shift.id)
    shown = only(told, seen, now)
    projects = {each.project for each in shown.companions}
    rows = await session.execute(select(Project.id, Project.name).where(Project.id.in_(projects)))
    return shown, dict(rows.all())


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
    session: AsyncSession, shift: Shift, seen: Window, left: Sequence[Note]
) -> tuple[Company, Names]:
    """Work out what the holders of a shift are told, at the host that knows all of them."""
    companions, names = await _companions(session, shift.id) if seen.handles else ([], {})
    if not seen.details:
        return Company(shift=shift.id, companions=companions), names
    details = await details_of(session, shift)
    told = Company(
        shift=shift.id,
        companions=companions,
        meeting_link=details.meeting_link,
        contact_label=details.contact_label,
        contact_number=details.contact_number,
        contact_link=details.contact_link,
        conversations_at_once=details.conversations_at_once,
        never_alone=details.never_alone,
        answer_minutes=details.answer_minutes,
        notes=list(left),
    )
    return told, names


async def _companions(session: AsyncSession, shift_id: UUID) -> tuple[list[Companion], Names]:
    rows = await session.execute(
        select(
            Seat.id,
            Seat.role,
            Handle.display,
            Handle.project_id,
            Project.name,
            Attendance.arrived_at,
            Attendance.left_at,
            Attendance.late_until,
        )
        .join(Claim, Claim.seat_id == Seat.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .outerjoin(Attendance, Attendance.claim_id == Claim.id)
        .where(Seat.shift_id == shift_id, Claim.state == "held", Claim.decided_here)
        .order_by(Seat.id)
    )
    found = rows.all()
    companions = [
        Companion(
            seat=seat,
            role=role,
            handle=display,
            project=project,
            here=arrived_at is not None and left_at is None,
            late_until=late_until,
        )
        for seat, role, display, project, _, arrived_at, left_at, late_until in found
    ]
    return companions, {row.project_id: row.name for row in found}


async def companions_told(
    session: AsyncSession, shifts: Sequence[UUID]
) -> list[tuple[Companion, Project]]:
    """Give the holders that hosts have told this node of, for sessions of its own people."""
    one = func.jsonb_array_elements(SessionCompany.content["companions"])
    companions = one.table_valued(column("told", JSONB), name="companion").render_derived()
    rows = await session.execute(
        select(companions.c.told, Project)
        .select_from(SessionCompany)
        .join(companions, true())
        .join(Project, cast(Project.id, Text) == companions.c.told["project"].astext)
        .where(SessionCompany.shift_id.in_(shifts))
    )
    return [(msgspec.convert(told, Companion), project) for told, project in rows]
