from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import make_engine
from federation.partners.keys import NodeKeys
from tests.conftest import own_name
from tests.postgres import copy_of
from tests.rota.two_nodes import Side, TwoNodes, two_nodes


@pytest.fixture(scope="session")
async def other_engine(server_url: str, template: str) -> AsyncIterator[AsyncEngine]:
    """Reach a second node's database, which no test commits to."""
    async with copy_of(server_url, template, own_name(template)) as url:
        engine = make_engine(url, connections=2)
        yield engine
        await engine.dispose()


@pytest.fixture(scope="session")
def both_keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[NodeKeys, NodeKeys]:
    folder = tmp_path_factory.mktemp("keys")
    return NodeKeys.create(folder / "host"), NodeKeys.create(folder / "home")


@asynccontextmanager
async def rolled_back(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    async with engine.connect() as connection:
        outer = await connection.begin()
        async with AsyncSession(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as session:
            yield session
        await outer.rollback()


@pytest.fixture
async def nodes(
    engine: AsyncEngine, other_engine: AsyncEngine, both_keys: tuple[NodeKeys, NodeKeys]
) -> AsyncIterator[TwoNodes]:
    """Give two nodes that share a pool; what they do is rolled back."""
    async with AsyncExitStack() as stack:
        sessions = [
            await stack.enter_async_context(rolled_back(each)) for each in (engine, other_engine)
        ]
        host, home = [Side(*each) for each in zip(sessions, both_keys, strict=True)]
        yield await two_nodes(host, home)
