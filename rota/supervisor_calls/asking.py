"""The host's part of a call: asks one step after the other, and tells the nodes concerned."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.audit.actions import SYSTEM, record
from federation.feeds.actions import append
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.pools.queries import coordinators_of_pool
from federation.projects.models import Project
from rota.claims.models import Claim
from rota.session_details.models import SessionSetting
from rota.session_details.queries import details_of
from rota.shifts.models import Seat, Shift
from rota.supervisor_calls.models import CallAsked, SupervisorCall
from rota.supervisor_calls.rules import ASKED, TAKEN, UNANSWERED, after

CALL_STATED = "call.stated"
CALL_STEP = "supervisor-call"


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who can answer: a person of this node, or a handle whose home is another one."""

    person_id: UUID | None
    handle_id: UUID | None


async def ask(
    session: AsyncSession, call: SupervisorCall, shift: Shift, first: str, now: datetime
) -> None:
    """Ask the first step at which there is anybody, and go on by itself if nobody answers."""
    step, asked = first, await _who(session, shift, first)
    while not asked and (following := after(step)) is not None:
        step, asked = following, await _who(session, shift, following)
    call.step, call.step_at = step, now
    await session.flush()
    details = await details_of(session, shift)
    await put(
        session,
        CALL_STEP,
        {"call": str(call.id)},
        now=now,
        key=f"{call.id} {step}",
        due=now + timedelta(minutes=details.answer_minutes),
    )
    await record(
        session,
        actor=SYSTEM,
        verb=f"asked-{step}",
        subject="supervisor_call",
        subject_id=call.id,
        now=now,
        facts={"asked": len(asked)},
    )
    for each in asked:
        await _enter(session, call, each, now)
    await tell_nodes(session, call, now)


async def _who(session: AsyncSession, shift: Shift, step: str) -> list[Asked]:
    if step == "coordinator":
        # those who plan the pool: a call is asked by the host
        people = await coordinators_of_pool(session, shift.pool_id)
        return [Asked(person_id, None) for person_id in people]
    handles = _on_call(shift.id) if step == "supervisor" else _deputy(shift.pool_id)
    rows = await session.execute(handles)
    return [Asked(person, None if person else handle) for handle, person in rows]


