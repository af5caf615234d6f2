"""How much a pool has room for: all of it has to fit into one event for its members."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.rules.canonical import canonical
from federation.people.models import Handle
from federation.pools.announce import member_facts
from federation.pools.errors import EnoughChannels, NoRoom
from federation.pools.models import Channel, PoolMember
from federation.projects.models import Project

MOST_BYTES = 2**15
"""Of a partner's projects, as they are stated: about a hundred, of 500 that a reader takes."""
MOST_CHANNELS = 50
MOST_HANDLES = 1_000
"""Of a partner's people in one pool at once."""


async def require_room_for_channel(session: AsyncSession, pool_id: UUID) -> None:
    """Refuse one more channel where a pool has as many as members read of it."""
    known = select(func.count()).select_from(Channel).where(Channel.pool_id == pool_id)
    if (await session.scalar(known) or 0) >= MOST_CHANNELS:
        raise EnoughChannels


async def require_room_for_projects(session: AsyncSession, pool_id: UUID, home: str) -> None:
    """Refuse a member that would leave others, or the pool itself, no room to be stated."""
    rows = await session.execute(
        select(Project, PoolMember)
        .join(PoolMember, PoolMember.project_id == Project.id)
        .where(PoolMember.pool_id == pool_id, Project.node == home)
        .execution_options(populate_existing=True)
    )
    stated = (canonical(member_facts(project, member)) for project, member in rows)
    if sum(map(len, stated)) > MOST_BYTES:
        raise NoRoom


async def require_room_for_handles(session: AsyncSession, pool_id: UUID, home: str) -> None:
    """Refuse one more handle where a partner has as many as any node has people."""
    theirs = (
        select(func.count())
        .select_from(Handle)
        .join(Project, Project.id == Handle.project_id)
        .where(Handle.pool_id == pool_id, Handle.retired_at.is_(None), Project.node == home)
    )
    if (await session.scalar(theirs) or 0) > MOST_HANDLES:
        raise NoRoom
