"""A report counts what is over, in each of its figures, and what took place."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.pools.actions import add_channel
from federation.pools.drafts import ChannelDraft
from federation.pools.models import Pool
from rota.attendance.actions import check_in, end_session, say_did_not_happen, say_done
from rota.attendance.models import CheckIn
from rota.claims.models import Claim
from rota.cover.actions import ask_for_cover
from rota.records.actions import keep_record
from rota.reports.errors import MonthToCome
from rota.reports.queries import Report, report
from rota.reports.rules import Months
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat, release_claim
from tests.rota.records.world import a_lead, done, talk
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
)

JANUARY = Months(date(2027, 1, 1), date(2027, 2, 1))
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WEDNESDAY_20 = TUESDAY_19 + DAY + HOUR
AFTER = datetime(2027, 2, 2, 9, tzinfo=UTC)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def read(
    session: AsyncSession, pool: ExamplePool, now: datetime, months: Months = JANUARY
) -> Report:
    found = await session.get_one(Pool, pool.id)
    return await report(session, pool.coordinator, found, months, now)


async def complete(
    session: AsyncSession, pool: ExamplePool, starts: datetime = TUESDAY_19
) -> tuple[Planned, Worker]:
    shift, worker = await a_lead(session, pool, starts=starts, languages=["en"])
    await session.execute(update(Shift).where(Shift.id == shift.id).values(open=True))
    return shift, worker


async def claim_on(session: AsyncSession, shift: Planned) -> UUID:
    return (await session.scalars(select(Claim.id).where(Claim.seat_id == shift.lead))).one()


async def a_week(session: AsyncSession, pool: ExamplePool) -> None:
    """Plan a session that is over on Wednesday at eight, one that runs, and one to come.

    Of each the lead is seated, a second seat was given up late, and cover was asked for.
    """
    for hours in (0, 24, 46):
        starts = TUESDAY_19 + hours * HOUR
        shift, worker = await complete(session, pool, starts)
        second = await a_worker(session, pool.id, pool.coordinator)
        given_up = await claim_seat(session, second.asker, shift.seats["second"], NOW)
        late = TUESDAY_19 - HOUR
        await release_claim(session, second.asker, given_up.id, late)
        await ask_for_cover(session, worker.asker, await claim_on(session, shift), late)
        await session.execute(update(Shift).where(Shift.id == shift.id).values(open=True))
        if hours == 0:
            ended = starts + 2 * HOUR
            await keep_record(session, worker.asker, shift.id, done(talk(), talk()), ended)


async def test_of_a_running_month_only_what_is_over_counts(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await a_week(session, pool)
    found = await read(session, pool, WEDNESDAY_20)
    assert found.values == {
        "hours-open": 2.0,
        "hours-planned": 2.0,
        # the five days that are over
        "hours-alone": round(6 * 5 / 7, 2),
        "talked": 2,
        "imported": 0,
        "talked-before": 0,
        "turned-away": 0,
        "wrong-channel": 0,
        "new": 0,
        "returning": 0,
        "records": 1,
        "signposted": 0,
        "unmet": 0,
        "technical": 0,
        "staff-abused": 0,
        "support-wanted": 0,
        "staff-hours": 2.5,
        "staff-hours-per-contact": 1.25,
        "drop-outs": 1,
        "covers-asked": 1,
        "covers-found": 0,
        "texts": 0,
        "texts-current": 0,
    }
    assert found.open_by_language == [("en", 2.0)]
    assert found.as_of == WEDNESDAY_20


async def test_when_the_month_is_over_all_of_it_counts(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await a_week(session, pool)
    found = (await read(session, pool, AFTER)).values
    keys = ("hours-open", "hours-planned", "hours-alone", "staff-hours", "drop-outs")
    assert [found[key] for key in (*keys, "covers-asked")] == [
        6.0,
        6.0,
        round(6 * 31 / 7, 2),
        7.5,
        3,
        3,
    ]


async def test_months_that_have_not_begun_are_refused(
    session: AsyncSession, pool: ExamplePool
) -> None:
    for months in (
        Months(date(2027, 2, 1), date(2027, 3, 1)),
        Months(date(2026, 12, 1), date(2027, 3, 1)),
    ):
        with pytest.raises(MonthToCome) as refused:
            await read(session, pool, WEDNESDAY_20, months)
        assert refused.value.code == "month-to-come"
    # in London the month has begun with the new year, and not an hour before
    before = datetime(2026, 12, 31, 23, tzinfo=UTC)
    with pytest.raises(MonthToCome):
        await read(session, pool, before)
    found = await read(session, pool, before + HOUR)
    assert (found.values["hours-open"], found.values["hours-alone"]) == (0.0, 0.0)


async def test_what_did_not_take_place_was_not_open(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, worker = await complete(session, pool)
    await say_did_not_happen(
        session, worker.asker, shift.id, "technical", TUESDAY_19 + timedelta(minutes=20)
    )
    # said the day after
    later, second = await complete(session, pool, TUESDAY_19 + DAY)
    await say_did_not_happen(
        session, second.asker, later.id, "too-few-people", TUESDAY_19 + DAY + 3 * HOUR
    )
    found = await read(session, pool, AFTER)
    keys = ("hours-open", "hours-planned", "staff-hours")
    assert [found.values[key] for key in keys] == [0.0, 4.0, 0.0]
    assert found.open_by_language == []


@pytest.mark.parametrize("said", [timedelta(minutes=20), timedelta(hours=3)])
async def test_of_what_a_host_says_did_not_take_place_a_partner_hears_when_it_ended(
    session: AsyncSession, pool: ExamplePool, said: timedelta
) -> None:
    shift, _ = await complete(session, pool)
    at = TUESDAY_19 + said
    session.add(CheckIn(id=new_id(), shift_id=shift.id, claim_id=None, at=at, ended_at=at))
    await session.flush()
    assert (await read(session, pool, AFTER)).values["hours-open"] == 0.0


async def test_a_session_was_open_until_it_was_ended(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, worker = await complete(session, pool)
    await check_in(session, worker.asker, shift.id, TUESDAY_19 - timedelta(minutes=10))
    ended = TUESDAY_19 + timedelta(minutes=30, seconds=40)
    await end_session(session, worker.asker, shift.id, ended)
    # ended before it was to start
    never, second = await complete(session, pool, TUESDAY_19 + DAY)
    await check_in(session, second.asker, never.id, TUESDAY_19 + DAY - timedelta(minutes=10))
    await end_session(session, second.asker, never.id, TUESDAY_19 + DAY - timedelta(minutes=5))
    # another channel's session, or the same time again, keeps what is open open
    found = await read(session, pool, AFTER)
    assert (found.values["hours-open"], found.values["hours-planned"]) == (0.5, 4.0)
    assert found.open_by_language == [("en", 0.5)]
    beside = await a_shift(session, pool, TUESDAY_19, 1)
    await session.execute(update(Shift).where(Shift.id == beside.id).values(open=True))
    assert (await read(session, pool, AFTER)).values["hours-open"] == 1.0


async def test_work_that_was_said_to_be_done_late_was_given(
    session: AsyncSession, pool: ExamplePool
) -> None:
    draft = ChannelDraft("forum", "Forum", "task", 1, 0, [], "Be kind.")
    forum = await add_channel(session, pool.coordinator, pool.id, draft, NOW)
    shift, worker = await a_lead(session, pool, channel_id=forum.id, roles=("lead",))
    await say_done(session, worker.asker, shift.id, TUESDAY_19 + 3 * HOUR)
    other, second = await a_lead(
        session, pool, starts=TUESDAY_19 + DAY, channel_id=forum.id, roles=("lead",)
    )
    await say_did_not_happen(session, second.asker, other.id, "other", TUESDAY_19 + DAY + HOUR)
    found = (await read(session, pool, AFTER)).values
    assert (found["staff-hours"], found["hours-planned"]) == (2.5, 0.0)


async def test_who_is_on_call_gives_no_staff_hours_and_others_only_to_their_own(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, _ = await complete(session, pool)
    supervisor = await a_worker(session, pool.id, pool.coordinator, "supervisor")
    await claim_seat(session, supervisor.asker, shift.seats["supervisor"], NOW)
    beyond = await a_project(session)
    found = await session.get_one(Pool, pool.id)
    assert (await read(session, pool, AFTER)).values["staff-hours"] == 2.5
    assert (await report(session, beyond, found, JANUARY, AFTER)).values["staff-hours"] == 0.0
    # nor in a pool where its people hold other seats
    second = await a_pool(session, pool.coordinator)
    assert (await read(session, second, AFTER)).values["staff-hours"] == 0.0
