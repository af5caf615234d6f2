"""Counts go from one running node to another, and what is hidden is in no byte between them."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from api.worker.sweeping import sweep
from database.session import door
from federation.feeds.models import FeedEvent
from tests.api.peers.nodes import RunningNode
from tests.api.peers.pool_of_two import pool_of_two, set_aside
from tests.canaries import found_in
from tests.rota.record_sharing.world import (
    ANSWERED,
    DUE,
    HEALTH,
    NEVER_TOLD,
    TOLD,
    count,
    kept,
    tick,
)

Pair = tuple[RunningNode, RunningNode]
TICKED = datetime(2027, 1, 3, tzinfo=UTC)


async def said(node: RunningNode) -> bytes:
    """Give every byte that a node has in its feeds for others to read."""
    async with door(node.engine) as session:
        rows = await session.scalars(
            select(FeedEvent.payload).where(FeedEvent.payload.is_not(None))
        )
        return b"\n".join(row or b"" for row in rows)


async def test_what_is_hidden_is_in_no_byte_between_the_nodes(
    two_nodes: Pair, capfd: pytest.CaptureFixture[str]
) -> None:
    north, south = two_nodes
    with time_machine.travel(DUE, tick=True):
        shared = await pool_of_two(two_nodes)
        async with door(south.engine) as session:
            await count(session, shared.coordinator.project_id, shared.pool.id)
            await tick(session, shared.coordinator, shared.pool.id, TICKED)
        for node in two_nodes:
            await sweep(node.workshop, {})
        await shared.exchange()
    for node in two_nodes:
        async with door(node.engine) as session:
            assert await kept(session) == [("2027-01", TOLD)]
        assert await set_aside(node) == []
    logs = "".join(capfd.readouterr()).encode()
    everything = b"".join([await said(north), await said(south), logs])
    assert found_in(everything, ANSWERED, HEALTH, NEVER_TOLD) == []
    # the same search finds what is told
    assert found_in(everything, 7922) == ["7922"]
    assert everything.count(b'"count":7922') > 1
