"""The copy of a host's shifts that a member node keeps: its people see the board at home."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.pools.models import Channel, Pool
from rota.shifts.models import Seat, Shift


class StatedSeat(msgspec.Struct, frozen=True):
    """One seat, as the host states it."""

    id: UUID
    role: str
    state: str


class StatedShift(msgspec.Struct, frozen=True):
    """One shift, as the host states it; fields that we do not know yet are ignored."""

    id: UUID
    channel: str
    starts: datetime
    ends: datetime
    zone: str
    briefing_minutes: int
    debrief_minutes: int
    languages: list[str]
    wanted_languages: list[str]
    theme: str | None
    demand: str
    minimum_workers: int
    minimum_supervisors: int
    trainings: list[str]
    series: str | None
    open: bool
    cancelled: bool
    seats: list[StatedSeat]


class Kept(NamedTuple):
    """What changed for our people: a shift closed, or when it is differs from before."""

    closed: bool
    rescheduled: bool


async def keep_shift(
    session: AsyncSession, host: str, pool_id: UUID, stated: StatedShift, now: datetime
) -> Kept:
    """Keep what the host states of a shift of its pool, and say what that means here."""
    channel_id = await session.scalar(
        select(Channel.id)
        .join(Pool, Pool.id == Channel.pool_id)
        .where(Pool.id == pool_id, Pool.host == host, Channel.slug == stated.channel)
    )
    if channel_id is None:
        raise NotFound
    before = (
        await session.execute(
            select(Shift.open, Shift.starts, Shift.ends, Shift.cancelled_at).where(
                Shift.id == stated.id
            )
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
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[Shift.id],
            set_={name: row.excluded[name] for name in facts if name != "id"},
            where=Shift.pool_id == pool_id,
        )
    )
    for seat in stated.seats:
        kept = insert(Seat).values(id=seat.id, shift_id=stated.id, role=seat.role, state=seat.state)
        await session.execute(
            kept.on_conflict_do_update(
                index_elements=[Seat.id],
                set_={"role": seat.role, "state": seat.state},
                where=Seat.shift_id == stated.id,
            )
        )
    await session.execute(update(Pool).where(Pool.id == pool_id).values(revision=Pool.revision + 1))
    return Kept(
        closed=before is not None and before.open and not stated.open,
        rescheduled=before is None
        or (before.starts, before.ends, before.cancelled_at is not None)
        != (stated.starts, stated.ends, stated.cancelled),
    )
