"""A month of a project's counts: its home tells the host alone, the host tells all members."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.feeds.queries import POOL_SHIFTS, PRIVATE
from federation.partners.sender import Sender
from rota.record_sharing.actions import receive_from_home, receive_from_host


async def counts_stated(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    """Take it from a home in its private feed, or from a pool's host in the feed of that pool."""
    if sender.feed_kind == PRIVATE:
        await receive_from_home(session, sender.node_id, payload, now)
        return
    if (sender.feed_kind, sender.subject) != (POOL_SHIFTS, payload.get("pool")):
        raise NotFound
    await receive_from_host(session, sender.node_id, payload, now)
