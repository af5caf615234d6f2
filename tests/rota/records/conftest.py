"""What most tests of records begin with: a pool, and somebody who holds a seat of a session."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.rota.records.world import a_lead
from tests.rota.world import ExamplePool, Planned, Worker, a_pool, a_project


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


@pytest.fixture
async def held(session: AsyncSession, pool: ExamplePool) -> tuple[Planned, Worker]:
    return await a_lead(session, pool)
