from datetime import time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from database.ids import new_id
from federation.pools.actions import give_handle
from rota.availability.actions import set_availability
from rota.availability.rules import Weekly
from rota.leave.actions import enter_leave
from rota.offers.actions import state_offers
from rota.offers.models import Offer
from rota.sign_up.actions import claim_seat
from tests.rota.two_nodes import Said, TwoNodes
from tests.rota.world import NOW, TUESDAY_19, Planned, Worker, a_pool, a_shift, a_worker, everything

EVENINGS = Weekly(1, time(18), 240, "Europe/London", 2)
WEEK = timedelta(weeks=1)


@pytest.fixture
async def worker(nodes: TwoNodes) -> Worker:
    """Give a worker at home who can work on Tuesday evenings."""
    worker = await nodes.worker()
    async with nodes.home.door() as session:
        await set_availability(session, worker.asker, worker.id, [EVENINGS], NOW)
    return worker


@pytest.fixture
async def shifts(nodes: TwoNodes) -> list[Planned]:
    return [
        await nodes.shift(partial(a_shift, pool=nodes.pool, starts=starts))
        for starts in (TUESDAY_19, TUESDAY_19 + timedelta(days=1), TUESDAY_19 + WEEK)
    ]


async def state(nodes: TwoNodes) -> Said:
    async with nodes.home.door() as session:
        await state_offers(session, NOW)
    return (await nodes.home.said("offers.stated"))[-1]


async def offers(nodes: TwoNodes) -> dict[UUID, tuple[UUID, int]]:
    rows = await nodes.host.session.execute(
        select(Offer.shift_id, Offer.handle_id, Offer.preference)
    )
    return {shift: (handle, preference) for shift, handle, preference in rows}


async def test_a_host_learns_which_of_its_shifts_a_handle_can_take(
    nodes: TwoNodes, worker: Worker, shifts: list[Planned]
) -> None:
    stated = await state(nodes)
    assert stated.content == {
        "handle": str(worker.handle),
        "offers": [
            {"shift": str(shifts[0].id), "preference": 2},
            {"shift": str(shifts[2].id), "preference": 2},
        ],
    }
    await nodes.exchange()
    kept = {shifts[0].id: (worker.handle, 2), shifts[2].id: (worker.handle, 2)}
    assert await offers(nodes) == kept


async def test_what_is_stated_replaces_what_was_stated(
    nodes: TwoNodes, worker: Worker, shifts: list[Planned]
) -> None:
    await state(nodes)
    await nodes.exchange()
    async with nodes.home.door() as session:
        ends = TUESDAY_19 + timedelta(hours=1)
        await enter_leave(session, worker.asker, worker.id, TUESDAY_19, ends, NOW)
    await state(nodes)
    await nodes.exchange()
    assert await offers(nodes) == {shifts[2].id: (worker.handle, 2)}


async def test_what_is_booked_in_another_pool_is_not_offered(
    nodes: TwoNodes, worker: Worker, shifts: list[Planned]
) -> None:
    """Why, nobody learns."""
    async with nodes.home.door() as session:
        own = await a_pool(session, nodes.coordinator)
        await give_handle(session, nodes.coordinator, own.id, worker.id, NOW)
        other = await a_shift(session, own, TUESDAY_19)
        await claim_seat(session, worker.asker, other.lead, NOW)
    stated = await state(nodes)
    assert stated.content["offers"] == [{"shift": str(shifts[2].id), "preference": 2}]


async def test_a_seat_held_on_that_shift_itself_stays_on_offer(
    nodes: TwoNodes, worker: Worker, shifts: list[Planned]
) -> None:
    async with nodes.home.door() as session:
        await claim_seat(session, worker.asker, shifts[0].lead, NOW)
    stated = await state(nodes)
    assert [offer["shift"] for offer in stated.content["offers"]] == [
        str(shifts[0].id),
        str(shifts[2].id),
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"handle": str(new_id())}, "not-found"),
        ({"offers": [{"shift": str(new_id()), "preference": 3}]}, "ValidationError"),
        ({"offers": [{"shift": "x", "preference": 1}]}, "ValidationError"),
    ],
)
@pytest.mark.usefixtures("worker", "shifts")
async def test_an_offer_that_cannot_be_is_set_aside(
    nodes: TwoNodes, changed: dict[str, Any], code: str
) -> None:
    stated = await state(nodes)
    await nodes.exchange()
    before = await everything(nodes.host.session)
    assert await nodes.host.hear(nodes.home, stated.saying(**changed)) == code
    assert await everything(nodes.host.session) == before


async def test_offers_are_for_the_own_handles_and_that_pools_shifts(
    nodes: TwoNodes, worker: Worker, shifts: list[Planned]
) -> None:
    async with nodes.host.door() as session:
        local = await a_worker(session, nodes.pool.id, nodes.pool.coordinator)
        other = await a_pool(session, nodes.pool.coordinator)
        elsewhere = await a_shift(session, other)
    stated = await state(nodes)
    assert await nodes.host.hear(nodes.home, stated.saying(handle=str(local.handle))) == "not-found"
    offered = [
        {"shift": str(shift), "preference": 1} for shift in (elsewhere.id, shifts[1].id, new_id())
    ]
    assert await nodes.host.hear(nodes.home, stated.saying(offers=offered)) is None
    assert await offers(nodes) == {shifts[1].id: (worker.handle, 1)}


async def test_what_has_not_changed_is_not_said_again(
    nodes: TwoNodes, worker: Worker, shifts: list[Planned]
) -> None:
    await state(nodes)
    before = await nodes.home.said("offers.stated")
    await state(nodes)
    assert await nodes.home.said("offers.stated") == before
    async with nodes.home.door() as session:
        begins = shifts[0].starts
        await enter_leave(
            session, worker.asker, worker.id, begins, begins + timedelta(hours=1), NOW
        )
    await state(nodes)
    assert len(await nodes.home.said("offers.stated")) == len(before) + 1
