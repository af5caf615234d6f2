"""A project shares its sums with the members of a pool, month by month, and each month once."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound
from federation.feeds.actions import append, erase_about
from federation.feeds.queries import POOL_SHIFTS, PRIVATE
from federation.partners.models import Partner
from federation.partners.rules.handshake import ENDED
from federation.permissions.rules import Asker, require_role, require_write
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project
from rota.record_keeping.rules import local_day
from rota.record_sharing.errors import MonthNotOver
from rota.record_sharing.models import RecordSharing, SharedCounts
from rota.record_sharing.queries import Due, month_told
from rota.record_sharing.rules.months import is_over, month_of
from rota.record_sharing.stated import COUNTS_STATED, CountsStated, require_nobody_shows

STOPPED = "stopped-sharing-counts"


async def share_counts(session: AsyncSession, asker: Asker, pool: Pool, now: datetime) -> None:
    """Let the members of a pool see one's project's sums, from this month on."""
    require_role(asker, "coordinator")
    require_write(asker)
    project = await session.get_one(Project, asker.project_id)
    begun = await session.scalar(
        insert(RecordSharing)
        .values(
            project_id=project.id,
            pool_id=pool.id,
            first_month=month_of(local_day(now, project.zone)),
        )
        .on_conflict_do_nothing()
        .returning(RecordSharing.project_id)
    )
    if begun is not None:
        await _write_down(session, str(asker.person_id), "shared-counts", begun, pool.id, now)


async def stop_sharing(session: AsyncSession, asker: Asker, pool: Pool, now: datetime) -> None:
    """Let them see no further month; what a host has read stays there, and it reads no other."""
    require_role(asker, "coordinator")
    require_write(asker)
    ended = await session.scalar(
        delete(RecordSharing)
        .where(RecordSharing.project_id == asker.project_id, RecordSharing.pool_id == pool.id)
        .returning(RecordSharing.project_id)
    )
    if ended is not None:
        await untell(session, ended, pool.id)
        await _write_down(session, str(asker.person_id), STOPPED, ended, pool.id, now)


async def stop_with_partners(session: AsyncSession, now: datetime) -> None:
    """Stop sharing in pools whose host is a partner no more: the tick was for its members."""
    parted = (
        select(Pool.id)
        .join(Partner, Partner.node_id == Pool.host)
        .where(Partner.state == ENDED, Pool.id == RecordSharing.pool_id)
    )
    rows = await session.execute(
        delete(RecordSharing)
        .where(parted.exists())
        .returning(RecordSharing.project_id, RecordSharing.pool_id)
        .execution_options(synchronize_session=False)
    )
    for project_id, pool_id in rows.all():
        await untell(session, project_id, pool_id)
        await _write_down(session, SYSTEM, STOPPED, project_id, pool_id, now)


async def untell(session: AsyncSession, project_id: UUID, pool_id: UUID) -> None:
    """Erase the months that were told to a pool's host: one that it has not read it never will."""
    about = {"project": str(project_id), "pool": str(pool_id)}
    await erase_about(session, COUNTS_STATED, about, PRIVATE)


async def publish_counts(session: AsyncSession, due: Due, now: datetime) -> None:
    """Tell the members of a pool one month of a project, unless that was just ended or done."""
    wanted = select(RecordSharing).where(
        RecordSharing.project_id == due.project_id, RecordSharing.pool_id == due.pool_id
    )
    if await session.scalar(wanted.with_for_update()) is None:
        return
    pool = await session.get_one(Pool, due.pool_id)
    project = await session.get_one(Project, due.project_id)
    content = await month_told(session, project, pool, due.month)
    stated = CountsStated(due.project_id, due.pool_id, due.month, content)
    if await _keep(session, stated, now):
        feed = (POOL_SHIFTS, str(pool.id)) if pool.host is None else (PRIVATE, pool.host)
        await append(session, *feed, COUNTS_STATED, msgspec.to_builtins(stated), now=now)
        await _write_down(session, SYSTEM, "published-counts", due.project_id, pool.id, now)


async def receive_from_home(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep what a partner says of its own project, and tell all members of the pool."""
    stated = msgspec.convert(payload, CountsStated)
    zone = await session.scalar(
        select(Pool.zone)
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .join(Project, Project.id == PoolMember.project_id)
        .where(
            Pool.id == stated.pool,
            Pool.host.is_(None),
            Project.id == stated.project,
            Project.node == home,
        )
    )
    if zone is None:
        raise NotFound
    _require_tellable(stated, zone, now)
    if await _keep(session, stated, now):
        told = msgspec.to_builtins(stated)
        await append(session, POOL_SHIFTS, str(stated.pool), COUNTS_STATED, told, now=now)


async def receive_from_host(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep what a pool's host tells of another member; of our own projects we know ourselves."""
    stated = msgspec.convert(payload, CountsStated)
    zone = await session.scalar(select(Pool.zone).where(Pool.id == stated.pool, Pool.host == host))
    if zone is None:
        raise NotFound
    _require_tellable(stated, zone, now)
    member = await session.scalar(
        select(PoolMember.id)
        .join(Project, Project.id == PoolMember.project_id)
        .where(
            PoolMember.pool_id == stated.pool,
            PoolMember.project_id == stated.project,
            Project.node.is_not(None),
        )
    )
    if member is not None:
        await _keep(session, stated, now)


def _require_tellable(stated: CountsStated, zone: str, now: datetime) -> None:
    if stated.month != month_of(stated.month) or not is_over(stated.month, now, zone):
        raise MonthNotOver
    require_nobody_shows(stated.content)


async def _keep(session: AsyncSession, stated: CountsStated, now: datetime) -> bool:
    """Keep a month if it is the first time that it is told; what came first stays."""
    kept = await session.scalar(
        insert(SharedCounts)
        .values(
            id=new_id(),
            project_id=stated.project,
            pool_id=stated.pool,
            month=stated.month,
            published_at=now,
            content=msgspec.to_builtins(stated.content),
        )
        .on_conflict_do_nothing()
        .returning(SharedCounts.id)
    )
    return kept is not None


async def _write_down(
    session: AsyncSession, actor: str, verb: str, project_id: UUID, pool_id: UUID, now: datetime
) -> None:
    await record(
        session,
        actor=actor,
        verb=verb,
        subject="pool",
        subject_id=pool_id,
        now=now,
        facts={"project": str(project_id)},
    )
