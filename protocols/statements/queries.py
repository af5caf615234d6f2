from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.sender import Sender
from federation.projects.models import Project
from protocols.statements.errors import NotTheirs

FEED = "project/releases"


async def require_theirs(session: AsyncSession, sender: Sender, project_id: UUID) -> None:
    """Refuse what does not come in its own project's feed from that project's own node."""
    if (sender.feed_kind, sender.subject) != (FEED, str(project_id)):
        raise NotTheirs
    found = await session.execute(select(Project.node).where(Project.id == project_id))
    project = found.one_or_none()
    if project is not None and project.node != sender.node_id:
        raise NotTheirs
