from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Person, RoleGrant
from federation.pools.models import Pool
from protocols.acknowledgement.queries import lacking
from rota.availability.models import Leave, Training
from rota.bookings.models import Booking
from rota.bookings.rules import Circumstances, Stay, Wish, stay_for
from rota.claims.models import Claim
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
        select(Booking.person_id, Booking.during, Booking.on_call, Shift.starts)
        .join(Claim, Claim.id == Booking.claim_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Booking.person_id.in_(people),
            Booking.active,
            Booking.during.overlaps(Range(begins, ends)),
            Shift.id.not_in(except_shifts),
        )
    )
    found: dict[UUID, list[Stay]] = defaultdict(list)
    for person_id, during, on_call, starts in await session.execute(query):
        if during.lower is not None and during.upper is not None:
            stay = Stay(during.lower, during.upper, starts, on_call=on_call)
            found[person_id].append(stay)
    return found


async def circumstances(
    session: AsyncSession, person: Person, shift: Shift, wish: Wish
) -> Circumstances:
    """Read all that home knows of a person around one wish; five queries, whatever the number."""
    begins, ends = wish.stay.begins - AROUND, wish.stay.ends + AROUND
    roles = await session.scalar(
        select(func.array_agg(RoleGrant.role)).where(RoleGrant.person_id == person.id)
    )
    trainings = await session.execute(
        select(Training.name, Training.issued, Training.expires).where(
            Training.person_id == person.id
        )
    )
    leave = await session.scalars(
        select(Leave.during).where(
            Leave.person_id == person.id, Leave.during.overlaps(Range(begins, ends))
        )
    )
    # most often read already in this transaction, and then not again
    pool = await session.get_one(Pool, shift.pool_id)
    texts = await lacking(session, [person.id], pool_id=shift.pool_id)
    return Circumstances(
        roles=frozenset(roles or ()),
        left=person.left_at is not None,
        hours_per_week=person.hours_per_week,
        shifts_per_week=person.shifts_per_week,
        rest_hours=person.rest_hours,
        on_call_at_once=pool.supervisor_sessions_at_once,
        trainings=[(name, issued, expires) for name, issued, expires in trainings],
        leave=[(span.lower or begins, span.upper or ends) for span in leave],
        booked=(await stays_of(session, [person.id], begins, ends)).get(person.id, []),
        texts_lacking=[text.title for text in texts[person.id]],
    )
