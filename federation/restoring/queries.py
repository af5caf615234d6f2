from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.models import Partner
from federation.partners.rules.handshake import JOINED
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project
from federation.restoring.errors import NodeRestoring
from federation.restoring.models import Restore, RestoreWait

IS_RESTORING = select(exists().where(Restore.over_at.is_(None)))
"""Built once: every path that grants asks it."""


async def is_restoring(session: AsyncSession) -> bool:
    """Tell whether this node still has to learn what it granted."""
    return bool(await session.scalar(IS_RESTORING))


async def was_restored(session: AsyncSession) -> bool:
    """Tell whether this node may have forgotten what partners know."""
    return bool(await session.scalar(select(exists().select_from(Restore))))


async def refuse_while_restoring(session: AsyncSession) -> None:
    """Let nothing be granted that a partner may hold already."""
    if await is_restoring(session):
        raise NodeRestoring


async def current_restore(session: AsyncSession, *, lock: bool = False) -> Restore | None:
    """Give the restore that is not over."""
    query = select(Restore).where(Restore.over_at.is_(None))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: Restore | None = await session.scalar(query)
    return found


async def waited_for(session: AsyncSession) -> Sequence[Partner]:
    """List the partners whose answers are missing, by name."""
    found = await session.scalars(
        select(Partner)
        .join(RestoreWait, RestoreWait.node_id == Partner.node_id)
        .join(Restore, Restore.id == RestoreWait.restore_id)
        .where(
            Restore.over_at.is_(None),
            RestoreWait.answered_at.is_(None),
            RestoreWait.given_up_at.is_(None),
        )
        .order_by(Partner.name, Partner.node_id)
    )
    return found.all()


async def partners_of_pools(session: AsyncSession) -> list[str]:
    """Name the joined nodes with which this one shares a pool, whichever of them hosts it."""
    hosts = select(Pool.host).where(Pool.host.is_not(None))
    homes = (
        select(Project.node)
        .join(PoolMember, PoolMember.project_id == Project.id)
        .join(Pool, Pool.id == PoolMember.pool_id)
        .where(Project.node.is_not(None), Pool.host.is_(None))
    )
    found = await session.scalars(
        select(Partner.node_id).where(
            Partner.state == JOINED, Partner.node_id.in_(hosts) | Partner.node_id.in_(homes)
        )
    )
    return sorted(found)


async def last_restored(session: AsyncSession) -> datetime | None:
    """Give when this node last came back from a backup, if it ever has."""
    found: datetime | None = await session.scalar(select(func.max(Restore.restored_at)))
    return found
