from collections.abc import AsyncIterator

import pytest

from tests.rota.swaps.apart import Apart, at
from tests.rota.three_nodes import ThreeNodes, three_nodes


@pytest.fixture(scope="module")
async def nodes(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ThreeNodes]:
    """Give a host and two homes, which really commit, to all stories of one file."""
    async with three_nodes(server_url, template, tmp_path_factory.mktemp("swaps")) as made:
        yield made


@pytest.fixture
async def two_homes(nodes: ThreeNodes) -> Apart:
    """Have neither of the two at home where the pool is planned."""
    return await at(nodes, "east", "west")
