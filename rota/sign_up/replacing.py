"""A claim that would replace another one, in an exchange, ends with it: a drop-out comes first."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from rota.bookings.actions import free
from rota.claims.models import Claim

EXCHANGE_LOOK = "exchange-look"


async def end_replacing(session: AsyncSession, claim_id: UUID, now: datetime) -> Sequence[Claim]:
    """End what would take a claim's place, with the time kept for it; the caller tells its host."""
    rows = await session.scalars(
        select(Claim)
        .where(Claim.instead_of == claim_id, Claim.state == "requested")
        .order_by(Claim.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    ended = rows.all()
    for claim in ended:
        claim.state, claim.ended_at = "released", now
        await free(session, claim.id)
    return ended


async def look_at_exchange(session: AsyncSession, claim_id: UUID, now: datetime) -> None:
    """Have the exchange to which a claim belongs looked at once this transaction has committed."""
    await put(session, EXCHANGE_LOOK, {"claim": str(claim_id)}, now=now, key=str(claim_id))
