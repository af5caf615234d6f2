"""An import counts only while its run is reading, and however it ends, its run is told so."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from api.import_runs import Given, run_import, tell
from api.parts import current_time
from database.session import door
from federation.projects.models import Project
from rota.import_runs.actions import begin_import, interrupt_import
from rota.import_runs.models import ImportRun
from rota.import_runs.rules import SILENT
from rota.record_erasing.actions import erase_own_records
from rota.record_imports.models import ImportedSession, RecordImport
from rota.record_imports.rules.choices import Choices
from rota.record_imports.rules.looks import Reading
from rota.record_imports.rules.tables import read_sheet
from tests.locks import until_somebody_waits
from tests.rota.record_imports.test_importing_old_tables import DECEMBER, HOURS, NOVEMBER
from tests.rota.record_imports.world import CHAT, OLD, SEAL
from tests.rota.records.world import hour_sums, sums
from tests.rota.world import ExamplePool, a_pool, a_project

TABLE = read_sheet(OLD.encode())


async def begun(engine: AsyncEngine, choices: Choices = CHAT) -> tuple[ExamplePool, Given]:
    async with door(engine) as session:
        pool = await a_pool(session, await a_project(session))
        boss = pool.coordinator
        run = await begin_import(session, boss, pool.id, len(TABLE.rows), current_time())
    return pool, Given(run, boss, pool.id, TABLE, choices)


async def counted(engine: AsyncEngine, pool: ExamplePool) -> tuple[object, ...]:
    """Give all that an import adds, and the runs as they stand."""
    async with door(engine) as session:
        kept = [
            len((await session.scalars(select(of.id))).all())
            for of in (RecordImport, ImportedSession)
        ]
        runs = await session.execute(select(ImportRun.state, ImportRun.trouble).order_by("state"))
        told = [tuple(run) for run in runs]
        return await sums(session, pool), await hour_sums(session, pool), kept, told


NOTHING: tuple[object, ...] = ({}, {}, [0, 0])


async def test_it_is_counted_while_it_is_reading(committing_engine: AsyncEngine) -> None:
    pool, given = await begun(committing_engine)
    await run_import(committing_engine, given, SEAL)
    whole = (NOVEMBER | DECEMBER, HOURS, [1, 2])
    assert await counted(committing_engine, pool) == (*whole, [("taken", None)])


async def test_one_that_is_erased_while_it_reads_counts_nothing(
    committing_engine: AsyncEngine,
) -> None:
    engine = committing_engine
    pool, given = await begun(engine)
    async with door(engine) as session:
        owner = await session.get_one(Project, pool.coordinator.project_id)
        await erase_own_records(session, pool.coordinator, owner.slug, current_time())
        reading = asyncio.create_task(run_import(engine, given, SEAL))
        await until_somebody_waits(engine)
    await reading
    assert await counted(engine, pool) == (*NOTHING, [])


async def test_one_that_is_called_interrupted_while_it_reads_counts_nothing(
    committing_engine: AsyncEngine,
) -> None:
    engine = committing_engine
    pool, given = await begun(engine)
    async with door(engine) as session:
        later = current_time() + 2 * SILENT
        await begin_import(session, pool.coordinator, pool.id, 1, later)
        reading = asyncio.create_task(run_import(engine, given, SEAL))
        await until_somebody_waits(engine)
    await reading
    told = [("interrupted", None), ("reading", None)]
    assert await counted(engine, pool) == (*NOTHING, told)


async def test_one_that_was_interrupted_before_counts_nothing(
    committing_engine: AsyncEngine,
) -> None:
    pool, given = await begun(committing_engine)
    async with door(committing_engine) as session:
        await interrupt_import(session, given.run, current_time())
    await run_import(committing_engine, given, SEAL)
    assert await counted(committing_engine, pool) == (*NOTHING, [("interrupted", None)])


@pytest.fixture
async def narrow(database_url: str) -> AsyncIterator[AsyncEngine]:
    """Give an engine of one connection, for which nobody waits long."""
    engine = create_async_engine(database_url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    yield engine
    await engine.dispose()


async def nobody_connects(narrow: AsyncEngine) -> None:
    """Ask twice for the connection that is taken: who asked before the second has been refused."""
    for _ in range(2):
        with pytest.raises(NoConnectionFree):
            async with narrow.connect():
                pass


async def test_its_end_is_told_once_a_connection_is_free(
    committing_engine: AsyncEngine, narrow: AsyncEngine
) -> None:
    pool, given = await begun(committing_engine)
    async with narrow.connect():
        reading = asyncio.create_task(run_import(narrow, given, SEAL))
        await nobody_connects(narrow)
    with pytest.raises(Exception, match="QueuePool limit"):
        await reading
    assert await counted(committing_engine, pool) == (*NOTHING, [("interrupted", None)])


async def test_how_far_it_is_is_told_again_once_a_connection_is_free(
    committing_engine: AsyncEngine, narrow: AsyncEngine
) -> None:
    _, given = await begun(committing_engine)
    telling = asyncio.create_task(tell(narrow, given.run, Reading(rows=2), every=0))
    async with narrow.connect():
        await nobody_connects(narrow)
    async with asyncio.timeout(30):
        while await rows_read(committing_engine, given.run) != 2:
            assert not telling.done()
    telling.cancel()


async def rows_read(engine: AsyncEngine, run: UUID) -> int:
    async with door(engine) as session:
        return (await session.get_one(ImportRun, run)).rows_read
