"""Steps that a pool's coordinator takes with sessions on which people sit."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from rota.claims.models import Claim
from rota.shifts.changing import staffing_of_shift
from rota.shifts.models import Seat, Shift
from rota.splitting.actions import split_shift
from rota.timetable.actions import ShiftDraft, cancel_shift, change_shift
from tests.rota.walk.steps import Step, Walk


async def move(walk: Walk) -> str:
    shift_id = await _coming(walk)
    minutes = timedelta(minutes=walk.random.choice([-90, -15, 30, 120]))

    async def act(session: AsyncSession) -> Shift:
        shift = await session.get(Shift, shift_id)
        if shift is None:
            raise NotFound
        draft = ShiftDraft(
            starts=shift.starts + minutes,
            ends=shift.ends + minutes,
            staffing=await staffing_of_shift(session, shift),
        )
        return await change_shift(session, walk.nodes.pool.coordinator, shift_id, draft, walk.now)

    return await walk.attempt(walk.nodes.host, act)


async def divide(walk: Walk) -> str:
    """Divide a session, mostly one on which somebody has a seat."""
    held = (
        select(Seat.shift_id)
        .join(Claim, Claim.seat_id == Seat.id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Claim.state == "held", Shift.starts > walk.now)
        .order_by(Shift.starts, Shift.ends, Seat.role)
    )
    shift_id = await walk.any_of(walk.nodes.host, held)

    async def act(session: AsyncSession) -> UUID:
        shift = await session.get(Shift, shift_id)
        if shift is None:
            raise NotFound
        middle = shift.starts + (shift.ends - shift.starts) / 2
        return await split_shift(session, walk.nodes.pool.coordinator, shift_id, middle, walk.now)

    return await walk.attempt(walk.nodes.host, act)


async def call_off(walk: Walk) -> str:
    if walk.random.random() < 0.5:
        return "not this time"
    shift = await _coming(walk)
    coordinator = walk.nodes.pool.coordinator
    return await walk.attempt(
        walk.nodes.host, lambda session: cancel_shift(session, coordinator, shift, walk.now)
    )


async def _coming(walk: Walk) -> UUID:
    coming = (
        select(Shift.id)
        .where(Shift.starts > walk.now, Shift.cancelled_at.is_(None))
        .order_by(Shift.starts, Shift.ends)
    )
    shift: UUID = await walk.any_of(walk.nodes.host, coming)
    return shift


SESSIONS: dict[Step, int] = {move: 2, divide: 4, call_off: 1}
