"""How a session stands for everybody: the host works it out and states it to all who publish it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.errors import NotFound, NotHereYet
from federation.feeds.actions import append
from federation.pools.models import Pool
from federation.pools.stated import Moment
from rota.attendance.models import Attendance, CheckIn
from rota.attendance.rules import MAY_CHECK_IN, Part, must_pause
from rota.claims.models import Claim
from rota.session_details.queries import details_of
from rota.shifts.models import Seat, Shift

STATED = "session.stated"


class StatedSession(msgspec.Struct, frozen=True):
    """What all who publish a pool's hours are told: when, and nothing of who or how many."""

    shift: UUID
    at: Moment
    busy: bool
    ended_at: Moment | None
    paused_since: Moment | None = None


async def settle_session(session: AsyncSession, shift: Shift, now: datetime) -> None:
    """As the host: pause a session in which somebody would be alone, and state how it stands."""
    kept = await session.scalar(
        select(CheckIn)
        .where(CheckIn.shift_id == shift.id)
        .execution_options(populate_existing=True)
    )
    if kept is None:
        return
    details = await details_of(session, shift)
    alone = must_pause(await parts_of(session, shift.id), never_alone=details.never_alone)
    paused = alone and kept.ended_at is None
    kept.paused_since = (kept.paused_since or now) if paused else None
    await session.flush()
    await session.execute(
        update(Pool).where(Pool.id == shift.pool_id).values(revision=Pool.revision + 1)
    )
    stated = {
        "shift": str(shift.id),
        "at": kept.at.isoformat(),
        "busy": kept.busy,
        "ended_at": kept.ended_at and kept.ended_at.isoformat(),
        "paused_since": kept.paused_since and kept.paused_since.isoformat(),
    }
    await append(session, "pool/shifts", str(shift.pool_id), STATED, stated, now=now)


async def review_pause(session: AsyncSession, shift: Shift, now: datetime) -> None:
    """State a session anew if somebody has come or gone since and that changes how it stands."""
    kept = await session.scalar(
        select(CheckIn)
        .where(CheckIn.shift_id == shift.id, CheckIn.ended_at.is_(None))
        .execution_options(populate_existing=True)
    )
    if kept is None or now >= shift.ends:
        return
    details = await details_of(session, shift)
    alone = must_pause(await parts_of(session, shift.id), never_alone=details.never_alone)
    if alone is not (kept.paused_since is not None):
        await settle_session(session, shift, now)


async def parts_of(session: AsyncSession, shift_id: UUID) -> Sequence[Part]:
    """Read who holds a worker's seat and whether they are there, as the host knows it."""
    rows = await session.execute(
        select(Attendance.arrived_at, Attendance.left_at)
        .select_from(Claim)
        .join(Seat, Seat.id == Claim.seat_id)
        .outerjoin(Attendance, Attendance.claim_id == Claim.id)
        .where(
            Seat.shift_id == shift_id,
            Seat.role.in_(MAY_CHECK_IN),
            Claim.state == "held",
            Claim.decided_here,
        )
    )
    return [Part(arrived_at, left_at) for arrived_at, left_at in rows]


async def receive_session(
    session: AsyncSession, host: str, pool_id: UUID, payload: dict[str, Any]
) -> None:
    """Keep how the host says that a session stands, so that our public pages say the same."""
    stated = msgspec.convert(payload, StatedSession)
    row = (
        await session.execute(
            select(Shift.pool_id, Pool.host)
            .join(Pool, Pool.id == Shift.pool_id)
            .where(Shift.id == stated.shift)
        )
    ).one_or_none()
    if row is None:
        raise NotHereYet
    if tuple(row) != (pool_id, host):
        raise NotFound
    facts = msgspec.structs.asdict(stated)
    facts["shift_id"] = facts.pop("shift")
    if stated.ended_at is None or stated.ended_at > stated.at:
        # whatever was said here before, it was begun after all
        facts["did_not_happen"] = None
    new = insert(CheckIn).values(id=new_id(), **facts)
    await session.execute(new.on_conflict_do_update(index_elements=[CheckIn.shift_id], set_=facts))
    await session.execute(update(Pool).where(Pool.id == pool_id).values(revision=Pool.revision + 1))
