from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Function, ScalarSelect, Subquery, func, select, true
from sqlalchemy.dialects.postgresql import TSTZRANGE
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Channel, Pool, PoolMember
from protocols.items.models import Item
from protocols.signposts.models import Signpost
from rota.claims.models import Claim
from rota.cover.models import CoverRequest
from rota.coverage.models import PoolHours
from rota.coverage.rules import midnight
from rota.open_hours.sessions import LONGEST, SESSION
from rota.record_sums.models import RecordSum
from rota.reports.rules import Months, in_order, per_contact
from rota.shifts.models import Seat, Shift
from rota.swaps.given_up import given_up

LATE = timedelta(hours=48)
DAYS_A_WEEK = 7
Counts = dict[str, dict[str, int]]
"""By dimension and value."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a project can say of its work in a pool: numbers by their keys, and tables."""

    months: Months
    values: dict[str, float | None]
    tables: dict[str, list[tuple[str, int]]]
    by_month: list[tuple[date, int]]
    open_by_language: list[tuple[str, float]]
    services: dict[str, str]
    """Names of the services in the table, by their ids."""


async def report(
    session: AsyncSession, asker: Asker, pool: Pool, months: Months, now: datetime
) -> Report:
    """Gather a report for coordinators, of their own project; the caller found the pool.

    It is as many questions however much was recorded, and an entry in the audit: figures of few
    contacts are read here as they are.
    """
    require_role(asker, "coordinator")
    counts, by_month = await _counts(session, asker.project_id, pool.id, months)
    begins, ends = midnight(months.first, pool.zone), midnight(months.until, pool.zone)
    opened, planned = await _hours(session, pool.id, begins, ends)
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
    return Report(
        months=months,
        values=values,
        tables={dimension: in_order(found) for dimension, found in counts.items()},
        by_month=[(month, by_month.get(month, 0)) for month in months.each],
        open_by_language=await _languages(session, pool.id, begins, ends),
        services=await _services(session, asker.project_id),
    )


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


def _times(pool_id: UUID, begins: datetime, ends: datetime) -> Subquery:
    """Choose when sessions were, each time once: uniting takes longer than comparing."""
    return (
        select(Shift.starts, Shift.ends, Shift.open, Shift.languages)
        .distinct()
        .join(Channel, Channel.id == Shift.channel_id)
        .where(
            Shift.pool_id == pool_id,
            Shift.cancelled_at.is_(None),
            Shift.starts < ends,
            Shift.ends > begins,
            # what was long before is not even looked at
            Shift.starts > begins - LONGEST,
            Channel.kind == SESSION,
        )
        .subquery()
    )


async def _hours(
    session: AsyncSession, pool_id: UUID, begins: datetime, ends: datetime
) -> tuple[float, float]:
    """Give the hours that were open and that were planned: all channels together, cut."""
    at = _times(pool_id, begins, ends)
    rows = await session.execute(
        select(_whole_time(at, begins, ends, at.c.open), _whole_time(at, begins, ends))
    )
    opened, planned = rows.one()
    return _in_hours(opened), _in_hours(planned)


def _whole_time(
    at: Subquery, begins: datetime, ends: datetime, *which: ColumnElement[bool]
) -> ScalarSelect[timedelta | None]:
    """Unite times within a period and say how long they are together."""
    united = select(_within(at, begins, ends).label("during")).where(*which).subquery()
    return select(_length(united.c.during)).scalar_subquery()


async def _languages(
    session: AsyncSession, pool_id: UUID, begins: datetime, ends: datetime
) -> list[tuple[str, float]]:
    """Give the open hours of each language that sessions were held in, the longest first."""
    at = _times(pool_id, begins, ends)
    spoken = func.unnest(at.c.languages).table_valued("language", name="spoken").render_derived()
    united = (
        select(spoken.c.language, _within(at, begins, ends).label("during"))
        .select_from(at)
        .join(spoken, true())
        .where(at.c.open)
        .group_by(spoken.c.language)
        .subquery()
    )
    rows = await session.execute(
        select(united.c.language, _length(united.c.during)).group_by(united.c.language)
    )
    found = [(tag, _in_hours(length)) for tag, length in rows]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _within(at: Subquery, begins: datetime, ends: datetime) -> Function[Any]:
    whole = func.range_agg(func.tstzrange(at.c.starts, at.c.ends))
    period = func.tstzmultirange(func.tstzrange(begins, ends))
    return func.unnest(whole.op("*")(period), type_=TSTZRANGE())


def _length(during: ColumnElement[Any]) -> ColumnElement[timedelta | None]:
    return func.sum(func.upper(during) - func.lower(during))


def _in_hours(length: timedelta | None) -> float:
    return round(length.total_seconds() / 3600, 2) if length else 0.0


async def _of_member(
    session: AsyncSession, project_id: UUID, pool: Pool, months: Months, now: datetime
) -> dict[str, float | None]:
    """Give what a member had before it joined, what it gives, and how its seats and texts stand."""
    rows = await session.execute(
        select(
            *_hours_given(project_id, pool.id, months),
            *_seats(project_id, pool, months),
            *_texts(project_id, now),
        )
    )
    before, given, late, asked, covered, texts, current = rows.one()
    weeks = (months.until - months.first).days / DAYS_A_WEEK
    return {
        "hours-alone": None if before is None else round(before * weeks, 2),
        "staff-hours": round(given or 0, 2),
        "drop-outs": float(late),
        "covers-asked": float(asked),
        "covers-found": float(covered),
        "texts": float(texts),
        "texts-current": float(current),
    }


def _hours_given(project_id: UUID, pool_id: UUID, months: Months) -> tuple[ScalarSelect[Any], ...]:
    before = select(PoolMember.hours_before_per_week).where(
        PoolMember.pool_id == pool_id, PoolMember.project_id == project_id
    )
    given = select(func.sum(PoolHours.given)).where(
        PoolHours.pool_id == pool_id,
        PoolHours.project_id == project_id,
        PoolHours.monday >= months.first,
        PoolHours.monday < months.until,
    )
    return before.scalar_subquery(), given.scalar_subquery()


def _seats(project_id: UUID, pool: Pool, months: Months) -> tuple[ScalarSelect[int], ...]:
    """Count seats that became free late, and requests for cover, for sessions of the period."""
    of_period = (
        Shift.pool_id == pool.id,
        Shift.starts >= midnight(months.first, pool.zone),
        Shift.starts < midnight(months.until, pool.zone),
    )
    late = (
        select(func.count())
        .select_from(Claim)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            *of_period,
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
        .where(*of_period, CoverRequest.project_id == project_id)
    )
    covered = asked.where(CoverRequest.state == "covered")
    return late.scalar_subquery(), asked.scalar_subquery(), covered.scalar_subquery()


def _texts(project_id: UUID, now: datetime) -> tuple[ScalarSelect[int], ...]:
    released = select(func.count()).where(Item.project_id == project_id, Item.state == "released")
    current = released.where(Item.review_by >= now.date())
    return released.scalar_subquery(), current.scalar_subquery()


async def _services(session: AsyncSession, project_id: UUID) -> dict[str, str]:
    rows = await session.execute(
        select(Signpost.id, Signpost.name).where(Signpost.project_id == project_id)
    )
    return {str(service): name for service, name in rows}
