"""Changing one shift: those who have a seat on it move along or are told.

Locks in the usual order: everybody of this node who sits there, then the shift, then the feeds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import Reason
from federation.permissions.rules import Asker
from federation.pools.models import Channel
from federation.restoring.queries import refuse_while_restoring
from rota.seats.actions import settle
from rota.shifts.changing import add_seats, take_over
from rota.shifts.models import Shift
from rota.shifts.rules.patterns import LONGEST_MINUTES
from rota.shifts.rules.spans import Span, span
from rota.shifts.rules.staffing import Staffing, wrong_staffing
from rota.sign_up.moved import Told, ask_again, call_off, lock_sitters, tell_homes
from rota.timetable.errors import AlreadyBegun, AlreadyCancelled, WrongShift
from rota.timetable.queries import shift_to_change

LONGEST = timedelta(minutes=LONGEST_MINUTES, hours=1)
"""An hour more for the night on which the clock goes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftDraft:
    """All of a shift that can be changed by itself; of its seats more can be added."""

    starts: datetime
    ends: datetime
    staffing: Staffing


async def change_shift(
    session: AsyncSession, asker: Asker, shift_id: UUID, draft: ShiftDraft, now: datetime
) -> Shift:
    """Change one shift and leave its series alone; at a new time every home is asked again."""
    await refuse_while_restoring(session)
    await shift_to_change(session, asker, shift_id)
    wanted = span(draft.starts, draft.ends)
    people = await lock_sitters(session, [shift_id])
    shift = await _changeable(session, shift_id, now)
    channel = await session.get_one(Channel, shift.channel_id)
    if wrong := _wrong(wanted, draft.staffing, channel, now):
        raise WrongShift(reasons=wrong)
    told = Told()
    moved = take_over(shift, wanted, draft.staffing, channel)
    await add_seats(session, shift_id, draft.staffing.seats)
    shift.exception_at = now
    if moved:
        await ask_again(session, shift, people, told, now)
    await settle(session, shift, now)
    await tell_homes(session, told, now)
    await record(
        session,
        actor=asker.person_id,
        verb="change-shift",
        subject="shift",
        subject_id=shift_id,
        now=now,
        facts={"moved": moved},
    )
    return shift


async def cancel_shift(session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime) -> None:
    """Call off one shift: seats are vacated, time is given back, the public calendar corrected."""
    await shift_to_change(session, asker, shift_id)
    people = await lock_sitters(session, [shift_id])
    shift = await _changeable(session, shift_id, now)
    told = Told()
    shift.cancelled_at = shift.exception_at = now
    await call_off(session, shift, people, told, now)
    await settle(session, shift, now)
    await tell_homes(session, told, now)
    await record(
        session,
        actor=asker.person_id,
        verb="cancel-shift",
        subject="shift",
        subject_id=shift_id,
        now=now,
    )


async def _changeable(session: AsyncSession, shift_id: UUID, now: datetime) -> Shift:
    shift = await session.get_one(
        Shift, shift_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if shift.cancelled_at is not None:
        raise AlreadyCancelled
    if shift.starts <= now:
        raise AlreadyBegun
    return shift


def _wrong(wanted: Span, staffing: Staffing, channel: Channel, now: datetime) -> tuple[Reason, ...]:
    checks = {
        Reason("in-the-past", "The new time has passed already."): wanted.start > now,
        Reason("wrong-length", "A shift takes at most 24 hours."): wanted.length <= LONGEST,
    }
    wrong = tuple(reason for reason, holds in checks.items() if not holds)
    return wrong + wrong_staffing(staffing, channel.minimum_workers, channel.minimum_supervisors)
