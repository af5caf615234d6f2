from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import OutboxRow
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound, Refusal
from federation.pools.errors import NotTheHost
from federation.pools.models import Pool
from rota.availability.actions import set_availability
from rota.availability.rules import Weekly
from rota.claims.models import Claim
from rota.leave.actions import enter_leave
from rota.offers.actions import state_offers
from rota.planner.rules.decoding import decode
from rota.plans.actions import keep_plan, order_plan, propose_from_plan, publish_plan
from rota.plans.errors import PlanNotReady
from rota.plans.queries import latest_plan, scenario_for
from rota.plans.rules import Figure, figure
from rota.sign_up.actions import claim_seat
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import (
    CORE,
    NOW,
    TUESDAY_19,
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
EVENINGS = Weekly(1, time(18), 240, "Europe/London", 2)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session, "northern"), at_once=2)


async def scenario(session: AsyncSession, pool: ExamplePool) -> dict[str, Any]:
    found = await session.get_one(Pool, pool.id)
    return await scenario_for(session, found, FIRST, UNTIL, NOW)


async def test_a_scenario_is_in_the_words_of_the_contract(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator, languages=["en", "ro"])
    await set_availability(session, worker.asker, worker.id, [EVENINGS], NOW)
    leave = TUESDAY_19 + timedelta(days=1)
    await enter_leave(session, worker.asker, worker.id, leave, leave + timedelta(hours=1), NOW)
    shift = await a_shift(session, pool, wanted_languages=["ro"], series="tue-19")
    await a_shift(session, pool, TUESDAY_19 + timedelta(weeks=2))
    await a_shift(session, pool, NOW - timedelta(hours=3))
    await a_shift(session, pool, cancelled_at=NOW)
    assert await scenario(session, pool) == {
        "zone": "Europe/London",
        "from": "2027-01-04",
        "until": "2027-01-18",
        "projects": [{"id": "northern", "hours_offered_per_week": 12, "hours_before_per_week": 6}],
        "workers": [
            {
                "id": str(worker.handle),
                "project": "northern",
                "roles": ["worker"],
                "languages": ["en", "ro"],
                "hours_per_week": 8,
                "shifts_per_week": 3,
                "rest_hours": 11,
                "trainings": [{"name": CORE, "expires": "2027-06-01"}],
                "available": [
                    {
                        "start": f"2027-01-{day}T18:00:00Z",
                        "end": f"2027-01-{day}T22:00:00Z",
                        "preference": 2,
                    }
                    for day in ("05", "12", "19")
                ],
                "busy": [{"start": "2027-01-06T19:00:00Z", "end": "2027-01-06T20:00:00Z"}],
            }
        ],
        "shifts": [
            {
                "id": str(shift.id),
                "channel": "live-chat",
                "start": "2027-01-05T19:00:00Z",
                "end": "2027-01-05T21:00:00Z",
                "briefing_minutes": 15,
                "debrief_minutes": 15,
                "languages": ["en"],
                "wanted_languages": ["ro"],
                "trainings": [CORE],
                "demand": 1.5,
                "seats": [
                    {"id": str(shift.seats[role]), "role": role}
                    for role in ("lead", "second", "supervisor")
                ],
                "minimum": {"workers": 2, "supervisors": 1},
                "series": "tue-19",
            }
        ],
        "supervisor_sessions_at_once": 2,
        "fixed": [],
    }


async def test_the_planner_reads_every_scenario(session: AsyncSession, pool: ExamplePool) -> None:
    for roles in (["worker"], ["worker", "supervisor"], ["supervisor"]):
        worker = await a_worker(session, pool.id, pool.coordinator, *roles)
        await set_availability(session, worker.asker, worker.id, [EVENINGS], NOW)
    await a_shift(session, pool)
    written = msgspec.json.encode(await scenario(session, pool))
    read = decode(written)
    assert (len(read.workers), len(read.shifts), len(read.fixed)) == (3, 1, 0)


