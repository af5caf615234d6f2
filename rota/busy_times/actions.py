"""A person's own calendars, of which only the busy times are kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.access.seal import Seal
from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound
from federation.notices.actions import notify
from federation.people.models import Person
from federation.permissions.rules import Asker, require_write
from federation.projects.models import Project
from rota.availability.actions import availability_changed
from rota.busy_times.errors import ReadJustNow, TooManyBusyCalendars
from rota.busy_times.models import BusyCalendar
from rota.busy_times.rules.addresses import calendar_address
from rota.busy_times.rules.known import are_known, readable_from
from rota.calendar.rules.neutral_text import plain_line
from rota.shifts.rules.spans import Span

READ_CALENDAR = "read-busy-calendar"
BUSY_CHANGED = "busy-times-changed"
"""The kind of work that looks whether somebody has a seat at a time that is now taken."""
MOST = 3


async def add_busy_calendar(
    session: AsyncSession,
    asker: Asker,
    address: str,
    label: str,
    seal: Seal,
    now: datetime,
    *,
    plain_allowed: bool = False,
) -> BusyCalendar:
    """Have one's own calendar read for busy times; its address is sealed and never shown again.

    Until it has been read once, nothing is known of this person's time.
    """
    require_write(asker)
    address = calendar_address(address, plain_allowed=plain_allowed)
    await session.execute(
        select(Person.id).where(Person.id == asker.person_id).with_for_update(key_share=True)
    )
    had = await session.scalar(
        select(func.count()).where(BusyCalendar.person_id == asker.person_id)
    )
    if (had or 0) >= MOST:
        raise TooManyBusyCalendars
    calendar_id = new_id()
    calendar = BusyCalendar(
        id=calendar_id,
        person_id=asker.person_id,
        label=plain_line(label, "Calendar"),
        address=seal.close(address, calendar_id),
        made_at=now,
    )
    session.add(calendar)
    await session.flush()
    await _record(session, asker, "busy-calendar-added", calendar_id, now)
    await _ask(session, calendar_id, now)
    await availability_changed(session, now)
    return calendar


async def read_busy_calendar_now(
    session: AsyncSession, asker: Asker, calendar_id: UUID, now: datetime
) -> None:
    """Have one's own calendar read at once, every few minutes at most, not at the next turn."""
    require_write(asker)
    calendar = await _own(session, asker, calendar_id)
    if (again := readable_from(calendar.tried_at, now)) is not None:
        minutes = ceil((again - now) / timedelta(minutes=1))
        raise ReadJustNow(
            f"This calendar was read just now. You can ask again in {minutes} "
            f"minute{'s' if minutes > 1 else ''}."
        )
    await _record(session, asker, "busy-calendar-asked-for", calendar_id, now)
    await _ask(session, calendar_id, now)


async def remove_busy_calendar(
    session: AsyncSession, asker: Asker, calendar_id: UUID, now: datetime
) -> None:
    """Forget one's own calendar, its address and its busy times, at once."""
    require_write(asker)
    await session.delete(await _own(session, asker, calendar_id))
    await _record(session, asker, "busy-calendar-removed", calendar_id, now)
    await availability_changed(session, now)


async def forget_busy_calendars(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Forget the calendars of somebody who has left."""
    gone = await session.scalars(
        delete(BusyCalendar).where(BusyCalendar.person_id == person_id).returning(BusyCalendar.id)
    )
    for calendar_id in gone.all():
        await _record(session, None, "busy-calendar-removed", calendar_id, now)


async def open_address(
    session: AsyncSession, calendar_id: UUID, seal: Seal
) -> tuple[str, str] | None:
    """Give the address of a calendar and the zone of its person; None if it was removed."""
    row = (
        await session.execute(
            select(BusyCalendar.address, Person.zone, Project.zone)
            .join(Person, Person.id == BusyCalendar.person_id)
            .join(Project, Project.id == Person.project_id)
            .where(BusyCalendar.id == calendar_id)
        )
    ).one_or_none()
    if row is None:
        return None
    sealed, own_zone, project_zone = row
    return seal.read(sealed, calendar_id), own_zone or project_zone


async def keep_busy_times(
    session: AsyncSession, calendar_id: UUID, spans: Sequence[Span], now: datetime
) -> None:
    """Keep what was read, in place of what was known before."""
    calendar = await _locked(session, calendar_id)
    if calendar is None:
        return
    busy = MultiRange(Range(one.start, one.end) for one in spans)
    was_known = are_known([calendar.read_at], now)
    changed = list(calendar.busy) != list(busy)
    calendar.tried_at = calendar.read_at = now
    calendar.failure = calendar.told_at = None
    if changed:
        calendar.busy = busy
        about = {"person": str(calendar.person_id)}
        await put(session, BUSY_CHANGED, about, now=now, key=str(calendar.person_id))
    if changed or not was_known:
        await _record(session, None, "busy-times-read", calendar_id, now)
        await availability_changed(session, now)


async def keep_failure(session: AsyncSession, calendar_id: UUID, code: str, now: datetime) -> None:
    """Write down that a calendar could not be read; what was known before stays.

    After some days it no longer counts as known, and the person is told so once.
    """
    calendar = await _locked(session, calendar_id)
    if calendar is None:
        return
    if calendar.failure != code:
        await _record(session, None, "busy-calendar-failed", calendar_id, now, code)
    calendar.tried_at, calendar.failure = now, code
    if calendar.told_at is None and not are_known([calendar.read_at], now):
        calendar.told_at = now
        await notify(
            session,
            person_id=calendar.person_id,
            code="busy-times-unknown",
            text="Your availability needs a look: a calendar that you entered cannot be read.",
            now=now,
        )
        await availability_changed(session, now)


async def _own(session: AsyncSession, asker: Asker, calendar_id: UUID) -> BusyCalendar:
    found = await session.scalar(
        select(BusyCalendar).where(
            BusyCalendar.id == calendar_id, BusyCalendar.person_id == asker.person_id
        )
    )
    if found is None:
        raise NotFound
    return found


async def _locked(session: AsyncSession, calendar_id: UUID) -> BusyCalendar | None:
    found: BusyCalendar | None = await session.scalar(
        select(BusyCalendar)
        .where(BusyCalendar.id == calendar_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def _ask(session: AsyncSession, calendar_id: UUID, now: datetime) -> None:
    await put(session, READ_CALENDAR, {"calendar": str(calendar_id)}, now=now, key=str(calendar_id))


async def _record(
    session: AsyncSession,
    asker: Asker | None,
    verb: str,
    calendar_id: UUID,
    now: datetime,
    failure: str | None = None,
) -> None:
    await record(
        session,
        actor=asker.person_id if asker else SYSTEM,
        verb=verb,
        subject="busy-calendar",
        subject_id=calendar_id,
        now=now,
        facts={"failure": failure} if failure else None,
    )
