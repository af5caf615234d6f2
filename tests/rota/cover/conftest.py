import pytest

from tests.rota.cover.across import DAY
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import TUESDAY_19, Planned, Worker, a_shift, a_worker


@pytest.fixture
async def shift(nodes: TwoNodes) -> Planned:
    """Give a shift that both nodes know, so far ahead that each step of cover has its time."""
    return await nodes.shift(lambda session: a_shift(session, nodes.pool, TUESDAY_19 + 7 * DAY))


@pytest.fixture
async def away(nodes: TwoNodes) -> Worker:
    """A worker of the node that does not host the pool."""
    return await nodes.worker()


@pytest.fixture
async def local(nodes: TwoNodes) -> Worker:
    """Give a worker of the node that hosts it."""
    worker: Worker = await nodes.host.do(
        lambda session: a_worker(session, nodes.pool.id, nodes.pool.coordinator)
    )
    return worker