async def test_seats_that_are_kept_fit_their_holders_whatever_has_changed_since(
    session: AsyncSession, pool: ExamplePool
) -> None:
    """Taken outside the weekly times, and on leave since: the planner still accepts the rest."""
    worker = await a_worker(session, pool.id, pool.coordinator)
    supervisor = await a_worker(session, pool.id, pool.coordinator, "supervisor")
    shift = await a_shift(session, pool)
    await claim_seat(session, worker.asker, shift.lead, NOW)
    await claim_seat(session, supervisor.asker, shift.seats["supervisor"], NOW)
    begins, ends = TUESDAY_19 - timedelta(hours=2), TUESDAY_19 + timedelta(hours=3)
    await enter_leave(session, worker.asker, worker.id, begins, ends, NOW, give_back=True)
    made = await scenario(session, pool)
    assert made["fixed"] == [
        {"seat": str(shift.lead), "worker": str(worker.handle)},
        {"seat": str(shift.seats["supervisor"]), "worker": str(supervisor.handle)},
    ]
    by_id = {one["id"]: one for one in made["workers"]}
    holder = by_id[str(worker.handle)]
    assert holder["available"] == [
        {"start": "2027-01-05T18:45:00Z", "end": "2027-01-05T21:15:00Z", "preference": 1}
    ]
    assert holder["busy"] == [
        {"start": "2027-01-05T17:00:00Z", "end": "2027-01-05T18:45:00Z"},
        {"start": "2027-01-05T21:15:00Z", "end": "2027-01-05T22:00:00Z"},
    ]
    on_call = by_id[str(supervisor.handle)]
    assert on_call["available"] == [
        {"start": "2027-01-05T19:00:00Z", "end": "2027-01-05T21:00:00Z", "preference": 1}
    ]
    assert len(decode(msgspec.json.encode(made)).fixed) == 2


async def test_a_booking_outside_the_plan_is_busy(session: AsyncSession, pool: ExamplePool) -> None:
    """Also one in the same pool, on a session that is running when the plan is made."""
    worker = await a_worker(session, pool.id, pool.coordinator)
    running = await a_shift(session, pool, NOW - timedelta(hours=1))
    await claim_seat(session, worker.asker, running.lead, NOW - timedelta(hours=2))
    (told,) = (await scenario(session, pool))["workers"]
    assert told["busy"] == [{"start": "2027-01-04T10:45:00Z", "end": "2027-01-04T13:15:00Z"}]


