"""Asks for the work that a session needs at its own moments; who knows of a change asks again."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from rota.shifts.models import Shift
from rota.shifts.rules.nearness import AFTERWARDS, AHEAD

SESSION_CLOCK = "session-clock"


async def wind(session: AsyncSession, shift_id: UUID, now: datetime) -> None:
    """Have a session looked at as soon as this transaction has committed."""
    await put(session, SESSION_CLOCK, {"shift": str(shift_id)}, now=now, key=str(shift_id), due=now)


async def wind_if_near(session: AsyncSession, shift: Shift, now: datetime) -> None:
    """Have a session looked at that is near or runs; all others are found in time."""
    if shift.starts - AHEAD <= now < shift.ends + AFTERWARDS:
        await wind(session, shift.id, now)


async def wind_open_sessions(
    session: AsyncSession, concerned: ColumnElement[bool], now: datetime
) -> None:
    """Have those of some sessions looked at that are near or run."""
    near = Shift.starts <= now + AHEAD, Shift.ends > now - AFTERWARDS
    found = select(Shift.id).where(concerned, *near).order_by(Shift.id)
    for shift_id in await session.scalars(found):
        await wind(session, shift_id, now)


async def wind_all_near(session: AsyncSession, now: datetime) -> None:
    """Have every session looked at that is near or runs, also those from before an upgrade."""
    await wind_open_sessions(session, Shift.cancelled_at.is_(None), now + timedelta(hours=2))
