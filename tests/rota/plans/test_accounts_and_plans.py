"""Nobody is planned on a channel for whose tool they have no account: the host would refuse."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from federation.pools.models import Pool
from rota.availability.actions import set_availability
from rota.offers.actions import state_offers
from rota.passport.tools import grant_account, need_account, withdraw_account
from rota.planner.command import run
from rota.planner.rules.decoding import decode
from rota.plans.queries import scenario_for
from rota.sign_up.actions import claim_seat
from tests.rota.plans.test_ordering_and_publishing_plans import EVENINGS, FIRST, UNTIL
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import (
    CORE,
    NOW,
    TUESDAY_19,
    ExamplePool,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
)

NEEDED = "operator account under the display handle"


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session, "northern"))


async def willing(session: AsyncSession, pool: ExamplePool) -> Worker:
    worker = await a_worker(session, pool.id, pool.coordinator)
    await set_availability(session, worker.asker, worker.id, [EVENINGS], NOW)
    return worker


async def scenario(session: AsyncSession, pool: ExamplePool) -> dict[str, Any]:
    found = await session.get_one(Pool, pool.id)
    return await scenario_for(session, found, FIRST, UNTIL, NOW)


def planned(made: dict[str, Any]) -> set[str]:
    plan = run(msgspec.json.encode(made), seconds=5, seed=1, reproducible=True)
    return {each.worker for each in plan.assignments}


async def test_only_who_has_an_account_is_planned_there(
    session: AsyncSession, pool: ExamplePool
) -> None:
    those = [await willing(session, pool) for _ in range(3)]
    await a_shift(session, pool, minimum_supervisors=0, roles=("lead", "second"))
    assert (await scenario(session, pool))["shifts"][0]["trainings"] == [CORE]
    await need_account(session, pool.coordinator, pool.channel, NEEDED, NOW)
    for worker in those:
        await grant_account(session, pool.coordinator, pool.channel, worker.handle, NOW)
    await withdraw_account(session, pool.coordinator, pool.channel, those[0].handle, NOW)
    made = await scenario(session, pool)
    assert made["shifts"][0]["trainings"] == [CORE, "account on live-chat"]
    account = {"name": "account on live-chat", "expires": date.max.isoformat()}
    with_one = [one["id"] for one in made["workers"] if account in one["trainings"]]
    assert sorted(with_one) == sorted(str(worker.handle) for worker in those[1:])
    assert planned(made) == {str(worker.handle) for worker in those[1:]}
    await withdraw_account(session, pool.coordinator, pool.channel, those[1].handle, NOW)
    assert planned(await scenario(session, pool)) == set()


async def test_a_seat_kept_without_an_account_does_not_stop_the_planner(
    session: AsyncSession, pool: ExamplePool
) -> None:
    """The account is newly asked for, and the seat not vacated yet."""
    worker = await willing(session, pool)
    shift = await a_shift(session, pool)
    await claim_seat(session, worker.asker, shift.lead, NOW)
    await need_account(session, pool.coordinator, pool.channel, NEEDED, NOW)
    assert len(decode(msgspec.json.encode(await scenario(session, pool))).fixed) == 1


async def test_offers_of_other_nodes_count_where_the_handle_has_an_account(
    nodes: TwoNodes,
) -> None:
    worker = await nodes.worker()
    async with nodes.home.door() as session:
        await set_availability(session, worker.asker, worker.id, [EVENINGS], NOW)
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    kept = await nodes.shift(
        lambda session: a_shift(session, nodes.pool, TUESDAY_19 + timedelta(days=1))
    )
    async with nodes.home.door() as session:
        await state_offers(session, NOW)
        await claim_seat(session, worker.asker, kept.lead, NOW)
    await nodes.exchange()
    tool = (nodes.pool.coordinator, nodes.pool.channel)
    await nodes.host.do(lambda session: need_account(session, *tool, NEEDED, NOW))
    stays = {"shift": str(kept.id), "preference": 1}
    [told] = (await scenario(nodes.host.session, nodes.pool))["workers"]
    assert told["can_take"] == [stays]
    await nodes.host.do(lambda session: grant_account(session, *tool, worker.handle, NOW))
    made = await scenario(nodes.host.session, nodes.pool)
    [told] = made["workers"]
    assert told["can_take"] == [{"shift": str(shift.id), "preference": 2}, stays]
    assert len(decode(msgspec.json.encode(made)).fixed) == 1
