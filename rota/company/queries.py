from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Select, Text, and_, cast, column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.projects.models import Project
from rota.attendance.models import Attendance
from rota.claims.models import Claim
from rota.company.models import SessionCompany
from rota.company.rules import Companion, Company, Window, window
from rota.handover.rules import Note
from rota.session_details.models import SessionSetting
from rota.session_details.queries import details_in, said_for
from rota.session_details.rules import Details
from rota.shifts.models import Seat, Shift

Known = Select[
    UUID | None,
    str | None,
    str | None,
    UUID | None,
    str | None,
    datetime | None,
    datetime | None,
    datetime | None,
    SessionSetting | None,
]
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
    told, names = await _told(session, shift.id)
    shown = only(told, seen, now)
    projects = {each.project for each in shown.companions}
    return shown, {project: name for project, name in names.items() if project in projects}


async def _told(session: AsyncSession, shift_id: UUID) -> tuple[Company, Names]:
    """Give all that the host has told of a shift, and the names of the projects in it."""
    one = func.jsonb_build_object("project", cast(Project.id, Text))
    among = SessionCompany.content["companions"].contains(func.jsonb_build_array(one))
    rows = await session.execute(
        select(SessionCompany.content, Project.id, Project.name)
        .outerjoin(Project, among)
        .where(SessionCompany.shift_id == shift_id)
    )
    found = rows.all()
    told = msgspec.convert(found[0].content, Company) if found else Company(shift=shift_id)
    return told, {project: name or "" for _, project, name in found if project}


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
    companions, names, details = await _known_at_host(session, shift)
    if not seen.handles:
        companions, names = [], {}
    if not seen.details:
        return Company(shift=shift.id, companions=companions), names
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


def _known(shift: Shift) -> Known:
    """Choose a shift's seats, with who holds each, beside all that was said for its holders."""
    holds = and_(Claim.seat_id == Seat.id, Claim.state == "held", Claim.decided_here)
    return (
        select(
            Seat.id,
            Seat.role,
            Handle.display,
            Project.id,
            Project.name,
            Attendance.arrived_at,
            Attendance.left_at,
            Attendance.late_until,
            SessionSetting,
        )
        .select_from(Shift)
        .outerjoin(SessionSetting, said_for(shift))
        .outerjoin(Seat, Seat.shift_id == Shift.id)
        .outerjoin(Claim, holds)
        .outerjoin(Handle, Handle.id == Claim.handle_id)
        .outerjoin(Project, Project.id == Handle.project_id)
        .outerjoin(Attendance, Attendance.claim_id == Claim.id)
        .where(Shift.id == shift.id)
        .order_by(Seat.id)
    )


async def _known_at_host(
    session: AsyncSession, shift: Shift
) -> tuple[list[Companion], Names, Details]:
    companions: dict[UUID, Companion] = {}
    names: Names = {}
    said: dict[UUID, SessionSetting] = {}
    rows = await session.execute(_known(shift))
    for seat, role, display, project, name, arrived_at, left_at, late_until, setting in rows:
        if setting:
            said[setting.id] = setting
        if seat and role and display and project:
            names[project] = name or ""
            companions[seat] = Companion(
                seat=seat,
                role=role,
                handle=display,
                project=project,
                here=arrived_at is not None and left_at is None,
                late_until=late_until,
            )
    return list(companions.values()), names, details_in(said.values())


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
