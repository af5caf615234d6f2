"""A feed is written by the first request after a change, and kept for all that follow.

Who changes a plan never waits for who reads it: readers take turns at the rows of the person's
addresses, and one statement reads the revision together with what it stands for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, and_, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range, insert
from sqlalchemy.ext.asyncio import AsyncSession

from rota.bookings.models import Booking
from rota.calendar.actions import begin_calendar
from rota.calendar.models import CalendarAddress, CalendarEntry, PersonCalendar
from rota.calendar.rules.personal import Entry, etag_of, personal_calendar, told
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift

LOOKS_BACK = timedelta(days=31)
LOOKS_AHEAD = timedelta(days=400)
SECOND = timedelta(seconds=1)

_ADDRESS = CalendarAddress.metadata.tables[CalendarAddress.__tablename__]
_SMALL = tuple(column for column in _ADDRESS.c if column.name != "body")

ADDRESSES = (
    select(*_SMALL)
    .where(
        _ADDRESS.c.person_id.in_(
            select(_ADDRESS.c.person_id).where(_ADDRESS.c.id == bindparam("address_id"))
        ),
        _ADDRESS.c.revoked_at.is_(None),
    )
    .order_by(_ADDRESS.c.id)
    .with_for_update(key_share=True)
)
"""All addresses of one person that work: what one device is told, others must not contradict."""

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
class Written:
    """A feed as it stands, with the tag of its text."""

    etag: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What calendars are told of one claim, and whether they still show it."""

    claim_id: UUID
    entry: Entry
    shown: bool


async def write_feed(session: AsyncSession, address_id: UUID, now: datetime) -> Written | None:
    """Write a feed if nobody has since its last change; None where the address is revoked.

    Five statements at most, however many seats and devices.
    """
    addresses = (await session.execute(ADDRESSES, {"address_id": address_id})).all()
    address = next((each for each in addresses if each.id == address_id), None)
    if address is None:
        return None
    plan = await _plan(session, address.person_id, now)
    source = str(plan[0].revision)
    if (address.built_from, address.built_on) == (source, now.date()):
        return Written(address.etag, await _body(session, address_id))
    entries = await _told_entries(session, plan, _after_words(addresses))
    return await _keep(session, address, entries, source, now)


async def _plan(session: AsyncSession, person_id: UUID, now: datetime) -> Sequence[Row[Any]]:
    midnight = datetime.combine(now.date(), time(), UTC)
    around = Range(midnight - LOOKS_BACK, midnight + LOOKS_AHEAD)
    asked = {"person_id": person_id, "around": around}
    plan = (await session.execute(PLAN, asked)).all()
    if not plan:
        # a version that knew of no revisions has made this address
        await begin_calendar(session, person_id, now)
        plan = (await session.execute(PLAN, asked)).all()
    return plan


def _after_words(addresses: Sequence[Row[Any]]) -> datetime | None:
    """Give the second after devices were last told of new words, which a move has to follow."""
    worded = [each.worded_at for each in addresses if each.worded_at is not None]
    return max(worded) + SECOND if worded else None


async def _told_entries(
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
    return Told(row.claim_id, told(before, begins, ends, at, shown=row.shown), shown=True)


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


async def _keep(
    session: AsyncSession, address: Row[Any], entries: Sequence[Entry], source: str, now: datetime
) -> Written:
    body = personal_calendar(address.name, address.title, entries)
    written = Written(etag_of(body), body)
    stamps = [each.changed_at for each in entries]
    if address.stamped_at is not None:
        stamps.append(address.stamped_at)
    changes: dict[str, Any] = {"built_from": source, "built_on": now.date()}
    if written.etag != address.etag:
        changes |= {
            "etag": written.etag,
            "body": body,
            "stamped_at": max(stamps, default=None),
        }
    await session.execute(update(_ADDRESS).where(_ADDRESS.c.id == address.id).values(changes))
    return written


async def _body(session: AsyncSession, address_id: UUID) -> bytes:
    body = await session.scalar(select(_ADDRESS.c.body).where(_ADDRESS.c.id == address_id))
    return bytes(body or b"")
