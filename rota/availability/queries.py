from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from rota.availability.models import Leave, WeeklyWindow
from rota.availability.rules import Calendar, Weekly, windows
from rota.passport.models import Training


async def calendars(
    session: AsyncSession, people: Sequence[UUID], begins: datetime, ends: datetime
) -> dict[UUID, Calendar]:
    """Read the wishes, leave and trainings of several people in three queries."""
    found: dict[UUID, Calendar] = {person: Calendar() for person in people}
    weekly: dict[UUID, list[Weekly]] = defaultdict(list)
    for wish in await session.scalars(
        select(WeeklyWindow).where(WeeklyWindow.person_id.in_(people))
    ):
        weekly[wish.person_id].append(
            Weekly(wish.weekday, wish.starts, wish.minutes, wish.zone, wish.preference)
        )
    first, last = (begins - timedelta(days=1)).date(), (ends + timedelta(days=1)).date()
    for person, wishes in weekly.items():
        found[person].available = windows(wishes, first, last)
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
