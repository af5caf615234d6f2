"""Applying what a partner has withdrawn, before and whatever else it says."""

from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.applying import POISON, Reader, code_of, savepoint, sender_of
from database.session import door
from federation.feeds.cursors import recalls_aside
from federation.feeds.models import FeedCursor
from federation.feeds.rules import heads
from federation.feeds.rules.heads import Head, Page
from federation.partners.models import Partner
from federation.partners.sender import Sender


async def apply_recalls(
    reader: Reader, partner: Partner, cursor: FeedCursor, page: Page, head: Head
) -> None:
    """Apply recalls in a transaction of their own, so that nothing in the page can hold them up."""
    statements = heads.recalls_of(page, head, cursor.recalls_hash)
    if statements is None:
        return
    apply = reader.apply_recall.get(cursor.kind, _no_recall)
    now = reader.clock()
    async with door(reader.engine) as session:
        refused = {}
        for statement in statements:
            try:
                async with savepoint(session):
                    await apply(session, sender_of(partner, cursor), statement, now)
            except POISON as error:
                structlog.get_logger().warning("bad recall", error=type(error).__name__)
                refused[statement] = code_of(error)
        locked_cursor = await session.get_one(FeedCursor, cursor.id, with_for_update=True)
        locked_cursor.recalls_hash = head.recalls_hash
        await recalls_aside.note(
            session, locked_cursor, refused, epoch=head.epoch, room=reader.room, now=now
        )


async def _no_recall(_: AsyncSession, __: Sender, ___: str, ____: datetime) -> None:
    """Take note only: nothing on this node can be recalled by this kind of feed."""
