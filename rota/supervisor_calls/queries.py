from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker
from rota.shifts.models import Shift
from rota.supervisor_calls.models import CallAsked, SupervisorCall

SHOWN_FOR = timedelta(hours=24)


class CallSeen(NamedTuple):
    """A call with its session, and whether it waits for the asker."""

    call: SupervisorCall
    shift: Shift
    waits: bool


async def calls_seen(
    session: AsyncSession, asker: Asker, shifts: Collection[UUID], now: datetime
) -> list[CallSeen]:
    """List the calls of some sessions and those that wait for the asker, the earliest first.

    The caller has checked that the asker may know of the sessions.
    """
    waits = (
        CallAsked.id.is_not(None)
        & SupervisorCall.answered_at.is_(None)
        & (SupervisorCall.called_at > now - SHOWN_FOR)
    )
    rows = await session.execute(
        select(SupervisorCall, Shift, waits)
        .join(Shift, Shift.id == SupervisorCall.shift_id)
        .outerjoin(
            CallAsked,
            (CallAsked.call_id == SupervisorCall.id) & (CallAsked.person_id == asker.person_id),
        )
        .where(waits | SupervisorCall.shift_id.in_(shifts))
        .order_by(SupervisorCall.called_at)
    )
    return [CallSeen(call, shift, waiting) for call, shift, waiting in rows]


async def calls_to_take(session: AsyncSession, asker: Asker, now: datetime) -> list[CallSeen]:
    """List the calls that wait for the asker, the longest waiting first."""
    return await calls_seen(session, asker, [], now)
