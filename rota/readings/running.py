"""Who sits in a session while something they work with is withdrawn is told at once."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.actions import notify
from federation.people.models import Handle
from protocols.reading.queries import withdrawn_lately
from rota.attendance.models import SessionStep
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift

WITHDRAWN_NOW = "withdrawn-now"
TEXT = "Something that you work with has just been withdrawn. Please look at your session's page."
LONGEST_BRIEFING = timedelta(hours=24)


class Sitting(NamedTuple):
    """Somebody of this node in a session that runs, its briefing included."""

    person_id: UUID
    project_id: UUID
    shift: Shift

    @property
    def since(self) -> datetime:
        """The beginning of the briefing: what was withdrawn before is on the page already."""
        return self.shift.starts - timedelta(minutes=self.shift.briefing_minutes)


async def tell_running(session: AsyncSession, now: datetime) -> None:
    """Tell those in running sessions what was withdrawn since they began, once for each text."""
    texts = {}
    for one in await _sitting(session, now):
        key = (one.project_id, one.shift.pool_id)
        if key not in texts:
            texts[key] = await withdrawn_lately(session, *key, now)
        for text in texts[key]:
            step = f"withdrawn:{text.urn}:{text.at.isoformat()}:{one.person_id}"
            if text.at >= one.since and await _first(session, one.shift.id, step, now):
                await notify(
                    session,
                    person_id=one.person_id,
                    code=WITHDRAWN_NOW,
                    text=TEXT,
                    now=now,
                    urgent=True,
                )


async def _sitting(session: AsyncSession, now: datetime) -> list[Sitting]:
    rows = await session.execute(
        select(Handle.person_id, Handle.project_id, Shift)
        .join(Claim, Claim.handle_id == Handle.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Claim.state == "held",
            Handle.person_id.is_not(None),
            Shift.cancelled_at.is_(None),
            Shift.starts < now + LONGEST_BRIEFING,
            Shift.ends > now,
        )
        .order_by(Shift.starts, Shift.id, Handle.person_id)
    )
    sitting = [Sitting(person, project, shift) for person, project, shift in rows if person]
    return [one for one in sitting if one.since <= now]


async def _first(session: AsyncSession, shift_id: UUID, step: str, now: datetime) -> bool:
    row = insert(SessionStep).values(shift_id=shift_id, step=step, at=now)
    taken = await session.scalar(row.on_conflict_do_nothing().returning(SessionStep.step))
    return taken is not None
