import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.rota.world import ExamplePool, Worker, a_pool, a_project, a_worker


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


@pytest.fixture
async def worker(session: AsyncSession, pool: ExamplePool) -> Worker:
    return await a_worker(session, pool.id, pool.coordinator)
