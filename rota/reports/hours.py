"""Hours of a report, from the rota: when a pool was open, and what a project's people gave to it.

Only sessions that are over count, so that they are those whose contacts can have been recorded.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    and_,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.pools.models import Channel
from rota.attendance.models import CheckIn
from rota.attendance.took_place import ITS_CHECK_IN, OVER_AT, TOOK_PLACE
from rota.bookings.rules import WORKER_SEATS
from rota.claims.models import Claim
from rota.open_hours.sessions import LONGEST, SESSION
from rota.shifts.models import Seat, Shift

OPENED, PLANNED, IN_LANGUAGE = "opened", "planned", "in-language"
A_MINUTE = timedelta(minutes=1)
WORK_DONE = and_(Channel.kind != SESSION, CheckIn.did_not_happen.is_(None))
"""Other work than sessions is said to be done once it is, also late: nobody begins it."""


class Period(NamedTuple):
    """From when until when something is counted, of what is over at a moment."""

    begins: datetime
    ends: datetime
    now: datetime


class Hours(NamedTuple):
    """How long a pool was open and was planned to be, and was open in each language."""

    opened: float
    planned: float
    by_language: list[tuple[str, float]]
    """The longest first."""


async def hours(session: AsyncSession, pool_id: UUID, period: Period) -> Hours:
    """Unite sessions of all channels within a period, in one question."""
    at = _times(pool_id, period)
    spoken = func.unnest(at.c.languages).table_valued("language", name="spoken").render_derived()
    opened = _within(at.c.starts, at.c.open_until, period)
    chosen = union_all(
        select(literal(OPENED).label("what"), null().label("language"), opened).where(at.c.open),
        select(literal(PLANNED), null(), _within(at.c.starts, at.c.ends, period)),
        select(literal(IN_LANGUAGE), spoken.c.language, opened)
        .select_from(at)
        .join(spoken, true())
        .where(at.c.open)
        .group_by(spoken.c.language),
    ).subquery()
    what, language, during = chosen.c
    length = func.sum(func.upper(during) - func.lower(during))
    rows = await session.execute(select(what, language, length).group_by(what, language))
    found = {(kind, tag): _in_hours(length) for kind, tag, length in rows}
    tags = [(tag, length) for (kind, tag), length in found.items() if kind == IN_LANGUAGE]
    return Hours(
        found.get((OPENED, None), 0.0),
        found.get((PLANNED, None), 0.0),
        sorted(tags, key=lambda one: (-one[1], one[0])),
    )


def _times(pool_id: UUID, period: Period) -> CTE:
    """Choose when sessions were, each time once: uniting takes longer than comparing."""
    return (
        select(
            Shift.starts,
            Shift.ends,
            OVER_AT.label("open_until"),
            and_(Shift.open, TOOK_PLACE).label("open"),
            Shift.languages,
        )
        .distinct()
        .join(Channel, Channel.id == Shift.channel_id)
        .outerjoin(CheckIn, ITS_CHECK_IN)
        .where(
            Shift.pool_id == pool_id,
            Shift.cancelled_at.is_(None),
            Shift.starts < period.ends,
            Shift.ends > period.begins,
            Shift.ends <= period.now,
            # what was long before is not even looked at
            Shift.starts > period.begins - LONGEST,
            Channel.kind == SESSION,
        )
        .cte("at")
    )


def _within(
    starts: ColumnElement[datetime], ends: ColumnElement[datetime], period: Period
) -> ColumnElement[Any]:
    whole = func.range_agg(func.tstzrange(starts, ends))
    limits = func.tstzmultirange(func.tstzrange(period.begins, period.ends))
    return func.unnest(whole.op("*")(limits), type_=TSTZRANGE()).label("during")


def _in_hours(length: timedelta) -> float:
    return round(length.total_seconds() / 3600, 2)


def of_period(pool_id: UUID, period: Period) -> tuple[ColumnElement[bool], ...]:
    """Choose the sessions that began in a period and are over."""
    return (
        Shift.pool_id == pool_id,
        Shift.starts >= period.begins,
        Shift.starts < period.ends,
        Shift.ends <= period.now,
    )


def time_given(project_id: UUID, pool_id: UUID, period: Period) -> ScalarSelect[Any]:
    """Add up in hours what a project's people gave, as planned from briefing to debrief."""
    meetings = (Shift.briefing_minutes + Shift.debrief_minutes) * literal(A_MINUTE)
    length = func.sum(Shift.ends - Shift.starts + meetings)
    return (
        select(func.extract("epoch", length) / 3600)
        .select_from(Claim)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Channel, Channel.id == Shift.channel_id)
        .outerjoin(CheckIn, ITS_CHECK_IN)
        .where(
            *of_period(pool_id, period),
            Shift.cancelled_at.is_(None),
            or_(TOOK_PLACE, WORK_DONE),
            Handle.project_id == project_id,
            Handle.pool_id == pool_id,
            Seat.role.in_(WORKER_SEATS),
            Claim.state == "held",
        )
        .scalar_subquery()
    )
