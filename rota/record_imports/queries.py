from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_role
from federation.pools.models import Channel, Pool
from federation.projects.models import Project
from federation.projects.queries import project
from rota.record_imports.models import RecordImport
from rota.record_imports.rules.choices import Choices
from rota.record_imports.rules.counting import IMPORTED
from rota.record_imports.rules.looks import Look, look_at
from rota.record_imports.rules.tables import Table
from rota.record_imports.rules.words import Allowed
from rota.record_keeping.queries import settings_of
from rota.record_sums.models import RecordSum
from rota.records.queries import topics_of
from rota.records.rules.lists import is_language


@dataclass(frozen=True, slots=True)
class Lists:
    """By what an old table of one project is read for one pool."""

    owner: Project
    pool: Pool
    channels: Mapping[str, UUID]
    allowed: Allowed


@dataclass(frozen=True, slots=True)
class Shown:
    """A look at a table, the lists by which it was made, and months that have counts already."""

    lists: Lists
    look: Look
    counted: Sequence[date]


async def lists_of(session: AsyncSession, asker: Asker, pool: Pool) -> Lists:
    """Gather what an old table may say, for coordinators; the caller found the pool."""
    require_role(asker, "coordinator")
    owner = await project(session, asker.project_id)
    settings = await settings_of(session, owner)
    rows = await session.scalars(
        select(Channel).where(Channel.pool_id == pool.id).order_by(Channel.slug)
    )
    channels = {one.slug: one for one in rows}
    allowed = Allowed(
        channels={slug: one.name for slug, one in channels.items()},
        topics=tuple(topics_of(pool)),
        areas=settings.areas,
        asks_gender=settings.asks_gender,
        asks_nationality=settings.asks_nationality,
        spoken=tuple(filter(is_language, owner.languages)),
    )
    return Lists(owner, pool, {slug: one.id for slug, one in channels.items()}, allowed)


async def look_through(
    session: AsyncSession, asker: Asker, pool: Pool, table: Table, choices: Choices, now: datetime
) -> Shown:
    """Tell what an import would do with each row; nothing is stored."""
    lists = await lists_of(session, asker, pool)
    look = look_at(table, choices, lists.allowed, lists.owner.zone, now)
    months = {contact.day.replace(day=1) for contact in look.contacts}
    counted = await session.scalars(
        select(RecordSum.month)
        .where(
            RecordSum.project_id == asker.project_id,
            RecordSum.pool_id == pool.id,
            RecordSum.month.in_(months),
            RecordSum.dimension != IMPORTED,
            RecordSum.count > 0,
        )
        .distinct()
        .order_by(RecordSum.month)
    )
    return Shown(lists, look, counted.all())


async def imports_of(session: AsyncSession, asker: Asker, pool: Pool) -> Sequence[RecordImport]:
    """List what one's project has taken in for a pool, the last first."""
    require_role(asker, "coordinator")
    rows = await session.scalars(
        select(RecordImport)
        .where(RecordImport.project_id == asker.project_id, RecordImport.pool_id == pool.id)
        .order_by(RecordImport.taken_at.desc(), RecordImport.id)
        .limit(100)
    )
    return rows.all()
