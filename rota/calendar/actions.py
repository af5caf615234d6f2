from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.access.rules import new_secret, secret_hash
from federation.audit.actions import record
from federation.errors import NotFound
from federation.people.models import Person
from rota.bookings.models import Booking
from rota.calendar.errors import TooManyAddresses
from rota.calendar.models import CalendarAddress, CalendarEntry
from rota.calendar.rules.neutral_text import (
    DEFAULT_LABEL,
    DEFAULT_NAME,
    DEFAULT_TITLE,
    plain_line,
)
from rota.calendar.rules.personal import Entry, etag_of, personal_calendar, told
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift

LOOKS_BACK = timedelta(days=31)
LOOKS_AHEAD = timedelta(days=400)
MOST_ADDRESSES = 10


async def _lock_person(session: AsyncSession, person_id: UUID) -> None:
    """Serialise what changes one person's calendar, as claims do; refuse who has left."""
    row = (
        await session.execute(
            select(Person.left_at).where(Person.id == person_id).with_for_update()
        )
    ).one_or_none()
    if row is None or row.left_at is not None:
        raise NotFound


async def make_address(
    session: AsyncSession,
    person_id: UUID,
    label: str,
    title: str,
    now: datetime,
    *,
    name: str = DEFAULT_NAME,
) -> str:
    """Give somebody an address of their own rota for one device; its secret is shown this once."""
    await _lock_person(session, person_id)
    live = await session.scalar(
        select(func.count()).where(
            CalendarAddress.person_id == person_id, CalendarAddress.revoked_at.is_(None)
        )
    )
    if (live or 0) >= MOST_ADDRESSES:
        raise TooManyAddresses
    secret = new_secret()
    address = CalendarAddress(
        id=new_id(),
        person_id=person_id,
        label=plain_line(label, DEFAULT_LABEL),
        name=plain_line(name, DEFAULT_NAME),
        title=plain_line(title, DEFAULT_TITLE),
        secret_hash=secret_hash(secret),
        made_at=now,
    )
    session.add(address)
    await session.flush()
    await _record(session, person_id, "calendar-address-made", address.id, now)
    await refresh_calendar(session, person_id, now)
    return secret


async def revoke_address(
    session: AsyncSession, person_id: UUID, address_id: UUID, now: datetime
) -> None:
    """Stop an address at once; its text is forgotten, its hash stays so that devices are wiped."""
    await _revoke(session, person_id, address_id, now)
    await _record(session, person_id, "calendar-address-revoked", address_id, now)


async def rotate_address(
    session: AsyncSession, person_id: UUID, address_id: UUID, now: datetime
) -> str:
    """Replace an address that others may have seen by a new one in the same words."""
    old = await _revoke(session, person_id, address_id, now)
    await _record(session, person_id, "calendar-address-rotated", address_id, now)
    return await make_address(session, person_id, old.label, old.title, now, name=old.name)


async def revoke_all_addresses(
    session: AsyncSession, actor: UUID | str, person_id: UUID, now: datetime
) -> None:
    """Stop every address of somebody who leaves, or whose devices are lost."""
    await session.execute(
        update(CalendarAddress)
        .where(CalendarAddress.person_id == person_id, CalendarAddress.revoked_at.is_(None))
        .values(revoked_at=now, body=b"", etag="")
    )
    await record(
        session,
        actor=actor,
        verb="calendar-addresses-revoked",
        subject="person",
        subject_id=person_id,
        now=now,
    )


async def _revoke(
    session: AsyncSession, person_id: UUID, address_id: UUID, now: datetime
) -> Row[str, str, str]:
    row = (
        await session.execute(
            update(CalendarAddress)
            .where(
                CalendarAddress.id == address_id,
                CalendarAddress.person_id == person_id,
                CalendarAddress.revoked_at.is_(None),
            )
            .values(revoked_at=now, body=b"", etag="")
            .returning(CalendarAddress.label, CalendarAddress.name, CalendarAddress.title)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


async def _record(
    session: AsyncSession, person_id: UUID, verb: str, address_id: UUID, now: datetime
) -> None:
    await record(
        session,
        actor=person_id,
        verb=verb,
        subject="calendar_address",
        subject_id=address_id,
        now=now,
    )


async def refresh_calendar(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Write the person's feeds anew from the seats held now: four statements, however many seats.

    Without any address it is one. The caller holds the person's row.
    """
    await session.flush()
    addresses = (
        await session.execute(
            select(
                CalendarAddress.id,
                CalendarAddress.name,
                CalendarAddress.title,
                CalendarAddress.etag,
            ).where(CalendarAddress.person_id == person_id, CalendarAddress.revoked_at.is_(None))
        )
    ).all()
    if not addresses:
        return
    entries = await _told_entries(session, person_id, now)
    changed = []
    for address in addresses:
        body = personal_calendar(address.name, address.title, entries)
        if etag_of(body) != address.etag:
            changed.append({"id": address.id, "body": body, "etag": etag_of(body)})
    if changed:
        await session.execute(update(CalendarAddress), changed)


async def _told_entries(session: AsyncSession, person_id: UUID, now: datetime) -> list[Entry]:
    """Bring what calendars are told in line with the seats held, and keep it for the next time."""
    rows = await session.execute(
        select(
            Booking.claim_id,
            Booking.during,
            CalendarEntry.uid,
            CalendarEntry.begins,
            CalendarEntry.ends,
            CalendarEntry.sequence,
            CalendarEntry.changed_at,
        )
        .join(Claim, Claim.id == Booking.claim_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .outerjoin(CalendarEntry, CalendarEntry.claim_id == Claim.id)
        .where(
            Booking.person_id == person_id,
            Booking.active,
            Booking.during.overlaps(Range(now - LOOKS_BACK, now + LOOKS_AHEAD)),
            Claim.state == "held",
            Shift.cancelled_at.is_(None),
        )
    )
    entries, changed = [], []
    for row in rows:
        begins, ends = row.during.lower, row.during.upper
        before = Entry(row.uid, row.begins, row.ends, row.sequence, row.changed_at)
        entry = (
            told(before, begins, ends, now)
            if row.uid is not None
            else Entry(str(uuid4()), begins, ends, 0, now)
        )
        entries.append(entry)
        if entry is not before:
            changed.append((row.claim_id, entry))
    if changed:
        await _keep_entries(session, changed)
    return entries


async def _keep_entries(session: AsyncSession, changed: list[tuple[UUID, Entry]]) -> None:
    new = insert(CalendarEntry).values(
        [
            {
                "claim_id": claim_id,
                "uid": entry.uid,
                "sequence": entry.sequence,
                "begins": entry.begins,
                "ends": entry.ends,
                "changed_at": entry.changed_at,
            }
            for claim_id, entry in changed
        ]
    )
    told_again = ("sequence", "begins", "ends", "changed_at")
    await session.execute(
        new.on_conflict_do_update(
            index_elements=[CalendarEntry.claim_id],
            set_={name: new.excluded[name] for name in told_again},
        )
    )


async def note_use(session: AsyncSession, address_id: UUID, day: date) -> None:
    """Keep on which day an address was last read: coarse, and at most one write a day."""
    await session.execute(
        update(CalendarAddress)
        .where(
            CalendarAddress.id == address_id,
            func.coalesce(CalendarAddress.last_used_on, date.min) < day,
        )
        .values(last_used_on=day)
    )
