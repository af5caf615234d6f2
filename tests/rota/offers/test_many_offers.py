"""Thousands of offers of one person are said in several events, which replace together."""

from datetime import time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from database.ids import new_id
from federation.feeds.actions import LARGEST_EVENT
from rota.availability.actions import set_availability
from rota.availability.rules import Weekly
from rota.leave.actions import enter_leave
from rota.offers.actions import state_offers
from rota.offers.models import Offer
from rota.offers.rules import IN_ONE_EVENT
from rota.shifts.models import Shift
from tests.rota.two_nodes import Said, TwoNodes
from tests.rota.world import CORE, NOW, Worker

MANY = 4_200
HALF_AN_HOUR = timedelta(minutes=30)
SPOKEN = ("offers.stated", "offers.added")


@pytest.fixture
async def worker(nodes: TwoNodes) -> Worker:
    """Give a worker at home who can work at any time."""
    worker = await nodes.worker()
    always = [Weekly(day, time(0), 24 * 60, "Europe/London", 1) for day in range(7)]
    async with nodes.home.door() as session:
        await set_availability(session, worker.asker, worker.id, always, NOW)
    return worker


@pytest.fixture
async def shifts(nodes: TwoNodes) -> list[UUID]:
    """Put thousands of shifts into both databases, as if all had been told; the soonest first."""
    ids = [new_id() for _ in range(MANY)]
    rows = [
        {
            "id": shift,
            "pool_id": nodes.pool.id,
            "channel_id": nodes.pool.channel,
            "starts": NOW + HALF_AN_HOUR * number,
            "ends": NOW + HALF_AN_HOUR * number + timedelta(minutes=30),
            "zone": "Europe/London",
            "briefing_minutes": 0,
            "debrief_minutes": 0,
            "languages": ["en"],
            "wanted_languages": [],
            "demand": 1.0,
            "minimum_workers": 2,
            "minimum_supervisors": 1,
            "trainings": [CORE],
            "open": False,
        }
        for number, shift in enumerate(ids, start=1)
    ]
    for side in (nodes.host, nodes.home):
        async with side.door() as session:
            await session.execute(insert(Shift), rows)
    return ids


async def state(nodes: TwoNodes) -> list[Said]:
    """Let home say what there is to say; gives the new events."""
    before = len(await nodes.home.said(*SPOKEN))
    async with nodes.home.door() as session:
        await state_offers(session, NOW)
    return (await nodes.home.said(*SPOKEN))[before:]


async def kept(nodes: TwoNodes) -> set[UUID]:
    return set(await nodes.host.session.scalars(select(Offer.shift_id)))


async def test_four_thousand_offers_arrive_in_several_events(
    nodes: TwoNodes, worker: Worker, shifts: list[UUID]
) -> None:
    said = await state(nodes)
    assert [one.kind for one in said] == ["offers.stated", "offers.added", "offers.added"]
    assert max(len(one.payload) for one in said) < LARGEST_EVENT
    assert {one.content["handle"] for one in said} == {str(worker.handle)}
    await nodes.exchange()
    assert await kept(nodes) == set(shifts)


async def test_a_new_statement_replaces_every_part_of_the_one_before(
    nodes: TwoNodes, worker: Worker, shifts: list[UUID]
) -> None:
    await state(nodes)
    await nodes.exchange()
    async with nodes.home.door() as session:
        begins = NOW + HALF_AN_HOUR * (MANY - 9)
        ends = begins + timedelta(hours=5)
        await enter_leave(session, worker.asker, worker.id, begins, ends, NOW)
    await state(nodes)
    await nodes.exchange()
    assert await kept(nodes) == set(shifts[:-10])
    async with nodes.home.door() as session:
        await set_availability(session, worker.asker, worker.id, [], NOW)
    [said] = await state(nodes)
    assert said.content == {"handle": str(worker.handle), "offers": []}
    await nodes.exchange()
    assert await kept(nodes) == set()


@pytest.mark.usefixtures("worker")
async def test_a_host_that_knows_one_event_only_keeps_the_soonest_shifts(
    nodes: TwoNodes, shifts: list[UUID]
) -> None:
    """And after its upgrade the rest of that statement, if nothing newer was said."""
    stated, second, third = await state(nodes)
    assert await nodes.host.hear(nodes.home, stated) is None
    assert await kept(nodes) == set(shifts[:IN_ONE_EVENT])
    assert await nodes.host.hear(nodes.home, second) is None
    assert await kept(nodes) == set(shifts[: 2 * IN_ONE_EVENT])
    assert await nodes.host.hear(nodes.home, stated.saying(offers=[], statement="ab")) is None
    assert await nodes.host.hear(nodes.home, third) is None
    assert await kept(nodes) == set()


@pytest.mark.usefixtures("worker", "shifts")
async def test_more_is_said_of_the_own_handles_only(nodes: TwoNodes) -> None:
    _, added, _ = await state(nodes)
    assert await nodes.host.hear(nodes.home, added.saying(handle=str(new_id()))) == "not-found"
    assert await nodes.host.hear(nodes.home, added.saying(statement="no hex")) == "ValueError"
    assert await kept(nodes) == set()
