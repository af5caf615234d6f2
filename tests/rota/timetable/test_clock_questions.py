"""Who plans a pool is told that a clock change asks something, once for each day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.models import Notice
from federation.permissions.rules import Asker
from rota.shifts.actions import make_pattern
from rota.shifts.rules.patterns import Answer, Timing
from rota.shifts.rules.staffing import Staffing
from rota.timetable.changes import answer_question, change_series, end_series, make_ahead
from rota.timetable.series import Wanted
from tests.rota.world import ExamplePool, a_person, a_pool, a_project

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
SPRING = date(2027, 3, 28)
SUNDAYS = Timing(
    weekday=6, starts=time(1, 30), minutes=60, zone="Europe/London", first_day=date(2027, 1, 10)
)
PAIR = Staffing(seats=("lead", "second", "supervisor"), languages=("en",))
NEVER = (
    "The clock changes on 28 March, and a time in your plan does not exist on that day. "
    "Without an answer nothing takes place then. Please answer under Sessions, The clock changes."
)
TWICE = (
    "The clock changes on 31 October, and a time in your plan comes twice in that night. "
    "Without an answer the first is meant. Please look under Sessions, The clock changes."
)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def nights(
    session: AsyncSession, pool: ExamplePool, timing: Timing = SUNDAYS, now: datetime = NOW
) -> UUID:
    return await make_pattern(
        session,
        pool.coordinator,
        pool_id=pool.id,
        channel_id=pool.channel,
        series="sunday night",
        timing=timing,
        staffing=PAIR,
        now=now,
    )


async def told(session: AsyncSession, asker: Asker | None = None) -> list[str]:
    query = select(Notice.text).where(Notice.code == "clock-question").order_by(Notice.id)
    if asker is not None:
        query = query.where(Notice.person_id == asker.person_id)
    return list(await session.scalars(query))


async def test_coordinators_of_the_pool_are_told_once(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await a_person(session, pool.coordinator.project_id, "worker")
    await a_project(session)
    pattern = await nights(session, pool)
    for days in range(3):
        await make_ahead(session, pattern, NOW + timedelta(days=days))
    assert await told(session, pool.coordinator) == [NEVER]
    assert await told(session) == [NEVER]
    themed = Wanted(SUNDAYS, replace(PAIR, theme="Nights"))
    changed = await change_series(session, pool.coordinator, pattern, themed, NOW)
    await make_ahead(session, changed.pattern_id, NOW)
    assert await told(session) == [NEVER]


async def test_a_time_that_comes_twice_is_told_half_a_year_before(
    session: AsyncSession, pool: ExamplePool
) -> None:
    now = datetime(2027, 4, 1, 12, tzinfo=UTC)
    pattern = await nights(session, pool, replace(SUNDAYS, first_day=date(2027, 4, 4)), now)
    await make_ahead(session, pattern, now)
    assert await told(session) == []
    await make_ahead(session, pattern, datetime(2027, 6, 1, 12, tzinfo=UTC))
    assert await told(session) == [TWICE]


async def test_what_is_settled_or_ended_asks_nobody(
    session: AsyncSession, pool: ExamplePool
) -> None:
    settled, ended = [
        await nights(session, pool, replace(SUNDAYS, minutes=minutes)) for minutes in (60, 90)
    ]
    await answer_question(session, pool.coordinator, settled, SPRING, Answer(time(2), 60), NOW)
    await end_series(session, pool.coordinator, ended, None, NOW)
    for pattern in (settled, ended):
        await make_ahead(session, pattern, NOW)
    assert await told(session) == []
