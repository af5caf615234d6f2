"""What partners are told of a pool's hours, after whatever has changed them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from database.outbox import put
from database.session import door
from federation.partners.actions import STATE_HOURS
from federation.pools.slots.restating import restate_for_partner
from rota.open_hours.stating import forget_said, state_hours


async def state(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> datetime | None:
    """Say a pool's hours, if they have changed; and look again while anybody hears of them."""
    async with door(engine) as session:
        return await state_hours(session, UUID(payload["subject"]), now)


async def restate(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Say them whether they have changed or not."""
    async with door(engine) as session:
        await forget_said(session, UUID(payload["subject"]))
        await put(session, STATE_HOURS, payload, now=now, key=payload["subject"])


async def restate_speakers(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """Say anew which languages are spoken where a partner's people count, or count no more."""
    async with door(engine) as session:
        await restate_for_partner(session, payload["node_id"], now)
