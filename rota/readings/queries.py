from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import join

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
SEATS = (
    join(Claim, Handle, Handle.id == Claim.handle_id)
    .join(Seat, Seat.id == Claim.seat_id)
    .join(Shift, Shift.id == Seat.shift_id)
    .join(Pool, Pool.id == Shift.pool_id)
)
HELD = (
    Claim.id.label("claim_id"),
    Handle.person_id,
    Handle.project_id,
    Shift.id.label("shift_id"),
    Shift.starts,
    Shift.zone,
)
"""A claim with whose it is and where; asked for beside its pool."""


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


class Readings(NamedTuple):
    """All that a coordinator sees; `hosted` are those of the project's pools whose host is here."""

    missing: list[Missing]
    partners: list[PartnerReading]
    hosted: list[Pool]


async def unread_seats(
    session: AsyncSession, now: datetime, which: ColumnElement[bool] | None = None
) -> list[Unread]:
    """List the seats on coming shifts whose holders of this node have not read what holds there.

    The number of questions to the database is always the same.
    """
    query = (
        select(*HELD, Pool)
        .select_from(SEATS)
        .where(_coming(now), Handle.person_id.is_not(None), true() if which is None else which)
        .order_by(Shift.starts, Claim.id)
    )
    return await _unread(session, (await session.execute(query)).all())


async def readings_seen(session: AsyncSession, asker: Asker, now: datetime) -> Readings:
    """Tell a coordinator who of the own project has not read what, and which others are ready.

    Others are told apart shift by shift, in pools whose host is here: never who, never which text.
    """
    require_role(asker, "coordinator")
    rows = (await session.execute(_seen_by(asker, now))).all()
    unread = await _unread(session, [row for row in rows if row.person_id])
    ours = {row.person_id: row for row in rows if row.project_id == asker.project_id}
    pools = {row.Pool.id: row.Pool for row in rows}
    hosted = {row.Pool.id: row.Pool for row in rows if row.takes_part and row.Pool.host is None}
    return Readings(
        [
            Missing(one.person_id, ours[one.person_id].person, pools[one.pool_id].name, one)
            for one in unread
            if one.project_id == asker.project_id
        ],
        _ready([row for row in rows if row.project_id not in {None, asker.project_id}], unread),
        sorted(hosted.values(), key=lambda pool: pool.slug),
    )


def _ready(
    seats: Sequence[Row[*tuple[Any, ...]]], unread: Sequence[Unread]
) -> list[PartnerReading]:
    failing = {(one.shift_id, one.project_id) for one in unread}
    failing |= {(seat.shift_id, seat.project_id) for seat in seats if seat.said_no}
    on_shift = {(seat.shift_id, seat.project_id): seat for seat in seats}
    found = [
        PartnerReading(
            seat.shift_id, seat.Pool.name, seat.starts, seat.zone, seat.project, key not in failing
        )
        for key, seat in on_shift.items()
    ]
    return sorted(found, key=lambda one: (one.starts, one.project, one.shift_id))


def _seen_by(asker: Asker, now: datetime) -> Select[Any]:
    """Ask for the seats that a coordinator looks at, and once for each pool without any."""
    ours = Handle.project_id == asker.project_id
    our_pools = select(PoolMember.pool_id).where(PoolMember.project_id == asker.project_id)
    theirs = and_(~ours, Pool.host.is_(None), Pool.id.in_(our_pools), Shift.starts < now + AHEAD)
    seats = (
        select(
            *HELD,
            Shift.pool_id,
            Person.name.label("person"),
            Project.name.label("project"),
            (~ShiftReading.passes).label("said_no"),
        )
        .select_from(SEATS)
        .join(Project, Project.id == Handle.project_id)
        .outerjoin(Person, Person.id == Handle.person_id)
        .outerjoin(
            ShiftReading,
            and_(ShiftReading.shift_id == Shift.id, ShiftReading.project_id == Handle.project_id),
        )
        .where(_coming(now), or_(and_(ours, Handle.person_id.is_not(None)), theirs))
        .subquery()
    )
    return (
        select(Pool, Pool.id.in_(our_pools).label("takes_part"), seats)
        .outerjoin(seats, seats.c.pool_id == Pool.id)
        .where(or_(Pool.id.in_(our_pools), seats.c.claim_id.is_not(None)))
        .order_by(seats.c.starts, seats.c.claim_id)
    )


def _coming(now: datetime) -> ColumnElement[bool]:
    return and_(Claim.state == "held", Shift.starts > now, Shift.cancelled_at.is_(None))


async def _unread(session: AsyncSession, held: Sequence[Row[*tuple[Any, ...]]]) -> list[Unread]:
    projects = {one.person_id: one.project_id for one in held}
    missing = await lacking_on_pools(session, projects, {one.Pool.id for one in held})
    asked = await asked_of(session, set(projects.values()))
    # what is not asked has not arrived, or was put in force this very moment: the job looks again
    return [
        Unread(
            claim_id=one.claim_id,
            person_id=one.person_id,
            project_id=one.project_id,
            shift_id=one.shift_id,
            pool_id=one.Pool.id,
            host=one.Pool.host,
            starts=one.starts,
            zone=one.zone,
            urn=text.urn,
            title=text.title,
            asked=known,
            due=known.due(one.Pool.reading_days, one.starts),
            vacates=one.Pool.reading_overdue == "vacate",
        )
        for one in held
        for text in missing[one.Pool.id][one.person_id]
        if (known := asked.get((one.project_id, text.urn))) is not None
    ]
