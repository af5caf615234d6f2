from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from federation.errors import NotAllowed, NotFound
from federation.people.actions import limit_oneself, set_limits
from federation.people.errors import LimitNotStricter, WrongLimit
from federation.people.models import Handle, Person
from federation.people.rules import Limits, OwnLimits, stricter
from federation.pools.actions import restate_handles
from tests.rota.world import NOW, a_person, a_pool, a_project, a_worker

PROJECT = Limits(8, 3, 11)
LATER = datetime(2027, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("own", "holds"),
    [
        (OwnLimits(), PROJECT),
        (OwnLimits(hours_per_week=4), Limits(4, 3, 11)),
        (OwnLimits(shifts_per_week=0), Limits(8, 0, 11)),
        (OwnLimits(rest_hours=24), Limits(8, 3, 24)),
        # what the project tightened since holds
        (OwnLimits(20, 9, 0), PROJECT),
    ],
)
def test_the_stricter_limit_holds(own: OwnLimits, holds: Limits) -> None:
    assert stricter(PROJECT, own) == holds


numbers = st.integers(0, 50)


@given(numbers, numbers, numbers, numbers, numbers, numbers)
def test_own_limits_never_loosen_anything(a: int, b: int, c: int, d: int, e: int, f: int) -> None:
    limits, found = Limits(a, b, c), stricter(Limits(a, b, c), OwnLimits(d, e, f))
    assert found.hours_per_week <= limits.hours_per_week
    assert found.shifts_per_week <= limits.shifts_per_week
    assert found.rest_hours >= limits.rest_hours


async def test_own_limits_hold_at_home_and_go_with_the_handle(session: AsyncSession) -> None:
    pool = await a_pool(session, await a_project(session))
    worker = await a_worker(session, pool.id, pool.coordinator)
    await limit_oneself(session, worker.asker, own=OwnLimits(4, 1, 24), now=NOW)
    person = await session.get_one(Person, worker.id)
    assert person.limits == Limits(4, 1, 24)
    asked = await session.scalars(
        select(OutboxRow.key).where(
            OutboxRow.kind == "person-changed", OutboxRow.key == str(worker.id)
        )
    )
    assert list(asked) == [str(worker.id)]
    await restate_handles(session, worker.id, NOW)
    handle = await session.get_one(Handle, worker.handle)
    assert (handle.hours_per_week, handle.shifts_per_week, handle.rest_hours) == (4, 1, 24)
    # the project's own limits are still there
    assert person.project_limits == PROJECT
    await limit_oneself(session, worker.asker, own=OwnLimits(), now=LATER)
    assert person.limits == PROJECT


@pytest.mark.parametrize(
    ("own", "kind"),
    [
        (OwnLimits(hours_per_week=8.5), LimitNotStricter),
        (OwnLimits(shifts_per_week=4), LimitNotStricter),
        (OwnLimits(rest_hours=10), LimitNotStricter),
        (OwnLimits(hours_per_week=-1), WrongLimit),
        (OwnLimits(hours_per_week=float("nan")), WrongLimit),
        (OwnLimits(rest_hours=49), WrongLimit),
    ],
)
async def test_limits_that_loosen_or_cannot_be_are_refused(
    session: AsyncSession, own: OwnLimits, kind: type[Exception]
) -> None:
    worker = await a_person(session, (await a_project(session)).project_id, "worker")
    with pytest.raises(kind):
        await limit_oneself(session, worker, own=own, now=NOW)
    assert (await session.get_one(Person, worker.person_id)).limits == PROJECT


async def test_the_projects_limits_are_set_by_its_coordinators_alone(
    session: AsyncSession,
) -> None:
    coordinator, stranger = await a_project(session), await a_project(session)
    worker = await a_person(session, coordinator.project_id, "worker")
    wanted = Limits(12, 5, 9)

    def setting(asker: Any) -> Any:
        return set_limits(session, asker, person_id=worker.person_id, limits=wanted, now=NOW)

    for kind, asker in (
        (NotFound, stranger),
        (NotAllowed, worker),
        (NotAllowed, replace(coordinator, scopes=frozenset({"read"}))),
    ):
        with pytest.raises(kind):
            await setting(asker)
    reader = replace(worker, scopes=frozenset({"read"}))
    with pytest.raises(NotAllowed):
        await limit_oneself(session, reader, own=OwnLimits(1), now=NOW)
    person = await session.get_one(Person, worker.person_id, populate_existing=True)
    assert person.limits == PROJECT
    await setting(coordinator)
    await session.refresh(person)
    assert person.limits == wanted
