"""A role, training or account that ends vacates seats to come, and others are asked instead."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.worker.rota_jobs import check_passports, follow_person
from database.outbox import OutboxRow
from database.session import door
from federation.notices.models import Notice
from federation.people.actions import grant_role, take_role
from federation.pools.actions import restate_handles
from rota.bookings.models import Booking
from rota.cover.models import CoverRequest
from rota.cover.take import take_cover
from rota.passport.actions import PASSPORT, attest_training, withdraw_training
from rota.passport.models import Training
from rota.passport.tools import grant_account, need_account, withdraw_account
from rota.sign_up.actions import claim_seat
from rota.sign_up.unfit import claims_to_check, vacate_if_unfit
from tests.rota.cover.test_seats_given_up import covers
from tests.rota.two_nodes import TwoNodes
from tests.rota.worked_off import let_time_pass, work_off
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
    claim_now,
    everything,
    seat_states,
)

WEEK = timedelta(weeks=1)
SOON = NOW + timedelta(minutes=10)
LATER = NOW + timedelta(hours=2)


async def seated(engine: AsyncEngine) -> tuple[ExamplePool, Worker, Worker, list[Planned]]:
    """Seat somebody this week and the next; a colleague could step in."""
    async with door(engine) as session:
        pool = await a_pool(session, await a_project(session))
        holder, other = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
        shifts = [await a_shift(session, pool, TUESDAY_19 + weeks * WEEK) for weeks in (0, 1)]
        for shift in shifts:
            await claim_seat(session, holder.asker, shift.lead, NOW)
    return pool, holder, other, shifts


async def check(engine: AsyncEngine, now: Any) -> None:
    """Do what was asked of the passport's job, and again as after a crash."""
    async with door(engine) as session:
        asked = await session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == PASSPORT))
        payloads = list(asked)
    for payload in payloads * 2:
        await check_passports(engine, payload, now)


async def test_a_training_that_will_end_earlier_starts_cover_for_what_is_later(
    committing_engine: AsyncEngine,
) -> None:
    pool, holder, other, [first, second] = await seated(committing_engine)
    async with door(committing_engine) as session:
        await attest_training(
            session, pool.coordinator, holder.id, CORE, date(2026, 6, 1), TUESDAY_19.date(), LATER
        )
    await check(committing_engine, LATER)
    async with door(committing_engine) as session:
        await work_off(session, LATER)
        assert (await seat_states(session, first))["lead"] == "held"
        assert (await seat_states(session, second))["lead"] == "open"
        assert await covers(session) == [(second.lead, "vacated", "own-project", "open")]
        told = list(await session.scalars(select(Notice.code).where(Notice.person_id == other.id)))
        assert told == ["cover-wanted"]
    # nothing is asked or told twice
    async with door(committing_engine) as session:
        before = await everything(session)
    await check(committing_engine, LATER)
    async with door(committing_engine) as session:
        await work_off(session, LATER)
        assert await everything(session) == before
    async with door(committing_engine) as session:
        [cover] = await session.scalars(select(CoverRequest.id))
        assert (await take_cover(session, other.asker, cover, LATER)).state == "held"
        await work_off(session, LATER)
        assert await covers(session) == [(second.lead, "vacated", "own-project", "covered")]


async def test_a_training_withdrawn_soon_after_the_claim_is_no_slip_of_the_worker(
    committing_engine: AsyncEngine,
) -> None:
    pool, holder, _other, shifts = await seated(committing_engine)
    async with door(committing_engine) as session:
        training = await session.scalar(select(Training.id).where(Training.person_id == holder.id))
        assert training is not None
        await withdraw_training(session, pool.coordinator, training, SOON)
    await check(committing_engine, SOON)
    async with door(committing_engine) as session:
        await work_off(session, SOON)
        assert await covers(session) == [
            (shift.lead, "vacated", "own-project", "open") for shift in shifts
        ]


async def test_a_withdrawn_account_vacates_a_partners_seat_and_starts_cover(
    nodes: TwoNodes,
) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda db: a_shift(db, nodes.pool, TUESDAY_19 + WEEK))
    tool = (nodes.pool.coordinator, nodes.pool.channel)
    async with nodes.host.door() as session:
        await need_account(session, *tool, "operator account", NOW)
        await grant_account(session, *tool, worker.handle, NOW)
    claim = await nodes.home.do(lambda db: claim_seat(db, worker.asker, shift.lead, NOW))
    await let_time_pass(nodes)
    await nodes.host.do(lambda db: withdraw_account(db, *tool, worker.handle, SOON))
    async with nodes.host.door() as session:
        for claim_id in await claims_to_check(session, SOON, channel_id=nodes.pool.channel):
            assert await vacate_if_unfit(session, claim_id, SOON)
    await let_time_pass(nodes, SOON)
    async with nodes.host.door() as session:
        assert await covers(session) == [(shift.lead, "vacated", "own-project", "open")]
    async with nodes.home.door() as session:
        assert (await claim_now(session, claim.id)).state == "released"
        assert list(await session.scalars(select(Booking.id).where(Booking.active))) == []


async def test_a_role_that_is_withdrawn_vacates_the_seats_that_ask_for_it_and_starts_cover(
    committing_engine: AsyncEngine,
) -> None:
    pool, holder, other, [first, second] = await seated(committing_engine)
    async with door(committing_engine) as session:
        await grant_role(session, pool.coordinator, person_id=holder.id, role="supervisor", now=NOW)
        await restate_handles(session, holder.id, NOW)
        third = await a_shift(session, pool, TUESDAY_19 + 2 * WEEK)
        await claim_seat(session, holder.asker, third.seats["supervisor"], NOW)
    now = TUESDAY_19 + timedelta(hours=1)
    async with door(committing_engine) as session:
        await take_role(session, pool.coordinator, person_id=holder.id, role="worker", now=now)
    for _ in range(2):
        await follow_person(committing_engine, {"person": str(holder.id)}, now)
    async with door(committing_engine) as session:
        await work_off(session, now)
        # what has begun stays, and so does a seat of a role that is still there
        assert (await seat_states(session, first))["lead"] == "held"
        assert (await seat_states(session, second))["lead"] == "open"
        assert (await seat_states(session, third))["supervisor"] == "held"
        assert await covers(session) == [(second.lead, "vacated", "own-project", "open")]
        told = await session.execute(
            select(Notice.person_id, Notice.code).order_by(Notice.person_id, Notice.code)
        )
        assert {tuple(row) for row in told} == {
            (holder.id, "seat-vacated"),
            (pool.coordinator.person_id, "seat-of-ours-vacated"),
            (other.id, "cover-wanted"),
        }


async def test_a_role_that_is_withdrawn_gives_a_partners_seat_back(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda db: a_shift(db, nodes.pool, TUESDAY_19 + WEEK))
    claim = await nodes.home.do(lambda db: claim_seat(db, worker.asker, shift.lead, NOW))
    await let_time_pass(nodes)
    taken = (nodes.coordinator, worker.id)
    await nodes.home.do(
        lambda db: take_role(db, taken[0], person_id=taken[1], role="worker", now=SOON)
    )
    async with nodes.home.door() as session:
        for claim_id in await claims_to_check(session, SOON, person_id=worker.id):
            assert await vacate_if_unfit(session, claim_id, SOON)
    await let_time_pass(nodes, SOON)
    async with nodes.host.door() as session:
        assert (await seat_states(session, shift))["lead"] == "open"
        assert (await claim_now(session, claim.id)).state == "released"
