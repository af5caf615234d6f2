"""How far a project is follows from what there is, and from nothing that is kept."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed
from federation.people.actions import let_go
from federation.people.rules import OPERATOR
from federation.pools.actions import restate_handles
from federation.projects.actions import hide_setup
from rota.first_steps.queries import first_steps
from rota.first_steps.rules import FirstSteps, PoolSoFar, furthest
from tests.rota.world import NOW, a_pool, a_project, a_shift, a_worker

BARE: dict[str, Any] = {
    "slug": "chat",
    "name": "Chat",
    "here": True,
    "channels": 0,
    "workers": 0,
    "supervisors": 0,
    "workers_needed": 2,
    "supervisors_needed": 1,
    "sessions": False,
    "published": False,
    "next_session": None,
}


def test_the_next_step_is_the_first_that_is_not_taken() -> None:
    pool = PoolSoFar(**BARE | {"sessions": True, "channels": 1, "workers": 2})
    steps = FirstSteps(pool, has_partner=False, hidden=False)
    assert (steps.done, steps.next, steps.complete) == ((True, False, True, False), 1, False)
    staffed = replace(pool, supervisors=1, published=True)
    steps = FirstSteps(staffed, has_partner=False, hidden=False)
    assert (steps.done, steps.next, steps.complete) == ((True,) * 4, None, True)
    assert FirstSteps(None, has_partner=True, hidden=False).next == 0


def test_the_pool_that_has_come_furthest_counts() -> None:
    bare = PoolSoFar(**BARE)
    ahead = replace(bare, slug="later", channels=1)
    assert furthest([bare, ahead, replace(ahead, slug="last")]) is ahead
    assert furthest([]) is None


async def test_steps_are_taken_by_what_people_do(session: AsyncSession) -> None:
    coordinator = await a_project(session)
    told = await first_steps(session, coordinator, NOW)
    assert (told.pool, told.next, told.hidden) == (None, 0, False)
    pool = await a_pool(session, coordinator)
    told = await first_steps(session, coordinator, NOW)
    assert told.pool
    assert (told.pool.slug, told.pool.channels, told.next) == (pool.slug, 1, 1)
    roles = ("worker", "supervisor")
    workers = [await a_worker(session, pool.id, coordinator, *roles) for _ in range(2)]
    shift = await a_shift(session, pool)
    told = await first_steps(session, coordinator, NOW)
    assert told.pool
    assert (told.pool.workers, told.pool.supervisors, told.next) == (2, 2, 3)
    assert told.pool.next_session == shift.id
    await let_go(session, OPERATOR, person_id=workers[0].id, now=NOW)
    await restate_handles(session, workers[0].id, NOW)
    told = await first_steps(session, coordinator, NOW)
    assert told.pool
    assert (told.pool.workers, told.next) == (1, 1)


async def test_another_projects_pool_is_nobodys_first_step(session: AsyncSession) -> None:
    coordinator = await a_project(session)
    await a_pool(session, await a_project(session))
    assert (await first_steps(session, coordinator, NOW)).pool is None


async def test_only_coordinators_put_the_steps_away(session: AsyncSession) -> None:
    coordinator = await a_project(session)
    worker = replace(coordinator, roles=frozenset({"worker"}))
    with pytest.raises(NotAllowed):
        await first_steps(session, worker, NOW)
    with pytest.raises(NotAllowed):
        await hide_setup(session, worker, NOW, hidden=True)
    await hide_setup(session, coordinator, NOW, hidden=True)
    assert (await first_steps(session, coordinator, NOW)).hidden
    await hide_setup(session, coordinator, NOW, hidden=False)
    assert not (await first_steps(session, coordinator, NOW)).hidden
