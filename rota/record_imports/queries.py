import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Channel, Pool
from federation.projects.models import Project
from federation.projects.queries import project
from rota.attendance.rules import MAY_CHECK_IN
from rota.claims.models import Claim
from rota.record_imports.models import RecordImport
from rota.record_imports.rules.choices import Choices, fitting
from rota.record_imports.rules.columns import DATE
from rota.record_imports.rules.counting import Covered, hours_of, in_demand
from rota.record_imports.rules.looks import Look, Reading, look_at, look_without_days
from rota.record_imports.rules.rows import OldSession
from rota.record_imports.rules.tables import Table
from rota.record_imports.rules.words import Allowed
from rota.record_keeping.queries import settings_of
from rota.record_sums.models import RecordSum
from rota.records.queries import topics_of
from rota.records.rules.lists import is_language
from rota.shifts.models import Seat, Shift


@dataclass(frozen=True, slots=True)
class Lists:
    """By what an old table of one project is read for one pool."""

    owner: Project
    pool: Pool
    channels: Mapping[str, UUID]
    allowed: Allowed
    sessions: Sequence[OldSession]
    """When people of the project sat on the pool's sessions, as the rota knows."""

    def covered(self, look: Look) -> Covered:
        """List the hours of which it is known that somebody was there."""
        return hours_of([*self.sessions, *look.sessions])


@dataclass(frozen=True, slots=True)
class Overlap:
    """A month of the table of which contacts are counted already: how many, and how many are here.

    Where it is nearly the same, they are likely to be the same people.
    """

    month: date
    counted: int
    here: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A look at a table, the lists by which it was made, and months that have counts already."""

    lists: Lists
    look: Look
    overlaps: Sequence[Overlap]

    @property
    def in_demand(self) -> int:
        """Count those who wrote while somebody is known to have been there."""
        return sum(1 for _ in in_demand(self.look.contacts, self.lists.covered(self.look)))


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
    ids = {slug: one.id for slug, one in channels.items()}
    return Lists(owner, pool, ids, allowed, await _own_sessions(session, owner.id, pool.id))


async def _own_sessions(session: AsyncSession, project_id: UUID, pool_id: UUID) -> list[OldSession]:
    rows = await session.execute(
        select(Channel.slug, Shift.starts, Shift.ends)
        .join(Channel, Channel.id == Shift.channel_id)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(Claim, Claim.seat_id == Seat.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .where(
            Shift.pool_id == pool_id,
            Shift.cancelled_at.is_(None),
            Handle.project_id == project_id,
            Claim.state == "held",
            Seat.role.in_(MAY_CHECK_IN),
        )
        .distinct()
    )
    return [OldSession(*row) for row in rows]


async def look_through(
    session: AsyncSession,
    asker: Asker,
    pool: Pool,
    table: Table,
    choices: Choices,
    now: datetime,
    reading: Reading | None = None,
) -> Shown:
    """Tell what an import would do with each row; nothing is stored."""
    lists = await lists_of(session, asker, pool)
    # other requests go on meanwhile: twenty thousand rows take a while
    look = await asyncio.to_thread(
        look_at, table, choices, lists.allowed, lists.owner.zone, now, reading
    )
    return Shown(lists, look, await _overlaps(session, asker, pool, look))


async def look_anyway(
    session: AsyncSession, asker: Asker, pool: Pool, table: Table, choices: Choices, now: datetime
) -> tuple[Shown, Choices]:
    """Look by those choices that fit the table, for who has to correct the others."""
    lists = await lists_of(session, asker, pool)
    fit = fitting(choices, table, lists.allowed)
    if fit.columns is None or DATE in fit.columns:
        return await look_through(session, asker, pool, table, fit, now), fit
    look = await asyncio.to_thread(look_without_days, table, fit, lists.allowed)
    return Shown(lists, look, []), fit


async def _overlaps(
    session: AsyncSession, asker: Asker, pool: Pool, look: Look
) -> Sequence[Overlap]:
    here: Counter[date] = Counter()
    for contact in look.contacts:
        here[contact.day.replace(day=1)] += contact.times
    rows = await session.execute(
        select(RecordSum.month, func.sum(RecordSum.count))
        .where(
            RecordSum.project_id == asker.project_id,
            RecordSum.pool_id == pool.id,
            RecordSum.month.in_(list(here)),
            RecordSum.dimension == "contacts",
            RecordSum.count > 0,
        )
        .group_by(RecordSum.month)
        .order_by(RecordSum.month)
    )
    return [Overlap(month, int(counted), here[month]) for month, counted in rows]


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
