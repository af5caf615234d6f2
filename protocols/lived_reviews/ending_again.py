"""Erasing once more, after a restore, who was erased since the backup."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.rules import Ended
from protocols.lived_reviews.models import LivedReview


async def erase_reviewer(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Forget who reviewed a text."""
    review = update(LivedReview).where(LivedReview.id == UUID(ended.facts["review"]))
    await session.execute(review.values(who=None))
