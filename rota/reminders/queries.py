from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.preferences.models import NoticePreference
from federation.people.models import Person
from federation.projects.models import Project
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.reminders.rules import Held

LOOKS_AHEAD = timedelta(hours=50)
"""To the end of tomorrow, wherever one is and whatever the clock does."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """Somebody who wants to be reminded, on which clock, and of which day they were last."""

    person_id: UUID
    zone: ZoneInfo
    at: time
    last: date | None


async def who_is_reminded(session: AsyncSession) -> list[Reminded]:
    """List those of this node who want reminders and are still here."""
    rows = await session.execute(
        select(
            NoticePreference.person_id,
            func.coalesce(NoticePreference.zone, Person.zone, Project.zone),
            NoticePreference.reminder_at,
            NoticePreference.reminded_for,
        )
        .join(Person, Person.id == NoticePreference.person_id)
        .join(Project, Project.id == Person.project_id)
        .where(NoticePreference.reminders, Person.left_at.is_(None))
        .order_by(NoticePreference.person_id)
    )
    return [Reminded(person_id, ZoneInfo(zone), at, last) for person_id, zone, at, last in rows]


async def seats_ahead(
    session: AsyncSession, people: list[UUID], now: datetime
) -> dict[UUID, list[Held]]:
    """Give what these people hold in the coming two days, in one read, as it stands now."""
    begins = func.lower(Booking.during)
    rows = await session.execute(
        select(Booking.person_id, begins, Claim.made_at)
        .join(Claim, Claim.id == Booking.claim_id)
        .where(
            Booking.person_id.in_(people),
            Booking.active,
            Claim.state == "held",
            begins > now,
            begins < now + LOOKS_AHEAD,
        )
    )
    found: defaultdict[UUID, list[Held]] = defaultdict(list)
    for person_id, at, made_at in rows:
        found[person_id].append(Held(at, made_at))
    return found
