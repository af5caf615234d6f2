"""A host that was, back from a backup: who has not taken its pool yet would wait for its words.

They stand in feeds that have begun anew since, and are said once more as they were.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from federation.feeds.actions import append
from federation.feeds.models import Feed, FeedEvent
from federation.feeds.queries import PRIVATE
from federation.handing.models import PoolTerm
from federation.handing.queries import BEGUN_BY
from federation.pools.models import Pool
from rota.handing.leaving import CONTENTS, place_of, state_sessions


async def say_contents_again(session: AsyncSession, own_id: str, now: datetime) -> None:
    """Say once more what pools hold that this node has handed over, to who hosts them since.

    Who has taken a pool already takes nothing from it.
    """
    before = aliased(PoolTerm)
    rows = await session.execute(
        select(PoolTerm.pool_id, PoolTerm.term, PoolTerm.host)
        .join(Pool, (Pool.id == PoolTerm.pool_id) & (Pool.host == PoolTerm.host))
        .join(before, (before.pool_id == PoolTerm.pool_id) & (before.term == PoolTerm.term - 1))
        .where(before.host == own_id, BEGUN_BY.op("?")(own_id))
        .order_by(PoolTerm.host, PoolTerm.pool_id)
    )
    for pool_id, term, host in rows.all():
        parts = await _said(session, pool_id, term, host)
        if not parts:
            continue
        await state_sessions(session, pool_id, now)
        read_to = await place_of(session, pool_id)
        for part in parts:
            await append(session, PRIVATE, host, CONTENTS, part | {"read_to": read_to}, now=now)


async def _said(session: AsyncSession, pool_id: UUID, term: int, host: str) -> list[dict[str, Any]]:
    """Give the parts as they were said last, in order, where all of them are known."""
    rows = await session.execute(
        select(FeedEvent.epoch, FeedEvent.payload)
        .join(Feed, Feed.id == FeedEvent.feed_id)
        .where(
            Feed.kind == PRIVATE,
            Feed.subject == host,
            FeedEvent.kind == CONTENTS,
            FeedEvent.payload.is_not(None),
        )
        .order_by(FeedEvent.epoch.desc(), FeedEvent.seq)
    )
    said = [(epoch, msgspec.json.decode(payload or b"")) for epoch, payload in rows]
    meant = [one for one in said if (one[1]["pool"], one[1]["term"]) == (str(pool_id), term)]
    parts = [part for epoch, part in meant if epoch == meant[0][0]]
    whole = [part["part"] for part in parts] == list(range(len(parts)))
    return parts if parts and whole and parts[-1]["last"] else []
