import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.protocols.example_texts import World
from tests.protocols.proposals.suggestions import Suggesting, grant, with_own_parts


@pytest.fixture
async def own(session: AsyncSession, projects: World) -> Suggesting:
    await grant(session, projects.north, projects.south, projects.elsewhere)
    return await with_own_parts(session, projects.north, projects.south)
