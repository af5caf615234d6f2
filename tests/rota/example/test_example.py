"""An example comes and goes whole: what people have of their own is as it was, row by row."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import ExampleStaysApart, NotAllowed
from federation.partners.actions import grant
from federation.partners.models import Partner
from federation.people.models import Person
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from federation.pools.models import Pool, PoolMember
from federation.pools.queries import pools_to_join
from federation.projects.models import Project
from federation.relations.queries import ticks
from rota.attendance.actions import check_in
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.cover.actions import ask_for_cover
from rota.example.actions import Words, example_link, example_of, fill_example, remove_example
from rota.example.errors import ExampleEntangled, ExampleThere, NoExample
from rota.leave.actions import enter_leave
from rota.plans.actions import order_plan
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import claim_seat, release_claim
from tests.federation.pools.test_pools_and_handles import HOST, a_partner
from tests.rota.world import NOW, SHARE, a_person, a_pool, a_project, a_shift, a_worker, everything

WORDS = Words(
    project="Example project",
    pool="Example: evening chat",
    channel="Example: live chat",
    series=("Example: Tuesday", "Example: Thursday"),
    coordinator="Example: coordinator",
    workers=("Example: worker 1", "Example: worker 2", "Example: worker 3"),
    supervisor="Example: supervisor",
)
ENTRIES = ["example.filled", "example.removed"]


@pytest.fixture
async def coordinator(session: AsyncSession) -> Asker:
    """Let a project have a pool, people, a session and a claim of its own."""
    coordinator = await a_project(session)
    pool = await a_pool(session, coordinator)
    worker = await a_worker(session, pool.id, coordinator)
    shift = await a_shift(session, pool)
    await claim_seat(session, worker.asker, shift.lead, NOW)
    return coordinator


async def rows(session: AsyncSession) -> dict[str, list[Any]]:
    """Copy every table, but for the two words of the audit, and work of the node for nobody."""
    found = await everything(session)
    found["outbox"] = [row for row in found["outbox"] if "all" not in row]
    found["audit_entry"] = [
        row for row in found["audit_entry"] if not any(one in row for one in ENTRIES)
    ]
    return found


async def people_of(session: AsyncSession, coordinator: Asker) -> dict[str, Asker]:
    example = await example_of(session, coordinator)
    assert example
    found = await session.execute(
        select(Person.name, Person.id).where(Person.project_id == example.id)
    )
    roles = {"coordinator": "coordinator", "supervisor": "supervisor"}
    return {
        name.removeprefix("Example: "): Asker(
            who,
            example.id,
            frozenset({roles.get(name.removeprefix("Example: "), "worker")}),
            example=True,
        )
        for name, who in found
    }


async def its_pool(session: AsyncSession) -> Pool:
    pool = await session.scalar(select(Pool).where(Pool.example))
    assert pool
    return pool


async def free_seat(session: AsyncSession, role: str) -> Seat:
    seat = await session.scalar(
        select(Seat)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(Pool.example, Seat.role == role, Seat.state == "open")
        .order_by(Shift.starts)
        .limit(1)
    )
    assert seat
    return seat


async def test_an_example_is_staffed_and_marked(session: AsyncSession, coordinator: Asker) -> None:
    await fill_example(session, coordinator, WORDS, NOW)
    pool = await its_pool(session)
    shifts = list(
        await session.scalars(select(Shift).where(Shift.pool_id == pool.id).order_by(Shift.starts))
    )
    assert pool.name == "Example: evening chat"
    assert [shift.open for shift in shifts[:2]] == [True, False]
    assert len(shifts) == 8
    assert len(await people_of(session, coordinator)) == 5
    example = await example_of(session, coordinator)
    assert example
    assert (example.name, example.example_of) == ("Example project", coordinator.project_id)


async def test_removing_leaves_every_table_as_it_was(
    session: AsyncSession, coordinator: Asker
) -> None:
    before = await rows(session)
    await fill_example(session, coordinator, WORDS, NOW)
    assert await rows(session) != before
    await remove_example(session, coordinator, NOW)
    assert await rows(session) == before


async def test_removing_takes_along_what_people_did_with_it(
    session: AsyncSession, coordinator: Asker
) -> None:
    before = await rows(session)
    await fill_example(session, coordinator, WORDS, NOW)
    people, pool = await people_of(session, coordinator), await its_pool(session)
    later = NOW + timedelta(hours=1)
    claim = await claim_seat(
        session, people["worker 3"], (await free_seat(session, "second")).id, later
    )
    await claim_seat(session, people["worker 2"], (await free_seat(session, "lead")).id, later)
    await ask_for_cover(session, people["worker 3"], claim.id, later)
    held = await session.scalar(
        select(Claim.id)
        .join(Booking, Booking.claim_id == Claim.id)
        .where(Booking.person_id == people["worker 1"].person_id)
        .limit(1)
    )
    assert held
    await release_claim(session, people["worker 1"], held, later)
    away = NOW + timedelta(weeks=6)
    await enter_leave(
        session, people["worker 1"], people["worker 1"].person_id, away, away + timedelta(1), later
    )
    first = later.date() + timedelta(days=7 - later.weekday())
    await order_plan(
        session, people["coordinator"], pool.id, first, first + timedelta(weeks=1), later
    )
    shift = await session.scalar(
        select(Shift).where(Shift.pool_id == pool.id).order_by(Shift.starts).limit(1)
    )
    assert shift
    await check_in(session, people["worker 2"], shift.id, shift.starts)
    await remove_example(session, coordinator, later)
    assert await rows(session) == before


async def test_what_of_somebody_else_hangs_on_it_keeps_it(
    session: AsyncSession, coordinator: Asker
) -> None:
    await fill_example(session, coordinator, WORDS, NOW)
    session.add(
        PoolMember(
            pool_id=(await its_pool(session)).id,
            project_id=coordinator.project_id,
            hours_offered_per_week=1,
            hours_before_per_week=1,
            joined_at=NOW,
        )
    )
    before = await rows(session)
    with pytest.raises(ExampleEntangled):
        await remove_example(session, coordinator, NOW)
    assert await rows(session) == before


async def test_only_the_coordinators_of_its_project_have_it(
    session: AsyncSession, coordinator: Asker
) -> None:
    other = await a_project(session)
    worker = await a_person(session, coordinator.project_id, "worker")
    for act in (fill_example(session, worker, WORDS, NOW), remove_example(session, worker, NOW)):
        with pytest.raises(NotAllowed):
            await act
    await fill_example(session, coordinator, WORDS, NOW)
    with pytest.raises(ExampleThere):
        await fill_example(session, coordinator, WORDS, NOW)
    assert await example_of(session, other) is None
    with pytest.raises(NoExample):
        await remove_example(session, other, NOW)
    with pytest.raises(NoExample):
        await example_link(session, other, "worker", NOW)
    assert await example_link(session, coordinator, "coordinator", NOW)


async def test_it_takes_part_in_nothing_and_is_told_to_nobody(
    session: AsyncSession, coordinator: Asker
) -> None:
    await fill_example(session, coordinator, WORDS, NOW)
    people, pool = await people_of(session, coordinator), await its_pool(session)
    elsewhere = await a_pool(session, await a_project(session))
    administrator = await a_person(session, coordinator.project_id, "partner-administrator")
    await a_partner(session)
    for asker, pool_id in ((coordinator, pool.id), (people["coordinator"], elsewhere.id)):
        with pytest.raises(ExampleStaysApart):
            await join_pool(session, asker, pool_id, SHARE, NOW)
    assert pool.id not in [one.id for one in await pools_to_join(session, coordinator)]
    project = await session.scalar(select(Project).where(Project.example_of.is_not(None)))
    assert project
    for capability in (f"shifts:{pool.id}", f"open-hours:{pool.id}", f"releases:{project.id}"):
        with pytest.raises(ExampleStaysApart):
            await grant(session, asker=administrator, node_id=HOST, capability=capability, now=NOW)
    partner = await session.get_one(Partner, HOST)
    told = {tick.of.name for tick in await ticks(session, administrator, partner)}
    assert not [name for name in told if name.startswith("Example")]
