"""Hours of a report, from the rota: when a pool was open, and what a project's people gave to it.

Only sessions that are over count, so that they are those whose contacts can have been recorded.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Function,
    ScalarSelect,
    and_,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.pools.models import Channel
from rota.attendance.models import CheckIn
from rota.bookings.rules import WORKER_SEATS
from rota.claims.models import Claim
from rota.open_hours.sessions import LONGEST, SESSION
from rota.shifts.models import Seat, Shift

A_MINUTE = timedelta(minutes=1)
TOOK_PLACE = or_(
    CheckIn.id.is_(None),
    and_(
        CheckIn.did_not_happen.is_(None),
        # where another node hosts the pool, of what did not take place no more is known here than
        # that it ended in the moment in which it began, or began when its time was over
        or_(CheckIn.ended_at.is_(None), CheckIn.ended_at > CheckIn.at),
        CheckIn.at < Shift.ends,
    ),
)
"""Of a session that nobody has checked in to nothing else is known than that it was planned."""


class Period(NamedTuple):
    """From when until when something is counted, of what is over at a moment."""

    begins: datetime
    ends: datetime
    now: datetime


async def hours(session: AsyncSession, pool_id: UUID, period: Period) -> tuple[float, float]:
    """Give the hours that were open and that were planned: all channels together, cut."""
    at = _times(pool_id, period)
    opened = _whole_time(at, _within(at.c.starts, at.c.open_until, period), at.c.open)
    planned = _whole_time(at, _within(at.c.starts, at.c.ends, period))
    was_open, was_planned = (await session.execute(select(opened, planned))).one()
    return _in_hours(was_open), _in_hours(was_planned)


async def hours_by_language(
    session: AsyncSession, pool_id: UUID, period: Period
) -> list[tuple[str, float]]:
    """Give the open hours of each language that sessions were held in, the longest first."""
    at = _times(pool_id, period)
    spoken = func.unnest(at.c.languages).table_valued("language", name="spoken").render_derived()
    united = (
        select(spoken.c.language, _within(at.c.starts, at.c.open_until, period).label("during"))
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


def _times(pool_id: UUID, period: Period) -> CTE:
    """Choose when sessions were, each time once: uniting takes longer than comparing.

    It is stated once however often it is read in a question.
    """
    ended = func.least(Shift.ends, CheckIn.ended_at)
    return (
        select(
            Shift.starts,
            Shift.ends,
            # what was ended before it was to start was never open
            func.greatest(Shift.starts, ended).label("open_until"),
            and_(Shift.open, TOOK_PLACE).label("open"),
            Shift.languages,
        )
        .distinct()
        .join(Channel, Channel.id == Shift.channel_id)
        .outerjoin(CheckIn, CheckIn.shift_id == Shift.id)
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


def _whole_time(
    at: CTE, during: Function[Any], *which: ColumnElement[bool]
) -> ScalarSelect[timedelta | None]:
    """Unite times within a period and say how long they are together."""
    united = select(during.label("during")).select_from(at).where(*which).subquery()
    return select(_length(united.c.during)).scalar_subquery()


def _within(
    starts: ColumnElement[datetime], ends: ColumnElement[datetime], period: Period
) -> Function[Any]:
    whole = func.range_agg(func.tstzrange(starts, ends))
    limits = func.tstzmultirange(func.tstzrange(period.begins, period.ends))
    return func.unnest(whole.op("*")(limits), type_=TSTZRANGE())


def _length(during: ColumnElement[Any]) -> ColumnElement[timedelta | None]:
    return func.sum(func.upper(during) - func.lower(during))


def _in_hours(length: timedelta | None) -> float:
    return round(length.total_seconds() / 3600, 2) if length else 0.0


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
        .outerjoin(CheckIn, CheckIn.shift_id == Shift.id)
        .where(
            *of_period(pool_id, period),
            Shift.cancelled_at.is_(None),
            TOOK_PLACE,
            Handle.project_id == project_id,
            Handle.pool_id == pool_id,
            Seat.role.in_(WORKER_SEATS),
            Claim.state == "held",
        )
        .scalar_subquery()
    )
