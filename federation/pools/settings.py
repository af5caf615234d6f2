"""What the members of a pool agree on; its host states it to all of them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.permissions.rules import Asker
from federation.pools.announce import announce_pool
from federation.pools.models import Pool
from federation.pools.queries import pool_planned_by


async def set_consent(
    session: AsyncSession, asker: Asker, pool_id: UUID, now: datetime, *, needed: bool
) -> Pool:
    """Say whether a claim counts only with the yes of the worker's own coordinator."""
    pool = await pool_planned_by(session, asker, pool_id)
    if pool.consent_needed == needed:
        return pool
    pool.consent_needed = needed
    await session.flush()
    await record(
        session,
        actor=asker.person_id,
        verb="set-consent",
        subject="pool",
        subject_id=pool_id,
        now=now,
        facts={"needed": needed},
    )
    await announce_pool(session, pool_id, now)
    return pool


async def set_reading(
    session: AsyncSession,
    asker: Asker,
    pool_id: UUID,
    now: datetime,
    *,
    days: int | None,
    overdue: Literal["vacate", "warn"],
) -> Pool:
    """Say how long seat holders may take to read a new text, and what follows when they have not.

    Without a number of days the time is the author's, or the usual one.
    """
    pool = await pool_planned_by(session, asker, pool_id)
    if (pool.reading_days, pool.reading_overdue) == (days, overdue):
        return pool
    pool.reading_days, pool.reading_overdue = days, overdue
    await session.flush()
    await record(
        session,
        actor=asker.person_id,
        verb="set-reading",
        subject="pool",
        subject_id=pool_id,
        now=now,
        facts={"days": days, "overdue": overdue},
    )
    await announce_pool(session, pool_id, now)
    return pool
