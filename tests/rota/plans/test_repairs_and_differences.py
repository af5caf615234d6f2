from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from rota.availability.actions import set_availability
from rota.availability.rules import Weekly
from rota.claims.models import Claim
from rota.planner.command import run_repair
from rota.planner.rules.difference import SeatChange
from rota.plans.actions import (
    keep_plan,
    note_progress,
    order_plan,
    order_repair,
    publish_plan,
    refuse_plan,
    stop_plan,
)
from rota.plans.differences import compared, newest_plans, plan_seen_by, pseudonyms
from rota.plans.errors import NothingToRepair, PlanNotRunning
from rota.plans.models import PoolPlan
from rota.plans.queries import latest_plan
from rota.sign_up.actions import claim_seat, release_claim
from tests.rota.plans.test_ordering_and_publishing_plans import EVENINGS, answer
from tests.rota.world import (
    NOW,
    ExamplePool,
    Planned,
    Worker,
    a_person,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    everything,
)

FIRST, UNTIL = date(2027, 1, 4), date(2027, 1, 18)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session, "northern"), at_once=2)


async def willing(session: AsyncSession, pool: ExamplePool, *roles: str) -> Worker:
    worker = await a_worker(session, pool.id, pool.coordinator, *(roles or ("worker",)))
    evening = Weekly(1, EVENINGS.starts, EVENINGS.minutes, EVENINGS.zone, 2)
    await set_availability(session, worker.asker, worker.id, [evening], NOW)
    return worker


async def team(session: AsyncSession, pool: ExamplePool) -> tuple[list[Worker], Planned]:
    """Two workers and a supervisor hold a session that a published plan gave them."""
    people = [await willing(session, pool) for _ in range(2)]
    people.append(await willing(session, pool, "supervisor"))
    shift = await a_shift(session, pool)
    plan = await order_plan(session, pool.coordinator, pool.id, FIRST, UNTIL, NOW)
    seats = zip(("lead", "second", "supervisor"), people, strict=True)
    await keep_plan(session, plan.id, answer(*((shift, role, who) for role, who in seats)))
    await publish_plan(session, pool.coordinator, plan.id, NOW)
    for role, who in zip(("lead", "second", "supervisor"), people, strict=True):
        await claim_seat(session, who.asker, shift.seats[role], NOW)
    return people, shift


async def drop_out(session: AsyncSession, who: Worker, seat: Any) -> None:
    claim = await session.scalar(
        select(Claim.id).where(Claim.seat_id == seat, Claim.state == "held")
    )
    assert claim is not None
    await release_claim(session, who.asker, claim, NOW)


async def repaired(session: AsyncSession, pool: ExamplePool) -> PoolPlan:
    """Order a repair and answer it as the worker process does."""
    plan = await order_repair(session, pool.coordinator, pool.id, NOW)
    row = await session.scalar(select(OutboxRow.payload).where(OutboxRow.key == str(plan.id)))
    assert row is not None
    made = run_repair(msgspec.json.encode(plan.scenario), row["broken"])
    await keep_plan(session, plan.id, msgspec.json.decode(msgspec.json.encode(made)))
    return plan


async def test_a_drop_out_is_repaired_with_somebody_else_and_nobody_is_moved(
    session: AsyncSession, pool: ExamplePool
) -> None:
    people, shift = await team(session, pool)
    other = await willing(session, pool)
    with pytest.raises(NothingToRepair):
        await order_repair(session, pool.coordinator, pool.id, NOW)
    await drop_out(session, people[1], shift.seats["second"])
    plan = await repaired(session, pool)
    assert (plan.purpose, plan.state) == ("repair", "draft")
    found = await compared(session, plan)
    assert found is not None
    second = str(shift.seats["second"])
    assert found.difference.changes == (
        SeatChange(str(shift.id), second, "second", None, str(other.handle)),
    )
    assert found.difference.opens == (str(shift.id),)
    assert (found.difference.minutes_before, found.difference.minutes_after) == (0, 120)
    assert found.given_up == {second: str(people[1].handle)}
    names = await pseudonyms(session, pool.id)
    assert names[str(other.handle)] == f"{other.display} (northern)"


