"""The copy of a host's shifts that a member node keeps: its people see the board at home."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Table, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound, NotHereYet
from federation.pools.models import Channel, Pool
from federation.pools.stated import Amount, Count, Long, Moment, Short, Tags, Texts
from federation.pools.terms import Term
from rota.shifts.clock import wind
from rota.shifts.errors import OddTimes
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.local_times import known_zone
from rota.shifts.rules.nearness import AFTERWARDS, AHEAD

YEARS = range(2000, 2200)
LONGEST_STATED = timedelta(days=8)


class StatedSeat(msgspec.Struct, frozen=True):
    """One seat, as the host states it."""

    id: UUID
    role: str
    state: str


class StatedShift(msgspec.Struct, frozen=True):
    """One shift, as the host states it; fields that we do not know yet are ignored."""

    id: UUID
    channel: Short
    starts: Moment
    ends: Moment
    zone: str
    briefing_minutes: Count
    debrief_minutes: Count
    languages: Tags
    wanted_languages: Tags
    theme: Annotated[str, msgspec.Meta(max_length=1000)] | None
    demand: Amount
    minimum_workers: Count
    minimum_supervisors: Count
    trainings: Texts
    series: Short | None
    open: bool
    cancelled: bool
    seats: Annotated[list[StatedSeat], msgspec.Meta(max_length=100)]
    ground_rules: Long | None = None
    term: Term | None = None


SHIFTS, SEATS = Shift.metadata.tables["shift"], Seat.metadata.tables["seat"]
OF_ITS_OWN = frozenset({"channel", "cancelled", "seats", "term"})
COPIED = tuple(name for name in StatedShift.__struct_fields__ if name not in OF_ITS_OWN)
WRITTEN = (*COPIED, "pool_id", "channel_id", "cancelled_at")


def _keep(table: Table, written: Sequence[str], same: str) -> Insert:
    """Write rows under their ids, or over those that belong to the same thing."""
    row = insert(table)
    return row.on_conflict_do_update(
        index_elements=["id"],
        set_={name: row.excluded[name] for name in written if name != "id"},
        where=table.c[same] == row.excluded[same],
    )


KEEP = _keep(SHIFTS, WRITTEN, "pool_id")
KEEP_SEATS = _keep(SEATS, ("id", "role", "state"), "shift_id")
"""Built once: many of them are kept at once."""


class Kept(NamedTuple):
    """What changed for our people: it closed, it is at another time, it asks for more training.

    `moved` is one that they may have seats on: it was there before, and is not cancelled.
    """

    closed: bool
    rescheduled: bool
    retrained: bool = False
    moved: bool = False


class _Known(NamedTuple):
    """What is known so far of a shift that is stated anew."""

    id: UUID
    pool_id: UUID
    open: bool
    starts: datetime
    ends: datetime
    briefing_minutes: int
    debrief_minutes: int
    cancelled_at: datetime | None
    trainings: list[str]


MOVES = ("starts", "ends", "briefing_minutes", "debrief_minutes")


async def keep_shifts(
    session: AsyncSession, host: str, pool_id: UUID, stated: Sequence[StatedShift], now: datetime
) -> dict[UUID, Kept]:
    """Keep what the host states of shifts of its pool, and say of each what that means here.

    Of one that is stated twice the last word counts. They are locked in the order of their ids.
    """
    last = {each.id: each for each in stated}
    shifts = [last[shift_id] for shift_id in sorted(last)]
    channels = await _channels(session, host, pool_id)
    before = await _known(session, shifts)
    rows = [_row(each, channels, pool_id, now) for each in shifts]
    if any(known.pool_id != pool_id for known in before.values()):
        # another pool's shift: nobody adds seats to it from here
        raise NotFound
    connection = await session.connection()
    await connection.execute(KEEP, rows)
    await _keep_seats(session, shifts)
    for each in shifts:
        if each.starts - AHEAD <= now < each.ends + AFTERWARDS:
            await wind(session, each.id, now)
    await session.execute(update(Pool).where(Pool.id == pool_id).values(revision=Pool.revision + 1))
    return {each.id: _meaning(before.get(each.id), each) for each in shifts}


async def _channels(session: AsyncSession, host: str, pool_id: UUID) -> dict[str, UUID]:
    rows = await session.execute(
        select(Channel.slug, Channel.id)
        .join(Pool, Pool.id == Channel.pool_id)
        .where(Pool.id == pool_id, Pool.host == host)
    )
    return dict(rows.all())


async def _known(session: AsyncSession, shifts: Sequence[StatedShift]) -> dict[UUID, _Known]:
    rows = await session.execute(
        select(
            Shift.id,
            Shift.pool_id,
            Shift.open,
            Shift.starts,
            Shift.ends,
            Shift.briefing_minutes,
            Shift.debrief_minutes,
            Shift.cancelled_at,
            Shift.trainings,
        )
        .where(Shift.id.in_([each.id for each in shifts]))
        .order_by(Shift.id)
        .with_for_update(key_share=True)
    )
    return {row.id: _Known(*row) for row in rows}


def _row(
    stated: StatedShift, channels: Mapping[str, UUID], pool_id: UUID, now: datetime
) -> dict[str, Any]:
    known_zone(stated.zone)
    if not all(each.year in YEARS for each in (stated.starts, stated.ends)) or (
        stated.ends - stated.starts > LONGEST_STATED
    ):
        # no calendar could show it
        raise OddTimes
    if stated.channel not in channels:
        raise NotHereYet
    facts = {name: getattr(stated, name) for name in COPIED}
    return facts | {
        "demand": float(stated.demand),
        "pool_id": pool_id,
        "channel_id": channels[stated.channel],
        "cancelled_at": now if stated.cancelled else None,
    }


def _meaning(before: _Known | None, stated: StatedShift) -> Kept:
    if before is None:
        return Kept(closed=False, rescheduled=True)
    moved = any(getattr(before, name) != getattr(stated, name) for name in MOVES)
    return Kept(
        # of one that was moved or called off, people hear in other words
        closed=before.open and not stated.open and not moved and not stated.cancelled,
        rescheduled=moved or (before.cancelled_at is not None) != stated.cancelled,
        retrained=not set(stated.trainings) <= set(before.trainings),
        moved=moved and not stated.cancelled,
    )


async def _keep_seats(session: AsyncSession, shifts: Sequence[StatedShift]) -> None:
    rows = {
        seat.id: {"id": seat.id, "shift_id": shift.id, "role": seat.role, "state": seat.state}
        for shift in shifts
        for seat in shift.seats
    }
    if rows:
        connection = await session.connection()
        await connection.execute(KEEP_SEATS, list(rows.values()))
