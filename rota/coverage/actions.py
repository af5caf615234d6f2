"""The host counts what each project gives, week by week, and tells the members: totals only."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.handing.queries import current_term
from federation.people.models import Handle
from federation.pools.models import Pool, PoolMember
from federation.pools.stated import Amount, written
from rota.bookings.rules import stay_for
from rota.claims.models import Claim
from rota.coverage.models import PoolHours
from rota.coverage.rules import midnight, mondays, week_of
from rota.shifts.models import Seat, Shift

WEEKS_BACK, WEEKS_AHEAD = 4, 5
HOURS_STATED = "hours.stated"


class Total(NamedTuple):
    """What a project gives in one week, in hours."""

    given: float
    on_call: float


class StatedHours(msgspec.Struct, frozen=True):
    """One project's week, as the host states it."""

    project: UUID
    monday: date
    given: Amount
    on_call: Amount


class HoursStated(msgspec.Struct, frozen=True):
    """What changed since the host last spoke of hours."""

    pool: UUID
    weeks: list[StatedHours]


async def hosted_pools(session: AsyncSession) -> list[UUID]:
    """List the pools whose hours this node counts."""
    rows = await session.scalars(select(Pool.id).where(Pool.host.is_(None)).order_by(Pool.id))
    return list(rows)


async def state_hours(session: AsyncSession, pool_id: UUID, now: datetime) -> int:
    """Count four weeks back and five ahead; keep what changed, and tell the members."""
    pool = await session.get_one(Pool, pool_id)
    first = mondays(week_of(now, pool.zone) - timedelta(weeks=WEEKS_BACK), 1)[0]
    since = await _hosted_since(session, pool)
    weeks = [each for each in mondays(first, WEEKS_BACK + WEEKS_AHEAD) if each >= since]
    counted = await _count(session, pool, weeks)
    known = await _known(session, pool_id, weeks)
    changed = {key: total for key, total in counted.items() if known.get(key, Total(0, 0)) != total}
    if not changed:
        return 0
    await _keep(session, pool_id, changed)
    stated = [
        {
            "project": str(project),
            "monday": monday.isoformat(),
            "given": written(total.given),
            "on_call": written(total.on_call),
        }
        for (project, monday), total in sorted(changed.items())
    ]
    payload: dict[str, Any] = {"pool": str(pool_id), "weeks": stated}
    await append(session, "pool/shifts", str(pool_id), HOURS_STATED, payload, now=now)
    return len(changed)


async def _hosted_since(session: AsyncSession, pool: Pool) -> date:
    """Give the first week that this node counts: what an earlier host has counted stays."""
    term = await current_term(session, pool.id)
    return date.min if term is None or term.term == 1 else week_of(term.said_at, pool.zone)


async def receive_hours(
    session: AsyncSession, host: str, payload: dict[str, Any], _now: datetime
) -> None:
    """Keep what the host of a pool says of its members' hours; of nobody else's."""
    stated = msgspec.convert(payload, HoursStated)
    members = set(
        await session.scalars(
            select(PoolMember.project_id)
            .join(Pool, Pool.id == PoolMember.pool_id)
            .where(Pool.id == stated.pool, Pool.host == host)
        )
    )
    if not members:
        raise NotFound
    told = {
        (one.project, one.monday): Total(float(one.given), float(one.on_call))
        for one in stated.weeks
        if one.project in members
    }
    if told:
        await _keep(session, stated.pool, told)


async def _count(
    session: AsyncSession, pool: Pool, weeks: Sequence[date]
) -> dict[tuple[UUID, date], Total]:
    begins = midnight(weeks[0], pool.zone)
    ends = midnight(weeks[-1] + timedelta(weeks=1), pool.zone)
    rows = await session.execute(
        select(
            Handle.project_id,
            Seat.role,
            Shift.starts,
            Shift.ends,
            Shift.briefing_minutes,
            Shift.debrief_minutes,
        )
        .select_from(Claim)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Shift.pool_id == pool.id,
            Shift.cancelled_at.is_(None),
            Shift.starts >= begins,
            Shift.starts < ends,
            Claim.state == "held",
            Claim.decided_here,
        )
    )
    given: dict[tuple[UUID, date], timedelta] = defaultdict(timedelta)
    on_call: dict[tuple[UUID, date], timedelta] = defaultdict(timedelta)
    for project_id, role, starts, until, briefing, debrief in rows:
        stay = stay_for(role, starts, until, briefing, debrief)
        counted = on_call if stay.on_call else given
        length = stay.ends.astimezone(UTC) - stay.begins.astimezone(UTC)
        counted[project_id, week_of(starts, pool.zone)] += length
    members = await session.scalars(
        select(PoolMember.project_id).where(PoolMember.pool_id == pool.id)
    )
    keys = [(project, monday) for project in members for monday in weeks]
    return {key: Total(_in_hours(given[key]), _in_hours(on_call[key])) for key in keys}


def _in_hours(length: timedelta) -> float:
    return round(length.total_seconds() / 3600, 4)


async def _known(
    session: AsyncSession, pool_id: UUID, weeks: Sequence[date]
) -> dict[tuple[UUID, date], Total]:
    rows = await session.execute(
        select(PoolHours.project_id, PoolHours.monday, PoolHours.given, PoolHours.on_call).where(
            PoolHours.pool_id == pool_id, PoolHours.monday.in_(weeks)
        )
    )
    return {(project, monday): Total(given, calls) for project, monday, given, calls in rows}


async def _keep(
    session: AsyncSession, pool_id: UUID, totals: dict[tuple[UUID, date], Total]
) -> None:
    rows = insert(PoolHours).values(
        [
            {
                "id": new_id(),
                "pool_id": pool_id,
                "project_id": project,
                "monday": monday,
                "given": total.given,
                "on_call": total.on_call,
            }
            for (project, monday), total in sorted(totals.items())
        ]
    )
    await session.execute(
        rows.on_conflict_do_update(
            constraint="uq_pool_hours_pool_id_project_id_monday",
            set_={"given": rows.excluded.given, "on_call": rows.excluded.on_call},
        )
    )
