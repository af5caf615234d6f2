"""Time away. Leave and seats never lie over one another: one is refused, or given back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.errors import NotFound, Reason
from federation.permissions.rules import Asker
from rota.availability.actions import record_change, require_own_time
from rota.availability.errors import WrongSpan
from rota.availability.models import Leave
from rota.bookings.actions import lock_person
from rota.leave.errors import LeaveOver, NotEarlier, SeatsInLeave
from rota.leave.queries import SeatKept, seats_within
from rota.shifts.rules.written_days import written_weekday
from rota.sign_up.leavers import vacate

GIVE_BACK = "leave-entered"
SEAT_IN_LEAVE = "You have a seat on %(day)s to %(end)s."


async def enter_leave(
    session: AsyncSession,
    asker: Asker,
    person_id: UUID,
    begins: datetime,
    ends: datetime,
    now: datetime,
    *,
    give_back: bool = False,
) -> Leave:
    """Enter time away; new seats in it are refused from now on.

    Seats in it refuse the leave, or with `give_back` are given back one by one right after the
    commit. With the person locked: whoever comes second, a claim or a leave, sees the other.
    """
    await require_own_time(session, asker, person_id)
    if begins >= ends:
        raise WrongSpan
    await lock_person(session, person_id)
    during = Range(begins, ends)
    seats = await seats_within(session, person_id, during, now)
    if seats and not give_back:
        raise SeatsInLeave(reasons=tuple(_named(seat) for seat in seats))
    leave = Leave(person_id=person_id, during=during)
    session.add(leave)
    await session.flush()
    if seats:
        await put(session, GIVE_BACK, {"leave": str(leave.id)}, now=now, key=str(leave.id))
    await record_change(session, asker, "enter-leave", person_id, now)
    return leave


def _named(seat: SeatKept) -> Reason:
    starts, ends = (at.astimezone(ZoneInfo(seat.zone)) for at in (seat.starts, seat.ends))
    told = {"day": f"{written_weekday(starts)}, {starts:%H:%M}", "end": f"{ends:%H:%M}"}
    return Reason("seat-in-leave", SEAT_IN_LEAVE % told)


async def end_leave_early(
    session: AsyncSession, asker: Asker, leave_id: UUID, ends: datetime, now: datetime
) -> Leave:
    """Come back earlier than planned; what has passed stays leave."""
    leave = await _changeable(session, asker, leave_id, now)
    begins, until = leave.during.lower, leave.during.upper
    if (begins is not None and ends <= begins) or (until is not None and ends >= until):
        raise NotEarlier
    leave.during = Range(begins, max(ends, now))
    await record_change(session, asker, "end-leave-early", leave.person_id, now)
    return leave


async def remove_leave(session: AsyncSession, asker: Asker, leave_id: UUID, now: datetime) -> None:
    """Take leave back: as a whole if it is still to come, else its rest."""
    leave = await _changeable(session, asker, leave_id, now)
    if leave.during.lower is not None and leave.during.lower >= now:
        await session.delete(leave)
    else:
        leave.during = Range(leave.during.lower, now)
    await record_change(session, asker, "remove-leave", leave.person_id, now)


async def _changeable(session: AsyncSession, asker: Asker, leave_id: UUID, now: datetime) -> Leave:
    person_id = await session.scalar(select(Leave.person_id).where(Leave.id == leave_id))
    if person_id is None:
        raise NotFound
    await require_own_time(session, asker, person_id)
    await lock_person(session, person_id)
    leave = await session.get(Leave, leave_id, populate_existing=True)
    if leave is None:
        raise NotFound
    if leave.during.upper is not None and leave.during.upper <= now:
        raise LeaveOver
    return leave


async def seats_to_give_back(
    session: AsyncSession, leave_id: UUID, now: datetime
) -> tuple[UUID, Sequence[SeatKept]] | None:
    """Name whose seats lie in a leave that is still entered."""
    leave = await session.get(Leave, leave_id)
    if leave is None:
        return None
    return leave.person_id, await seats_within(session, leave.person_id, leave.during, now)


async def give_seat_back(
    session: AsyncSession, leave_id: UUID, claim_id: UUID, now: datetime
) -> None:
    """Give one seat back for a leave, unless the leave was taken back meanwhile."""
    found = await seats_to_give_back(session, leave_id, now)
    if found is not None and claim_id in {seat.claim_id for seat in found[1]}:
        await vacate(session, found[0], claim_id, now)
