from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker
from rota.shifts.models import Shift
from rota.supervisor_calls.models import CallAsked, SupervisorCall

SHOWN_FOR = timedelta(hours=24)


async def calls_of_shift(session: AsyncSession, shift_id: UUID) -> Sequence[SupervisorCall]:
    """List the calls of a session, newest first; the caller has checked who asks."""
    rows = await session.scalars(
        select(SupervisorCall)
        .where(SupervisorCall.shift_id == shift_id)
        .order_by(SupervisorCall.called_at.desc())
        .limit(20)
    )
    return rows.all()


async def calls_to_take(
    session: AsyncSession, asker: Asker, now: datetime
) -> list[tuple[SupervisorCall, Shift]]:
    """List the calls that wait for the asker, the longest waiting first."""
    rows = await session.execute(
        select(SupervisorCall, Shift)
        .join(CallAsked, CallAsked.call_id == SupervisorCall.id)
        .join(Shift, Shift.id == SupervisorCall.shift_id)
        .where(
            CallAsked.person_id == asker.person_id,
            SupervisorCall.answered_at.is_(None),
            SupervisorCall.called_at > now - SHOWN_FOR,
        )
        .order_by(SupervisorCall.called_at)
    )
    return [(call, shift) for call, shift in rows]
