"""Which trainings a pool and its channels ask for, brought to the shifts that are still to come."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.audit.actions import record
from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.announce import announce_pool
from federation.pools.models import Channel
from federation.pools.queries import pool_planned_by
from rota.passport.actions import PASSPORT
from rota.passport.rules import changed_needs, needed_on
from rota.shifts.announce import announce_shift
from rota.shifts.models import Shift


async def require_trainings(
    session: AsyncSession,
    asker: Asker,
    pool_id: UUID,
    trainings: Sequence[str],
    first_day: date,
    now: datetime,
    *,
    channel: str | None = None,
) -> int:
    """Change what a pool, or one channel of it, asks for on shifts from a local day on.

    Gives how many shifts ask for something else than before. Who holds a seat and lacks what is
    asked now loses it, so choose a day that leaves time for training.
    """
    pool = await pool_planned_by(session, asker, pool_id)
    channels = list(
        await session.scalars(
            select(Channel)
            .where(Channel.pool_id == pool_id)
            .order_by(Channel.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )
    before = {one.id: needed_on(one.trainings, pool.trainings) for one in channels}
    if channel is None:
        pool.trainings = sorted(set(trainings))
    else:
        named = [one for one in channels if one.slug == channel]
        if not named:
            raise NotFound
        named[0].trainings = sorted(set(trainings))
    await session.flush()
    after = {one.id: needed_on(one.trainings, pool.trainings) for one in channels}
    await record(
        session,
        actor=asker.person_id,
        verb="require-trainings",
        subject="pool",
        subject_id=pool_id,
        now=now,
        facts={"channel": channel or "", "from": first_day.isoformat()},
    )
    begins = max(
        now, datetime(first_day.year, first_day.month, first_day.day, tzinfo=ZoneInfo(pool.zone))
    )
    touched = [one.id for one in channels if before[one.id] != after[one.id]]
    changed = 0
    for shift in await lock_shifts_to_come(session, touched, begins):
        asked = changed_needs(shift.trainings, before[shift.channel_id], after[shift.channel_id])
        if asked == sorted(shift.trainings):
            continue
        changed += 1
        shift.trainings = asked
        await announce_shift(session, shift, now)
        await put(session, PASSPORT, {"shift": str(shift.id)}, now=now, key=str(shift.id))
    await announce_pool(session, pool_id, now)
    return changed


async def lock_shifts_to_come(
    session: AsyncSession, channels: Sequence[UUID], begins: datetime
) -> list[Shift]:
    """Lock the shifts of these channels from a moment on: who claims one waits or is waited for."""
    rows = await session.scalars(
        select(Shift)
        .where(
            Shift.channel_id.in_(channels),
            Shift.starts >= begins,
            Shift.cancelled_at.is_(None),
        )
        .order_by(Shift.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(rows)
