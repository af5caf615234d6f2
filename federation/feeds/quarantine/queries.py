"""What of a partner was set aside: kinds, reasons and counts, never what it said."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.models import FeedCursor, SetAsideEvent
from federation.partners.actions import may_partner
from federation.permissions.rules import Asker


class SetAside(NamedTuple):
    """Events of one kind that were set aside for one reason; `detail` is the refusal's code."""

    kind: str
    why: str
    detail: str
    events: int
    latest: datetime


async def set_aside_of(session: AsyncSession, *, asker: Asker, node_id: str) -> list[SetAside]:
    """Sum up for a partner administrator what was set aside of one partner."""
    may_partner(asker)
    one = SetAsideEvent.why, SetAsideEvent.kind, SetAsideEvent.detail
    rows = await session.execute(
        select(
            SetAsideEvent.kind,
            SetAsideEvent.why,
            SetAsideEvent.detail,
            func.count(),
            func.max(SetAsideEvent.at),
        )
        .join(FeedCursor, SetAsideEvent.cursor_id == FeedCursor.id)
        .where(FeedCursor.node_id == node_id)
        .group_by(*one)
        .order_by(*one)
    )
    return [SetAside(*row) for row in rows]
