from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from federation.people.models import Handle, Person
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project
from protocols.acknowledgement.queries import lacking_on_pools
from protocols.deadlines.queries import asked_of
from rota.claims.models import Claim
from rota.readings.models import ShiftReading
from rota.readings.rules import Unread
from rota.shifts.models import Seat, Shift

AHEAD = timedelta(weeks=4)


class Missing(NamedTuple):
    """One of the coordinator's own people, by name, and a seat with a text they have not read."""

    person_id: UUID
    name: str
    pool: str
    unread: Unread


class PartnerReading(NamedTuple):
    """Whether all of another project's people on a shift have read what holds; no more."""

    shift_id: UUID
    pool: str
    starts: datetime
    zone: str
    project: str
    passes: bool


async def unread_seats(
    session: AsyncSession, now: datetime, which: ColumnElement[bool] | None = None
) -> list[Unread]:
    """List the seats on coming shifts whose holders of this node have not read what holds there.

    The number of questions to the database is always the same.
    """
    query = (
        select(Claim.id, Handle.person_id, Handle.project_id, Shift, Pool)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(
            Claim.state == "held",
            Handle.person_id.is_not(None),
            Shift.starts > now,
            Shift.cancelled_at.is_(None),
            true() if which is None else which,
        )
        .order_by(Shift.starts, Claim.id)
    )
    held = [
        (claim, person, project, shift, pool)
        for claim, person, project, shift, pool in await session.execute(query)
        if person is not None
    ]
    projects = {person: project for _, person, project, _, _ in held}
    pools = {pool.id for _, _, _, _, pool in held}
    missing = await lacking_on_pools(session, projects, pools)
    asked = await asked_of(session, set(projects.values()))
    found = []
    for claim_id, person_id, project_id, shift, pool in held:
        for text in missing[pool.id][person_id]:
            known = asked.get((project_id, text.urn))
            if known is None:
                # it has not arrived yet, or was put in force this very moment: the job looks again
                continue
            found.append(
                Unread(
                    claim_id=claim_id,
                    person_id=person_id,
                    project_id=project_id,
                    shift_id=shift.id,
                    pool_id=pool.id,
                    host=pool.host,
                    starts=shift.starts,
                    zone=shift.zone,
                    urn=text.urn,
                    title=text.title,
                    asked=known,
                    due=known.due(pool.reading_days, shift.starts),
                    vacates=pool.reading_overdue == "vacate",
                )
            )
    return found


async def missing_readings(session: AsyncSession, asker: Asker, now: datetime) -> list[Missing]:
    """Tell a coordinator who of the own project has not read which text of which coming shift."""
    require_role(asker, "coordinator")
    unread = await unread_seats(session, now, Handle.project_id == asker.project_id)
    people = await session.execute(
        select(Person.id, Person.name).where(Person.id.in_({one.person_id for one in unread}))
    )
    names = dict(people.all())
    pools = await _pool_names(session, unread)
    return [Missing(one.person_id, names[one.person_id], pools[one.pool_id], one) for one in unread]


async def partner_readings(
    session: AsyncSession, asker: Asker, now: datetime
) -> list[PartnerReading]:
    """Tell a coordinator of a pool's host, shift by shift, which other projects are ready.

    Another project of this node is told apart in the same way: never who, never which text.
    """
    require_role(asker, "coordinator")
    mine = aliased(PoolMember)
    query = (
        select(Shift.id, Pool.name, Shift.starts, Shift.zone, Project.id, Project.name)
        .distinct()
        .join(Pool, Pool.id == Shift.pool_id)
        .join(mine, mine.pool_id == Pool.id)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(Claim, Claim.seat_id == Seat.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .where(
            mine.project_id == asker.project_id,
            Pool.host.is_(None),
            Handle.project_id != asker.project_id,
            Claim.state == "held",
            Shift.starts > now,
            Shift.starts < now + AHEAD,
            Shift.cancelled_at.is_(None),
        )
        .order_by(Shift.starts, Project.name, Shift.id)
    )
    rows = (await session.execute(query)).all()
    failing = await _failing(session, [row[0] for row in rows], asker, now)
    return [
        PartnerReading(shift, pool, starts, zone, name, (shift, project) not in failing)
        for shift, pool, starts, zone, project, name in rows
    ]


async def _failing(
    session: AsyncSession, shifts: Sequence[UUID], asker: Asker, now: datetime
) -> set[tuple[UUID, UUID]]:
    told = await session.execute(
        select(ShiftReading.shift_id, ShiftReading.project_id).where(
            ShiftReading.shift_id.in_(shifts), ShiftReading.passes.is_(False)
        )
    )
    here = await unread_seats(
        session, now, Shift.id.in_(shifts) & (Handle.project_id != asker.project_id)
    )
    return {(shift, project) for shift, project in told} | {
        (one.shift_id, one.project_id) for one in here
    }


async def _pool_names(session: AsyncSession, unread: Sequence[Unread]) -> dict[UUID, str]:
    rows = await session.execute(
        select(Pool.id, Pool.name).where(Pool.id.in_({one.pool_id for one in unread}))
    )
    return dict(rows.all())
