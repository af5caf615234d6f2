"""A claim is decided by what holds when it counts: the other change waits for it, or is seen."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.worker.rota_jobs import check_passports, follow_person
from database.session import door
from federation.errors import Refusal
from federation.people.actions import take_role
from federation.pools.models import Channel
from rota.claims.models import Claim
from rota.cover.actions import ask_for_cover
from rota.cover.take import take_cover
from rota.leave.actions import enter_leave
from rota.passport.actions import withdraw_training
from rota.passport.models import Training
from rota.passport.tools import grant_account, need_account, withdraw_account
from rota.seats.actions import lock_shift_of
from rota.sign_up.actions import claim_seat
from tests.locks import until_somebody_waits
from tests.rota.timetable.test_moving_and_cancelling_shifts import move
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

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def outcome(action: Awaitable[Any]) -> str:
    try:
        await action
    except Refusal as refusal:
        return ",".join(reason.code for reason in refusal.reasons) or refusal.code
    return "done"


async def evening(engine: AsyncEngine) -> tuple[ExamplePool, Worker, Planned]:
    async with door(engine) as session:
        pool = await a_pool(session, await a_project(session))
        worker = await a_worker(session, pool.id, pool.coordinator)
        return pool, worker, await a_shift(session, pool)


async def states(engine: AsyncEngine) -> list[str]:
    async with door(engine) as session:
        return list(await session.scalars(select(Claim.state)))


async def test_a_training_is_withdrawn_before_a_claim_or_after_it(
    committing_engine: AsyncEngine,
) -> None:
    pool, worker, shift = await evening(committing_engine)

    async def withdraw() -> None:
        async with door(committing_engine) as session:
            held = await session.scalar(select(Training.id).where(Training.person_id == worker.id))
            assert held is not None
            await withdraw_training(session, pool.coordinator, held, NOW)
        await check_passports(committing_engine, {"person": str(worker.id)}, NOW)

    async with door(committing_engine) as session:
        await claim_seat(session, worker.asker, shift.lead, NOW)
        waiting = asyncio.create_task(withdraw())
        await until_somebody_waits(committing_engine)
    await waiting
    assert await states(committing_engine) == ["released"]


async def test_an_account_is_withdrawn_before_a_claim_or_after_it(
    committing_engine: AsyncEngine,
) -> None:
    pool, worker, shift = await evening(committing_engine)
    tool = (pool.coordinator, pool.channel)
    async with door(committing_engine) as session:
        await need_account(session, *tool, "operator account", NOW)
        await grant_account(session, *tool, worker.handle, NOW)

    async def withdraw() -> None:
        async with door(committing_engine) as session:
            await withdraw_account(session, *tool, worker.handle, NOW)
        await check_passports(committing_engine, {"channel": str(pool.channel)}, NOW)

    async with door(committing_engine) as session:
        await claim_seat(session, worker.asker, shift.lead, NOW)
        waiting = asyncio.create_task(withdraw())
        await until_somebody_waits(committing_engine)
    await waiting
    assert await states(committing_engine) == ["released"]


async def test_an_account_is_needed_before_a_claim_or_after_it(
    committing_engine: AsyncEngine,
) -> None:
    """A claim that has read the channel already holds its shift, and is waited for."""
    pool, worker, shift = await evening(committing_engine)

    async def need() -> None:
        async with door(committing_engine) as session:
            await need_account(session, pool.coordinator, pool.channel, "operator account", NOW)
        await check_passports(committing_engine, {"channel": str(pool.channel)}, NOW)

    async with door(committing_engine) as session:
        read_before = await session.get_one(Channel, pool.channel)
        await lock_shift_of(session, shift.lead)
        waiting = asyncio.create_task(need())
        await until_somebody_waits(committing_engine)
        await claim_seat(session, worker.asker, shift.lead, NOW)
        assert read_before.tool_account is None
    await waiting
    assert await states(committing_engine) == ["released"]


async def test_a_claim_that_waited_for_an_account_to_be_needed_is_refused(
    committing_engine: AsyncEngine,
) -> None:
    pool, worker, shift = await evening(committing_engine)

    async def claim() -> None:
        async with door(committing_engine) as session:
            await claim_seat(session, worker.asker, shift.lead, NOW)

    async with door(committing_engine) as session:
        await need_account(session, pool.coordinator, pool.channel, "operator account", NOW)
        waiting = asyncio.create_task(outcome(claim()))
        await until_somebody_waits(committing_engine)
    assert await waiting == "account-missing"


@pytest.mark.parametrize("claims_first", [True, False])
async def test_a_role_is_withdrawn_before_a_claim_or_after_it(
    committing_engine: AsyncEngine, *, claims_first: bool
) -> None:
    pool, worker, shift = await evening(committing_engine)

    async def claim(session: AsyncSession) -> None:
        await claim_seat(session, worker.asker, shift.lead, NOW)

    async def withdraw(session: AsyncSession) -> None:
        await take_role(session, pool.coordinator, person_id=worker.id, role="worker", now=NOW)

    first, second = (claim, withdraw) if claims_first else (withdraw, claim)

    async def follows() -> None:
        async with door(committing_engine) as session:
            await second(session)

    async with door(committing_engine) as session:
        await first(session)
        waiting = asyncio.create_task(outcome(follows()))
        await until_somebody_waits(committing_engine)
    assert await waiting == ("done" if claims_first else "role-missing")
    await follow_person(committing_engine, {"person": str(worker.id)}, NOW)
    assert await states(committing_engine) == (["released"] if claims_first else [])


async def test_a_claim_that_waited_for_a_move_is_judged_by_the_new_time(
    committing_engine: AsyncEngine,
) -> None:
    pool, worker, shift = await evening(committing_engine)
    away = TUESDAY_19 + DAY

    async def claim() -> None:
        async with door(committing_engine) as session:
            await claim_seat(session, worker.asker, shift.lead, NOW)

    async with door(committing_engine) as session:
        await enter_leave(session, worker.asker, worker.id, away, away + HOUR, NOW)
    async with door(committing_engine) as session:
        await move(session, pool.coordinator, shift.id, DAY)
        waiting = asyncio.create_task(outcome(claim()))
        await until_somebody_waits(committing_engine)
    assert await waiting == "on-leave"


async def test_taking_over_a_seat_that_waited_for_a_move_is_judged_by_the_new_time(
    committing_engine: AsyncEngine,
) -> None:
    pool, worker, shift = await evening(committing_engine)
    away = TUESDAY_19 + DAY
    async with door(committing_engine) as session:
        holder = await a_worker(session, pool.id, pool.coordinator)
        await enter_leave(session, worker.asker, worker.id, away, away + HOUR, NOW)
        claim = await claim_seat(session, holder.asker, shift.lead, NOW)
    async with door(committing_engine) as session:
        cover = await ask_for_cover(session, holder.asker, claim.id, NOW)

    async def take() -> None:
        async with door(committing_engine) as session:
            await take_cover(session, worker.asker, cover.id, NOW)

    async with door(committing_engine) as session:
        await move(session, pool.coordinator, shift.id, DAY)
        waiting = asyncio.create_task(outcome(take()))
        await until_somebody_waits(committing_engine)
    assert await waiting == "on-leave"
