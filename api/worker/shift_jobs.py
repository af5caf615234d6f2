"""Shifts made ahead, and what follows after a commit in which one was moved or called off."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from database.session import door
from rota.sign_up.moved import vacate_cancelled
from rota.sign_up.moved_elsewhere import claims_here, follow_move
from rota.timetable.changes import make_ahead
from rota.timetable.queries import live_patterns

MAKE_EVERY = timedelta(hours=12)


async def follow_moved_shift(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Decide as home for each of our people on a shift that its host has moved."""
    async with door(engine) as session:
        claims = await claims_here(session, UUID(payload["shift"]))
    for claim_id in claims:
        async with door(engine) as session:
            await follow_move(session, claim_id, now)


async def vacate_called_off(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """End a claim that was made while its shift was being cancelled."""
    async with door(engine) as session:
        await vacate_cancelled(session, UUID(payload["claim"]), now)


async def make_shifts_ahead(
    engine: AsyncEngine, _payload: dict[str, Any], now: datetime
) -> datetime:
    """Make the shifts of the coming weeks for every pattern, each in a transaction of its own."""
    async with door(engine) as session:
        patterns = await live_patterns(session, now)
    for pattern_id in patterns:
        async with door(engine) as session:
            await make_ahead(session, pattern_id, now)
    return now + MAKE_EVERY