def _on_call(shift_id: UUID) -> Select[UUID, UUID | None]:
    return (
        select(Handle.id, Handle.person_id)
        .join(Claim, Claim.handle_id == Handle.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .where(
            Seat.shift_id == shift_id,
            Seat.role == "supervisor",
            Claim.state == "held",
            Claim.decided_here,
        )
        .order_by(Seat.id)
    )


def _deputy(pool_id: UUID) -> Select[UUID, UUID | None]:
    return (
        select(Handle.id, Handle.person_id)
        .join(SessionSetting, SessionSetting.deputy_handle_id == Handle.id)
        .where(SessionSetting.pool_id == pool_id, Handle.retired_at.is_(None))
    )


async def _enter(session: AsyncSession, call: SupervisorCall, asked: Asked, now: datetime) -> None:
    if asked.person_id is not None:
        await ask_person(session, call, asked.person_id, call.step, now)
        return
    new = insert(CallAsked).values(
        id=new_id(), call_id=call.id, handle_id=asked.handle_id, step=call.step, at=now
    )
    await session.execute(new.on_conflict_do_nothing())


async def ask_person(
    session: AsyncSession, call: SupervisorCall, person_id: UUID, step: str, now: datetime
) -> None:
    """Ask somebody of this node, once in a call."""
    new = insert(CallAsked).values(
        id=new_id(), call_id=call.id, person_id=person_id, step=step, at=now
    )
    entered = await session.scalar(new.on_conflict_do_nothing().returning(CallAsked.id))
    if entered is not None:
        await notify(session, person_id=person_id, code="called", text=ASKED, now=now, urgent=True)


async def tell_nodes(session: AsyncSession, call: SupervisorCall, now: datetime) -> None:
    """Tell the caller's home how a call stands, and the homes of who is asked that they are."""
    asked = await _asked_abroad(session, call.id)
    caller = await _home_of_caller(session, call)
    said = {
        "call": str(call.id),
        "shift": str(call.shift_id),
        "called_at": call.called_at.isoformat(),
        "step": call.step,
        "step_at": call.step_at.isoformat(),
        "answered_at": call.answered_at and call.answered_at.isoformat(),
        "answered_by": call.answered_by,
    }
    for node in sorted({*asked, *([caller] if caller else [])}):
        ask_there: list[dict[str, Any]] = [
            {"handle": str(handle), "step": step} for handle, step in asked.get(node, ())
        ]
        await append(session, "private", node, CALL_STATED, {**said, "ask": ask_there}, now=now)


async def _asked_abroad(
    session: AsyncSession, call_id: UUID
) -> dict[str, Sequence[tuple[UUID, str]]]:
    rows = await session.execute(
        select(Project.node, Handle.id, CallAsked.step)
        .join(Handle, Handle.project_id == Project.id)
        .join(CallAsked, CallAsked.handle_id == Handle.id)
        .where(CallAsked.call_id == call_id, Project.node.is_not(None))
        .order_by(Handle.id)
    )
    found: defaultdict[str, list[tuple[UUID, str]]] = defaultdict(list)
    for node, handle, step in rows:
        if node is not None:
            found[node].append((handle, step))
    return dict(found)


async def _home_of_caller(session: AsyncSession, call: SupervisorCall) -> str | None:
    node: str | None = await session.scalar(
        select(Project.node)
        .join(Handle, Handle.project_id == Project.id)
        .join(Claim, Claim.handle_id == Handle.id)
        .where(Claim.id == call.claim_id)
    )
    return node


async def go_on(session: AsyncSession, call_id: UUID, now: datetime) -> datetime | None:
    """Ask the next one, since nobody has answered in time; after the last, tell the caller.

    Says when to look again, where the time to answer was made longer since the call.
    """
    found = await locked_call(session, call_id)
    if found is None or found[0].answered_at is not None:
        return None
    call, shift = found
    details = await details_of(session, shift)
    until = call.step_at + timedelta(minutes=details.answer_minutes)
    if now < until:
        return until
    following = after(call.step)
    if following is not None:
        await ask(session, call, shift, following, now)
        return None
    await record(
        session,
        actor=SYSTEM,
        verb="call-unanswered",
        subject="supervisor_call",
        subject_id=call_id,
        now=now,
    )
    await tell_caller(session, call, UNANSWERED, now)
    return None


async def locked_call(session: AsyncSession, call_id: UUID) -> tuple[SupervisorCall, Shift] | None:
    """Lock a call, its shift first."""
    shift = await session.scalar(
        select(Shift)
        .join(SupervisorCall, SupervisorCall.shift_id == Shift.id)
        .where(SupervisorCall.id == call_id)
        .with_for_update(of=Shift, key_share=True)
    )
    if shift is None:
        return None
    call = await session.get_one(
        SupervisorCall, call_id, with_for_update=True, populate_existing=True
    )
    return call, shift


async def tell_caller(
    session: AsyncSession, call: SupervisorCall, text: str, now: datetime
) -> None:
    """Tell the caller, if they are of this node."""
    person_id = await session.scalar(
        select(Handle.person_id)
        .join(Claim, Claim.handle_id == Handle.id)
        .where(Claim.id == call.claim_id)
    )
    if person_id is not None:
        code = "call-taken" if text == TAKEN else "call-unanswered"
        await notify(session, person_id=person_id, code=code, text=text, now=now, urgent=True)


async def asked_row(session: AsyncSession, call_id: UUID, who: UUID) -> CallAsked | None:
    """Find whether this person or handle has been asked in a call."""
    found: CallAsked | None = await session.scalar(
        select(CallAsked).where(
            CallAsked.call_id == call_id,
            or_(CallAsked.person_id == who, CallAsked.handle_id == who),
        )
    )
    return found
