"""Two imports of the same table at once, and imports beside other work, count once."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from database.session import door
from federation.pools.models import Pool
from federation.projects.models import Project
from rota.record_erasing.actions import erase_own_records
from rota.record_imports.actions import take_back
from rota.record_imports.errors import AlreadyImported
from rota.record_imports.queries import imports_of
from tests.rota.record_imports.test_importing_old_tables import DECEMBER, HOURS, NOVEMBER
from tests.rota.record_imports.world import LATER, OLD, taken
from tests.rota.records.world import hour_sums, sums
from tests.rota.world import ExamplePool, a_pool, a_project

TIMES = 5


async def a_pool_of(engine: AsyncEngine) -> ExamplePool:
    async with door(engine) as session:
        return await a_pool(session, await a_project(session))


async def took(engine: AsyncEngine, pool: ExamplePool, text: str = OLD) -> bool:
    try:
        async with door(engine) as session:
            await taken(session, pool, text)
    except AlreadyImported:
        return False
    return True


async def test_the_same_table_at_once_counts_once(committing_engine: AsyncEngine) -> None:
    pool = await a_pool_of(committing_engine)
    done = await asyncio.gather(*(took(committing_engine, pool) for _ in range(TIMES)))
    assert sorted(done) == [False] * (TIMES - 1) + [True]
    async with door(committing_engine) as session:
        assert await sums(session, pool) == NOVEMBER | DECEMBER
        assert await hour_sums(session, pool) == HOURS


async def test_erasing_beside_an_import_leaves_all_of_it_or_nothing(
    committing_engine: AsyncEngine,
) -> None:
    engine = committing_engine
    pool = await a_pool_of(engine)
    await took(engine, pool, "Date;Language\n2026-11-03;Dutch\n")

    async def erased() -> None:
        async with door(engine) as session:
            owner = await session.get_one(Project, pool.coordinator.project_id)
            await erase_own_records(session, pool.coordinator, owner.slug, LATER)

    await asyncio.gather(took(engine, pool), erased())
    async with door(engine) as session:
        found = await session.get_one(Pool, pool.id)
        left = [one.id for one in await imports_of(session, pool.coordinator, found)]
        counted = await sums(session, pool)
    assert counted == (NOVEMBER | DECEMBER if left else {})
    for one in left:
        async with door(engine) as session:
            await take_back(session, pool.coordinator, one, LATER)
    async with door(engine) as session:
        assert (await sums(session, pool), await hour_sums(session, pool)) == ({}, {})
