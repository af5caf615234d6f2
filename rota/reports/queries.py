from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Pool, PoolMember
from federation.projects.queries import project
from protocols.signposts.models import Signpost
from rota.claims.models import Claim
from rota.cover.models import CoverRequest
from rota.coverage.rules import midnight
from rota.record_keeping.rules import local_day
from rota.record_sums.models import RecordSum
from rota.reports.errors import MonthToCome
from rota.reports.hours import Period, hours, of_period, time_given
from rota.reports.indicators import GONE, REPEATED, TABLES
from rota.reports.rules import Months, in_order, months_later, per_contact
from rota.reports.texts import protocols
from rota.shifts.models import Seat, Shift
from rota.swaps.given_up import given_up

LATE = timedelta(hours=48)
DAYS_A_WEEK = 7
Counts = dict[str, dict[str, int]]
"""By dimension and value."""


class Named(NamedTuple):
    """A project or a pool, in addresses and for people."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a project can say of its work in a pool: numbers by their keys, and tables."""

    project: Named
    pool: Named
    months: Months
    as_of: datetime
    """What was not over then is not counted."""
    values: dict[str, float | None]
    tables: dict[str, list[tuple[str, int]]]
    by_month: list[tuple[date, int]]
    open_by_language: list[tuple[str, float]]
    services: dict[str, str]
    """Names of the project's services, by their ids."""

    @property
    def service_names(self) -> dict[str, str]:
        """Name services, also those in the table that have been deleted since."""
        return {value: GONE for value, _ in self.tables["signpost"]} | self.services


async def report(
    session: AsyncSession, asker: Asker, pool: Pool, months: Months, now: datetime
) -> Report:
    """Gather a report for coordinators, of their own project; the caller found the pool.

    It is as many questions however much was recorded, and an entry in the audit: figures of few
    contacts are read here as they are.
    """
    require_role(asker, "coordinator")
    if months.until > months_later(local_day(now, pool.zone), 1):
        raise MonthToCome
    counts, by_month = await _counts(session, asker.project_id, pool.id, months)
    period = _period(pool, months, now)
    opened, planned, by_language = await hours(session, pool.id, period)
    before = sum(by_month.get(month, 0) for month in months.before.each)
    values = (
        _recorded(counts, before)
        | {"hours-open": opened, "hours-planned": planned}
        | await _of_member(session, asker.project_id, pool, months, now)
    )
    values["staff-hours-per-contact"] = per_contact(
        values["staff-hours"] or 0, (values["talked"] or 0) - (values["imported"] or 0)
    )
    await record(
        session,
        actor=asker.person_id,
        verb="read-report",
        subject="pool",
        subject_id=pool.id,
        now=now,
        facts={"first": months.first.isoformat(), "until": months.until.isoformat()},
    )
    own = await project(session, asker.project_id)
    return Report(
        project=Named(own.slug, own.name),
        pool=Named(pool.slug, pool.name),
        months=months,
        as_of=now,
        values=values,
        tables={key: in_order(counts.get(key, {})) for key in (*TABLES, *REPEATED)},
        by_month=[(month, by_month.get(month, 0)) for month in months.each],
        open_by_language=by_language,
        services=await _services(session, asker.project_id),
    )


def _period(pool: Pool, months: Months, now: datetime) -> Period:
    return Period(midnight(months.first, pool.zone), midnight(months.until, pool.zone), now)


async def _counts(
    session: AsyncSession, project_id: UUID, pool_id: UUID, months: Months
) -> tuple[Counts, dict[date, int]]:
    """Add up what was recorded; by month the contacts, also of as many months right before."""
    is_contact = (RecordSum.dimension == "contacts") & (RecordSum.value == "talked")
    rows = await session.execute(
        select(RecordSum.month, RecordSum.dimension, RecordSum.value, func.sum(RecordSum.count))
        .where(
            RecordSum.project_id == project_id,
            RecordSum.pool_id == pool_id,
            RecordSum.month >= months.before.first,
            RecordSum.month < months.until,
            (RecordSum.month >= months.first) | is_contact,
        )
        .group_by(RecordSum.month, RecordSum.dimension, RecordSum.value)
    )
    found: Counts = defaultdict(lambda: defaultdict(int))
    by_month: dict[date, int] = {}
    for month, dimension, value, count in rows:
        if month >= months.first:
            found[dimension][value] += int(count)
        if (dimension, value) == ("contacts", "talked"):
            by_month[month] = int(count)
    return found, by_month


def _recorded(counts: Counts, before: int) -> dict[str, float | None]:
    def of(dimension: str, value: str) -> float:
        return counts.get(dimension, {}).get(value, 0)

    return {
        "talked": of("contacts", "talked"),
        "imported": of("imported", "talked"),
        "talked-before": before,
        "turned-away": of("contacts", "turned-away"),
        "wrong-channel": of("contacts", "wrong-channel"),
        "new": of("familiarity", "new"),
        "returning": of("familiarity", "returning"),
        "records": of("records", "session"),
        "signposted": of("outcome", "signposted"),
        "unmet": float(sum(counts.get("unmet", {}).values())),
        "technical": of("trouble", "technical"),
        "staff-abused": of("trouble", "staff-abused"),
        "support-wanted": of("support", "wanted"),
    }


async def _of_member(
    session: AsyncSession, project_id: UUID, pool: Pool, months: Months, now: datetime
) -> dict[str, float | None]:
    """Give what a member had before it joined, what it gives, and how its seats and texts stand."""
    period = _period(pool, months, now)
    today = local_day(now, pool.zone)
    alone = select(PoolMember.hours_before_per_week).where(
        PoolMember.pool_id == pool.id, PoolMember.project_id == project_id
    )
    rows = await session.execute(
        select(
            alone.scalar_subquery(),
            time_given(project_id, pool.id, period),
            *_seats(project_id, pool.id, period),
            *protocols(project_id, today),
        )
    )
    before, given, late, asked, covered, texts, current = rows.one()
    weeks = (min(months.until, today) - months.first).days / DAYS_A_WEEK
    return {
        "hours-alone": None if before is None else round(before * weeks, 2),
        "staff-hours": round(float(given or 0), 2),
        "drop-outs": float(late),
        "covers-asked": float(asked),
        "covers-found": float(covered),
        "texts": float(texts),
        "texts-current": float(current),
    }


def _seats(project_id: UUID, pool_id: UUID, period: Period) -> tuple[ScalarSelect[int], ...]:
    """Count seats that became free late, and requests for cover, for sessions of the period."""
    late = (
        select(func.count())
        .select_from(Claim)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            *of_period(pool_id, period),
            Shift.cancelled_at.is_(None),
            Handle.project_id == project_id,
            given_up(),
            Claim.ended_at > Shift.starts - LATE,
            Claim.ended_at < Shift.ends,
        )
    )
    asked = (
        select(func.count())
        .select_from(CoverRequest)
        .join(Seat, Seat.id == CoverRequest.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(*of_period(pool_id, period), CoverRequest.project_id == project_id)
    )
    covered = asked.where(CoverRequest.state == "covered")
    return late.scalar_subquery(), asked.scalar_subquery(), covered.scalar_subquery()


async def _services(session: AsyncSession, project_id: UUID) -> dict[str, str]:
    rows = await session.execute(
        select(Signpost.id, Signpost.name).where(Signpost.project_id == project_id)
    )
    return {str(service): name for service, name in rows}
