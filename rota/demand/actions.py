"""Coordinators say which weeks tell nothing of usual demand, and let its weights count."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound
from federation.permissions.rules import Asker, require_role, require_write
from federation.pools.models import Pool
from rota.demand.errors import WeeksLeftOut, WrongWeeks
from rota.demand.models import ExcludedWeeks
from rota.demand.rules.exposure import wrong_weeks
from rota.shifts.keeping import staffing_of_pattern, timing_of
from rota.shifts.rules.spans import local_day
from rota.timetable.changes import change_series
from rota.timetable.queries import pattern_to_change
from rota.timetable.series import Wanted


async def leave_out_weeks(
    session: AsyncSession,
    asker: Asker,
    pool: Pool,
    day: date,
    weeks: int,
    reason: str,
    now: datetime,
) -> UUID:
    """Leave out weeks from the one in which a day lies; the caller found the pool."""
    require_role(asker, "coordinator")
    require_write(asker)
    if wrong := wrong_weeks(weeks, reason):
        raise WrongWeeks(reasons=wrong)
    row = insert(ExcludedWeeks).values(
        id=new_id(),
        project_id=asker.project_id,
        pool_id=pool.id,
        first_monday=day - timedelta(days=day.weekday()),
        weeks=weeks,
        reason=reason,
    )
    made: UUID | None = await session.scalar(
        row.on_conflict_do_nothing().returning(ExcludedWeeks.id)
    )
    if made is None:
        raise WeeksLeftOut
    await _write_down(session, asker, "left-out-weeks", pool, now)
    return made


async def count_weeks_again(
    session: AsyncSession, asker: Asker, pool: Pool, weeks_id: UUID, now: datetime
) -> None:
    """Take in again what one's project had left out; nothing was lost meanwhile."""
    require_role(asker, "coordinator")
    require_write(asker)
    gone = await session.scalar(
        delete(ExcludedWeeks)
        .where(
            ExcludedWeeks.id == weeks_id,
            ExcludedWeeks.project_id == asker.project_id,
            ExcludedWeeks.pool_id == pool.id,
        )
        .returning(ExcludedWeeks.id)
    )
    if gone is None:
        raise NotFound
    await _write_down(session, asker, "counted-weeks-again", pool, now)


async def set_weight(
    session: AsyncSession, asker: Asker, pool: Pool, pattern_id: UUID, weight: float, now: datetime
) -> None:
    """Let a series weigh more or less for the planner from tomorrow on, as any change of it.

    Where another time is planned from a later day on, that is what is weighed, from then on.
    """
    pattern = await pattern_to_change(session, asker, pattern_id)
    if pattern.pool_id != pool.id:
        raise NotFound
    if pattern.demand == weight:
        return
    staffing = replace(staffing_of_pattern(pattern), demand=weight)
    tomorrow = local_day(now, pattern.zone) + timedelta(days=1)
    since = max(pattern.first_day, tomorrow)
    await change_series(
        session, asker, pattern_id, Wanted(timing_of(pattern), staffing, since), now
    )
    await record(
        session,
        actor=asker.person_id,
        verb="set-demand-weight",
        subject="shift_pattern",
        subject_id=pattern.id,
        now=now,
        facts={"before": pattern.demand, "after": weight},
    )


async def _write_down(
    session: AsyncSession, asker: Asker, verb: str, pool: Pool, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="pool",
        subject_id=pool.id,
        now=now,
    )
