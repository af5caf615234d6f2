from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from rota.handover.models import HandoverNote
from rota.handover.rules import Note
from rota.shifts.models import Shift

MOST_NOTES = 10


class Notes(NamedTuple):
    """What the session before has left for one, and what one of its own people has written."""

    left: list[Note]
    own: list[HandoverNote]


async def notes_for(session: AsyncSession, shift: Shift, now: datetime) -> list[Note]:
    """Give the notes that the session before this one, on its channel, has left for it."""
    return (await notes_around(session, shift, None, now)).left


async def notes_around(
    session: AsyncSession, shift: Shift, claim_id: UUID | None, now: datetime
) -> Notes:
    """Give the notes that the session before has left for this one, and those of a holder."""
    before, between = aliased(Shift), aliased(Shift)
    another_came_first = exists().where(
        between.channel_id == shift.channel_id,
        between.open,
        between.cancelled_at.is_(None),
        between.starts >= before.ends,
        between.starts < shift.starts,
    )
    is_left = and_(
        before.channel_id == shift.channel_id, before.ends <= shift.starts, ~another_came_first
    )
    rows = await session.execute(
        select(HandoverNote, is_left)
        .join(before, before.id == HandoverNote.shift_id)
        .where(HandoverNote.expires_at > now, is_left | (HandoverNote.claim_id == claim_id))
        .order_by(HandoverNote.written_at.desc(), HandoverNote.id)
    )
    found = [(note, left) for note, left in rows]
    notes = [note for note, left in found if left][:MOST_NOTES]
    return Notes(
        [Note(each.id, each.text, each.written_at, each.expires_at) for each in notes],
        [note for note, _ in reversed(found) if note.claim_id == claim_id],
    )
