"""When a pool is open and who gives how much, read in a constant number of queries."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, any_, bindparam, exists, func, null, or_, select
from sqlalchemy.dialects.postgresql import TIMESTAMP, TSTZRANGE
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from federation.people.models import Handle, Person
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Channel, Pool, PoolMember
from federation.projects.models import Project
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.coverage.models import PoolHours
from rota.coverage.rules import Span, WeekTable, midnight, received, week_of, week_table
from rota.open_hours.sessions import LONGEST
from rota.seats.rules import COUNTED
from rota.shifts.models import Seat, Shift

SESSION = "session"
Tags = InstrumentedAttribute[list[str]]
_BEGINS = bindparam("begins", type_=TIMESTAMP(timezone=True))
_ENDS = bindparam("ends", type_=TIMESTAMP(timezone=True))
_LANGUAGE = bindparam("language", type_=Text())


def spoken(named: Callable[[Tags], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Ask whether a session itself, or somebody who sits there, names a language."""
    return or_(
        named(Shift.languages),
        exists().where(
            Seat.shift_id == Shift.id,
            Claim.seat_id == Seat.id,
            Claim.state == "held",
            Handle.id == Claim.handle_id,
            Seat.role.in_(COUNTED),
            named(Handle.languages),
        ),
    )


SPOKEN = spoken(lambda tags: any_(tags) == _LANGUAGE)


def _open_spans(*more: ColumnElement[bool]) -> Select[str, datetime, datetime]:
    """Unite first and cut to the period then: it is done once a channel, not once a session."""
    whole = func.range_agg(func.tstzrange(Shift.starts, Shift.ends))
    united = (
        select(Shift.channel_id, whole.label("whole"))
        .where(
            Shift.pool_id == bindparam("pool_id"),
            Shift.open,
            Shift.cancelled_at.is_(None),
            Shift.starts < _ENDS,
            Shift.ends > _BEGINS,
            # what was long before is not even looked at
            Shift.starts > _BEGINS - LONGEST,
            *more,
        )
        .group_by(Shift.channel_id)
        .subquery()
    )
    period = func.tstzmultirange(func.tstzrange(_BEGINS, _ENDS))
    cut = (
        select(
            Channel.slug,
            func.unnest(united.c.whole.op("*")(period), type_=TSTZRANGE()).label("during"),
        )
        .join(Channel, Channel.id == united.c.channel_id)
        .where(Channel.kind == SESSION)
        .subquery()
    )
    return select(cut.c.slug, func.lower(cut.c.during), func.upper(cut.c.during))


OPEN_SPANS, OPEN_SPANS_IN = _open_spans(), _open_spans(SPOKEN)
"""PostgreSQL unites them: fetching every shift would cost several times as much."""


class ProjectHours(NamedTuple):
    """What a project gives to a pool and receives from it, in hours; totals, never who."""

    project: str
    given: float
    received: float
    on_call: float


class Gap(NamedTuple):
    """A session to come that is not complete, and so is not published."""

    channel: str
    starts: datetime
    ends: datetime
    free: tuple[str, ...]
    """The roles of its free seats."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a pool covers in a period of whole local days, as its members' coordinators see it."""

    begins: datetime
    ends: datetime
    zone: str
    language: str | None
    open_hours: dict[str, float]
    """By channel, each the union of its sessions."""
    table: WeekTable
    gaps: list[Gap]
    projects: list[ProjectHours]
    languages: list[str]
    """All that the pool's people speak, to choose from."""


class WorkerHours(NamedTuple):
    """What somebody works in one local week, over all pools, in hours from briefing to debrief."""

    person_id: UUID
    name: str
    monday: date
    hours: float


async def open_spans(
    connection: AsyncConnection,
    pool_id: UUID,
    begins: datetime,
    ends: datetime,
    language: str | None = None,
) -> dict[str, list[Span]]:
    """Unite the open sessions of each channel, cut to a period; in order of start."""
    asked: dict[str, object] = {"pool_id": pool_id, "begins": begins, "ends": ends}
    query = OPEN_SPANS
    if language is not None:
        query, asked = OPEN_SPANS_IN, asked | {"language": language}
    found: dict[str, list[Span]] = defaultdict(list)
    for channel, begun, ended in await connection.execute(query, asked):
        found[channel].append((begun, ended))
    return found


