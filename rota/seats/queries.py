from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from rota.claims.models import Claim
from rota.passport.tools import lacks_account
from rota.seats.rules import COUNTED, Candidate, Sitting, Staffing
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.spans import local_day
from rota.waiting.models import WaitingEntry

KEEPS_A_SEAT = ("proposed", "held")


@dataclass(frozen=True, slots=True)
class SeatNow:
    """One seat of a shift with the claim that keeps it, if any; the host's view."""

    seat_id: UUID
    role: str
    claim_id: UUID | None
    state: str | None
    handle_id: UUID | None
    languages: frozenset[str]
    shown: str
    """The state that the seat itself has, which follows from its claim."""
    watched: bool = False
    """Whether somebody waits for it, or is asked to take it."""

    def kept_by(self, claim: Claim, handle: Handle) -> Self:
        """Show the seat as it is once this claim keeps it; any other seat stays as it is."""
        if claim.seat_id != self.seat_id:
            return self
        return replace(
            self,
            claim_id=claim.id,
            state=claim.state,
            handle_id=handle.id,
            languages=frozenset(handle.languages),
        )


SEATS = (
    select(
        Seat.id,
        Seat.role,
        Claim.id,
        Claim.state,
        Claim.handle_id,
        Handle.languages,
        Seat.state,
        Seat.watched,
    )
    .outerjoin(
        Claim,
        and_(Claim.seat_id == Seat.id, Claim.state.in_(KEEPS_A_SEAT), Claim.decided_here),
    )
    .outerjoin(Handle, Handle.id == Claim.handle_id)
    .where(Seat.shift_id == bindparam("shift_id"))
    .order_by(Seat.id)
)
"""Built once: every claim asks for it, with the shift locked."""


async def seats_of(session: AsyncSession, shift_id: UUID) -> list[SeatNow]:
    """Read every seat of a shift with its holder, in one query."""
    rows = await session.execute(SEATS, {"shift_id": shift_id})
    return [
        SeatNow(seat, role, claim, state, handle, frozenset(languages or ()), shown, watched)
        for seat, role, claim, state, handle, languages, shown, watched in rows
    ]


def staffing_of(
    shift: Shift,
    seats: list[SeatNow],
    states: tuple[str, ...],
    *,
    sitting: list[Sitting] | None = None,
) -> Staffing:
    """Describe a shift's staffing, counting the seats whose claims are in these states.

    Who knows the claims only by their seats' states says who sits there instead.
    """
    return Staffing(
        starts=shift.starts,
        ends=shift.ends,
        cancelled=shift.cancelled_at is not None,
        languages=shift.languages,
        minimum_workers=shift.minimum_workers,
        minimum_supervisors=shift.minimum_supervisors,
        worker_seats=sum(seat.role in COUNTED for seat in seats),
        sitting=[Sitting(seat.role, seat.languages) for seat in seats if seat.state in states]
        if sitting is None
        else sitting,
    )


async def candidate_for(
    session: AsyncSession, handle: Handle, shift: Shift, seats: list[SeatNow], role: str
) -> Candidate:
    """Describe a handle as the host knows it at the time of a shift, for a seat of this role."""
    return Candidate(
        roles=frozenset(handle.roles),
        languages=frozenset(handle.languages),
        retired=handle.retired_at is not None,
        sits_here_already=any(seat.handle_id == handle.id for seat in seats),
        on_call=await _on_call(session, handle, shift) if role == "supervisor" else [],
        lacks_account=await lacks_account(session, shift.channel_id, handle.id),
    )


async def others_wait(session: AsyncSession, seat_id: UUID, handle_id: UUID) -> bool:
    """Tell whether somebody else is the first in the line for a seat."""
    first = await session.scalar(
        select(WaitingEntry.handle_id)
        .where(WaitingEntry.seat_id == seat_id, WaitingEntry.state == "waiting")
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
        .limit(1)
    )
    return first not in {None, handle_id}


async def _on_call(
    session: AsyncSession, handle: Handle, shift: Shift
) -> list[tuple[datetime, datetime]]:
    """Read for which other sessions somebody is on call at the time of a shift."""
    rows = await session.execute(
        select(Shift.starts, Shift.ends)
        .select_from(Claim)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Claim.handle_id == handle.id,
            Claim.state.in_(KEEPS_A_SEAT),
            Seat.role == "supervisor",
            Shift.id != shift.id,
            Shift.starts < shift.ends,
            Shift.ends > shift.starts,
        )
    )
    return [(starts, ends) for starts, ends in rows]


async def held_here(
    session: AsyncSession, shift_id: UUID, now: datetime
) -> list[tuple[UUID, date, datetime]]:
    """List the people of this node with a seat on a shift that has not ended, its day and start."""
    rows = await session.execute(
        select(Handle.person_id, Shift.starts, Shift.zone)
        .join(Claim, Claim.handle_id == Handle.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Shift.id == shift_id,
            Shift.ends > now,
            Claim.state == "held",
            Handle.person_id.is_not(None),
        )
    )
    return [
        (person, local_day(starts, zone), starts)
        for person, starts, zone in rows
        if person is not None
    ]
