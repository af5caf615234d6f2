"""Who of a project is told of proposals: those who decide, in words that name nothing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from protocols.items.actions import APPROVERS
from protocols.items.notices import tell

PROPOSED = "Another project suggests other words for one of your texts."
ANSWERED = "What your project suggested for another project's text has been answered."


async def tell_owner(session: AsyncSession, project_id: UUID, now: datetime) -> None:
    """Tell a project that there is something to decide."""
    await tell(session, project_id, APPROVERS, "text-proposed", PROPOSED, now)


async def tell_proposer(session: AsyncSession, project_id: UUID, now: datetime) -> None:
    """Tell a project that there is an answer."""
    await tell(session, project_id, APPROVERS, "text-proposal-answered", ANSWERED, now)
