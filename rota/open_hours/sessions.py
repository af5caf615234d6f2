"""A pool's sessions as PostgreSQL gives them for its public hours, those to come united."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, SQLColumnExpression, exists, func, or_, select
from sqlalchemy.dialects.postgresql import TSTZRANGE
from sqlalchemy.ext.asyncio import AsyncConnection

from federation.pools.models import Channel
from rota.attendance.models import CheckIn
from rota.open_hours.fixed_slots.queries import FIXED_SLOT
from rota.open_hours.rules.hours import OpenShift
from rota.open_hours.rules.planned import PLANNED_FROM
from rota.shifts.models import Shift
from rota.shifts.rules.spans import Span

SESSION, INBOX = "session", "inbox"
LONGEST = timedelta(days=31)
"""No shift is longer, so none that began before can still run."""
NEAR = timedelta(days=1)
"""Nobody checks in for a session earlier than this."""


def _told(key: ColumnElement[str | None]) -> tuple[SQLColumnExpression[Any], ...]:
    """Name what the public is told of a session."""
    return (
        Channel.slug.label("channel"),
        Shift.starts,
        Shift.ends,
        Shift.languages,
        Shift.theme,
        key.label(FIXED_SLOT),
    )


def _taking_place(pool_id: UUID, kind: str) -> tuple[ColumnElement[bool], ...]:
    """Hold a query to a pool's shifts of one kind that were not called off."""
    return (Shift.pool_id == pool_id, Shift.cancelled_at.is_(None), Channel.kind == kind)


async def sessions_begun(
    connection: AsyncConnection, pool_id: UUID, now: datetime, key: ColumnElement[str | None]
) -> Sequence[Any]:
    """Read the sessions of which more is known than that they are complete, one by one."""
    found = await connection.execute(
        select(
            *_told(key),
            CheckIn.at,
            CheckIn.busy,
            CheckIn.ended_at,
            CheckIn.paused_since,
        )
        .join(Channel, Channel.id == Shift.channel_id)
        .outerjoin(CheckIn, CheckIn.shift_id == Shift.id)
        .where(
            *_taking_place(pool_id, SESSION),
            Shift.open,
            Shift.ends > now,
            # what was long ago or is far ahead is not even looked at
            Shift.starts > now - LONGEST,
            Shift.starts < now + NEAR,
            or_(Shift.starts <= now, CheckIn.shift_id.is_not(None)),
        )
        .order_by(Shift.starts, Shift.id)
    )
    return found.all()


async def sessions_ahead(
    connection: AsyncConnection,
    pool_id: UUID,
    now: datetime,
    until: datetime,
    key: ColumnElement[str | None],
) -> Sequence[Any]:
    """Read the other sessions to come, those that say the same united by PostgreSQL.

    Of a large pool fetching them one by one would take most of the time.
    """
    united = func.unnest(
        func.range_agg(func.tstzrange(Shift.starts, Shift.ends)), type_=TSTZRANGE()
    )
    said = (
        select(
            Channel.slug.label("channel"),
            Shift.languages,
            Shift.theme,
            key.label(FIXED_SLOT),
            united.label("during"),
        )
        .join(Channel, Channel.id == Shift.channel_id)
        .where(
            *_taking_place(pool_id, SESSION),
            Shift.open,
            Shift.starts > now,
            Shift.starts < until,
            or_(
                Shift.starts >= now + NEAR,
                ~exists().where(CheckIn.shift_id == Shift.id),
            ),
        )
        .group_by(Channel.slug, Shift.languages, Shift.theme, FIXED_SLOT)
        .subquery()
    )
    found = await connection.execute(
        select(
            said.c.channel,
            said.c.languages,
            said.c.theme,
            said.c[FIXED_SLOT],
            func.lower(said.c.during).label("starts"),
            func.upper(said.c.during).label("ends"),
        )
    )
    return found.all()


async def sessions_planned(
    connection: AsyncConnection,
    pool_id: UUID,
    now: datetime,
    until: datetime,
    key: ColumnElement[str | None],
) -> Sequence[Any]:
    """Read the regular sessions that are not complete yet, and not so close that it matters."""
    found = await connection.execute(
        select(*_told(key))
        .join(Channel, Channel.id == Shift.channel_id)
        .where(
            *_taking_place(pool_id, SESSION),
            Shift.open.is_(False),
            Shift.series.is_not(None),
            Shift.starts >= now + PLANNED_FROM,
            Shift.starts < until,
        )
    )
    return found.all()


async def times_of_inbox(
    connection: AsyncConnection, pool_id: UUID, now: datetime, until: datetime
) -> list[Span]:
    """Read the confirmed times at which messages are answered."""
    found = await connection.execute(
        select(Shift.starts, Shift.ends)
        .join(Channel, Channel.id == Shift.channel_id)
        .where(
            *_taking_place(pool_id, INBOX),
            Shift.open,
            Shift.ends > now,
            Shift.starts > now - LONGEST,
            Shift.starts < until,
        )
    )
    return [Span(starts, ends) for starts, ends in found]


def as_stretch(row: Row[Any]) -> OpenShift:
    """Take a stretch of which no more is known than that its sessions are complete, or planned."""
    return OpenShift(
        channel=row.channel,
        starts=row.starts,
        ends=row.ends,
        languages=tuple(row.languages),
        fixed_slot=row.fixed_slot,
        theme=row.theme,
    )


def as_session(row: Row[Any]) -> OpenShift:
    """Take a session together with how it stands: who has come, and whether all are busy."""
    return replace(
        as_stretch(row),
        checked_in=row.at is not None,
        busy=bool(row.busy),
        ended_at=row.ended_at,
        paused_since=row.paused_since,
    )
