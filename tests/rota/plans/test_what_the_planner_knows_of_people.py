"""The planner asks nobody whose own home would refuse for what this node knows already."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle, Person
from federation.pools.models import Pool
from rota.availability.actions import set_availability
from rota.availability.rules import Weekly
from rota.bookings.actions import home_reasons
from rota.offers.actions import state_offers
from rota.passport.actions import attest_training
from rota.planner.rules.decoding import decode
from rota.planner.rules.plan import plan
from rota.plans.queries import scenario_for
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import (
    CORE,
    NOW,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    with_handle,
)

FIRST, UNTIL = date(2027, 1, 4), date(2027, 1, 18)
DAY = timedelta(days=1)
ALL_WEEK = [Weekly(day, time(0), 1440, "Europe/London", 1) for day in range(7)]
ALONE: dict[str, Any] = {"roles": ["lead"], "minimum_workers": 1, "minimum_supervisors": 0}


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session, "northern"))


async def scenario(
    session: AsyncSession, pool: ExamplePool, first: date = FIRST, until: date = UNTIL
) -> dict[str, Any]:
    found = await session.get_one(Pool, pool.id)
    return await scenario_for(session, found, first, until, NOW)


def seated(made: dict[str, Any]) -> list[str]:
    """Plan a scenario; gives the seats that get somebody."""
    read = decode(msgspec.json.encode(made))
    answer = plan(read, seconds=5, seed=1, reproducible=False)
    return sorted(each.seat for each in answer.assignments)


async def always_there(session: AsyncSession, pool: ExamplePool, **limits: Any) -> Worker:
    worker = await a_worker(session, pool.id, pool.coordinator, **limits)
    await set_availability(session, worker.asker, worker.id, ALL_WEEK, NOW)
    return worker


async def alone(session: AsyncSession, pool: ExamplePool, starts: datetime) -> Planned:
    return await a_shift(session, pool, starts, **ALONE)


async def refusals(session: AsyncSession, worker: Worker, shift: Planned) -> list[str]:
    person = await session.get_one(Person, worker.id)
    row = await session.get_one(Shift, shift.id)
    reasons = await home_reasons(session, person, row, "lead", NOW, automatic=True)
    return [reason.code for reason in reasons]


async def test_a_training_counts_from_the_day_of_its_issue(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await always_there(session, pool)
    issued, last = date(2027, 1, 12), date(2028, 1, 12)
    await attest_training(session, pool.coordinator, worker.id, "forum", issued, last, NOW)
    before = await a_shift(session, pool, **ALONE, trainings=["forum"])
    after = await a_shift(session, pool, TUESDAY_19 + 7 * DAY, **ALONE, trainings=["forum"])
    made = await scenario(session, pool)
    assert made["workers"][0]["trainings"] == [
        {"name": "forum", "expires": "2028-01-12", "issued": "2027-01-12"},
        {"name": CORE, "expires": "2027-06-01"},
    ]
    assert await refusals(session, worker, before) == ["training-missing"]
    assert seated(made) == [str(after.lead)]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"hours_per_week": 4}, "week-full"),
        ({"hours_per_week": 40, "shifts_per_week": 1}, "too-many-shifts"),
    ],
)
async def test_seats_in_other_pools_count_in_the_week(
    session: AsyncSession, pool: ExamplePool, limits: dict[str, Any], code: str
) -> None:
    worker = await always_there(session, pool, **limits)
    other = await a_pool(session, pool.coordinator)
    there = await with_handle(session, other, worker, pool.coordinator)
    elsewhere = await a_shift(session, other, TUESDAY_19 + DAY)
    await claim_seat(session, there.asker, elsewhere.lead, NOW)
    full = await a_shift(session, pool, **ALONE)
    free = await a_shift(session, pool, TUESDAY_19 + 7 * DAY, **ALONE)
    made = await scenario(session, pool)
    taken = {"start": "2027-01-06T18:45:00Z", "end": "2027-01-06T21:15:00Z"}
    [told] = made["workers"]
    assert (told["booked"], told["busy"]) == ([taken], [taken])
    assert await refusals(session, worker, full) == [code]
    assert seated(made) == [str(free.lead)]


async def test_rest_is_owed_beside_seats_in_other_pools(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await always_there(session, pool, hours_per_week=40)
    other = await a_pool(session, pool.coordinator)
    there = await with_handle(session, other, worker, pool.coordinator)
    late = await a_shift(session, other, TUESDAY_19 + timedelta(hours=2))
    await claim_seat(session, there.asker, late.lead, NOW)
    early = await a_shift(session, pool, TUESDAY_19 + timedelta(hours=13), **ALONE)
    assert await refusals(session, worker, early) == ["rest-too-short"]
    assert seated(await scenario(session, pool)) == []


async def test_what_somebody_on_call_does_elsewhere_is_no_working_time(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await a_worker(
        session, pool.id, pool.coordinator, "worker", "supervisor", shifts_per_week=1
    )
    other = await a_pool(session, pool.coordinator)
    there = await with_handle(session, other, worker, pool.coordinator)
    on_call = await a_shift(session, other)
    await claim_seat(session, there.asker, on_call.seats["supervisor"], NOW)
    [told] = (await scenario(session, pool))["workers"]
    assert "booked" not in told
    assert told["busy"] == [{"start": "2027-01-05T19:00:00Z", "end": "2027-01-05T21:00:00Z"}]


async def test_seats_of_the_same_pool_before_the_plan_count_in_the_week_they_share(
    session: AsyncSession, pool: ExamplePool
) -> None:
    """A plan may begin in the middle of a week."""
    worker = await always_there(session, pool, shifts_per_week=1)
    tuesday = await a_shift(session, pool)
    await claim_seat(session, worker.asker, tuesday.lead, NOW)
    friday = await a_shift(session, pool, TUESDAY_19 + 3 * DAY, **ALONE)
    assert await refusals(session, worker, friday) == ["too-many-shifts"]
    assert seated(await scenario(session, pool, first=date(2027, 1, 8))) == []


async def test_of_people_elsewhere_the_seats_in_this_pool_are_known(nodes: TwoNodes) -> None:
    """Their home offers what fits each by itself; together they are too many."""
    worker = await nodes.worker(shifts_per_week=2)
    async with nodes.home.door() as session:
        await set_availability(session, worker.asker, worker.id, ALL_WEEK, NOW)
    days = [TUESDAY_19 + number * DAY for number in range(4)]
    shifts = [await nodes.shift(partial(alone, pool=nodes.pool, starts=day)) for day in days]
    async with nodes.home.door() as session:
        await claim_seat(session, worker.asker, shifts[0].lead, NOW)
    await nodes.exchange()
    async with nodes.home.door() as session:
        await state_offers(session, NOW)
    await nodes.exchange()
    made = await scenario(nodes.host.session, nodes.pool, first=date(2027, 1, 6))
    [told] = made["workers"]
    assert told["booked"] == [{"start": "2027-01-05T18:45:00Z", "end": "2027-01-05T21:15:00Z"}]
    assert [each["shift"] for each in told["can_take"]] == [str(one.id) for one in shifts[1:]]
    assert len(seated(made)) == 1


async def test_kept_seats_stay_where_limits_were_lowered_since(
    session: AsyncSession, pool: ExamplePool
) -> None:
    """What was allowed when it was taken is no reason to refuse the whole plan."""
    worker = await always_there(session, pool, shifts_per_week=2)
    other = await a_pool(session, pool.coordinator)
    there = await with_handle(session, other, worker, pool.coordinator)
    for where, who in ((pool, worker), (other, there)):
        shift = await a_shift(session, where, TUESDAY_19 if where is pool else TUESDAY_19 + DAY)
        await claim_seat(session, who.asker, shift.lead, NOW)
    handle = await session.get_one(Handle, worker.handle)
    handle.shifts_per_week = 1
    await session.flush()
    made = await scenario(session, pool)
    assert "booked" not in made["workers"][0]
    assert len(decode(msgspec.json.encode(made)).fixed) == 1