async def coverage(
    session: AsyncSession,
    asker: Asker,
    pool: Pool,
    first: date,
    until: date,
    now: datetime,
    *,
    language: str | None = None,
) -> Coverage:
    """Read what a pool covers from a local day to another (excluded); the caller found the pool."""
    require_role(asker, "coordinator")
    begins, ends = midnight(first, pool.zone), midnight(until, pool.zone)
    spans = await open_spans(await session.connection(), pool.id, begins, ends, language)
    together = sorted(span for each in spans.values() for span in each)
    return Coverage(
        begins=begins,
        ends=ends,
        zone=pool.zone,
        language=language,
        open_hours={channel: _hours(each) for channel, each in sorted(spans.items())},
        table=week_table(_united(together), begins, ends, pool.zone),
        gaps=await _gaps(session, pool.id, max(begins, now), ends),
        projects=await hours_by_project(session, pool.id, first, until),
        languages=await _languages(session, pool.id),
    )


def _hours(spans: list[Span]) -> float:
    return sum(((end - start) for start, end in spans), timedelta()).total_seconds() / 3600


def _united(spans: list[Span]) -> list[Span]:
    """Unite the channels' times, each already united: somebody is there, on whatever channel."""
    united: list[Span] = []
    for start, end in spans:
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


async def _gaps(
    session: AsyncSession, pool_id: UUID, begins: datetime, ends: datetime
) -> list[Gap]:
    rows = await session.execute(
        select(
            Channel.slug,
            Shift.starts,
            Shift.ends,
            func.array_remove(func.array_agg(Seat.role).filter(Seat.state != "held"), null()),
        )
        .join(Channel, Channel.id == Shift.channel_id)
        .outerjoin(Seat, Seat.shift_id == Shift.id)
        .where(
            Shift.pool_id == pool_id,
            Shift.open.is_(False),
            Shift.cancelled_at.is_(None),
            Shift.starts >= begins,
            Shift.starts < ends,
            Channel.kind == SESSION,
        )
        .group_by(Channel.slug, Shift.id)
        .order_by(Shift.starts, Channel.slug, Shift.id)
    )
    return [Gap(slug, starts, ends, tuple(sorted(free or ()))) for slug, starts, ends, free in rows]


async def hours_by_project(
    session: AsyncSession, pool_id: UUID, first: date, until: date
) -> list[ProjectHours]:
    """Add up the weeks that begin in a period, as the host last stated them."""
    rows = await session.execute(
        select(
            Project.slug,
            func.coalesce(func.sum(PoolHours.given), 0.0),
            func.coalesce(func.sum(PoolHours.on_call), 0.0),
        )
        .join(PoolMember, PoolMember.project_id == Project.id)
        .outerjoin(
            PoolHours,
            (PoolHours.project_id == Project.id)
            & (PoolHours.pool_id == PoolMember.pool_id)
            & (PoolHours.monday >= first)
            & (PoolHours.monday < until),
        )
        .where(PoolMember.pool_id == pool_id)
        .group_by(Project.slug)
        .order_by(Project.slug)
    )
    given, on_call = {}, {}
    for slug, hours, calls in rows:
        given[slug], on_call[slug] = hours, calls
    got = received(given)
    return [ProjectHours(slug, given[slug], got[slug], on_call[slug]) for slug in given]


async def _languages(session: AsyncSession, pool_id: UUID) -> list[str]:
    rows = await session.scalars(
        select(func.unnest(Handle.languages))
        .where(Handle.pool_id == pool_id, Handle.retired_at.is_(None))
        .distinct()
    )
    return sorted(rows)


async def hours_of_people(
    session: AsyncSession, asker: Asker, begins: datetime, ends: datetime, zone: str
) -> list[WorkerHours]:
    """Give one's own hours by week; a coordinator gets those of the own project's people, too."""
    whose = Person.id == asker.person_id
    if asker.has("coordinator"):
        whose = or_(whose, Person.project_id == asker.project_id)
    rows = await session.execute(
        select(Person.id, Person.name, func.lower(Booking.during), func.upper(Booking.during))
        .join(Booking, Booking.person_id == Person.id)
        .join(Claim, Claim.id == Booking.claim_id)
        .where(
            whose,
            Booking.active,
            Booking.on_call.is_(False),
            Claim.state == "held",
            func.lower(Booking.during) >= begins,
            func.lower(Booking.during) < ends,
        )
        .order_by(Person.name, Person.id)
    )
    found: dict[tuple[UUID, str, date], float] = defaultdict(float)
    for person_id, name, begun, ended in rows:
        length = (ended - begun).total_seconds() / 3600
        found[person_id, name, week_of(begun, zone)] += length
    return [
        WorkerHours(person_id, name, monday, hours)
        for (person_id, name, monday), hours in sorted(
            found.items(), key=lambda each: (each[0][1], each[0][0], each[0][2])
        )
    ]
