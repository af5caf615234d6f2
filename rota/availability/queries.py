from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Person
from federation.permissions.rules import Asker
from federation.projects.models import Project
from rota.availability.models import DatedWindow, Leave, WeeklyWindow
from rota.availability.rules import Calendar, Dated, Weekly, available
from rota.busy_times.queries import busy_times
from rota.passport.models import Training


async def calendars(
    session: AsyncSession, people: Sequence[UUID], begins: datetime, ends: datetime, now: datetime
) -> dict[UUID, Calendar]:
    """Read all that is known of several people's time in a constant number of queries."""
    found: dict[UUID, Calendar] = {person: Calendar() for person in people}
    await _add_available(session, found, begins, ends)
    for person, (spans, known) in (await busy_times(session, people, begins, ends, now)).items():
        found[person].busy, found[person].known = spans, known
    rows = await session.execute(
        select(Leave.person_id, Leave.during).where(
            Leave.person_id.in_(people), Leave.during.overlaps(Range(begins, ends))
        )
    )
    for person, during in rows:
        found[person].away.append((during.lower or begins, during.upper or ends))
    trainings = await session.execute(
        select(Training.person_id, Training.name, Training.issued, Training.expires).where(
            Training.person_id.in_(people)
        )
    )
    for person, name, issued, expires in trainings:
        found[person].trainings.append((name, issued, expires))
    return found


async def _add_available(
    session: AsyncSession, found: dict[UUID, Calendar], begins: datetime, ends: datetime
) -> None:
    first, last = (begins - timedelta(days=1)).date(), (ends + timedelta(days=1)).date()
    weekly: dict[UUID, list[Weekly]] = defaultdict(list)
    for wish in await session.scalars(
        select(WeeklyWindow).where(WeeklyWindow.person_id.in_(found))
    ):
        weekly[wish.person_id].append(weekly_of(wish))
    dated: dict[UUID, list[Dated]] = defaultdict(list)
    for row in await session.scalars(
        select(DatedWindow).where(
            DatedWindow.person_id.in_(found), DatedWindow.day.between(first, last)
        )
    ):
        dated[row.person_id].append(dated_of(row))
    for person in weekly.keys() | dated.keys():
        found[person].available = available(weekly[person], dated[person], first, last)


def weekly_of(row: WeeklyWindow) -> Weekly:
    """Write a weekly time as plain values."""
    return Weekly(
        weekday=row.weekday,
        starts=row.starts,
        minutes=row.minutes,
        zone=row.zone,
        preference=row.preference,
        every_weeks=row.every_weeks,
        first_day=row.first_day,
    )


def dated_of(row: DatedWindow) -> Dated:
    """Write a dated time as plain values."""
    return Dated(row.day, row.starts, row.minutes, row.zone, row.preference)


async def may_see(session: AsyncSession, asker: Asker, person_id: UUID) -> Person:
    """Give whose time the asker may look at: their own, and as coordinator their project's."""
    person = await session.get(Person, person_id)
    if person is None or person.left_at is not None:
        raise NotFound
    if not asker.acts_for(person.id, person.project_id):
        raise NotFound
    return person


async def zone_of(session: AsyncSession, person: Person) -> str:
    """Give the zone in which a person means times: their own, else that of their project."""
    return person.zone or (await session.get_one(Project, person.project_id)).zone


async def is_known(session: AsyncSession, person_id: UUID, now: datetime) -> bool:
    """Tell whether a person's time is known at the moment, and nothing else of their calendars."""
    found = await busy_times(session, [person_id], now, now + timedelta(minutes=1), now)
    return person_id not in found or found[person_id].known


class Entered(NamedTuple):
    """What stands in somebody's availability, for its page."""

    weekly: list[WeeklyWindow]
    dated: list[DatedWindow]


async def entered_by(session: AsyncSession, person_id: UUID, since: date) -> Entered:
    """List the weekly and the dated times of one person, these from a day on."""
    weekly = await session.scalars(
        select(WeeklyWindow)
        .where(WeeklyWindow.person_id == person_id)
        .order_by(WeeklyWindow.weekday, WeeklyWindow.starts, WeeklyWindow.id)
    )
    dated = await session.scalars(
        select(DatedWindow)
        .where(DatedWindow.person_id == person_id, DatedWindow.day >= since)
        .order_by(DatedWindow.day, DatedWindow.starts)
    )
    return Entered(list(weekly), list(dated))
