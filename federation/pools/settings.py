"""What the members of a pool agree on; its host states it to all of them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.announce import announce_pool
from federation.pools.drafts import require_message_languages
from federation.pools.errors import RulesTooLong
from federation.pools.models import Channel, Pool
from federation.pools.queries import pool_planned_by

LONGEST_RULES = 4000


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


async def set_rules_of_engagement(
    session: AsyncSession, asker: Asker, pool_id: UUID, channel: str, rules: str, now: datetime
) -> Channel:
    """Say how to behave in somebody else's space; whoever has a seat on the channel reads it.

    Shifts carry them by their channel, so that what is corrected holds at once, on every node.
    """
    await pool_planned_by(session, asker, pool_id)
    rules = "\n".join(line.rstrip() for line in rules.strip().splitlines())
    if len(rules) > LONGEST_RULES:
        raise RulesTooLong
    found: Channel | None = await session.scalar(
        select(Channel)
        .where(Channel.pool_id == pool_id, Channel.slug == channel, Channel.left_out_at.is_(None))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if found.rules_of_engagement == rules:
        return found
    found.rules_of_engagement = rules
    await session.flush()
    await record(
        session,
        actor=asker.person_id,
        verb="set-rules-of-engagement",
        subject="channel",
        subject_id=found.id,
        now=now,
    )
    await announce_pool(session, pool_id, now)
    return found


async def set_publication(
    session: AsyncSession,
    asker: Asker,
    pool_id: UUID,
    now: datetime,
    *,
    planned: bool,
    message_languages: list[str],
) -> None:
    """Say whether regular hours are told before they are confirmed, and how messages are answered.

    `message_languages` are told only where too few people speak them to show hours.
    """
    pool = await pool_planned_by(session, asker, pool_id)
    require_message_languages(message_languages)
    pool.publishes_planned = planned
    pool.message_languages = sorted(set(message_languages))
    await session.flush()
    await record(
        session,
        actor=asker.person_id,
        verb="set-publication",
        subject="pool",
        subject_id=pool_id,
        now=now,
    )
    await announce_pool(session, pool_id, now)
