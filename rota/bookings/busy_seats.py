"""Seats that a person holds, and at whose time a calendar of theirs has come to say busy."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.actions import notify
from federation.people.models import Person
from federation.people.queries import coordinators_of
from federation.projects.models import Project
from rota.bookings.actions import lock_person
from rota.bookings.models import Booking
from rota.busy_times.models import BusyCalendar
from rota.shifts.rules.written_days import written_day

BUSY = (
    "Something else is entered at the time of what you have in your plan on %(day)s. "
    "It stays yours. If you cannot come, ask others to take it, or give it back."
)
OURS_BUSY = (
    "One of your people may not be able to come on %(day)s: something else is "
    "entered for that time. They have been told, and it is still theirs."
)


async def tell_of_busy_seats(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Tell a person and their coordinators of each seat to come that a new busy time touches.

    Once for each seat and change: what was told is kept with the booking. The seat stays theirs.
    """
    person = await lock_person(session, person_id)
    project = await session.get_one(Project, person.project_id)
    zone = ZoneInfo(person.zone or project.zone)
    coordinators = await coordinators_of(session, project.id)
    for day in await _newly_covered(session, person_id, zone, now):
        await _tell(session, person, coordinators, written_day(day), now)


async def _newly_covered(
    session: AsyncSession, person_id: UUID, zone: ZoneInfo, now: datetime
) -> list[datetime]:
    """Keep what of each booking is busy now; gives the begin of those of which more is."""
    busy = (
        select(func.range_agg(BusyCalendar.busy))
        .where(BusyCalendar.person_id == person_id)
        .scalar_subquery()
    )
    covered = func.coalesce(busy, func.tstzmultirange()) * func.tstzmultirange(Booking.during)
    more = covered - func.coalesce(Booking.busy_told, func.tstzmultirange())
    rows = await session.execute(
        select(Booking.id, func.lower(Booking.during), covered, func.isempty(more))
        .where(
            Booking.person_id == person_id,
            Booking.active,
            func.lower(Booking.during) > now,
        )
        .order_by(func.lower(Booking.during), Booking.id)
    )
    new = []
    for booking_id, begins, now_covered, nothing_more in rows.all():
        kept = update(Booking).where(Booking.id == booking_id)
        await session.execute(kept.values(busy_told=now_covered))
        if not nothing_more:
            new.append(begins.astimezone(zone))
    return new


async def _tell(
    session: AsyncSession, person: Person, coordinators: list[UUID], day: str, now: datetime
) -> None:
    await notify(
        session,
        person_id=person.id,
        code="busy-at-a-seat",
        text=BUSY % {"day": day},
        now=now,
    )
    for coordinator in coordinators:
        if coordinator != person.id:
            await notify(
                session,
                person_id=coordinator,
                code="one-of-ours-busy",
                text=OURS_BUSY % {"day": day},
                now=now,
            )
