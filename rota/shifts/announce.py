"""What a host tells its partners of a shift: states only, never who holds a seat."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.actions import append
from federation.pools.models import Channel, Pool
from federation.pools.stated import written
from federation.pools.terms import TERM_HERE
from rota.shifts.clock import wind_if_near
from rota.shifts.models import Seat, Shift

COPIED = (
    "zone",
    "briefing_minutes",
    "debrief_minutes",
    "languages",
    "wanted_languages",
    "theme",
    "demand",
    "minimum_workers",
    "minimum_supervisors",
    "trainings",
    "series",
    "ground_rules",
    "open",
)


SeatStated = tuple[UUID, str, str]
"""A seat's id, role and state."""


RAISE_REVISION = (
    update(Pool)
    .where(Pool.id == bindparam("pool_id"))
    .values(revision=Pool.revision + 1)
    .returning(TERM_HERE)
)
"""Built once: every change of a shift ends with it."""


async def announce_shift(
    session: AsyncSession,
    shift: Shift,
    now: datetime,
    *,
    seats: Sequence[SeatStated] | None = None,
) -> None:
    """Raise the pool's revision and state the shift, as it now stands, in the pool's feed.

    Who has just read the seats hands them over, in the order of their ids.
    """
    await session.flush()
    channel = await session.get_one(Channel, shift.channel_id)
    if seats is None:
        seats = await _seats(session, shift.id)
    stated: dict[str, Any] = {
        "id": str(shift.id),
        "channel": channel.slug,
        "starts": shift.starts.isoformat(),
        "ends": shift.ends.isoformat(),
        "cancelled": shift.cancelled_at is not None,
        "seats": [{"id": str(seat), "role": role, "state": state} for seat, role, state in seats],
        **{name: getattr(shift, name) for name in COPIED},
    }
    stated["demand"] = written(shift.demand)
    await wind_if_near(session, shift, now)
    # last, since whoever changes another shift of the pool waits from here until we commit
    connection = await session.connection()
    raised = await connection.execute(RAISE_REVISION, {"pool_id": shift.pool_id})
    stated["term"] = raised.scalar_one()
    await append(session, "pool/shifts", str(shift.pool_id), "shift.stated", stated, now=now)


async def _seats(session: AsyncSession, shift_id: UUID) -> list[SeatStated]:
    rows = await session.execute(
        select(Seat.id, Seat.role, Seat.state).where(Seat.shift_id == shift_id).order_by(Seat.id)
    )
    return [(seat, role, state) for seat, role, state in rows]
