"""What devices are told of the seats that somebody holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, and_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range, insert
from sqlalchemy.ext.asyncio import AsyncSession

from rota.bookings.models import Booking
from rota.calendar.actions import begin_calendar
from rota.calendar.models import CalendarEntry, PersonCalendar
from rota.calendar.rules.personal import Entry, told
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift

LOOKS_BACK = timedelta(days=31)
LOOKS_AHEAD = timedelta(days=400)

_present = and_(Booking.active, Claim.state == "held", Shift.cancelled_at.is_(None))
_seats = (
    select(
        Booking.person_id,
        Booking.claim_id,
        Booking.during,
        _present.label("present"),
        CalendarEntry.uid,
        CalendarEntry.begins,
        CalendarEntry.ends,
        CalendarEntry.sequence,
        CalendarEntry.changed_at.label("entry_changed_at"),
        CalendarEntry.shown,
    )
    .join(Claim, Claim.id == Booking.claim_id)
    .join(Seat, Seat.id == Claim.seat_id)
    .join(Shift, Shift.id == Seat.shift_id)
    .outerjoin(CalendarEntry, CalendarEntry.claim_id == Claim.id)
    .where(
        Booking.person_id == bindparam("person_id"),
        Booking.during.op("&&")(bindparam("around", type_=TSTZRANGE)),
        or_(_present, CalendarEntry.shown),
    )
    .subquery()
)
PLAN = (
    select(PersonCalendar.revision, PersonCalendar.changed_at, *_seats.c)
    .outerjoin(_seats, _seats.c.person_id == PersonCalendar.person_id)
    .where(PersonCalendar.person_id == bindparam("person_id"))
)
"""A plan with its revision, in one statement: what was read is what this revision says."""


@dataclass(frozen=True, slots=True)
class Told:
    """What calendars are told of one claim, and whether they still show it."""

    claim_id: UUID
    entry: Entry
    shown: bool


async def plan_of(session: AsyncSession, person_id: UUID, now: datetime) -> Sequence[Row[Any]]:
    """Read somebody's revision and, in the same moment, the seats that it counts."""
    midnight = datetime.combine(now.date(), time(), UTC)
    around = Range(midnight - LOOKS_BACK, midnight + LOOKS_AHEAD)
    asked = {"person_id": person_id, "around": around}
    plan = (await session.execute(PLAN, asked)).all()
    if not plan:
        # a version that knew of no revisions has made this address
        await begin_calendar(session, person_id, now)
        plan = (await session.execute(PLAN, asked)).all()
    return plan


async def told_seats(
    session: AsyncSession, plan: Sequence[Row[Any]], after: datetime | None
) -> list[Entry]:
    """Bring what calendars are told in line with the seats held, and keep it for the next time."""
    found, changed = [], []
    for row in plan:
        if row.claim_id is None:
            continue
        each = _told(row, row.changed_at if after is None else max(row.changed_at, after))
        if row.uid is None or each.shown != row.shown or each.entry.sequence != row.sequence:
            changed.append(each)
        if each.shown:
            found.append(each.entry)
    if changed:
        await _keep_entries(session, changed)
    return found


def _told(row: Row[Any], at: datetime) -> Told:
    begins, ends = row.during.lower, row.during.upper
    if row.uid is None:
        return Told(row.claim_id, Entry(str(uuid4()), begins, ends, 0, at), shown=True)
    before = Entry(row.uid, row.begins, row.ends, row.sequence, row.entry_changed_at)
    if not row.present:
        return Told(row.claim_id, before, shown=False)
    after = Entry(row.uid, begins, ends, row.sequence, at)
    return Told(row.claim_id, told(before, after, at, shown=row.shown), shown=True)


async def _keep_entries(session: AsyncSession, changed: Sequence[Told]) -> None:
    new = insert(CalendarEntry).values(
        [
            {
                "claim_id": each.claim_id,
                "uid": each.entry.uid,
                "sequence": each.entry.sequence,
                "begins": each.entry.begins,
                "ends": each.entry.ends,
                "changed_at": each.entry.changed_at,
                "shown": each.shown,
            }
            for each in changed
        ]
    )
    told_again = ("sequence", "begins", "ends", "changed_at", "shown")
    await session.execute(
        new.on_conflict_do_update(
            index_elements=[CalendarEntry.claim_id],
            set_={name: new.excluded[name] for name in told_again},
        )
    )