async def test_people_elsewhere_are_known_by_their_offers_alone(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    async with nodes.home.door() as session:
        await set_availability(session, worker.asker, worker.id, [EVENINGS], NOW)
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    other = await nodes.shift(
        lambda session: a_shift(session, nodes.pool, TUESDAY_19 + timedelta(days=1))
    )
    async with nodes.home.door() as session:
        await state_offers(session, NOW)
        await claim_seat(session, worker.asker, other.lead, NOW)
    await nodes.exchange()
    made = await scenario(nodes.host.session, nodes.pool)
    (told,) = made["workers"]
    assert told == {
        "id": str(worker.handle),
        "project": "southern",
        "roles": ["worker"],
        "languages": ["en"],
        "hours_per_week": 8,
        "shifts_per_week": 3,
        "rest_hours": 11,
        "can_take": [
            {"shift": str(shift.id), "preference": 2},
            {"shift": str(other.id), "preference": 1},
        ],
    }
    assert len(decode(msgspec.json.encode(made)).fixed) == 1


async def refused(session: AsyncSession, kind: type[Refusal], action: Any) -> None:
    before = await everything(session)
    with pytest.raises(kind):
        async with session.begin_nested():
            await action
    assert await everything(session) == before


async def test_plans_are_ordered_and_published_by_coordinators_of_members_at_the_host(
    session: AsyncSession, pool: ExamplePool
) -> None:
    stranger = await a_project(session)
    worker = await a_person(session, pool.coordinator.project_id, "worker")
    reader = replace(pool.coordinator, scopes=frozenset({"read"}))
    plan = await order_plan(session, pool.coordinator, pool.id, FIRST, UNTIL, NOW)
    await keep_plan(session, plan.id, answer())
    for kind, asker in ((NotFound, stranger), (NotAllowed, worker), (NotAllowed, reader)):
        await refused(session, kind, order_plan(session, asker, pool.id, FIRST, UNTIL, NOW))
        await refused(session, kind, publish_plan(session, asker, plan.id, NOW))
    await refused(session, NotFound, publish_plan(session, pool.coordinator, new_id(), NOW))


async def test_a_pool_is_planned_at_its_host(nodes: TwoNodes) -> None:
    with pytest.raises(NotTheHost):
        await order_plan(nodes.home.session, nodes.coordinator, nodes.pool.id, FIRST, UNTIL, NOW)


def answer(*assignments: tuple[Planned, str, Worker]) -> dict[str, Any]:
    return {
        "assignments": [
            {"seat": str(shift.seats[role]), "worker": str(worker.handle)}
            for shift, role, worker in assignments
        ],
        "stages": [],
        "open_minutes": {"pool": 480, "alone": {"northern": 240}},
        "unfilled": [],
        "suggestions": [],
        "hours_given": {},
        "seed": 1,
        "seconds": 1,
    }


async def jobs(session: AsyncSession, kind: str) -> list[dict[str, Any]]:
    rows = await session.scalars(
        select(OutboxRow.payload).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
    )
    return list(rows)


async def test_from_the_order_to_proposals(session: AsyncSession, pool: ExamplePool) -> None:
    held, lead, second = [await a_worker(session, pool.id, pool.coordinator) for _ in range(3)]
    shift = await a_shift(session, pool)
    other = await a_shift(session, pool, TUESDAY_19 + timedelta(days=1))
    await claim_seat(session, held.asker, shift.lead, NOW)
    plan = await order_plan(session, pool.coordinator, pool.id, FIRST, UNTIL, NOW)
    assert (plan.state, plan.plan) == ("ordered", None)
    assert await jobs(session, "plan") == [{"plan": str(plan.id)}]
    await refused(session, PlanNotReady, publish_plan(session, pool.coordinator, plan.id, NOW))

    planned = answer((shift, "lead", held), (shift, "second", second), (other, "lead", lead))
    await keep_plan(session, plan.id, planned)
    assert (plan.state, plan.plan) == ("draft", planned)
    assert await latest_plan(session, pool.id) is None
    # a second answer to one order, after a crash, changes nothing
    await keep_plan(session, plan.id, answer())
    assert plan.plan == planned

    await publish_plan(session, pool.coordinator, plan.id, NOW)
    await publish_plan(session, pool.coordinator, plan.id, NOW)
    asked = await jobs(session, "propose")
    assert [(job["seat"], job["worker"], job["origin"]) for job in asked] == [
        (str(shift.seats["second"]), str(second.handle), "plan"),
        (str(other.lead), str(lead.handle), "plan"),
    ]
    for job in (*asked, *asked):
        assert await propose_from_plan(session, job, NOW)
    claims = await session.execute(
        select(Claim.seat_id, Claim.handle_id, Claim.state, Claim.origin).order_by(Claim.id)
    )
    assert sorted(map(tuple, claims)) == sorted(
        [
            (shift.lead, held.handle, "held", "worker"),
            (shift.seats["second"], second.handle, "proposed", "plan"),
            (other.lead, lead.handle, "proposed", "plan"),
        ]
    )
    assert (await latest_plan(session, pool.id)) is plan
    verbs = await session.scalars(
        select(AuditEntry.verb).where(AuditEntry.subject_id == plan.id).order_by(AuditEntry.id)
    )
    assert list(verbs) == ["order-plan", "publish-plan"]


async def test_a_seat_taken_since_the_plan_stays_with_who_took_it(
    session: AsyncSession, pool: ExamplePool
) -> None:
    planned, faster = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
    shift = await a_shift(session, pool)
    plan = await order_plan(session, pool.coordinator, pool.id, FIRST, UNTIL, NOW)
    await keep_plan(session, plan.id, answer((shift, "lead", planned)))
    await publish_plan(session, pool.coordinator, plan.id, NOW)
    claim = await claim_seat(session, faster.asker, shift.lead, NOW)
    (job,) = await jobs(session, "propose")
    assert not await propose_from_plan(session, job, NOW)
    assert list(await session.scalars(select(Claim.id))) == [claim.id]


def test_the_figure_is_worked_out_from_scenario_and_plan() -> None:
    scenario = {
        "from": "2027-01-04",
        "until": "2027-01-18",
        "projects": [
            {"id": "a", "hours_before_per_week": 6},
            {"id": "b", "hours_before_per_week": 3},
            {"id": "c"},
        ],
    }
    plan = {
        "open_minutes_by_channel": {
            "pool": {"live-chat": 2400, "forum": 600},
            "alone": {"a": {"live-chat": 1200, "forum": 480}, "b": {"live-chat": 600}, "c": {}},
        }
    }
    found = figure(scenario, plan, ["live-chat"])
    assert found == Figure(
        pool=20, alone={"a": 10, "b": 5, "c": 0}, before={"a": 6, "b": 3, "c": 0}
    )
    assert (found.best_alone, found.best_before) == (10, 6)


def test_a_figure_without_projects_is_nothing() -> None:
    empty = {"from": "2027-01-04", "until": "2027-01-11", "projects": []}
    plan: dict[str, Any] = {"open_minutes_by_channel": {"pool": {}, "alone": {}}}
    found = figure(empty, plan, ["live-chat"])
    assert (found.best_alone, found.best_before) == (0, 0)
