"""Weeks that tell nothing of usual demand, and the weights that a coordinator sets."""

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.pools.actions import add_channel, join_pool
from federation.pools.drafts import ChannelDraft
from federation.pools.models import Pool
from rota.demand.actions import count_weeks_again, leave_out_weeks, set_weight
from rota.demand.errors import WeeksLeftOut, WrongWeeks
from rota.demand.queries import Choice, demand
from rota.demand.rules.advice import LanguageSeen, Suggestion
from rota.demand.rules.estimates import FEW_COUNTS, UNKNOWN
from rota.shifts.keeping import staffing_of_pattern, timing_of
from rota.shifts.models import Shift, ShiftPattern
from rota.timetable.changes import change_series
from rota.timetable.series import Wanted
from tests.rota.demand.world import (
    FIRST,
    HOUR,
    LATER,
    WEDNESDAY_10,
    WEEK,
    YEAR,
    a_series,
    held,
    seen,
)
from tests.rota.records.world import talk, turned_away
from tests.rota.world import (
    CORE,
    NOW,
    SHARE,
    TUESDAY_19,
    ExamplePool,
    Worker,
    a_pool,
    a_project,
)

TUESDAY_AT_19 = 43


async def test_weeks_left_out_are_as_never_counted_and_come_back_whole(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    await held(session, pool, worker, [talk()])
    before = await seen(session, pool)
    next_week = TUESDAY_19 + WEEK
    await held(session, pool, worker, [talk(at=next_week), turned_away(at=next_week)], next_week)
    both = await seen(session, pool)
    row = await session.get_one(Pool, pool.id)
    # any day of the week will do
    made = await leave_out_weeks(
        session, pool.coordinator, row, next_week.date(), 1, "campaign", LATER
    )
    without = await seen(session, pool)
    assert (without.hours, without.mean) == (before.hours, before.mean)
    assert [one.tag for one in without.languages] == ["en"]
    assert (without.weeks, both.weeks) == (3, 4)
    [left_out] = without.left_out
    assert (left_out.first_monday, left_out.weeks, left_out.reason) == (FIRST + WEEK, 1, "campaign")
    with pytest.raises(WeeksLeftOut):
        await leave_out_weeks(session, pool.coordinator, row, FIRST + WEEK, 2, "other", LATER)
    await count_weeks_again(session, pool.coordinator, row, made, LATER)
    assert (await seen(session, pool)).hours == both.hours


async def test_only_coordinators_look_and_change(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    await held(session, pool, worker, [talk()])
    row = await session.get_one(Pool, pool.id)
    made = await leave_out_weeks(session, pool.coordinator, row, FIRST, 1, "outage", LATER)
    pattern_id = await a_series(session, pool)
    with pytest.raises(NotAllowed):
        await demand(session, worker.asker, row, YEAR, LATER)
    with pytest.raises(NotAllowed):
        await leave_out_weeks(session, worker.asker, row, FIRST + WEEK, 1, "outage", LATER)
    with pytest.raises(NotAllowed):
        await count_weeks_again(session, worker.asker, row, made, LATER)
    with pytest.raises(NotAllowed):
        await set_weight(session, worker.asker, row, pattern_id, 2, LATER)
    partner = await a_project(session)
    await join_pool(session, partner, pool.id, SHARE, NOW)
    with pytest.raises(NotFound):
        await count_weeks_again(session, partner, row, made, LATER)
    stranger = await a_project(session)
    with pytest.raises(NotFound):
        await set_weight(session, stranger, row, pattern_id, 2, LATER)
    elsewhere = await a_pool(session, pool.coordinator)
    there = await session.get_one(Pool, elsewhere.id)
    with pytest.raises(NotFound):
        await set_weight(session, pool.coordinator, there, pattern_id, 2, LATER)
    with pytest.raises(NotFound):
        await count_weeks_again(session, pool.coordinator, there, made, LATER)


@pytest.mark.parametrize(
    ("weeks", "reason", "code"),
    [
        (0, "other", "how-many-weeks"),
        (27, "other", "how-many-weeks"),
        (1, "Anna was here", "unknown-reason-for-weeks"),
    ],
)
async def test_weeks_are_left_out_for_a_reason_from_the_list(
    session: AsyncSession, pool: ExamplePool, weeks: int, reason: str, code: str
) -> None:
    row = await session.get_one(Pool, pool.id)
    with pytest.raises(WrongWeeks) as refused:
        await leave_out_weeks(session, pool.coordinator, row, FIRST, weeks, reason, LATER)
    assert [each.code for each in refused.value.reasons] == [code]
    assert reason not in str(refused.value)


async def test_weights_are_suggested_edited_and_hold_from_tomorrow_on(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    talks = [talk(), talk(), talk(), talk(at=TUESDAY_19 + HOUR)]
    await held(session, pool, worker, [*talks, turned_away()])
    await held(session, pool, worker, [], WEDNESDAY_10)
    pattern_id = await a_series(session, pool)
    found = await seen(session, pool)
    [weight] = found.weights
    assert (weight.pattern.id, weight.channel, weight.pattern.demand) == (
        pattern_id,
        "live-chat",
        1.0,
    )
    # mean 5 / 4; (5 + 4 + 1 / 2) / 5.5 for an hour, (5 + 1 + 2) / 5.5 for half of one
    expected = (9.5 / 5.5 + 8 / 5.5 / 2) / 1.5
    assert (weight.suggested.weight, round(weight.suggested.expected, 6)) == (
        round(expected / 1.25, 1),
        round(expected, 6),
    )
    assert isinstance(weight.suggested, Suggestion)
    assert (await seen(session, pool, Choice(52, language="en"))).weights == []
    row = await session.get_one(Pool, pool.id)
    await set_weight(session, pool.coordinator, row, pattern_id, 1.7, LATER)
    before = await session.get_one(ShiftPattern, pattern_id)
    after = await session.get_one(ShiftPattern, before.successor_id)
    assert (before.demand, after.demand, after.first_day) == (1.0, 1.7, date(2027, 2, 2))
    shifts = await session.scalars(
        select(Shift.demand).where(Shift.pattern_id == after.id).order_by(Shift.starts)
    )
    assert set(shifts) == {1.7}
    [again] = (await seen(session, pool)).weights
    assert (again.pattern.id, again.pattern.demand) == (after.id, 1.7)
    entries = await session.execute(
        select(AuditEntry.verb, AuditEntry.facts)
        .where(AuditEntry.actor == str(pool.coordinator.person_id))
        .where(AuditEntry.verb == "set-demand-weight")
    )
    assert entries.all() == [("set-demand-weight", {"before": 1.0, "after": 1.7})]
    # the same again changes nothing
    await set_weight(session, pool.coordinator, row, after.id, 1.7, LATER)
    assert (await session.get_one(ShiftPattern, after.id)).successor_id is None


async def test_a_channel_of_which_nothing_is_known_weighs_as_the_mean_and_says_so(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    await held(session, pool, worker, [talk()] * 12)
    draft = ChannelDraft("messages", "Messages", "session", 1, 0, [CORE])
    messages = await add_channel(session, pool.coordinator, pool.id, draft, NOW)
    await a_series(session, replace(pool, channel=messages.id))
    await a_series(session, pool)
    found = {one.channel: one.suggested for one in (await seen(session, pool)).weights}
    # 12 in an open hour and none in the next; both channels have the same evening
    assert {channel: one.basis for channel, one in found.items()} == {
        "live-chat": FEW_COUNTS,
        "messages": UNKNOWN,
    }
    assert (found["messages"].weight, found["messages"].expected) == (1.0, 6.0)


async def test_what_is_planned_from_a_later_day_is_weighed_from_then_on(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    await held(session, pool, worker, [talk()])
    pattern_id = await a_series(session, pool)
    pattern = await session.get_one(ShiftPattern, pattern_id)
    later, since = replace(timing_of(pattern), starts=time(20)), date(2027, 2, 16)
    wanted = Wanted(later, staffing_of_pattern(pattern), since)
    await change_series(session, pool.coordinator, pattern_id, wanted, LATER)
    [weight] = (await seen(session, pool)).weights
    row = await session.get_one(Pool, pool.id)
    await set_weight(session, pool.coordinator, row, weight.pattern.id, 3, LATER)
    planned = await session.execute(
        select(Shift.starts, Shift.demand)
        .where(Shift.pattern_id.is_not(None), Shift.cancelled_at.is_(None))
        .order_by(Shift.starts)
    )
    assert [(starts.day, starts.hour, demand) for starts, demand in planned] == [
        (2, 19, 1.0),
        (9, 19, 1.0),
        (16, 20, 3.0),
        (23, 20, 3.0),
    ]


async def test_what_is_covered_is_read_from_the_last_weeks_that_are_not_left_out(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    # of eight weeks, the last two and one in their midst are unlike others
    long_ago = TUESDAY_19 - 4 * WEEK
    for week in (0, 1, 3, 4):
        starts = long_ago + week * WEEK
        await held(session, pool, worker, [talk(at=starts)], starts)
    for week in (2, 6, 7):
        starts = WEDNESDAY_10 - 4 * WEEK + week * WEEK
        await held(session, pool, worker, [talk(at=starts)], starts)
    before = await seen(session, pool)
    assert {one.hour: one.covered for one in before.helpful if one.hour == TUESDAY_AT_19} == {
        43: 0.25
    }
    assert before.languages == [LanguageSeen("en", 7, 0, (1 + 2) * 2 / 4)]
    row = await session.get_one(Pool, pool.id)
    for first, weeks in ((FIRST - 2 * WEEK, 1), (FIRST + 2 * WEEK, 2)):
        await leave_out_weeks(session, pool.coordinator, row, first, weeks, "holidays", LATER)
    found = await seen(session, pool)
    # the weeks 1, 3, 4 and 5 are read: it was covered in three of them on Tuesday
    assert {one.hour: one.covered for one in found.helpful if one.hour == TUESDAY_AT_19} == {
        43: 0.75
    }
    assert found.languages == [LanguageSeen("en", 4, 0, 3 * 2 / 4)]
