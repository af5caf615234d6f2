"""Calling the supervisor, and taking such a call, each at one's own node."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_write
from federation.pools.models import Pool
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
from rota.supervisor_calls.errors import NotInSession
from rota.supervisor_calls.models import CallAsked, SupervisorCall
from rota.supervisor_calls.rules import STEPS, TAKEN, in_session

CALL_MADE, CALL_ANSWERED = "call.made", "call.answered"
KEPT = timedelta(days=90)


async def call_supervisor(
    session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime
) -> SupervisorCall:
    """Ask for the supervisor of one's session; while a call waits, another one is the same."""
    require_write(asker)
    claim_id, shift, host = await _sitting(session, asker, shift_id)
    if not in_session(shift.starts, shift.ends, shift.briefing_minutes, shift.debrief_minutes, now):
        raise NotInSession
    waiting = await session.scalar(
        select(SupervisorCall).where(
            SupervisorCall.claim_id == claim_id, SupervisorCall.answered_at.is_(None)
        )
    )
    if waiting is not None:
        return waiting
    call = SupervisorCall(
        id=new_id(),
        shift_id=shift_id,
        claim_id=claim_id,
        called_at=now,
        step=STEPS[0],
        step_at=now,
    )
    session.add(call)
    await session.flush()
    await record(
        session,
        actor=asker.person_id,
        verb="called-supervisor",
        subject="supervisor_call",
        subject_id=call.id,
        now=now,
        facts={"shift": str(shift_id)},
    )
    if host is None:
        await ask(session, call, shift, STEPS[0], now)
        return call
    await _ask_own_supervisor(session, call, now)
    said = {"call": str(call.id), "claim": str(claim_id), "at": now.isoformat()}
    await append(session, "private", host, CALL_MADE, said, now=now)
    return call


async def _sitting(
    session: AsyncSession, asker: Asker, shift_id: UUID
) -> tuple[UUID, Shift, str | None]:
    row = (
        await session.execute(
            select(Claim.id, Shift, Pool.host)
            .join(Seat, Seat.id == Claim.seat_id)
            .join(Shift, Shift.id == Seat.shift_id)
            .join(Pool, Pool.id == Shift.pool_id)
            .join(Handle, Handle.id == Claim.handle_id)
            .where(
                Shift.id == shift_id,
                Handle.person_id == asker.person_id,
                Claim.state == "held",
                Seat.role.in_(COMES),
            )
            .with_for_update(of=Shift, key_share=True)
        )
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


async def _ask_own_supervisor(session: AsyncSession, call: SupervisorCall, now: datetime) -> None:
    """Ask a supervisor of this node at once: the host may be slow, and would ask them as well."""
    people = await session.scalars(
        select(Handle.person_id)
        .join(Claim, Claim.handle_id == Handle.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .where(
            Seat.shift_id == call.shift_id,
            Seat.role == "supervisor",
            Claim.state == "held",
            Handle.person_id.is_not(None),
        )
    )
    for person_id in people.all():
        if person_id is not None:
            await ask_person(session, call, person_id, STEPS[0], now)


async def answer_call(session: AsyncSession, asker: Asker, call_id: UUID, now: datetime) -> None:
    """Take a call that one was asked to take; if somebody was faster, nothing changes."""
    require_write(asker)
    asked = await asked_row(session, call_id, asker.person_id)
    found = await locked_call(session, call_id) if asked is not None else None
    if asked is None or found is None:
        raise NotFound
    call, shift = found
    if call.answered_at is not None:
        return
    call.answered_at, call.answered_by = now, asked.step
    await session.flush()
    await record(
        session,
        actor=asker.person_id,
        verb="answered-call",
        subject="supervisor_call",
        subject_id=call_id,
        now=now,
        facts={"step": asked.step},
    )
    await tell_caller(session, call, TAKEN, now)
    host = await session.scalar(select(Pool.host).where(Pool.id == shift.pool_id))
    if host is None:
        await tell_nodes(session, call, now)
        return
    handle = await session.scalar(
        select(Handle.id).where(
            Handle.pool_id == shift.pool_id,
            Handle.person_id == asker.person_id,
            Handle.retired_at.is_(None),
        )
    )
    said = {"call": str(call_id), "handle": str(handle), "at": now.isoformat()}
    await append(session, "private", host, CALL_ANSWERED, said, now=now)


async def sweep_calls(session: AsyncSession, now: datetime) -> None:
    """Forget calls, and who was asked, three months later; the audit keeps that there was one."""
    old = select(SupervisorCall.id).where(SupervisorCall.called_at <= now - KEPT)
    await session.execute(delete(CallAsked).where(CallAsked.call_id.in_(old)))
    await session.execute(delete(SupervisorCall).where(SupervisorCall.called_at <= now - KEPT))
