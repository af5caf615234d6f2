"""A pool's sessions as PostgreSQL gives them for its public hours, those to come united."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    DateTime,
    Row,
    Select,
    SQLColumnExpression,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE
from sqlalchemy.ext.asyncio import AsyncConnection

from federation.feeds.models import FeedCursor
from federation.feeds.queries import POOL_SHIFTS
from federation.pools.models import Channel, Pool
from federation.pools.slots.queries import ShownSlot
from rota.attendance.models import CheckIn
from rota.open_hours.fixed_slots.queries import FIXED_SLOT, slot_key
from rota.open_hours.rules.hours import OpenShift
from rota.open_hours.rules.planned import PLANNED_FROM
from rota.shifts.models import Shift
from rota.shifts.rules.spans import Span

SESSION, INBOX = "session", "inbox"
LONGEST = timedelta(days=31)
"""No shift is longer, so none that began before can still run."""
NEAR = timedelta(days=1)
"""Nobody checks in for a session earlier than this."""
POOL = bindparam("pool", type_=Uuid())
CHANNELS = bindparam("channels", type_=ARRAY(Uuid()))
NOW = bindparam("now", type_=DateTime(timezone=True))
UNTIL = bindparam("until", type_=DateTime(timezone=True))
SETS_OF_SLOTS = 128
"""Of so many pools the statements are kept as they were built, which costs as much as asking."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when hours are asked for, and in which pool."""

    pool: UUID
    now: datetime
    until: datetime

    def of(self, channels: Collection[UUID]) -> dict[str, Any]:
        """Fill in a statement for these channels."""
        return {
            "pool": self.pool,
            "now": self.now,
            "until": self.until,
            "channels": list(channels),
        }


class Known(NamedTuple):
    """A pool's channels, and when its host, if that is another node, last vouched for it."""

    channels: Sequence[Any]
    heard_at: datetime | None


async def known_of(connection: AsyncConnection, pool_id: UUID) -> Known:
    """Read a pool's channels; shifts are then looked up by them, without a join."""
    rows = (await connection.execute(_KNOWN, {"pool": pool_id})).all()
    return Known([row for row in rows if row.id is not None], rows[0].heard_at)


def _told(key: ColumnElement[str | None]) -> tuple[SQLColumnExpression[Any], ...]:
    """Name what the public is told of a session."""
    return (Shift.channel_id, Shift.starts, Shift.ends, Shift.languages, Shift.theme, key)


_HEARD_AT = (
    select(func.max(FeedCursor.checked_at))
    .where(
        FeedCursor.node_id == Pool.host,
        FeedCursor.kind == POOL_SHIFTS,
        FeedCursor.subject == cast(Pool.id, Text),
    )
    .scalar_subquery()
)
_KNOWN = (
    select(Channel.id, Channel.slug, Channel.name, Channel.kind, _HEARD_AT.label("heard_at"))
    .select_from(Pool)
    .outerjoin(Channel, and_(Channel.pool_id == Pool.id, Channel.left_out_at.is_(None)))
    .where(Pool.id == POOL)
)
_TAKING_PLACE = (
    Shift.pool_id == POOL,
    # not for an index: that of channels leads to all their sessions, of all years
    (Shift.channel_id == any_(CHANNELS)).is_(True),
    Shift.cancelled_at.is_(None),
)
# what was long ago is not even looked at
_NOT_OVER = (Shift.ends > NOW, Shift.starts > NOW - LONGEST)


@lru_cache(SETS_OF_SLOTS)
def _begun(slots: tuple[ShownSlot, ...]) -> Select[Any]:
    key = slot_key(slots).label(FIXED_SLOT)
    return (
        select(*_told(key), CheckIn.at, CheckIn.busy, CheckIn.ended_at, CheckIn.paused_since)
        .outerjoin(CheckIn, CheckIn.shift_id == Shift.id)
        .where(
            *_TAKING_PLACE,
            *_NOT_OVER,
            Shift.open,
            Shift.starts < NOW + NEAR,
            or_(Shift.starts <= NOW, CheckIn.shift_id.is_not(None)),
        )
        .order_by(Shift.starts, Shift.id)
    )


