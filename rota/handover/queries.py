from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from rota.handover.models import HandoverNote
from rota.handover.rules import Note
from rota.shifts.models import Shift

MOST_NOTES = 10


async def notes_for(session: AsyncSession, shift: Shift, now: datetime) -> list[Note]:
    """Give the notes that the session before this one, on its channel, has left for it."""
    before, between = aliased(Shift), aliased(Shift)
    another_came_first = exists().where(
        between.channel_id == shift.channel_id,
        between.open,
        between.cancelled_at.is_(None),
        between.starts >= before.ends,
        between.starts < shift.starts,
    )
    rows = await session.scalars(
        select(HandoverNote)
        .join(before, before.id == HandoverNote.shift_id)
        .where(
            before.channel_id == shift.channel_id,
            before.ends <= shift.starts,
            HandoverNote.expires_at > now,
            ~another_came_first,
        )
        .order_by(HandoverNote.written_at.desc(), HandoverNote.id)
        .limit(MOST_NOTES)
    )
    return [Note(each.id, each.text, each.written_at, each.expires_at) for each in rows]
