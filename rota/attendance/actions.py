from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_write
from federation.pools.models import Pool
from federation.projects.models import Project
from rota.attendance.errors import NotCheckedIn, SessionOver
from rota.attendance.models import CheckIn
from rota.attendance.rules import MAY_CHECK_IN, require_its_time
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift

ATTENDED = "shift.attended"

HeldSeats = Select[UUID, Shift, str | None]


class Attended(msgspec.Struct, frozen=True):
    """What a home tells the host of a session of its worker: begun, busy, ended."""

    claim: UUID
    at: datetime
    busy: bool
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Held:
    """A held seat in front of the people who write, with its shift and the pool's host."""

    claim_id: UUID
    shift: Shift
    host: str | None


async def check_in(
    session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime, *, busy: bool = False
) -> None:
    """Say that a session has begun; twice is once, the first time stands."""
    require_write(asker)
    held = await _held_by(session, asker, shift_id)
    shift = held.shift
    require_its_time(shift.starts, shift.ends, shift.briefing_minutes, now)
    if shift.cancelled_at is not None:
        raise SessionOver
    row = insert(CheckIn).values(
        id=new_id(), shift_id=shift_id, claim_id=held.claim_id, at=now, busy=busy
    )
    # somebody who closed too soon may come back
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[CheckIn.shift_id], set_={"busy": busy, "ended_at": None}
        )
    )
    await _tell(session, held, asker.person_id, "checked-in", now)


async def say_busy(
    session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime, *, busy: bool
) -> None:
    """Say that all who are there are occupied, or free again."""
    require_write(asker)
    held = await _held_by(session, asker, shift_id)
    await _change(session, shift_id, {"busy": busy})
    await _tell(session, held, asker.person_id, "said-busy" if busy else "said-free", now)


async def end_session(session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime) -> None:
    """Close a session before its time: from now on nobody is there."""
    require_write(asker)
    held = await _held_by(session, asker, shift_id)
    await _change(session, shift_id, {"ended_at": now})
    await _tell(session, held, asker.person_id, "ended-session", now)


async def receive_attended(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep what a home says of its worker's session, if that worker holds a seat of it here."""
    said = msgspec.convert(payload, Attended)
    held = await _one_held(
        session,
        _seats_held()
        .join(Project, Project.id == Handle.project_id)
        .where(Claim.id == said.claim, Claim.decided_here, Project.node == home),
    )
    facts = {"busy": said.busy, "ended_at": said.ended_at}
    row = insert(CheckIn).values(
        id=new_id(), shift_id=held.shift.id, claim_id=said.claim, at=said.at, **facts
    )
    await session.execute(row.on_conflict_do_update(index_elements=[CheckIn.shift_id], set_=facts))
    await _tell(session, held, home, "attended", now)


def _seats_held() -> HeldSeats:
    return (
        select(Claim.id, Shift, Pool.host)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .where(Claim.state == "held", Seat.role.in_(MAY_CHECK_IN))
    )


async def _held_by(session: AsyncSession, asker: Asker, shift_id: UUID) -> _Held:
    return await _one_held(
        session,
        _seats_held().where(Shift.id == shift_id, Handle.person_id == asker.person_id),
    )


async def _one_held(session: AsyncSession, wanted: HeldSeats) -> _Held:
    row = (await session.execute(wanted.with_for_update(of=Shift))).first()
    if row is None:
        raise NotFound
    return _Held(*row)


async def _change(session: AsyncSession, shift_id: UUID, facts: dict[str, Any]) -> None:
    changed = await session.scalar(
        update(CheckIn).where(CheckIn.shift_id == shift_id).values(**facts).returning(CheckIn.id)
    )
    if changed is None:
        raise NotCheckedIn


async def _tell(
    session: AsyncSession, held: _Held, actor: UUID | str, verb: str, now: datetime
) -> None:
    """Write down who said it, let the public pages see it, and tell the host if that is not us."""
    await record(
        session, actor=actor, verb=verb, subject="shift", subject_id=held.shift.id, now=now
    )
    await session.execute(
        update(Pool).where(Pool.id == held.shift.pool_id).values(revision=Pool.revision + 1)
    )
    if held.host is None:
        return
    kept = (
        await session.execute(
            select(CheckIn.at, CheckIn.busy, CheckIn.ended_at).where(
                CheckIn.shift_id == held.shift.id
            )
        )
    ).one()
    said = {
        "claim": str(held.claim_id),
        "at": kept.at.isoformat(),
        "busy": kept.busy,
        "ended_at": kept.ended_at and kept.ended_at.isoformat(),
    }
    await append(session, "private", held.host, ATTENDED, said, now=now)
