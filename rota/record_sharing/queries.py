"""What has been counted of a month, and what members of a pool have published."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.models import Partner
from federation.partners.rules.handshake import JOINED
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project
from federation.restoring.queries import is_restoring, last_restored
from rota.record_keeping.rules import local_day
from rota.record_sharing.models import RecordSharing, SharedCounts
from rota.record_sharing.rules.months import due_at, month_of, months_due, next_month
from rota.record_sharing.rules.tables import MOST_LANGUAGES, month_counted, shown
from rota.record_sharing.stated import StatedMonth, stated_month
from rota.record_sums.models import HourSum, RecordSum
from rota.records.queries import topics_of
from rota.records.rules.counting import Fact
from rota.records.rules.lists import TALKED

WEEK = timedelta(weeks=1)


class Due(NamedTuple):
    """A month of a project that its pool's members are to see now."""

    project_id: UUID
    pool_id: UUID
    month: date


class Published(NamedTuple):
    """A month as a member has published it."""

    month: date
    project: str
    content: StatedMonth
    name: str
    """What people call the project by."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """How one's own project shares its sums in a pool: since which month, and what comes next."""

    first_month: date | None
    next_month: date
    sent_at: datetime
    next_content: StatedMonth
    last_month: date
    last_content: StatedMonth
    """The last whole month, as it would be told: for a look at it, whether it is told or not."""


async def counts_due(session: AsyncSession, now: datetime) -> list[Due]:
    """List what is to be published; of months due before a restore nothing, it may have been."""
    if await is_restoring(session):
        return []
    restored = await last_restored(session)
    shared = await session.execute(
        select(RecordSharing.project_id, RecordSharing.pool_id, RecordSharing.first_month)
        .add_columns(Project.zone)
        .join(Project, Project.id == RecordSharing.project_id)
        .join(
            PoolMember,
            (PoolMember.project_id == RecordSharing.project_id)
            & (PoolMember.pool_id == RecordSharing.pool_id),
        )
        # who is away or locked out is told later, and who has parted nothing
        .join(Pool, Pool.id == RecordSharing.pool_id)
        .outerjoin(Partner, Partner.node_id == Pool.host)
        .where(Project.node.is_(None), or_(Pool.host.is_(None), Partner.state == JOINED))
        .order_by(RecordSharing.pool_id, RecordSharing.project_id)
    )
    done = await session.execute(
        select(SharedCounts.project_id, SharedCounts.pool_id, SharedCounts.month)
    )
    published = {Due(*row) for row in done}
    return [
        due
        for project_id, pool_id, first, zone in shared
        for month in months_due(first, now, zone)
        if (due := Due(project_id, pool_id, month)) not in published
        and (restored is None or restored < due_at(month, zone))
    ]


async def month_told(
    session: AsyncSession, project: Project, pool: Pool, month: date
) -> StatedMonth:
    """Work out what members would see of a month, as it is counted now."""
    return (await _told(session, project, pool, {month}))[month]


async def _told(
    session: AsyncSession, project: Project, pool: Pool, months: Collection[date]
) -> dict[date, StatedMonth]:
    sums = await _sums(session, project.id, pool.id, months)
    hours = await _hours(session, project.id, pool.id, months)
    languages, topics = await _languages(session, pool.id), topics_of(pool)
    counted = {
        month: month_counted(sums[month], hours, month, languages, topics) for month in months
    }
    return {month: stated_month(each.sessions, shown(each)) for month, each in counted.items()}


async def _sums(
    session: AsyncSession, project_id: UUID, pool_id: UUID, months: Collection[date]
) -> dict[date, dict[Fact, int]]:
    rows = await session.execute(
        select(RecordSum.month, RecordSum.dimension, RecordSum.value, func.sum(RecordSum.count))
        .where(
            RecordSum.project_id == project_id,
            RecordSum.pool_id == pool_id,
            RecordSum.month.in_(months),
        )
        .group_by(RecordSum.month, RecordSum.dimension, RecordSum.value)
    )
    found: dict[date, dict[Fact, int]] = {month: {} for month in months}
    for month, dimension, value, count in rows:
        found[month][Fact(dimension, value)] = count
    return found


