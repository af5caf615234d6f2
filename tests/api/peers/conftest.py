from collections.abc import AsyncIterator

import pytest

from api.tables import METADATA
from database.session import door
from tests.api.peers.nodes import RunningNode, join, running
from tests.conftest import own_name
from tests.postgres import copy_of


@pytest.fixture(scope="session")
async def running_nodes(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[RunningNode, RunningNode]]:
    folder = tmp_path_factory.mktemp("nodes")
    async with (
        copy_of(server_url, template, own_name(template)) as north_url,
        copy_of(server_url, template, own_name(template)) as south_url,
        running(north_url, folder / "north", "North") as north,
        running(south_url, folder / "south", "South") as south,
    ):
        yield north, south


@pytest.fixture
async def strangers(
    running_nodes: tuple[RunningNode, RunningNode],
) -> AsyncIterator[tuple[RunningNode, RunningNode]]:
    """Give two nodes that have never met; what a test leaves is cleared after it."""
    yield running_nodes
    for node in running_nodes:
        await node.workshop.close()
        node.apply.clear()
        node.apply_recall.clear()
        async with door(node.engine) as session:
            for table in reversed(METADATA.sorted_tables):
                await session.execute(table.delete())


@pytest.fixture
async def two_nodes(
    strangers: tuple[RunningNode, RunningNode],
) -> tuple[RunningNode, RunningNode]:
    """Give two nodes that have joined by invitation."""
    await join(*strangers)
    return strangers
