"""Demand as a coordinator sees it: own counts only, and the time in which own people sat."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from federation.audit.models import AuditEntry
from federation.pools.actions import add_channel, join_pool
from federation.pools.drafts import ChannelDraft
from federation.pools.models import Pool
from rota.demand.actions import leave_out_weeks
from rota.demand.queries import Choice, demand
from rota.demand.rules.advice import LanguageSeen
from rota.demand.rules.estimates import FEW_COUNTS, GUESS, Seen
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat
from tests.questions import counted
from tests.rota.demand.world import FIRST, HOUR, LATER, WEDNESDAY_10, WEEK, YEAR, held, hours, seen
from tests.rota.records.world import talk, turned_away
from tests.rota.world import (
    CORE,
    NOW,
    SHARE,
    TUESDAY_19,
    ExamplePool,
    Worker,
    a_person,
    a_project,
    a_shift,
    a_worker,
)

TUESDAY_AT_19, TUESDAY_AT_20, WEDNESDAY_AT_10 = 43, 44, 58


async def test_counts_stand_beside_the_time_in_which_somebody_sat_there(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    talks = [talk(), talk(), talk(), talk(at=TUESDAY_19 + HOUR)]
    await held(session, pool, worker, [*talks, turned_away()])
    found = await seen(session, pool)
    assert (found.first, found.until, found.weeks) == (date(2026, 2, 2), LATER.date(), 4)
    assert found.channels == {"live-chat": "Live chat"}
    assert hours(found) == {TUESDAY_AT_19: Seen(3, 1, 1.0), TUESDAY_AT_20: Seen(1, 0, 1.0)}
    assert found.mean == 2.5
    # (4 x 2.5 + 4 + 1 / 2) / 5.5, and (4 x 2.5 + 1 + 4 / 2) / 5.5;
    # at 21 from both: (4 x 2.5 + 1 / 2 + 4 / 4) / 4.75
    assert [
        (round(found.hours[hour].expected, 4), found.hours[hour].basis) for hour in (43, 44, 45)
    ] == [(2.6364, FEW_COUNTS), (2.3636, FEW_COUNTS), (2.4211, GUESS)]
    assert found.languages == [LanguageSeen("ro", 0, 1, 0.0), LanguageSeen("en", 4, 0, 0.5)]


async def test_the_hour_that_helps_is_one_that_is_lately_not_covered(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    for week in range(4):
        await held(
            session, pool, worker, [talk(at=TUESDAY_19 + week * WEEK)], TUESDAY_19 + week * WEEK
        )
    found = await seen(session, pool)
    # the mean is 4 in 8 hours; nobody is there at 17, 18, 21 and 22, which are guessed from beside
    best = [(one.hour, round(one.unmet, 4), one.covered, one.basis) for one in found.helpful]
    assert best == [
        (41, 0.6, 0.0, GUESS),
        (42, round(4 / 7, 4), 0.0, GUESS),
        (45, round(3 / 7, 4), 0.0, GUESS),
        (46, 0.4, 0.0, GUESS),
    ]
    assert found.languages == [LanguageSeen("en", 4, 0, 2.0)]


async def test_other_projects_counts_are_never_seen(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    partner = await a_project(session)
    await join_pool(session, partner, pool.id, SHARE, NOW)
    theirs = await a_worker(session, pool.id, partner)
    await held(session, pool, worker, [talk()])
    ours = await seen(session, pool)
    await held(
        session,
        pool,
        theirs,
        [talk(at=WEDNESDAY_10, language="nl"), talk(at=WEDNESDAY_10)],
        WEDNESDAY_10,
    )
    await leave_out_weeks(
        session, partner, await session.get_one(Pool, pool.id), FIRST + WEEK, 1, "other", LATER
    )
    again = await seen(session, pool)
    assert (again.hours, again.mean, again.weeks) == (ours.hours, ours.mean, ours.weeks)
    assert again.languages == [LanguageSeen("en", 1, 0, 1.0)]
    assert again.left_out == []
    other = await seen(session, pool, asker=partner)
    assert hours(other) == {58: Seen(2, 0, 1.0), 59: Seen(0, 0, 1.0)}
    assert [one.tag for one in other.languages] == ["en", "nl"]


async def test_a_closed_session_and_another_language_tell_only_of_the_turned_away(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    await held(session, pool, worker, [talk()])
    await held(session, pool, worker, [turned_away(at=WEDNESDAY_10)], WEDNESDAY_10, is_open=False)
    found = await seen(session, pool)
    assert hours(found)[WEDNESDAY_AT_10] == Seen(0, 1, 0.0, 1.0)
    # nobody spoke it: all time was closed to those who write in it
    romanian = await seen(session, pool, Choice(52, language="ro"))
    assert hours(romanian) == {
        43: Seen(0, 0, 0.0, 1.0),
        44: Seen(0, 0, 0.0, 1.0),
        58: Seen(0, 1, 0.0, 1.0),
        59: Seen(0, 0, 0.0, 1.0),
    }
    english = await seen(session, pool, Choice(52, language="en"))
    assert hours(english)[43] == Seen(1, 0, 1.0)


async def test_channels_are_told_apart_and_only_live_ones_have_an_hour(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    drafts = [
        ChannelDraft("forum", "Forum", "task", 1, 0, [CORE]),
        ChannelDraft("messages", "Messages", "session", 1, 0, [CORE]),
    ]
    forum, messages = [
        (await add_channel(session, pool.coordinator, pool.id, draft, NOW)).id for draft in drafts
    ]
    await held(session, pool, worker, [talk()])
    next_day, day_after = TUESDAY_19 + timedelta(days=1), TUESDAY_19 + timedelta(days=2)
    await held(session, pool, worker, [talk(at=next_day)], next_day, channel=forum)
    await held(session, pool, worker, [talk(at=day_after)], day_after, channel=messages)
    found = await seen(session, pool)
    assert sorted(hours(found)) == [43, 44, 91, 92]
    assert found.channels == {"live-chat": "Live chat", "messages": "Messages"}
    one = await seen(session, pool, Choice(52, channel="messages"))
    assert sorted(hours(one)) == [91, 92]


async def a_second_channel(session: AsyncSession, pool: ExamplePool) -> UUID:
    draft = ChannelDraft("messages", "Messages", "session", 1, 0, [CORE])
    return (await add_channel(session, pool.coordinator, pool.id, draft, NOW)).id


async def test_people_of_all_channels_are_added_up_who_would_find_nobody(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    messages = await a_second_channel(session, pool)
    other = await a_worker(session, pool.id, pool.coordinator)
    six, two = [talk()] * 6, [talk()] * 2
    await held(session, pool, worker, six)
    await held(session, pool, other, two, channel=messages)
    # lately one of them was covered once more
    again = TUESDAY_19 + WEEK
    await held(session, pool, worker, [talk(at=again)] * 6, again)
    together, chat, inbox = [
        next(one for one in found.helpful if one.hour == TUESDAY_AT_19)
        for found in [
            await seen(session, pool, Choice(52, channel=slug))
            for slug in (None, "live-chat", "messages")
        ]
    ]
    assert (chat.covered, inbox.covered) == (0.5, 0.25)
    assert together.unmet == pytest.approx(chat.unmet + inbox.unmet)
    # of those who are expected, so many write where somebody is there
    expected = chat.unmet / 0.5, inbox.unmet / 0.75
    share = (expected[0] * 0.5 + expected[1] * 0.25) / sum(expected)
    assert together.covered == pytest.approx(share)
    assert together.basis == FEW_COUNTS
    assert together.low > chat.low + inbox.low
    assert together.high < chat.high + inbox.high


async def test_it_takes_as_many_queries_whatever_was_counted(
    session: AsyncSession, engine: AsyncEngine, pool: ExamplePool, worker: Worker
) -> None:
    asked = []
    for week in range(3):
        starts = TUESDAY_19 + week * WEEK
        await held(session, pool, worker, [talk(at=starts), turned_away(at=starts)], starts)
        row = await session.get_one(Pool, pool.id)
        await leave_out_weeks(
            session, pool.coordinator, row, FIRST - (week + 1) * WEEK, 1, "other", LATER
        )
        await session.flush()
        with counted(engine) as statements:
            await demand(session, pool.coordinator, row, YEAR, LATER)
        asked.append(len(statements))
    assert asked == [6, 6, 6]


async def test_somebody_who_only_watches_is_not_there_for_who_writes(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    shift = await a_shift(session, pool, roles=("lead", "second", "supervisor", "observer"))
    await claim_seat(session, worker.asker, shift.seats["observer"], NOW)
    (await session.get_one(Shift, shift.id)).open = True
    assert (await seen(session, pool)).hours == []
    watcher = await a_person(session, pool.coordinator.project_id, "coordinator")
    assert (await seen(session, pool, asker=watcher)).hours == []


async def test_who_looks_is_written_down(session: AsyncSession, pool: ExamplePool) -> None:
    await seen(session, pool, Choice(13))
    rows = await session.execute(
        select(AuditEntry.actor, AuditEntry.subject_id, AuditEntry.facts).where(
            AuditEntry.verb == "read-demand"
        )
    )
    assert rows.all() == [(str(pool.coordinator.person_id), pool.id, {"weeks": 13})]
