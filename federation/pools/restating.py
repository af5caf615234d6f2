"""What a home has told its hosts of projects and handles, said again as it now stands."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.actions import append
from federation.people.models import Handle
from federation.pools.announce import handle_facts, member_facts
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project


async def restate_members_and_handles(
    session: AsyncSession, now: datetime, *, pools: Collection[UUID] | None = None
) -> None:
    """Tell every host which of our projects take part in its pools, and under which handles.

    Or only the hosts of these `pools`.
    """
    meant = Pool.host.is_not(None) if pools is None else Pool.host.is_not(None) & Pool.id.in_(pools)
    members = await session.execute(
        select(Pool.host, Project, PoolMember)
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .join(Project, Project.id == PoolMember.project_id)
        .where(meant, Project.node.is_(None))
        .order_by(Pool.host, Pool.id, Project.id)
    )
    for host, project, member in members.all():
        said = {"pool": str(member.pool_id), **member_facts(project, member)}
        await append(session, "private", str(host), "member.joined", said, now=now)
    handles = await session.execute(
        select(Pool.host, Handle)
        .join(Pool, Pool.id == Handle.pool_id)
        .where(meant, Handle.person_id.is_not(None))
        .order_by(Pool.host, Handle.id)
    )
    for host, handle in handles.all():
        await append(session, "private", str(host), "handle.stated", handle_facts(handle), now=now)
    # what each can take is then stated anew, too
    again = update(Handle).values(offers_hash=None)
    await session.execute(again if pools is None else again.where(Handle.pool_id.in_(pools)))
