from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.errors import NotFound, Reason
from federation.handing.queries import refuse_unless_granting
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.pools.models import Pool
from rota.claims.errors import SeatTaken
from rota.seats.queries import (
    KEEPS_A_SEAT,
    SeatNow,
    candidate_for,
    held_here,
    others_wait,
    seats_of,
    staffing_of,
)
from rota.seats.rules import Sitting, is_open, seat_may, seat_stays
from rota.shifts.announce import announce_shift
from rota.shifts.clock import wind_if_near
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.nearness import AHEAD
from rota.shifts.rules.written_days import written_day

SEAT_CHANGED = "seat-changed"
CLOSED = (
    "There is a change in your plan on %(day)s: "
    "it is short of people and not announced at the moment."
)
SHIFT_OF_SEAT = (
    select(Shift)
    .join(Seat, Seat.shift_id == Shift.id)
    .where(Seat.id == bindparam("seat_id"))
    .with_for_update(of=Shift, key_share=True)
    .execution_options(populate_existing=True)
)
SEAT_STATE = (
    update(Seat)
    .where(Seat.id == bindparam("seat_id"))
    .values(state=bindparam("new_state"))
    .execution_options(synchronize_session=False)
)
"""Built once, like all that a claim waits for while it holds locks."""


async def lock_shift_of(session: AsyncSession, seat_id: UUID) -> Shift:
    """Lock the shift of a seat: the host decides one seat of a shift at a time.

    Without its key, so that rows that merely name the shift never wait.
    """
    shift = await session.scalar(SHIFT_OF_SEAT, {"seat_id": seat_id})
    if shift is None:
        raise NotFound
    return shift


async def host_reasons(
    session: AsyncSession,
    shift: Shift,
    seat_id: UUID,
    handle: Handle,
    now: datetime,
    *,
    seats: list[SeatNow] | None = None,
    changes_hands: bool = False,
) -> tuple[Reason, ...]:
    """Ask `seat_may` with the shift locked; a seat that is kept for somebody raises `SeatTaken`.

    Who has read the seats since locking the shift hands them over. Whoever waits for a seat is
    asked first when it falls free, not when it `changes_hands` as its holder wishes.
    """
    await refuse_unless_granting(session, shift.pool_id)
    seats = seats or await seats_of(session, shift.id)
    seat = next(seat for seat in seats if seat.seat_id == seat_id)
    if seat.claim_id is not None:
        raise SeatTaken
    candidate = await candidate_for(session, handle, shift, seats, seat.role)
    if seat.watched and not changes_hands:
        waits = await others_wait(session, seat_id, handle.id)
        candidate = replace(candidate, others_wait=waits)
    # most often read already in this transaction, and then not again
    pool = await session.get_one(Pool, shift.pool_id)
    staffing = staffing_of(shift, seats, KEEPS_A_SEAT)
    return seat_may(seat.role, staffing, candidate, pool.supervisor_sessions_at_once, now)


async def reasons_to_stand_up(
    session: AsyncSession, shift: Shift, seat_id: UUID, handle: Handle, now: datetime
) -> tuple[Reason, ...]:
    """Ask the host's half again for somebody who has a seat of a shift that was moved."""
    seats = await seats_of(session, shift.id)
    seat = next(seat for seat in seats if seat.seat_id == seat_id)
    others = [each for each in seats if each.seat_id != seat_id]
    candidate = await candidate_for(session, handle, shift, others, seat.role)
    pool = await session.get_one(Pool, shift.pool_id)
    staffing = staffing_of(shift, others, KEEPS_A_SEAT)
    return seat_stays(seat.role, staffing, candidate, pool.supervisor_sessions_at_once, now)


async def settle(
    session: AsyncSession, shift: Shift, now: datetime, *, seats: list[SeatNow] | None = None
) -> None:
    """Bring a shift in line with its claims: seat states, open or not, partners and people told.

    Who holds the shift's lock and knows its seats as they now are hands them over.
    """
    await session.flush()
    seats = seats or await seats_of(session, shift.id)
    for seat in seats:
        state = seat.state or "open"
        # also one that was only proposed: to its holder, whose shift was moved
        if seat.watched or (seat.shown != "open" and state == "open"):
            await _look_again(session, seat.seat_id, now)
        if seat.shown != state:
            connection = await session.connection()
            await connection.execute(SEAT_STATE, {"seat_id": seat.seat_id, "new_state": state})
    was_open = shift.open
    shift.open = is_open(staffing_of(shift, seats, ("held",)))
    if was_open and not shift.open:
        await tell_closed(session, shift.id, now)
    stated = [(seat.seat_id, seat.role, seat.state or "open") for seat in seats]
    await announce_shift(session, shift, now, seats=stated)


async def give_up_ahead(session: AsyncSession, shift: Shift, seat_id: UUID, now: datetime) -> None:
    """As a home: show a seat as free, and a shift as closed without it, before its host says so.

    Home does not know every holder's languages: what it leaves open the host may still close.
    """
    await session.execute(update(Seat).where(Seat.id == seat_id).values(state="open"))
    held = await session.scalars(
        select(Seat.role).where(Seat.shift_id == shift.id, Seat.state == "held")
    )
    sitting = [Sitting(role, frozenset(shift.languages)) for role in held]
    was_open, stays = shift.open, is_open(staffing_of(shift, [], (), sitting=sitting))
    shift.open = was_open and stays
    await session.flush()
    if was_open and not shift.open:
        await tell_closed(session, shift.id, now)
    await wind_if_near(session, shift, now)
    await session.execute(
        update(Pool).where(Pool.id == shift.pool_id).values(revision=Pool.revision + 1)
    )


async def _look_again(session: AsyncSession, seat_id: UUID, now: datetime) -> None:
    """Have those who wait asked, or others, once this transaction has committed."""
    await put(session, SEAT_CHANGED, {"seat": str(seat_id)}, now=now, key=str(seat_id))


async def tell_closed(session: AsyncSession, shift_id: UUID, now: datetime) -> None:
    """Tell those of this node who still hold a seat that their shift is no longer staffed."""
    for person_id, day, starts in await held_here(session, shift_id, now):
        await notify(
            session,
            person_id=person_id,
            code="shift-closed",
            text=CLOSED % {"day": written_day(day)},
            now=now,
            urgent=now >= starts - AHEAD,
        )
