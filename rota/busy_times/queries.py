from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker
from rota.busy_times.models import BusyCalendar
from rota.busy_times.rules.known import are_known

Spans = list[tuple[datetime, datetime]]


class BusyTimes(NamedTuple):
    """When somebody's own calendars say busy, and whether that can be relied on."""

    spans: Spans
    known: bool


async def busy_times(
    session: AsyncSession, people: Sequence[UUID], begins: datetime, ends: datetime, now: datetime
) -> dict[UUID, BusyTimes]:
    """Read the busy times of those who let us read a calendar, clipped to a span."""
    clipped = BusyCalendar.busy * func.tstzmultirange(func.tstzrange(begins, ends))
    rows = await session.execute(
        select(BusyCalendar.person_id, BusyCalendar.read_at, clipped).where(
            BusyCalendar.person_id.in_(people)
        )
    )
    found: dict[UUID, BusyTimes] = {}
    for person_id, read_at, busy in rows:
        before = found.get(person_id, BusyTimes([], known=True))
        found[person_id] = BusyTimes(
            [*before.spans, *spans_of(busy, begins, ends)],
            before.known and are_known([read_at], now),
        )
    return found


def spans_of(busy: Sequence[Range[datetime]], begins: datetime, ends: datetime) -> Spans:
    """Write ranges as plain values."""
    return [(one.lower or begins, one.upper or ends) for one in busy]


async def busy_calendars_of(session: AsyncSession, asker: Asker) -> list[BusyCalendar]:
    """List the asker's own calendars; nobody else's are ever listed, to coordinators neither."""
    rows = await session.scalars(
        select(BusyCalendar)
        .where(BusyCalendar.person_id == asker.person_id)
        .order_by(BusyCalendar.made_at, BusyCalendar.id)
    )
    return list(rows)
