from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from api.ended import FILE
from api.peers.events import APPLY
from api.peers.rota_events import rota_events
from api.tables import METADATA
from database.session import door
from tests.api.peers.nodes import RunningNode, join, running
from tests.api.peers.places import Place
from tests.conftest import own_name
from tests.postgres import copy_of

PARTNERS = METADATA.tables["partner"]


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
        # the next test has another history, in which nothing of it has ended
        (node.settings.keys / FILE).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def joined_before() -> dict[str, list[dict[str, Any]]]:
    """Keep what the first joining left, by node: to join for each test anew takes half a second."""
    return {}


@pytest.fixture
async def two_nodes(
    strangers: tuple[RunningNode, RunningNode],
    joined_before: dict[str, list[dict[str, Any]]],
) -> tuple[RunningNode, RunningNode]:
    """Give two nodes that have joined by invitation."""
    if not joined_before:
        await join(*strangers)
        for node in strangers:
            async with door(node.engine) as session:
                rows = (await session.execute(select(PARTNERS))).mappings()
                joined_before[node.id] = [dict(row) for row in rows]
        return strangers
    for node in strangers:
        async with door(node.engine) as session:
            await session.execute(insert(PARTNERS), joined_before[node.id])
    return strangers


@pytest.fixture
async def places(server_url: str, template: str, tmp_path: Path) -> AsyncIterator[list[Place]]:
    """Give the places of two nodes, each with a database of its own, in which nothing runs yet."""
    async with (
        copy_of(server_url, template, own_name(template)) as north_url,
        copy_of(server_url, template, own_name(template)) as south_url,
    ):
        both = [
            Place(north_url, tmp_path / "north", "North"),
            Place(south_url, tmp_path / "south", "South"),
        ]
        try:
            yield both
        finally:
            for place in both:
                await place.stop()


@pytest.fixture
async def west(server_url: str, template: str, tmp_path: Path) -> AsyncIterator[RunningNode]:
    """Give a third node, which has met nobody yet and hears what is said of pools."""
    async with (
        copy_of(server_url, template, own_name(template)) as url,
        running(url, tmp_path / "west", "West") as node,
    ):
        node.apply.update({**APPLY, **rota_events(node.node.keys)})
        yield node
