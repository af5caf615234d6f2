"""How far an import is: numbers alone, of one project's import at a time, for a day."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from federation.pools.models import Pool
from federation.projects.models import Project
from rota.import_runs.actions import (
    begin_import,
    finish_import,
    interrupt_import,
    note_rows,
    refuse_import,
    sweep_import_runs,
)
from rota.import_runs.errors import ImportIsOver, ImportIsRunning
from rota.import_runs.models import ImportRun
from rota.import_runs.queries import import_run, running_import
from rota.import_runs.rules import SILENT, TOLD, is_silent
from rota.record_erasing.actions import erase_own_records
from rota.record_imports.rules.looks import Reading, look_at
from rota.record_imports.rules.tables import read_sheet
from tests.rota.record_imports.world import CHAT, LATER, LISTS, OLD, looked
from tests.rota.world import SHARE, ExamplePool, a_person, a_pool, a_project

SECOND = timedelta(seconds=1)
ROWS = """Date;Language;Topic;Contacts
2026-11-03;English;Housing;2
someday;English;Housing;1
2026-11-04;English;ring 07700 900863;1
"""


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def kept(session: AsyncSession, run: UUID) -> dict[str, Any]:
    found = await session.get_one(ImportRun, run, populate_existing=True)
    facts = ("state", "rows_read", "taken", "left_out", "screened", "contacts", "trouble")
    return {name: value for name in facts if (value := getattr(found, name))}


def test_rows_are_counted_while_they_are_read() -> None:
    reading = Reading()
    look_at(read_sheet(OLD.encode()), CHAT, LISTS, "Europe/London", LATER, reading)
    assert reading == Reading(rows=3)


async def test_it_goes_from_row_to_row_to_what_came_of_it(
    session: AsyncSession, pool: ExamplePool
) -> None:
    boss = pool.coordinator
    run = await begin_import(session, boss, pool.id, 3, LATER)
    assert await kept(session, run) == {"state": "reading"}
    await note_rows(session, run, 2, LATER + SECOND)
    assert await kept(session, run) == {"state": "reading", "rows_read": 2}
    shown = await looked(session, pool, ROWS)
    await finish_import(session, run, shown, LATER + SECOND)
    told = {"rows_read": 3, "taken": 1, "left_out": 1, "screened": 1, "contacts": 2}
    assert await kept(session, run) == {"state": "taken", **told}
    # what has ended ends once
    await interrupt_import(session, run, LATER + SECOND)
    await refuse_import(session, run, "It is too late.", LATER + SECOND)
    await note_rows(session, run, 1, LATER + SECOND)
    assert await kept(session, run) == {"state": "taken", **told}
    with pytest.raises(ImportIsOver):
        await finish_import(session, run, shown, LATER + SECOND)
    assert await kept(session, run) == {"state": "taken", **told}
    other = await begin_import(session, boss, pool.id, 1, LATER)
    await refuse_import(session, other, "No row can be taken.", LATER)
    assert await kept(session, other) == {"state": "refused", "trouble": "No row can be taken."}


async def test_one_of_a_project_at_a_time_unless_it_has_fallen_silent(
    session: AsyncSession, pool: ExamplePool
) -> None:
    boss = pool.coordinator
    first = await begin_import(session, boss, pool.id, 9, LATER)
    await note_rows(session, first, 5, LATER + SECOND)
    found = await session.get_one(Pool, pool.id)
    last_word = LATER + SECOND + SILENT
    for now in (LATER, last_word):
        with pytest.raises(ImportIsRunning):
            await begin_import(session, boss, pool.id, 9, now)
    running = await running_import(session, boss, found, last_word)
    assert running is not None
    assert running.id == first
    assert await running_import(session, boss, found, last_word + SECOND) is None
    seen = LATER + SECOND
    looks = [is_silent("reading", seen, now) for now in (last_word, last_word + SECOND)]
    assert [*looks, is_silent("taken", seen, last_word + SECOND)] == [False, True, False]
    second = await begin_import(session, boss, pool.id, 9, last_word + SECOND)
    assert await kept(session, first) == {"state": "interrupted", "rows_read": 5}
    assert await kept(session, second) == {"state": "reading"}
    partner = await a_project(session)
    await join_pool(session, partner, pool.id, SHARE, LATER)
    await begin_import(session, partner, pool.id, 9, last_word + SECOND)


async def test_only_coordinators_of_the_project_begin_and_see_it(
    session: AsyncSession, pool: ExamplePool
) -> None:
    boss = pool.coordinator
    run = await begin_import(session, boss, pool.id, 3, LATER)
    found = await session.get_one(Pool, pool.id)
    partner = await a_project(session)
    await join_pool(session, partner, pool.id, SHARE, LATER)
    other = await session.get_one(Pool, (await a_pool(session, boss)).id)
    for asker, of in ((partner, found), (boss, other)):
        with pytest.raises(NotFound):
            await import_run(session, asker, of, run)
        assert await running_import(session, asker, of, LATER) is None
    worker = await a_person(session, boss.project_id, "worker")
    reads = Asker(boss.person_id, boss.project_id, boss.roles, frozenset({"read"}))
    for asker in (worker, reads):
        with pytest.raises(NotAllowed):
            await begin_import(session, asker, pool.id, 3, LATER)
    for tried in (import_run(session, worker, found, run),):
        with pytest.raises(NotAllowed):
            await tried
    with pytest.raises(NotAllowed):
        await running_import(session, worker, found, LATER)


async def test_it_is_forgotten_after_a_day_and_with_all_that_was_counted(
    session: AsyncSession, pool: ExamplePool
) -> None:
    every = select(ImportRun.id)
    run = await begin_import(session, pool.coordinator, pool.id, 3, LATER)
    await interrupt_import(session, run, LATER)
    await sweep_import_runs(session, LATER + TOLD - SECOND)
    assert (await session.scalars(every)).all() == [run]
    await sweep_import_runs(session, LATER + TOLD)
    assert (await session.scalars(every)).all() == []
    await begin_import(session, pool.coordinator, pool.id, 3, LATER)
    slug = await session.scalar(
        select(Project.slug).where(Project.id == pool.coordinator.project_id)
    )
    await erase_own_records(session, pool.coordinator, str(slug), LATER)
    assert (await session.scalars(every)).all() == []
