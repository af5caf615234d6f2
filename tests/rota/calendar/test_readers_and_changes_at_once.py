"""Readers and changes on connections of their own: nothing older is ever kept as current."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.util import await_only

from database.session import door
from federation.access.rules import secret_hash
from federation.people.actions import grant_role
from federation.people.models import Handle
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from rota.bookings.models import Booking
from rota.calendar.actions import add_address, calendar_changed, make_address, revoke_address
from rota.calendar.feeds.actions import SOURCE_NOW, Written, write_feed
from rota.calendar.models import CalendarAddress, CalendarEntry
from rota.calendar.queries import FoundFeed, asked_feed, feeds_by_secret
from rota.calendar.rules.wanted import Wording
from rota.shifts.announce import announce_shift
from rota.shifts.models import Seat, Shift
from tests.locks import until_somebody_waits
from tests.rota.example_rota import ExampleRota, example_rota
from tests.rota.strict_calendar import Event, strictly_read

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
TUESDAY = datetime(2027, 1, 5, 19, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Phone:
    """One worker's calendar, in a database in which changes are committed."""

    engine: AsyncEngine
    rota: ExampleRota
    worker: Handle
    person_id: UUID
    address_id: UUID
    secret: str

    async def found(self) -> FoundFeed:
        asked = asked_feed(secret_hash(self.secret), "", NOW)
        (found,) = (await feeds_by_secret(self.engine, [asked])).values()
        return found

    async def write(self) -> Written | None:
        async with door(self.engine) as session:
            return await write_feed(session, self.address_id, NOW)

    async def read(self) -> list[Event]:
        """Give what the next request is answered with."""
        found = await self.found()
        if not found.fresh:
            written = await self.write()
            assert written
            return strictly_read(written.body)
        return strictly_read(found.body or b"")

    async def one_more(self, session: AsyncSession, days: int) -> None:
        """Let the worker hold one more seat, as a claim does."""
        shift = await self.rota.shift(TUESDAY + timedelta(days=days))
        await self.rota.hold(shift, self.worker)
        await calendar_changed(session, self.person_id, NOW + timedelta(minutes=days))


@pytest.fixture
async def phone(committing_engine: AsyncEngine) -> Phone:
    async with door(committing_engine) as session:
        rota = await example_rota(session, now=NOW)
        worker = await rota.person("en")
        assert worker.person_id
        await rota.hold(await rota.shift(TUESDAY), worker)
        secret = await make_address(session, worker.person_id, "Phone", "Shift", NOW)
        address_id = await session.scalar(select(CalendarAddress.id))
        assert address_id
    return Phone(committing_engine, rota, worker, worker.person_id, address_id, secret)


@contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    found: list[str] = []

    def note(*facts: Any) -> None:
        found.append(" ".join(str(facts[2]).split()[:3]))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield found
    event.remove(engine.sync_engine, "before_cursor_execute", note)


@contextmanager
def meanwhile(
    engine: AsyncEngine, after: str, act: Callable[[], Awaitable[None]]
) -> Iterator[None]:
    """Do something on another connection right after the first statement that begins so."""
    waiting = [act]

    def look(*facts: Any) -> None:
        if waiting and str(facts[2]).startswith(after):
            await_only(waiting.pop()())

    event.listen(engine.sync_engine, "after_cursor_execute", look)
    yield
    event.remove(engine.sync_engine, "after_cursor_execute", look)
    assert waiting == []


async def test_of_two_requests_at_once_one_writes(phone: Phone) -> None:
    async with door(phone.engine) as session:
        with statements(phone.engine) as made:
            first = await write_feed(session, phone.address_id, NOW)
            second = asyncio.create_task(phone.write())
            await until_somebody_waits(phone.engine)
    with statements(phone.engine) as later:
        same = await second
    assert first == same
    assert made.count("INSERT INTO calendar_entry") == 1
    assert [each for each in later if not each.startswith("SELECT")] == []


