import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.protocols.example_texts import World, world


@pytest.fixture
async def projects(session: AsyncSession) -> World:
    return await world(session)
