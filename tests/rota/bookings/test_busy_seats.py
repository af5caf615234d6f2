"""A busy time that comes to lie over a seat is said once, and takes nothing away."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from federation.access.seal import Seal
from federation.notices.models import Notice
from rota.bookings.busy_seats import tell_of_busy_seats
from rota.busy_times.actions import BUSY_CHANGED, add_busy_calendar, keep_busy_times
from rota.busy_times.models import BusyCalendar
from rota.shifts.rules.spans import Span
from rota.sign_up.actions import claim_seat
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Worker,
    a_person,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    claim_now,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AT_THAT_TIME = Span(TUESDAY_19 + HOUR, TUESDAY_19 + 3 * HOUR)
OWN = (
    "busy-at-a-seat",
    (
        "Something else is entered at the time of what you have in your plan on 5 January. "
        "It stays yours. If you cannot come, ask others to take it, or give it back."
    ),
)
OF_OURS = (
    "one-of-ours-busy",
    (
        "One of your people may not be able to come on 5 January: something else is entered for "
        "that time. They have been told, and it is still theirs."
    ),
)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


@pytest.fixture
async def worker(session: AsyncSession, pool: ExamplePool) -> Worker:
    return await a_worker(session, pool.id, pool.coordinator)


@pytest.fixture
async def calendar(session: AsyncSession, worker: Worker, tmp_path: Path) -> BusyCalendar:
    """Give a calendar of the worker's that has nothing in it yet."""
    seal = Seal.open(tmp_path)
    added = await add_busy_calendar(
        session, worker.asker, "https://calendar.example.org/5f2c.ics", "Work", seal, NOW
    )
    await keep_busy_times(session, added.id, [], NOW)
    return added


async def says(
    session: AsyncSession, calendar: BusyCalendar, *spans: Span, now: datetime = NOW
) -> None:
    """Let the calendar say that, and the worker process look at it."""
    await keep_busy_times(session, calendar.id, spans, now)
    await tell_of_busy_seats(session, calendar.person_id, now)


async def told(session: AsyncSession, worker: Worker) -> list[tuple[str, str]]:
    rows = await session.execute(
        select(Notice.code, Notice.text)
        .where(Notice.person_id == worker.id, Notice.code == OWN[0])
        .order_by(Notice.id)
    )
    return [(code, text) for code, text in rows]


async def test_the_person_and_their_coordinators_hear_of_it_and_the_seat_stays(
    session: AsyncSession, pool: ExamplePool, worker: Worker, calendar: BusyCalendar
) -> None:
    other = await a_project(session)
    await a_person(session, other.project_id, "coordinator")
    shift = await a_shift(session, pool)
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    await says(session, calendar, AT_THAT_TIME)
    rows = await session.execute(
        select(Notice.person_id, Notice.code, Notice.text).where(
            Notice.code.in_([OWN[0], OF_OURS[0]])
        )
    )
    assert {tuple(row) for row in rows} == {
        (worker.id, *OWN),
        (pool.coordinator.person_id, *OF_OURS),
    }
    assert (await claim_now(session, claim.id)).state == "held"


async def test_it_is_said_once_for_each_seat_and_change(
    session: AsyncSession, pool: ExamplePool, worker: Worker, calendar: BusyCalendar
) -> None:
    shifts = [await a_shift(session, pool, TUESDAY_19 + DAY * days) for days in (0, 2)]
    for shift in shifts:
        await claim_seat(session, worker.asker, shift.lead, NOW)
    await says(session, calendar, AT_THAT_TIME)
    await says(session, calendar, AT_THAT_TIME)
    elsewhere = Span(TUESDAY_19 + DAY, TUESDAY_19 + DAY + HOUR)
    await says(session, calendar, AT_THAT_TIME, elsewhere)
    assert await told(session, worker) == [OWN]
    # less of the same seat is no news, more of it is, and so is what comes back
    shorter = Span(AT_THAT_TIME.start, AT_THAT_TIME.start + HOUR / 2)
    await says(session, calendar, shorter)
    assert len(await told(session, worker)) == 1
    await says(session, calendar, AT_THAT_TIME)
    assert len(await told(session, worker)) == 2
    await says(session, calendar)
    await says(session, calendar, AT_THAT_TIME)
    assert len(await told(session, worker)) == 3
    second = Span(TUESDAY_19 + 2 * DAY, TUESDAY_19 + 2 * DAY + HOUR)
    await says(session, calendar, AT_THAT_TIME, second)
    assert [text.split(" on ")[1].split(".")[0] for _, text in await told(session, worker)] == [
        *["5 January"] * 3,
        "7 January",
    ]


@pytest.mark.parametrize(
    ("begins", "ends", "covers"),
    [(-1, -0.25, False), (-1, -0.2, True), (2.2, 4, True), (2.25, 4, False)],
)
async def test_briefing_and_debrief_count_and_what_touches_them_does_not(
    session: AsyncSession,
    pool: ExamplePool,
    worker: Worker,
    calendar: BusyCalendar,
    *,
    begins: float,
    ends: float,
    covers: bool,
) -> None:
    shift = await a_shift(session, pool)
    await claim_seat(session, worker.asker, shift.lead, NOW)
    await says(session, calendar, Span(TUESDAY_19 + begins * HOUR, TUESDAY_19 + ends * HOUR))
    assert await told(session, worker) == ([OWN] if covers else [])


async def test_what_has_begun_and_other_peoples_seats_are_no_news(
    session: AsyncSession, pool: ExamplePool, worker: Worker, calendar: BusyCalendar
) -> None:
    begun, later = [await a_shift(session, pool, TUESDAY_19 + DAY * days) for days in (0, 1)]
    other = await a_worker(session, pool.id, pool.coordinator)
    await claim_seat(session, worker.asker, begun.lead, NOW)
    await claim_seat(session, other.asker, later.lead, NOW)
    await says(session, calendar, Span(TUESDAY_19, TUESDAY_19 + 2 * DAY), now=TUESDAY_19)
    rows = await session.scalars(select(Notice.code).where(Notice.code.in_([OWN[0], OF_OURS[0]])))
    assert list(rows) == []


async def test_only_a_change_has_it_looked_at(
    session: AsyncSession, worker: Worker, calendar: BusyCalendar
) -> None:
    for _ in range(2):
        await keep_busy_times(session, calendar.id, [], NOW)
    asked = select(OutboxRow.payload).where(OutboxRow.kind == BUSY_CHANGED)
    assert list(await session.scalars(asked)) == []
    await keep_busy_times(session, calendar.id, [AT_THAT_TIME], NOW)
    assert list(await session.scalars(asked)) == [{"person": str(worker.id)}]
