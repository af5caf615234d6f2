from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.models import TakenIn
from federation.feeds.taken_in.rules import WITHIN, Amount, week_of


async def taken_in(session: AsyncSession, node_id: str, now: datetime) -> dict[str, Amount]:
    """Sum up by kinds what was taken in of a partner within 90 days."""
    rows = await session.execute(
        select(TakenIn.kind, func.sum(TakenIn.events), func.sum(TakenIn.bytes))
        .where(TakenIn.node_id == node_id, TakenIn.week > week_of(now - WITHIN))
        .group_by(TakenIn.kind)
    )
    return {kind: Amount(int(events), int(size)) for kind, events, size in rows}
