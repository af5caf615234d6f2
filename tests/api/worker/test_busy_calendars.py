"""A person's own calendar, fetched over a real socket and read in a process of its own."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.settings import Settings
from api.worker.jobs import JOBS
from api.worker.loop import Loop
from api.worker.workshop import Workshop, open_workshop
from database.outbox import OutboxRow
from database.session import door
from federation.access.seal import Seal
from federation.audit.models import AuditEntry
from federation.notices.models import Notice
from federation.partners.keys import Node, NodeKeys
from federation.people.actions import grant_role
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.actions import give_handle
from rota.busy_times.actions import (
    BUSY_CHANGED,
    READ_CALENDAR,
    add_busy_calendar,
    read_busy_calendar_now,
    remove_busy_calendar,
)
from rota.busy_times.errors import ReadJustNow
from rota.busy_times.models import BusyCalendar
from rota.sign_up.actions import claim_seat
from tests.api.odd_server import Answering, says
from tests.logs import everything_logged
from tests.rota.busy_times.test_reading_calendars import calendar, event
from tests.rota.world import NOW, TUESDAY_19, a_pool, a_project, a_shift

TWO_HOURS = timedelta(hours=2)
SECRET = "private-5f2c"
FILE = calendar(event("DTSTART:20270105T190000Z", "DTEND:20270105T210000Z"))


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Diary:
    """A calendar on a server whose answer a test may change, and what it was asked."""

    url: str = ""
    answer: Answering | None = None
    asked: list[str] = field(default_factory=list)

    def says(self, body: bytes, head: str = "HTTP/1.1 200 OK") -> None:
        self.answer = says(f"{head}\nContent-Length: {len(body)}", body)


@asynccontextmanager
async def a_diary() -> AsyncIterator[Diary]:
    diary = Diary()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        diary.asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        try:
            if diary.answer:
                await diary.answer(writer)
            writer.close()
            await writer.wait_closed()
        except ConnectionError:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        diary.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/{SECRET}.ics"
        yield diary


@dataclass
class Reading:
    """A person with a calendar, and a worker that reads it."""

    workshop: Workshop
    clock: Clock
    person: Asker
    calendar_id: UUID
    diary: Diary

    async def work(self, after: timedelta = timedelta()) -> BusyCalendar:
        self.clock.now += after
        await Loop(self.workshop, {READ_CALENDAR: JOBS[READ_CALENDAR]}).work_off()
        return await self.now()

    async def now(self) -> BusyCalendar:
        async with door(self.workshop.engine) as session:
            return await session.get_one(BusyCalendar, self.calendar_id)

    async def due(self) -> list[datetime]:
        async with door(self.workshop.engine) as session:
            return list(
                await session.scalars(select(OutboxRow.due).where(OutboxRow.kind == READ_CALENDAR))
            )

    async def told(self) -> list[str]:
        async with door(self.workshop.engine) as session:
            return list(await session.scalars(select(Notice.text).order_by(Notice.at)))


@pytest.fixture
async def diary() -> AsyncIterator[Diary]:
    async with a_diary() as diary:
        diary.says(FILE)
        yield diary


@pytest.fixture
async def reading(
    database_url: str, committing_engine: AsyncEngine, tmp_path: Path, diary: Diary
) -> Reading:
    clock = Clock()
    settings = Settings(database_url=database_url, keys=tmp_path / "keys", development=True)
    NodeKeys.create(settings.keys)
    node = Node.open(settings.keys, name="North", base_url=settings.base_url)
    workshop = open_workshop(settings, committing_engine, node, clock)
    async with door(committing_engine) as session:
        person = await a_project(session)
        added = await add_busy_calendar(
            session,
            person,
            diary.url,
            "Work",
            Seal.open(settings.keys),
            NOW,
            plain_allowed=True,
        )
    return Reading(workshop, clock, person, added.id, diary)


def spans(kept: BusyCalendar) -> list[tuple[datetime | None, datetime | None]]:
    return [(one.lower, one.upper) for one in kept.busy]


EVENING = [(TUESDAY_19, TUESDAY_19 + TWO_HOURS)]


async def test_a_calendar_is_read_and_read_again(reading: Reading) -> None:
    kept = await reading.work()
    assert (spans(kept), kept.read_at, kept.tried_at, kept.failure) == (EVENING, NOW, NOW, None)
    assert await reading.due() == [NOW + TWO_HOURS]
    reading.diary.says(calendar())
    kept = await reading.work(TWO_HOURS)
    assert (spans(kept), kept.read_at) == ([], NOW + TWO_HOURS)


async def test_who_has_a_seat_at_a_time_that_is_now_taken_is_told(reading: Reading) -> None:
    engine, person = reading.workshop.engine, reading.person
    async with door(engine) as session:
        pool = await a_pool(session, person)
        await grant_role(session, OPERATOR, person_id=person.person_id, role="worker", now=NOW)
        await give_handle(session, person, pool.id, person.person_id, NOW)
        shift = await a_shift(session, pool, trainings=[])
        await claim_seat(session, person, shift.lead, NOW)
    await reading.work()
    jobs = {BUSY_CHANGED: JOBS[BUSY_CHANGED]}
    await Loop(reading.workshop, jobs).work_off()
    assert [text[:48] for text in await reading.told()] == [
        "Something else is entered at the time of what yo"
    ]


async def test_servers_that_answer_browsers_only_are_asked_as_one(reading: Reading) -> None:
    await reading.work()
    [asked] = reading.diary.asked
    assert asked.splitlines()[0] == f"GET /{SECRET}.ics HTTP/1.1"
    assert "user-agent: Mozilla/5.0 (Linux) Chrome/139.0.0.0\r\n" in asked
    assert "netreach" not in asked.lower()


async def test_check_41_nothing_but_intervals_is_kept_anywhere(
    reading: Reading, log: io.BytesIO
) -> None:
    """No title, no UID, no place, and of the address only what this node's key opens."""
    reading.diary.says(
        calendar(event("LOCATION:Harbour", "DTSTART:20270105T190000Z", "DURATION:PT2H"))
    )
    await reading.work()
    reading.diary.says(b"", "HTTP/1.1 500 Broken")
    await reading.work(TWO_HOURS)
    rows = await everything_kept(reading.workshop.engine)
    assert any("2027-01-05 19:00:00+00" in row for row in rows)
    said = "\n".join([*rows, log.getvalue().decode()])
    assert "work done" in said
    for private in ("Clinic", "Dr Private", "Harbour", "UID:one", SECRET, "127.0.0.1"):
        assert private not in said
        assert private.encode().hex() not in said


