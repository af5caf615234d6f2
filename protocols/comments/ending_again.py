"""Erasing once more, after a restore, what was erased since the backup."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.rules import Ended
from protocols.comments.models import ItemComment


async def erase_comment(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Erase what somebody said of a text, and who it was."""
    await session.execute(
        update(ItemComment)
        .where(ItemComment.id == UUID(ended.facts["comment"]), ItemComment.said.is_not(None))
        .values(said=None, author_id=None)
    )
