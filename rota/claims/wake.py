"""Wakes whoever waits for a host's answer to a claim."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

CHANNEL = "netreach_claim"


async def wake(session: AsyncSession, claim_id: UUID) -> None:
    """Notify, once this transaction commits, that a claim has been answered."""
    await session.execute(
        text("SELECT pg_notify(:channel, :claim)"), {"channel": CHANNEL, "claim": str(claim_id)}
    )