async def sessions_begun(
    connection: AsyncConnection,
    window: Window,
    slugs: Mapping[UUID, str],
    slots: tuple[ShownSlot, ...],
) -> list[OpenShift]:
    """Read the sessions of which more is known than that they are complete, one by one."""
    found = await connection.execute(_begun(slots), window.of(slugs))
    return [_as_session(row, slugs) for row in found]


@lru_cache(SETS_OF_SLOTS)
def _ahead(slots: tuple[ShownSlot, ...]) -> Select[Any]:
    """Unite sessions that say the same: fetching a large pool's one by one would take longest."""
    united = func.unnest(
        func.range_agg(func.tstzrange(Shift.starts, Shift.ends)), type_=TSTZRANGE()
    )
    key = slot_key(slots).label(FIXED_SLOT)
    said = (
        select(Shift.channel_id, Shift.languages, Shift.theme, key, united.label("during"))
        .where(
            *_TAKING_PLACE,
            Shift.open,
            Shift.starts > NOW,
            Shift.starts < UNTIL,
            or_(Shift.starts >= NOW + NEAR, ~exists().where(CheckIn.shift_id == Shift.id)),
        )
        .group_by(Shift.channel_id, Shift.languages, Shift.theme, FIXED_SLOT)
        .subquery()
    )
    return select(
        said.c.channel_id,
        func.lower(said.c.during).label("starts"),
        func.upper(said.c.during).label("ends"),
        said.c.languages,
        said.c.theme,
        said.c[FIXED_SLOT],
        literal(value=True).label("confirmed"),
    )


def _planned(slots: tuple[ShownSlot, ...]) -> Select[Any]:
    """Choose the regular sessions that are not complete yet, and not so close that it matters."""
    key = slot_key(slots).label(FIXED_SLOT)
    return select(*_told(key), literal(value=False).label("confirmed")).where(
        *_TAKING_PLACE,
        Shift.open.is_(False),
        Shift.series.is_not(None),
        Shift.starts >= NOW + PLANNED_FROM,
        Shift.starts < UNTIL,
    )


@lru_cache(SETS_OF_SLOTS)
def _ahead_and_planned(slots: tuple[ShownSlot, ...]) -> CompoundSelect[Any]:
    return union_all(_ahead(slots), _planned(slots))


class Coming(NamedTuple):
    """The sessions to come of which no more is known than that they are complete, or planned."""

    confirmed: list[OpenShift]
    planned: list[OpenShift]


async def sessions_coming(
    connection: AsyncConnection,
    window: Window,
    slugs: Mapping[UUID, str],
    slots: tuple[ShownSlot, ...],
    *,
    with_planned: bool,
) -> Coming:
    """Read the sessions to come for which nobody has checked in, and if asked what is planned."""
    query = _ahead_and_planned(slots) if with_planned else _ahead(slots)
    coming = Coming([], [])
    for row in await connection.execute(query, window.of(slugs)):
        found = coming.confirmed if row.confirmed else coming.planned
        found.append(_as_stretch(row, slugs))
    return coming


_INBOX = select(Shift.starts, Shift.ends).where(
    *_TAKING_PLACE, *_NOT_OVER, Shift.open, Shift.starts < UNTIL
)


async def times_of_inbox(
    connection: AsyncConnection, window: Window, inboxes: Collection[UUID]
) -> list[Span]:
    """Read the confirmed times at which messages are answered."""
    if not inboxes:
        return []
    found = await connection.execute(_INBOX, window.of(inboxes))
    return [Span(starts, ends) for starts, ends in found]


def _as_stretch(row: Row[Any], slugs: Mapping[UUID, str]) -> OpenShift:
    """Take a stretch of which no more is known than that its sessions are complete, or planned."""
    return OpenShift(
        channel=slugs[row.channel_id],
        starts=row.starts,
        ends=row.ends,
        languages=tuple(row.languages),
        fixed_slot=row.fixed_slot,
        theme=row.theme,
    )


def _as_session(row: Row[Any], slugs: Mapping[UUID, str]) -> OpenShift:
    """Take a session together with how it stands: who has come, and whether all are busy."""
    return replace(
        _as_stretch(row, slugs),
        checked_in=row.at is not None,
        busy=bool(row.busy),
        ended_at=row.ended_at,
        paused_since=row.paused_since,
    )
