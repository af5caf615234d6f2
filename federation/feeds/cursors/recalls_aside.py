"""Which withdrawals of a partner were refused: a text stays in use, and somebody has to know."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.feeds.cursors.actions import BAD, ROOM, Room, has_room
from federation.feeds.models import FeedCursor, SetAsideEvent

RECALL = "recall"
"""Stands in the place of an event's kind; no event has this one."""


async def note(
    session: AsyncSession,
    cursor: FeedCursor,
    refused: Mapping[str, str],
    *,
    epoch: str,
    room: Room = ROOM,
    now: datetime,
) -> None:
    """Keep which withdrawals of a feed are refused now, with the code; others stop nothing."""
    before = SetAsideEvent.cursor_id == cursor.id, SetAsideEvent.kind == RECALL
    await session.execute(delete(SetAsideEvent).where(*before))
    for statement, code in refused.items():
        if not await has_room(session, cursor.node_id, room):
            return
        row = insert(SetAsideEvent).values(
            id=new_id(),
            cursor_id=cursor.id,
            epoch=epoch,
            seq=_place(statement),
            kind=RECALL,
            payload=b"",
            why=BAD,
            detail=code[:200],
            at=now,
        )
        await session.execute(row.on_conflict_do_nothing())


async def try_again(session: AsyncSession, node_id: str) -> None:
    """Ask once more for all withdrawals of a partner's feeds of which one was refused.

    What stood against it may be over: whose project it is may have become known since.
    """
    refused = select(SetAsideEvent.cursor_id).where(SetAsideEvent.kind == RECALL)
    await session.execute(
        update(FeedCursor)
        .where(FeedCursor.node_id == node_id, FeedCursor.id.in_(refused))
        .values(recalls_hash="")
    )


def _place(statement: str) -> int:
    """Give a place before all events, the same for the same words."""
    return -1 - int.from_bytes(sha256(statement.encode()).digest()[:3])
