"""A pool's rota as a scenario for the planner, in the words of its contract."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from federation.partners.models import Partner
from federation.pools.models import Channel, Pool, PoolMember
from federation.projects.models import Project
from rota.bookings.queries import wish_for
from rota.bookings.rules import Stay
from rota.claims.models import Claim
from rota.plans.accounts import Accounts, accounts_in
from rota.plans.elsewhere import weeks_around
from rota.plans.models import PoolPlan
from rota.plans.people import Kept, Planned, workers_for
from rota.plans.rules import lacking_again, time_of
from rota.seats.queries import KEEPS_A_SEAT
from rota.shifts.models import Seat, Shift


async def scenario_for(
    session: AsyncSession, pool: Pool, first: date, until: date, now: datetime
) -> dict[str, Any]:
    """Write the scenario of a pool for the local days `first` (included) to `until` (excluded)."""
    zone = ZoneInfo(pool.zone)
    begins = datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)
    ends = datetime(until.year, until.month, until.day, tzinfo=zone).astimezone(UTC)
    shifts = await _shifts(session, pool.id, max(begins, now), ends)
    ids = [shift.id for shift, _channel in shifts]
    seats = await _seats(session, ids)
    fixed = await _fixed(session, ids)
    kept: Kept = {shift: {} for shift in ids}
    for _seat, handle, (shift, stay) in fixed:
        kept[shift][handle] = stay
    accounts = await accounts_in(session, pool.id)
    planned = Planned(
        pool.id,
        zone,
        first,
        (begins, ends),
        weeks_around(first, until, zone),
        kept,
        {shift.id: shift.channel_id for shift, _channel in shifts},
        accounts,
    )
    return {
        "zone": pool.zone,
        "from": first.isoformat(),
        "until": until.isoformat(),
        "projects": await _projects(session, pool.id),
        "workers": await workers_for(session, planned, now),
        "shifts": [_shift(shift, channel, seats[shift.id], accounts) for shift, channel in shifts],
        "supervisor_sessions_at_once": pool.supervisor_sessions_at_once,
        "fixed": [{"seat": str(seat), "worker": str(handle)} for seat, handle, _ in fixed],
    }


async def _projects(session: AsyncSession, pool_id: UUID) -> list[dict[str, Any]]:
    rows = await session.execute(
        select(Project.slug, PoolMember.hours_offered_per_week, PoolMember.hours_before_per_week)
        .join(PoolMember, PoolMember.project_id == Project.id)
        .where(PoolMember.pool_id == pool_id)
        .order_by(Project.slug)
    )
    return [
        {"id": slug, "hours_offered_per_week": offered, "hours_before_per_week": before}
        for slug, offered, before in rows
    ]


async def _shifts(
    session: AsyncSession, pool_id: UUID, begins: datetime, ends: datetime
) -> list[tuple[Shift, str]]:
    rows = await session.execute(
        select(Shift, Channel.slug)
        .join(Channel, Channel.id == Shift.channel_id)
        .where(
            Shift.pool_id == pool_id,
            Shift.starts >= begins,
            Shift.starts < ends,
            Shift.cancelled_at.is_(None),
        )
        .order_by(Shift.starts, Shift.id)
    )
    return [(shift, channel) for shift, channel in rows]


async def _seats(session: AsyncSession, shifts: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    rows = await session.execute(
        select(Seat.shift_id, Seat.id, Seat.role).where(Seat.shift_id.in_(shifts)).order_by(Seat.id)
    )
    for shift, seat, role in rows:
        found[shift].append({"id": str(seat), "role": role})
    return found


def _shift(
    shift: Shift, channel: str, seats: list[dict[str, Any]], accounts: Accounts
) -> dict[str, Any]:
    told = {
        "id": str(shift.id),
        "channel": channel,
        "start": time_of(shift.starts),
        "end": time_of(shift.ends),
        "briefing_minutes": shift.briefing_minutes,
        "debrief_minutes": shift.debrief_minutes,
        "languages": shift.languages,
        "wanted_languages": shift.wanted_languages,
        "trainings": [*shift.trainings, *accounts.asked_by(shift.channel_id)],
        "demand": shift.demand,
        "seats": seats,
        "minimum": {"workers": shift.minimum_workers, "supervisors": shift.minimum_supervisors},
    }
    return told if shift.series is None else told | {"series": shift.series}


async def _fixed(
    session: AsyncSession, shifts: Sequence[UUID]
) -> list[tuple[UUID, UUID, tuple[UUID, Stay]]]:
    """List the seats that are kept, for whom, and the time on which shift each takes."""
    rows = await session.execute(
        select(Claim.seat_id, Claim.handle_id, Seat.role, Shift)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Shift.id.in_(shifts), Claim.state.in_(KEEPS_A_SEAT), Claim.decided_here)
        .order_by(Claim.seat_id)
    )
    return [
        (seat, handle, (shift.id, wish_for(shift, role).stay)) for seat, handle, role, shift in rows
    ]


class PoolPlanned(NamedTuple):
    """A pool with its newest published plan, and with its host if that is another node."""

    pool: Pool
    plan: PoolPlan | None
    host: Partner | None


async def pools_planned(session: AsyncSession) -> list[PoolPlanned]:
    """List all pools but examples, which everybody may know, by name."""
    newest = (
        select(PoolPlan.id)
        .where(*_published(Pool.id), PoolPlan.purpose == "plan")
        .order_by(PoolPlan.published_at.desc())
        .limit(1)
        .correlate(Pool)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Pool, PoolPlan, Partner)
        .outerjoin(PoolPlan, and_(PoolPlan.id == newest, Pool.host.is_(None)))
        .outerjoin(Partner, Partner.node_id == Pool.host)
        .where(~Pool.example)
        .order_by(Pool.name)
    )
    return [PoolPlanned(*row) for row in rows]


async def latest_plan(session: AsyncSession, pool_id: UUID) -> PoolPlan | None:
    """Find the newest published plan of a pool; what only repairs one is none by itself."""
    plan: PoolPlan | None = await session.scalar(
        select(PoolPlan)
        .where(*_published(pool_id), PoolPlan.purpose == "plan")
        .order_by(PoolPlan.published_at.desc())
        .limit(1)
    )
    return plan


def _published(pool_id: UUID | InstrumentedAttribute[UUID]) -> tuple[ColumnElement[bool], ...]:
    return (PoolPlan.pool_id == pool_id, PoolPlan.state == "published")


async def published_holds(session: AsyncSession, pool_id: UUID) -> dict[str, str]:
    """Give who was to have which seat: of the newest published plan and of its repairs."""
    newest = (
        select(func.max(PoolPlan.published_at))
        .where(*_published(pool_id), PoolPlan.purpose == "plan")
        .scalar_subquery()
    )
    plans = await session.scalars(
        select(PoolPlan.plan)
        .where(*_published(pool_id), PoolPlan.published_at >= newest)
        .order_by(PoolPlan.published_at, PoolPlan.id)
    )
    return {
        entry["seat"]: entry["worker"]
        for plan in plans
        if plan is not None
        for entry in plan["assignments"]
    }


async def broken_shifts(
    session: AsyncSession, pool_id: UUID, scenario: dict[str, Any]
) -> list[str]:
    """List the scenario's shifts that the published plan staffed and that lack somebody now."""
    planned = await published_holds(session, pool_id)
    return lacking_again(scenario, planned)


async def coming_shifts(
    session: AsyncSession, pool_id: UUID, now: datetime, most: int
) -> list[tuple[Shift, str]]:
    """List the next shifts of a pool with their channels' names."""
    rows = await session.execute(
        select(Shift, Channel.name)
        .join(Channel, Channel.id == Shift.channel_id)
        .where(Shift.pool_id == pool_id, Shift.starts > now, Shift.cancelled_at.is_(None))
        .order_by(Shift.starts, Shift.id)
        .limit(most)
    )
    return [(shift, channel) for shift, channel in rows]
