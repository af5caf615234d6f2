"""What nodes do with one another's words on a call: a home makes and answers, the host states."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound, NotHereYet
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.pools.stated import Moment
from federation.projects.models import Project
from rota.attendance.rules import COMES
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift
from rota.supervisor_calls.asking import (
    ask,
    ask_person,
    asked_row,
    locked_call,
    tell_caller,
    tell_nodes,
)
from rota.supervisor_calls.models import SupervisorCall
from rota.supervisor_calls.rules import STEPS, TAKEN, Step


class CallMade(msgspec.Struct, frozen=True):
    """A home's worker asks for the supervisor of their session."""

    call: UUID
    claim: UUID
    at: Moment


class CallAnswered(msgspec.Struct, frozen=True):
    """Somebody of a home, known by handle, has taken a call."""

    call: UUID
    handle: UUID
    at: Moment


class AskThere(msgspec.Struct, frozen=True):
    """Whom the host asks a home to ask."""

    handle: UUID
    step: Step


class CallStated(msgspec.Struct, frozen=True):
    """How a call stands, as the host says."""

    call: UUID
    shift: UUID
    called_at: Moment
    step: Step
    step_at: Moment
    answered_at: Moment | None
    answered_by: Step | None
    ask: Annotated[list[AskThere], msgspec.Meta(max_length=50)]


async def receive_made(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """As the host: begin to ask, if the caller holds a seat of a session here."""
    made = msgspec.convert(payload, CallMade)
    shift = await session.scalar(
        select(Shift)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(Claim, Claim.seat_id == Seat.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .where(
            Claim.id == made.claim,
            Claim.state == "held",
            Claim.decided_here,
            Seat.role.in_(COMES),
            Project.node == home,
        )
        .with_for_update(of=Shift, key_share=True)
    )
    if shift is None:
        raise NotFound
    new = insert(SupervisorCall).values(
        id=made.call,
        shift_id=shift.id,
        claim_id=made.claim,
        called_at=made.at,
        step=STEPS[0],
        step_at=now,
    )
    entered = await session.scalar(new.on_conflict_do_nothing().returning(SupervisorCall.id))
    if entered is None:
        return
    call = await session.get_one(SupervisorCall, made.call)
    await _write_down(session, home, "called-supervisor", call.id, now)
    await ask(session, call, shift, STEPS[0], now)


async def receive_answered(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """As the host: keep who took a call first, if they were asked; then all are told."""
    said = msgspec.convert(payload, CallAnswered)
    theirs = await session.scalar(
        select(Handle.id)
        .join(Project, Project.id == Handle.project_id)
        .where(Handle.id == said.handle, Project.node == home)
    )
    asked = await asked_row(session, said.call, said.handle) if theirs else None
    found = await locked_call(session, said.call) if asked else None
    if asked is None or found is None:
        raise NotFound
    call, _shift = found
    if call.answered_at is not None:
        return
    call.answered_at, call.answered_by = said.at, asked.step
    await session.flush()
    await _write_down(session, home, "answered-call", call.id, now, {"step": asked.step})
    await tell_caller(session, call, TAKEN, now)
    await tell_nodes(session, call, now)


async def receive_stated(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime
) -> None:
    """As a home: keep how a call stands, ask whom the host asks us to, tell our caller."""
    said = msgspec.convert(payload, CallStated)
    pool_id = await _pool_of(session, said.shift, host)
    before = await session.get(SupervisorCall, said.call, with_for_update=True)
    if before is not None and before.shift_id != said.shift:
        raise NotFound
    facts = {
        name: getattr(said, name) for name in ("step", "step_at", "answered_at", "answered_by")
    }
    untold = before is not None and before.answered_at is None
    if before is None:
        before = SupervisorCall(
            id=said.call,
            shift_id=said.shift,
            claim_id=None,
            called_at=said.called_at,
            **facts,
        )
        session.add(before)
    else:
        for name, value in facts.items():
            setattr(before, name, value)
    await session.flush()
    if said.answered_at is not None:
        if untold:
            await tell_caller(session, before, TAKEN, now)
        return
    for each in said.ask:
        person_id = await session.scalar(
            select(Handle.person_id).where(Handle.id == each.handle, Handle.pool_id == pool_id)
        )
        if person_id is not None:
            await ask_person(session, before, person_id, each.step, now)


async def _pool_of(session: AsyncSession, shift_id: UUID, host: str) -> UUID:
    row = (
        await session.execute(
            select(Pool.id, Pool.host)
            .join(Shift, Shift.pool_id == Pool.id)
            .where(Shift.id == shift_id)
        )
    ).one_or_none()
    if row is None:
        raise NotHereYet
    pool_id, its_host = row
    if its_host != host:
        raise NotFound
    return pool_id


async def _write_down(
    session: AsyncSession,
    home: str,
    verb: str,
    call_id: UUID,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> None:
    await record(
        session,
        actor=home,
        verb=verb,
        subject="supervisor_call",
        subject_id=call_id,
        now=now,
        facts=facts,
    )
