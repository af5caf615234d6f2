"""Pauses, holidays, the end of a series, and nights in which the clock leaves an hour out."""

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.models import Notice
from rota.shifts.errors import NoSuchLocalTime, PastIsKept
from rota.shifts.rules.patterns import Answer, Pause
from rota.splitting.actions import split_shift
from rota.timetable.changes import (
    answer_question,
    change_series,
    end_series,
    make_ahead,
)
from rota.timetable.errors import NotAskedAbout
from rota.timetable.series import Wanted
from tests.rota.example_rota import ExampleRota, example_rota
from tests.rota.timetable.test_changing_series import (
    NOW,
    PAIR,
    TUESDAYS,
    at,
    furnish,
    make_exceptions,
    sit,
    standing,
)


@pytest.fixture
async def rota(session: AsyncSession) -> ExampleRota:
    return await example_rota(session, now=NOW)


async def test_a_pause_calls_off_and_its_end_brings_back(
    session: AsyncSession, rota: ExampleRota
) -> None:
    asker, pattern_id, shifts = await furnish(rota)
    days = await standing(session)
    paused = replace(TUESDAYS, pauses=(Pause(date(2027, 3, 16), date(2027, 3, 23)),))
    person = await sit(rota, shifts[3])
    changed = await change_series(session, asker, pattern_id, Wanted(paused, PAIR), NOW)
    assert await standing(session) == [*days[:2], *days[4:]]
    assert [(each.day, each.why) for each in changed.outcome.division.skipped] == [
        (date(2027, 3, 16), "Pause"),
        (date(2027, 3, 23), "Pause"),
    ]
    told = await session.scalars(select(Notice.code).where(Notice.person_id == person))
    assert list(told) == ["shift-cancelled"]
    await change_series(session, asker, changed.pattern_id, Wanted(TUESDAYS, PAIR), NOW)
    assert await standing(session) == days


async def test_holidays_are_left_out_where_the_series_says_so(
    session: AsyncSession, rota: ExampleRota
) -> None:
    mondays = replace(TUESDAYS, weekday=0)
    asker, pattern_id, _ = await furnish(rota, mondays)
    assert at(3, 29, 18) in await standing(session)
    skipping = replace(mondays, holidays="skip", holiday_region="GB-ENG")
    changed = await change_series(session, asker, pattern_id, Wanted(skipping, PAIR), NOW)
    assert at(3, 29, 18) not in await standing(session)
    assert [(each.day, each.why) for each in changed.outcome.division.skipped] == [
        (date(2027, 3, 29), "Easter Monday")
    ]


async def test_an_ended_series_makes_nothing_more(session: AsyncSession, rota: ExampleRota) -> None:
    asker, pattern_id, shifts = await furnish(rota)
    await make_exceptions(rota, asker, shifts[4:7])
    ended = await end_series(session, asker, pattern_id, date(2027, 3, 30), NOW)
    assert ended == [shifts[4], shifts[5]]
    await make_ahead(session, pattern_id, NOW)
    assert await standing(session) == [at(3, 2, 19), at(3, 9, 19), at(3, 16, 19), at(3, 23, 19)]
    with pytest.raises(PastIsKept):
        await end_series(session, asker, pattern_id, date(2027, 3, 30), NOW)


async def test_a_clock_change_is_answered_once_and_for_good(
    session: AsyncSession, rota: ExampleRota
) -> None:
    sundays = replace(TUESDAYS, weekday=6, starts=time(1, 30), minutes=60)
    asker, pattern_id, shifts = await furnish(rota, sundays)
    day = date(2027, 3, 28)
    with pytest.raises(NoSuchLocalTime):
        await answer_question(session, asker, pattern_id, day, Answer(time(1, 45), 60), NOW)
    with pytest.raises(NotAskedAbout):
        await answer_question(session, asker, pattern_id, date(2027, 3, 27), None, NOW)
    made = await answer_question(session, asker, pattern_id, day, Answer(time(2), 60), NOW)
    assert (len(made.shifts), made.questions) == (1, ())
    assert at(3, 28, 1) in await standing(session)
    themed = replace(PAIR, theme="Nights")
    changed = await change_series(session, asker, pattern_id, Wanted(sundays, themed), NOW)
    assert (changed.made.questions, len(await standing(session))) == ((), len(shifts) + 1)


async def test_a_day_may_be_left_out_when_the_clock_jumps(
    session: AsyncSession, rota: ExampleRota
) -> None:
    sundays = replace(TUESDAYS, weekday=6, starts=time(1, 30), minutes=60)
    asker, pattern_id, shifts = await furnish(rota, sundays)
    made = await answer_question(session, asker, pattern_id, date(2027, 3, 28), None, NOW)
    assert (made.shifts, made.questions) == ((), ())
    assert len(await standing(session)) == len(shifts)


async def test_both_parts_of_a_session_that_was_divided_end_with_their_series(
    session: AsyncSession, rota: ExampleRota
) -> None:
    asker, pattern_id, shifts = await furnish(rota)
    second = await split_shift(session, asker, shifts[5], at(4, 6, 19), NOW)
    person = await sit(rota, second)
    ended = await end_series(session, asker, pattern_id, date(2027, 3, 30), NOW)
    assert ended == [*shifts[4:7], second]
    assert await standing(session) == [at(3, 2, 19), at(3, 9, 19), at(3, 16, 19), at(3, 23, 19)]
    told = await session.scalars(select(Notice.code).where(Notice.person_id == person))
    assert list(told) == ["shift-cancelled"]
