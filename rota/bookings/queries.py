from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import JSON, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP, Range
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Person, RoleGrant
from federation.pools.models import Pool
from protocols.acknowledgement.queries import lacking_on_pool
from rota.availability.models import Leave
from rota.bookings.models import Booking
from rota.bookings.rules import Circumstances, Stay, Wish, stay_for
from rota.busy_times.models import BusyCalendar
from rota.busy_times.rules.known import are_known
from rota.claims.models import Claim
from rota.passport.models import Training
from rota.shifts.models import Seat, Shift

# far enough for a whole ISO week on either side, and for the rest before and after it
AROUND = timedelta(days=9)


def wish_for(shift: Shift, role: str) -> Wish:
    """See a seat of a shift as home sees it."""
    stay = stay_for(role, shift.starts, shift.ends, shift.briefing_minutes, shift.debrief_minutes)
    cancelled = shift.cancelled_at is not None
    return Wish(stay, role, shift.zone, tuple(shift.trainings), cancelled)


async def stays_of(
    session: AsyncSession,
    people: Sequence[UUID],
    begins: datetime,
    ends: datetime,
    *,
    except_shifts: Collection[UUID] = (),
) -> dict[UUID, list[Stay]]:
    """Read the active bookings of these people that touch a span, but those on some shifts."""
    query = (
        select(
            Booking.person_id,
            Booking.during,
            Booking.on_call,
            Shift.starts,
            Pool.supervisor_sessions_at_once,
        )
        .join(Claim, Claim.id == Booking.claim_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(
            Booking.person_id.in_(people),
            Booking.active,
            Booking.during.overlaps(Range(begins, ends)),
            Shift.id.not_in(except_shifts),
        )
    )
    found: dict[UUID, list[Stay]] = defaultdict(list)
    for person_id, during, on_call, starts, at_once in await session.execute(query):
        if during.lower is not None and during.upper is not None:
            stay = Stay(during.lower, during.upper, starts, on_call=on_call, at_once=at_once)
            found[person_id].append(stay)
    return found


async def kept_since(session: AsyncSession, claim_id: UUID, otherwise: datetime) -> datetime:
    """Give from when on somebody's time is kept for a claim, if it is."""
    begins: datetime | None = await session.scalar(
        select(func.lower(Booking.during)).where(Booking.claim_id == claim_id)
    )
    return begins or otherwise


async def circumstances(
    session: AsyncSession,
    person: Person,
    shift: Shift,
    wish: Wish,
    now: datetime,
    *,
    moving: UUID | None = None,
) -> Circumstances:
    """Read all that home knows of a person around one wish, in a constant number of queries."""
    return await circumstances_between(
        session, person, shift.pool_id, wish.stay.begins, wish.stay.ends, now, moving=moving
    )


async def circumstances_between(
    session: AsyncSession,
    person: Person,
    pool_id: UUID,
    begins: datetime,
    ends: datetime,
    now: datetime,
    *,
    moving: UUID | None = None,
) -> Circumstances:
    """Read all that home knows of a person for any wish in one pool that lies in this span."""
    since, until = begins - AROUND, ends + AROUND
    entered = await _entered(session, person.id, since, until, moving)
    limits = person.limits
    # most often read already in this transaction, and then not again
    pool = await session.get_one(Pool, pool_id)
    texts = await lacking_on_pool(session, {person.id: person.project_id}, pool_id)
    return Circumstances(
        roles=entered.roles,
        left=person.left_at is not None,
        hours_per_week=limits.hours_per_week,
        shifts_per_week=limits.shifts_per_week,
        rest_hours=limits.rest_hours,
        on_call_at_once=pool.supervisor_sessions_at_once,
        trainings=entered.trainings,
        leave=entered.leave,
        booked=entered.booked,
        busy=entered.busy,
        times_known=are_known(entered.read_at, now),
        texts_lacking=[text.title for text in texts[person.id]],
    )


class Entered(NamedTuple):
    """What was entered about a person: roles, trainings, leave, bookings, their calendars."""

    roles: frozenset[str]
    trainings: list[tuple[str, date, date]]
    leave: list[tuple[datetime, datetime]]
    booked: list[Stay]
    busy: list[tuple[datetime, datetime]]
    read_at: list[datetime | None]


_PERSON, _MOVING, _BEGINS, _ENDS = (
    bindparam("person_id", type_=Uuid()),
    bindparam("moving", type_=Uuid()),
    bindparam("begins", type_=TIMESTAMP(timezone=True)),
    bindparam("ends", type_=TIMESTAMP(timezone=True)),
)
ENTERED = select(
    select(func.array_agg(RoleGrant.role))
    .where(RoleGrant.person_id == _PERSON)
    .scalar_subquery()
    .label("roles"),
    select(
        func.array_agg(
            func.json_build_array(Training.name, Training.issued, Training.expires),
            type_=ARRAY(JSON()),
        )
    )
    .where(Training.person_id == _PERSON)
    .scalar_subquery()
    .label("trainings"),
    select(
        func.array_agg(
            func.json_build_array(func.lower(Leave.during), func.upper(Leave.during)),
            type_=ARRAY(JSON()),
        )
    )
    .where(
        Leave.person_id == _PERSON,
        Leave.during.op("&&")(func.tstzrange(_BEGINS, _ENDS)),
    )
    .scalar_subquery()
    .label("leave"),
    select(
        func.array_agg(
            func.json_build_array(
                func.lower(Booking.during),
                func.upper(Booking.during),
                Shift.starts,
                Booking.on_call,
                Pool.supervisor_sessions_at_once,
            ),
            type_=ARRAY(JSON()),
        )
    )
    .join_from(Booking, Claim, Claim.id == Booking.claim_id)
    .join(Seat, Seat.id == Claim.seat_id)
    .join(Shift, Shift.id == Seat.shift_id)
    .join(Pool, Pool.id == Shift.pool_id)
    .where(
        Booking.person_id == _PERSON,
        Booking.active,
        Booking.claim_id.is_distinct_from(_MOVING),
        Booking.during.op("&&")(func.tstzrange(_BEGINS, _ENDS)),
    )
    .scalar_subquery()
    .label("booked"),
    select(func.range_agg(BusyCalendar.busy * func.tstzmultirange(func.tstzrange(_BEGINS, _ENDS))))
    .where(BusyCalendar.person_id == _PERSON)
    .scalar_subquery()
    .label("busy"),
    select(func.array_agg(BusyCalendar.read_at))
    .where(BusyCalendar.person_id == _PERSON)
    .scalar_subquery()
    .label("read_at"),
)
"""Built once: every claim asks for it."""


async def _entered(
    session: AsyncSession,
    person_id: UUID,
    begins: datetime,
    ends: datetime,
    moving: UUID | None,
) -> Entered:
    """Read what was entered about a person in one statement: a claim waits for each."""
    asked = {"person_id": person_id, "moving": moving, "begins": begins, "ends": ends}
    found = (await session.execute(ENTERED, asked)).one()
    away = msgspec.convert(found.leave or [], list[tuple[datetime | None, datetime | None]])
    return Entered(
        frozenset(found.roles or ()),
        msgspec.convert(found.trainings or [], list[tuple[str, date, date]]),
        [(since or begins, until or ends) for since, until in away],
        [
            Stay(since, until, starts, on_call=on_call, at_once=at_once)
            for since, until, starts, on_call, at_once in msgspec.convert(
                found.booked or [], list[tuple[datetime, datetime, datetime, bool, int]]
            )
        ],
        [(one.lower, one.upper) for one in found.busy or ()],
        found.read_at or [],
    )
