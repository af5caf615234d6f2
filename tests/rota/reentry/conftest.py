import pytest

from tests.rota.two_nodes import TwoNodes
from tests.rota.world import Planned, Worker, a_shift


@pytest.fixture
async def worker(nodes: TwoNodes) -> Worker:
    return await nodes.worker()


@pytest.fixture
async def shift(nodes: TwoNodes) -> Planned:
    return await nodes.shift(lambda session: a_shift(session, nodes.pool))