async def everything_kept(engine: AsyncEngine) -> list[str]:
    """Write down every row of every table."""
    async with door(engine) as session:
        names = await session.scalars(
            text(
                "SELECT relname FROM pg_class WHERE relkind = 'r' "
                "AND relnamespace = 'public'::regnamespace"
            )
        )
        return [
            str(row)
            for name in names.all()
            for row in await session.scalars(text(f'SELECT r::text FROM "{name}" r'))  # noqa: S608 -- a table's own name
        ]


@pytest.fixture
def log() -> Iterator[io.BytesIO]:
    with everything_logged() as written:
        yield written


async def test_check_42_a_failure_keeps_the_last_busy_times_with_their_age(
    reading: Reading,
) -> None:
    await reading.work()
    reading.diary.says(b"<title>Sign in</title>")
    kept = await reading.work(TWO_HOURS)
    assert (spans(kept), kept.read_at, kept.tried_at, kept.failure) == (
        EVENING,
        NOW,
        NOW + TWO_HOURS,
        "not-a-calendar",
    )
    assert await reading.due() == [NOW + TWO_HOURS + timedelta(minutes=30)]
    reading.diary.says(FILE)
    kept = await reading.work(timedelta(minutes=30))
    assert (kept.read_at, kept.failure) == (reading.clock.now, None)


async def test_after_three_days_the_person_is_told_once_in_neutral_words(reading: Reading) -> None:
    await reading.work()
    reading.diary.says(b"", "HTTP/1.1 404 Not Found")
    await reading.work(timedelta(days=3))
    assert await reading.told() == []
    for _ in range(3):
        await reading.work(timedelta(minutes=30))
    kept = await reading.now()
    text_of = "Your availability needs a look: a calendar that you entered cannot be read."
    assert (await reading.told(), kept.told_at) == (
        [text_of],
        NOW + timedelta(days=3, minutes=30),
    )
    reading.diary.says(FILE)
    assert (await reading.work(timedelta(minutes=30))).told_at is None


@pytest.mark.parametrize(
    ("seconds", "left"), [(0, "5 minutes"), (239, "2 minutes"), (240, "1 minute")]
)
async def test_it_is_read_at_once_every_few_minutes_at_most(
    reading: Reading, seconds: int, left: str
) -> None:
    """Also where it could not be read: a server that is away is not asked all the time."""
    reading.diary.says(b"", "HTTP/1.1 500 Broken")
    await reading.work()
    reading.clock.now += timedelta(seconds=seconds)
    with pytest.raises(ReadJustNow) as refused:
        async with door(reading.workshop.engine) as session:
            await read_busy_calendar_now(
                session, reading.person, reading.calendar_id, reading.clock()
            )
    said = f"This calendar was read just now. You can ask again in {left}."
    assert refused.value.sentence == said
    await reading.work()
    assert len(reading.diary.asked) == 1


async def test_asked_for_at_once_it_is_read_at_once_and_removed_it_is_forgotten(
    reading: Reading,
) -> None:
    await reading.work()
    reading.clock.now += timedelta(minutes=5)
    async with door(reading.workshop.engine) as session:
        await read_busy_calendar_now(session, reading.person, reading.calendar_id, reading.clock())
    await reading.work()
    assert len(reading.diary.asked) == 2
    async with door(reading.workshop.engine) as session:
        await remove_busy_calendar(session, reading.person, reading.calendar_id, reading.clock())
    await Loop(reading.workshop, {READ_CALENDAR: JOBS[READ_CALENDAR]}).work_off()
    reading.clock.now += TWO_HOURS
    await Loop(reading.workshop, {READ_CALENDAR: JOBS[READ_CALENDAR]}).work_off()
    assert (len(reading.diary.asked), await reading.due()) == (2, [])
    async with door(reading.workshop.engine) as session:
        verbs = await session.scalars(
            select(AuditEntry.verb)
            .where(AuditEntry.subject_id == reading.calendar_id)
            .order_by(AuditEntry.id)
        )
        assert list(verbs) == [
            "busy-calendar-added",
            "busy-times-read",
            "busy-calendar-asked-for",
            "busy-calendar-removed",
        ]
