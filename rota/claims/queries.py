from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from rota.claims.models import Claim

ENDED = ("released", "refused", "lapsed")


async def last_endings(session: AsyncSession, seats: Sequence[UUID]) -> dict[UUID, str]:
    """Tell how the last claim on each seat ended, if one did; by whom is not told."""
    rows = await session.execute(
        select(Claim.seat_id, Claim.state)
        .where(Claim.seat_id.in_(seats), Claim.state.in_(ENDED))
        .ext(distinct_on(Claim.seat_id))
        .order_by(Claim.seat_id, Claim.ended_at.desc().nulls_last(), Claim.id.desc())
    )
    return {row.seat_id: row.state for row in rows}