async def _hours(
    session: AsyncSession, project_id: UUID, pool_id: UUID, months: Collection[date]
) -> dict[tuple[date, int], int]:
    """Count by hour in all weeks that have days of these months, or lie between them."""
    rows = await session.execute(
        select(HourSum.monday, HourSum.hour, func.sum(HourSum.count))
        .where(
            HourSum.project_id == project_id,
            HourSum.pool_id == pool_id,
            HourSum.kind == TALKED,
            HourSum.monday > min(months) - WEEK,
            HourSum.monday < next_month(max(months)),
        )
        .group_by(HourSum.monday, HourSum.hour)
    )
    return {(monday, hour): count for monday, hour, count in rows}


async def _languages(session: AsyncSession, pool_id: UUID) -> list[str]:
    """List what the pool's projects say that they speak: known to all, whatever was counted."""
    rows = await session.scalars(
        select(func.unnest(Project.languages))
        .join(PoolMember, PoolMember.project_id == Project.id)
        .where(PoolMember.pool_id == pool_id)
    )
    return sorted({tag.partition("-")[0].lower() for tag in rows})[:MOST_LANGUAGES]


async def sharing_of(session: AsyncSession, asker: Asker, pool: Pool, now: datetime) -> Sharing:
    """Show coordinators what their project shares in a pool, exactly as it will be sent."""
    require_role(asker, "coordinator")
    project, first_month = await _shared_since(session, asker.project_id, pool.id)
    this_month = month_of(local_day(now, project.zone))
    last = month_of(this_month - timedelta(days=1))
    shared = first_month is not None and first_month <= last
    coming = last if shared and now < due_at(last, project.zone) else this_month
    told = await _told(session, project, pool, {coming, last})
    return Sharing(
        first_month,
        coming,
        due_at(coming, project.zone),
        told[coming],
        last,
        told[last],
    )


async def _shared_since(
    session: AsyncSession, project_id: UUID, pool_id: UUID
) -> tuple[Project, date | None]:
    of_project = (RecordSharing.project_id == Project.id) & (RecordSharing.pool_id == pool_id)
    found = await session.execute(
        select(Project, RecordSharing.first_month)
        .outerjoin(RecordSharing, of_project)
        .where(Project.id == project_id)
    )
    project, first_month = found.one()
    return project, first_month


async def months_told(session: AsyncSession, asker: Asker, pool: Pool) -> Sequence[date]:
    """List the months of which any member has published something, the newest first."""
    require_role(asker, "coordinator")
    rows = await session.scalars(
        select(SharedCounts.month)
        .join(
            PoolMember,
            (PoolMember.project_id == SharedCounts.project_id)
            & (PoolMember.pool_id == SharedCounts.pool_id),
        )
        .where(SharedCounts.pool_id == pool.id)
        .distinct()
        .order_by(SharedCounts.month.desc())
    )
    return rows.all()


async def counts_of(
    session: AsyncSession, asker: Asker, pool: Pool, first: date, until: date
) -> Sequence[Published]:
    """Show coordinators of members what members have published, the newest month first."""
    require_role(asker, "coordinator")
    rows = await session.execute(
        select(SharedCounts.month, Project.slug, SharedCounts.content, Project.name)
        .join(Project, Project.id == SharedCounts.project_id)
        .join(
            PoolMember,
            (PoolMember.project_id == SharedCounts.project_id)
            & (PoolMember.pool_id == SharedCounts.pool_id),
        )
        .where(
            SharedCounts.pool_id == pool.id,
            SharedCounts.month >= first,
            SharedCounts.month < until,
        )
        .order_by(SharedCounts.month.desc(), Project.slug)
    )
    return [
        Published(month, slug, msgspec.convert(content, StatedMonth), name)
        for month, slug, content, name in rows
    ]
