"""Having looked at what was set aside: it is forgotten, and the partner is read on."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from database import outbox
from federation.feeds.cursors.actions import BAD, UNKNOWN
from federation.feeds.models import FeedCursor, SetAsideEvent
from federation.partners.actions import PULL, locked, may_partner, note
from federation.permissions.rules import Asker


async def forget_set_aside(
    session: AsyncSession, *, asker: Asker, node_id: str, waiting: bool, now: datetime
) -> int:
    """Forget what was refused, or with `waiting` also what waits for an update; tell how much.

    What waits is lost by that: after an update, or when what it speaks of arrives, it would count.
    """
    may_partner(asker)
    await locked(session, node_id)
    theirs = select(FeedCursor.id).where(FeedCursor.node_id == node_id)
    gone = await session.scalars(
        delete(SetAsideEvent)
        .where(
            SetAsideEvent.cursor_id.in_(theirs),
            SetAsideEvent.why.in_((BAD, UNKNOWN) if waiting else (BAD,)),
        )
        .returning(SetAsideEvent.id)
    )
    events = len(gone.all())
    await note(
        session, asker, "forgot-set-aside", now=now, node_id=node_id, events=events, waiting=waiting
    )
    await outbox.put(session, PULL, {"node_id": node_id}, now=now, key=node_id)
    return events
