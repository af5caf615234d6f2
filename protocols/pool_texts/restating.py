from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.actions import append
from protocols.pool_texts.actions import FEED, STATED
from protocols.pool_texts.models import OWNER, PoolText, PoolTextRule
from protocols.pool_texts.rule_actions import RULE_STATED


async def restate_pool_texts(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """As a pool's new host: say which texts are in force on its shifts, and their rule."""
    named = await session.execute(
        select(PoolText.protocol_kind, PoolText.urn, OWNER)
        .where(PoolText.pool_id == pool_id)
        .order_by(PoolText.protocol_kind)
    )
    for kind, urn, owner in named.all():
        project = str(owner) if owner else None
        stated = {"pool": str(pool_id), "protocol_kind": kind, "urn": urn, "project": project}
        await append(session, FEED, str(pool_id), STATED, stated, now=now)
    rule = await session.get(PoolTextRule, pool_id)
    if rule is not None:
        asks = {"pool": str(pool_id), "lived_experience": rule.lived_experience}
        await append(session, FEED, str(pool_id), RULE_STATED, asks, now=now)