async def test_many_requests_after_a_move_raise_sequence_once(phone: Phone) -> None:
    await phone.read()
    async with door(phone.engine) as session:
        during = Range(TUESDAY, TUESDAY + HOUR)
        await session.execute(update(Booking).values(during=during))
        await calendar_changed(session, phone.person_id, NOW + HOUR)
        for _ in range(3):
            await make_address(session, phone.person_id, "Tablet", "Shift", NOW)
        addresses = list(await session.scalars(select(CalendarAddress.id)))

    async def write(address_id: UUID) -> Written | None:
        async with door(phone.engine) as session:
            return await write_feed(session, address_id, NOW)

    written = await asyncio.gather(*(write(each) for each in [*addresses, *addresses]))
    assert len({each.etag for each in written if each}) == 1
    async with door(phone.engine) as session:
        kept = await session.execute(select(CalendarEntry.sequence, CalendarEntry.changed_at))
        assert [tuple(row) for row in kept] == [(1, NOW + HOUR)]


async def test_a_change_neither_waits_for_a_reader_nor_is_lost(phone: Phone) -> None:
    await phone.read()
    async with door(phone.engine) as change:
        phone.rota.__dict__["session"] = change
        await phone.one_more(change, 1)
        # not committed yet: a reader comes, is not kept waiting, and keeps what holds
        async with asyncio.timeout(30):
            assert len(await phone.read()) == 1
    assert not (await phone.found()).fresh
    assert len(await phone.read()) == 2
    assert (await phone.found()).fresh


async def test_a_reader_that_holds_its_rows_keeps_no_change_waiting(phone: Phone) -> None:
    async with door(phone.engine) as reader:
        await write_feed(reader, phone.address_id, NOW)
        async with asyncio.timeout(30), door(phone.engine) as change:
            phone.rota.__dict__["session"] = change
            await phone.one_more(change, 1)
    assert len(await phone.read()) == 2


@pytest.mark.parametrize(
    "after", ["SELECT calendar_address.id", str(SOURCE_NOW)[:30], "SELECT person_calendar"]
)
async def test_a_change_in_the_middle_of_writing_is_shown_next_time(
    phone: Phone, after: str
) -> None:
    async def change() -> None:
        async with door(phone.engine) as session:
            phone.rota.__dict__["session"] = session
            await phone.one_more(session, 1)

    with meanwhile(phone.engine, after, change):
        await phone.write()
    assert len(await phone.read()) == 2
    events = await phone.read()
    assert [each["SEQUENCE"] for each in events] == ["0", "0"]
    assert (await phone.found()).fresh


async def test_an_address_revoked_while_it_is_written_keeps_nothing(phone: Phone) -> None:
    async with door(phone.engine) as session:
        await revoke_address(session, phone.person_id, phone.address_id, NOW)
        late = asyncio.create_task(phone.write())
        await until_somebody_waits(phone.engine)
    assert await late is None
    found = await phone.found()
    assert (found.body, found.etag, found.revoked_at) == (None, "", NOW)


async def test_an_address_revoked_after_it_was_written_forgets(phone: Phone) -> None:
    async with door(phone.engine) as session:
        await write_feed(session, phone.address_id, NOW)
        late = asyncio.create_task(revoked(phone))
        await until_somebody_waits(phone.engine)
    await late
    found = await phone.found()
    assert (found.body, found.etag, found.revoked_at) == (None, "", NOW)


async def revoked(phone: Phone) -> None:
    async with door(phone.engine) as session:
        await revoke_address(session, phone.person_id, phone.address_id, NOW)


async def test_a_pools_calendar_written_during_a_change_is_written_again(phone: Phone) -> None:
    async with door(phone.engine) as session:
        await grant_role(session, OPERATOR, person_id=phone.person_id, role="coordinator", now=NOW)
        asker = Asker(phone.person_id, phone.rota.project.id, frozenset({"coordinator"}))
        made = await add_address(
            session, asker, Wording(), NOW, shows="pool", pool=phone.rota.pool.slug
        )
    pool = Phone(phone.engine, phone.rota, phone.worker, phone.person_id, *made)

    async def change() -> None:
        async with door(phone.engine) as session:
            shift = (await session.scalars(select(Shift))).one()
            shift.starts += HOUR
            session.add(Seat(shift_id=shift.id, role="second"))
            await announce_shift(session, shift, NOW)

    with meanwhile(phone.engine, str(SOURCE_NOW)[:30], change):
        await pool.write()
    assert not (await pool.found()).fresh
    (event,) = await pool.read()
    assert (event["DTSTART"], event["SUMMARY"]) == ("20270105T200000Z", "Session 1/2")
    assert (await pool.found()).fresh
