"""The copy of a host's shifts that a member node keeps: its people see the board at home."""

from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound, NotHereYet
from federation.pools.models import Channel, Pool
from federation.pools.stated import Amount, Count, Moment, Texts
from rota.shifts.clock import wind
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.local_times import known_zone
from rota.shifts.rules.nearness import AFTERWARDS, AHEAD


class StatedSeat(msgspec.Struct, frozen=True):
    """One seat, as the host states it."""

    id: UUID
    role: str
    state: str


class StatedShift(msgspec.Struct, frozen=True):
    """One shift, as the host states it; fields that we do not know yet are ignored."""

    id: UUID
    channel: str
    starts: Moment
    ends: Moment
    zone: str
    briefing_minutes: Count
    debrief_minutes: Count
    languages: Texts
    wanted_languages: Texts
    theme: str | None
    demand: Amount
    minimum_workers: Count
    minimum_supervisors: Count
    trainings: Texts
    series: str | None
    open: bool
    cancelled: bool
    seats: Annotated[list[StatedSeat], msgspec.Meta(max_length=100)]
    ground_rules: str | None = None


class Kept(NamedTuple):
    """What changed for our people: it closed, it is at another time, it asks for more training.

    `moved` is one that they may have seats on: it was there before, and is not cancelled.
    """

    closed: bool
    rescheduled: bool
    retrained: bool = False
    moved: bool = False


async def keep_shift(
    session: AsyncSession, host: str, pool_id: UUID, stated: StatedShift, now: datetime
) -> Kept:
    """Keep what the host states of a shift of its pool, and say what that means here."""
    known_zone(stated.zone)
    channel_id = await session.scalar(
        select(Channel.id)
        .join(Pool, Pool.id == Channel.pool_id)
        .where(Pool.id == pool_id, Pool.host == host, Channel.slug == stated.channel)
    )
    if channel_id is None:
        raise NotHereYet
    before = (
        await session.execute(
            select(
                Shift.open,
                Shift.starts,
                Shift.ends,
                Shift.briefing_minutes,
                Shift.debrief_minutes,
                Shift.cancelled_at,
                Shift.trainings,
            ).where(Shift.id == stated.id)
        )
    ).one_or_none()
    facts = msgspec.structs.asdict(stated)
    del facts["channel"], facts["cancelled"], facts["seats"]
    facts |= {
        "demand": float(stated.demand),
        "pool_id": pool_id,
        "channel_id": channel_id,
        "cancelled_at": now if stated.cancelled else None,
    }
    row = insert(Shift).values(**facts)
    kept = await session.scalar(
        row.on_conflict_do_update(
            index_elements=[Shift.id],
            set_={name: row.excluded[name] for name in facts if name != "id"},
            where=Shift.pool_id == pool_id,
        ).returning(Shift.id)
    )
    if kept is None:
        # another pool's shift: nobody adds seats to it from here
        raise NotFound
    await _keep_seats(session, stated)
    if stated.starts - AHEAD <= now < stated.ends + AFTERWARDS:
        await wind(session, stated.id, now)
    await session.execute(update(Pool).where(Pool.id == pool_id).values(revision=Pool.revision + 1))
    if before is None:
        return Kept(closed=False, rescheduled=True)
    times = ("starts", "ends", "briefing_minutes", "debrief_minutes")
    moved = any(getattr(before, name) != getattr(stated, name) for name in times)
    return Kept(
        # of one that was moved or called off, people hear in other words
        closed=before.open and not stated.open and not moved and not stated.cancelled,
        rescheduled=moved or (before.cancelled_at is not None) != stated.cancelled,
        retrained=not set(stated.trainings) <= set(before.trainings),
        moved=moved and not stated.cancelled,
    )


async def _keep_seats(session: AsyncSession, stated: StatedShift) -> None:
    if not stated.seats:
        return
    rows = insert(Seat).values(
        [
            {"id": seat.id, "shift_id": stated.id, "role": seat.role, "state": seat.state}
            for seat in stated.seats
        ]
    )
    await session.execute(
        rows.on_conflict_do_update(
            index_elements=[Seat.id],
            set_={"role": rows.excluded.role, "state": rows.excluded.state},
            where=Seat.shift_id == stated.id,
        )
    )