async def test_who_gave_a_seat_back_is_not_asked_for_that_session_again(
    session: AsyncSession, pool: ExamplePool
) -> None:
    people, shift = await team(session, pool)
    await drop_out(session, people[1], shift.seats["second"])
    plan = await repaired(session, pool)
    found = await compared(session, plan)
    assert found is not None
    assert found.difference.changes == ()
    assert plan.plan is not None
    assert [each["seat"] for each in plan.plan["unfilled"]] == [str(shift.seats["second"])]


async def test_a_published_repair_is_part_of_the_published_plan_but_not_the_figure(
    session: AsyncSession, pool: ExamplePool
) -> None:
    people, shift = await team(session, pool)
    await willing(session, pool)
    first = await latest_plan(session, pool.id)
    await drop_out(session, people[1], shift.seats["second"])
    plan = await repaired(session, pool)
    await publish_plan(session, pool.coordinator, plan.id, NOW + timedelta(minutes=1))
    assert await latest_plan(session, pool.id) is first
    assert await compared(session, plan) is None
    assert [each.purpose for each in await newest_plans(session, pool.id, 5)] == ["repair", "plan"]


async def test_a_seat_taken_since_the_draft_stays_and_is_no_difference(
    session: AsyncSession, pool: ExamplePool
) -> None:
    planned, faster = [await willing(session, pool) for _ in range(2)]
    shift = await a_shift(session, pool)
    plan = await order_plan(session, pool.coordinator, pool.id, FIRST, UNTIL, NOW)
    await keep_plan(session, plan.id, answer((shift, "lead", planned)))
    await claim_seat(session, faster.asker, shift.lead, NOW)
    found = await compared(session, plan)
    assert found is not None
    assert found.difference.changes == ()


async def test_a_plan_is_stopped_once_and_only_while_it_is_made(
    session: AsyncSession, pool: ExamplePool
) -> None:
    plan = await order_plan(session, pool.coordinator, pool.id, FIRST, UNTIL, NOW)
    told = {"stage": "open", "open_minutes": 60, "seconds": 1}
    assert await note_progress(session, plan.id, told) is None
    assert plan.progress == told
    await stop_plan(session, pool.coordinator, plan.id, NOW, keep=True)
    assert await note_progress(session, plan.id, None) == "keep"
    await stop_plan(session, pool.coordinator, plan.id, NOW, keep=False)
    assert await note_progress(session, plan.id, None) == "drop"
    await refuse_plan(session, plan.id, "stopped")
    assert await note_progress(session, plan.id, {**told, "stage": "wishes"}) == "drop"
    assert plan.progress == told
    with pytest.raises(PlanNotRunning):
        await stop_plan(session, pool.coordinator, plan.id, NOW, keep=True)
    facts = await session.scalars(
        select(AuditEntry.facts).where(AuditEntry.verb == "stop-plan").order_by(AuditEntry.id)
    )
    assert list(facts) == [{"keep": True}, {"keep": False}]


async def test_repairs_stops_and_differences_are_for_coordinators_of_the_pool(
    session: AsyncSession, pool: ExamplePool
) -> None:
    people, shift = await team(session, pool)
    await drop_out(session, people[1], shift.seats["second"])
    plan = await order_plan(session, pool.coordinator, pool.id, FIRST, UNTIL, NOW)
    stranger = await a_project(session)
    worker = await a_person(session, pool.coordinator.project_id, "worker")
    reader = replace(pool.coordinator, scopes=frozenset({"read"}))
    before = await everything(session)
    for kind, asker in ((NotFound, stranger), (NotAllowed, worker), (NotAllowed, reader)):
        with pytest.raises(kind):
            await order_repair(session, asker, pool.id, NOW)
        with pytest.raises(kind):
            await stop_plan(session, asker, plan.id, NOW, keep=True)
        with pytest.raises(kind):
            await plan_seen_by(session, asker, plan.id)
    assert await everything(session) == before
