"""What a host does with a home's word on its own worker's session; on nobody else's."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound
from federation.people.models import Handle
from federation.pools.stated import Moment
from federation.projects.models import Project
from rota.attendance.actions import (
    Held,
    arrive,
    be_late,
    begin,
    leave_all,
    miss,
    one_held,
    seats_held,
)
from rota.attendance.errors import UnknownReason
from rota.attendance.models import CheckIn
from rota.attendance.rules import WHY_NOT
from rota.attendance.standing import settle_session
from rota.claims.models import Claim
from rota.shifts.clock import wind


class Attended(msgspec.Struct, frozen=True):
    """What a home tells the host of a session of its worker: begun, busy, ended.

    `arrived_at` is the worker's own; a home of an older version says only when it began.
    """

    claim: UUID
    at: Moment
    busy: bool
    ended_at: Moment | None
    arrived_at: Moment | msgspec.UnsetType | None = msgspec.UNSET


class SaidLate(msgspec.Struct, frozen=True):
    """A worker says until when they will be late."""

    claim: UUID
    until: Moment


class Missed(msgspec.Struct, frozen=True):
    """A worker says that the session did not take place."""

    claim: UUID
    reason: str
    at: Moment


async def receive_attended(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep what a home says of its worker's session, if that worker holds a seat of it here."""
    said = msgspec.convert(payload, Attended)
    held = await _held_at(session, home, said.claim)
    if held is None:
        return
    arrived = said.at if said.arrived_at is msgspec.UNSET else said.arrived_at
    if arrived is not None:
        await arrive(session, held, arrived)
    await begin(session, held, said.at, busy=said.busy)
    if said.ended_at is not None:
        await _end(session, held, said.ended_at)
    await _write_down(session, home, held, "attended", now)
    await settle_session(session, held.shift, now)


async def receive_late(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep that a home's worker will be late."""
    said = msgspec.convert(payload, SaidLate)
    held = await _held_at(session, home, said.claim)
    if held is None:
        return
    await be_late(session, held, said.until)
    await _write_down(session, home, held, "said-late", now)


async def receive_missed(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep that a session did not take place, unless somebody has begun it."""
    said = msgspec.convert(payload, Missed)
    if said.reason not in WHY_NOT:
        raise UnknownReason
    held = await _held_at(session, home, said.claim)
    if held is None:
        return
    await miss(session, held, said.reason, said.at)
    await _write_down(session, home, held, "said-did-not-happen", now)
    await settle_session(session, held.shift, now)


async def _held_at(session: AsyncSession, home: str, claim_id: UUID) -> Held | None:
    """Find the seat; none where it has been given to nobody or to another time meanwhile.

    Home says what it knows while that is on its way: of a session that was moved it is about the
    earlier time, which home itself forgets (`moved.py`).
    """
    theirs = (Claim.id == claim_id, Claim.decided_here, Project.node == home)
    seats = seats_held().join(Project, Project.id == Handle.project_id)
    try:
        return await one_held(session, seats.where(*theirs))
    except NotFound:
        known = select(Claim.id).join(Handle, Handle.id == Claim.handle_id)
        known = known.join(Project, Project.id == Handle.project_id).where(*theirs)
        if await session.scalar(known) is None:
            raise
    return None


async def _end(session: AsyncSession, held: Held, at: datetime) -> None:
    await session.execute(
        update(CheckIn).where(CheckIn.shift_id == held.shift.id).values(ended_at=at)
    )
    await leave_all(session, held.shift.id, at)


async def _write_down(
    session: AsyncSession, home: str, held: Held, verb: str, now: datetime
) -> None:
    await record(session, actor=home, verb=verb, subject="shift", subject_id=held.shift.id, now=now)
    await wind(session, held.shift.id, now)
