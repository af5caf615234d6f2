"""The work around sessions: each looked at in its moments, calls moved on, old notes erased."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from database.session import door
from rota.session_clock.actions import look_at_session
from rota.shifts.clock import wind_all_near
from rota.supervisor_calls.asking import go_on

LOOK_AHEAD_EVERY = timedelta(hours=1)


async def look_at_one(
    engine: AsyncEngine, payload: dict[str, Any], now: datetime
) -> datetime | None:
    """Do what is due for a session at this moment, and ask for its next one."""
    async with door(engine) as session:
        return await look_at_session(session, UUID(payload["shift"]), now)


async def look_ahead(engine: AsyncEngine, _payload: dict[str, Any], now: datetime) -> datetime:
    """Have every session that is near looked at, whoever has changed or missed it."""
    async with door(engine) as session:
        await wind_all_near(session, now)
    return now + LOOK_AHEAD_EVERY


async def move_call_on(
    engine: AsyncEngine, payload: dict[str, Any], now: datetime
) -> datetime | None:
    """Ask the next one, where nobody has taken a call in time; too early, look again then."""
    async with door(engine) as session:
        return await go_on(session, UUID(payload["call"]), now)
