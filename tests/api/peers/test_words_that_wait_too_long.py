"""What waits for something that never comes makes room again, by a rule and in the audit."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api.peers.applying import replay_parked
from database.session import door
from federation.audit.models import AuditEntry
from federation.feeds.actions import append
from federation.feeds.cursors.actions import WAITS_FOR
from federation.feeds.queries import PRIVATE
from tests.api.peers.handing import everybody, hand_over, handed_on, hosts, with_west
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two, pull_now, set_aside
from tests.rota.world import Worker

Pair = tuple[RunningNode, RunningNode]
WAITS = ("unknown-kind", "not-here-yet")
A_MOMENT = timedelta(seconds=1)


async def south_says_as_a_host(
    shared: PoolOfTwo, west: RunningNode, kind: str, said: dict[str, Any]
) -> None:
    """Let South, which hosts nothing yet, say something as if it did."""
    async with door(shared.south.engine) as session:
        await append(session, PRIVATE, west.id, kind, said, now=clock())
    await pull_now(west, shared.south)


def proposed(finch: Worker, seat: object, **more: Any) -> dict[str, Any]:
    said = {"claim": str(finch.id), "seat": str(seat), "handle": str(finch.handle)}
    return said | {"origin": "plan", "answer_by": clock().isoformat()} | more


async def test_words_of_a_term_wait_until_it_is_over_and_no_longer(
    two_nodes: Pair, west: RunningNode
) -> None:
    """What was said in it counts no more as soon as a later one is known, also while it waits."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _western, finch = await with_west(shared, west)
    [evening] = await shared.shifts(1)
    await everybody(north, south, west)
    await south_says_as_a_host(
        shared, west, "claim.proposed", proposed(finch, evening.lead, term=2)
    )
    assert await set_aside(west) == [("claim.proposed", *WAITS)]
    await hand_over(shared)
    await handed_on(shared, north, shared.pool.coordinator)
    await pull_now(north, south)
    assert await hosts(shared) == [(None, 3), (north.id, 3)]
    for _ in range(2):
        await everybody(north, south, west)
    assert await set_aside(west) == []


async def replay_later(node: RunningNode, other: RunningNode, waited: timedelta) -> None:
    """Try again what a node has said, as if it was so much later."""
    later = replace(node.workshop.reader, clock=lambda: clock() + waited)
    await replay_parked(later, other.id)


async def forgotten(node: RunningNode) -> list[dict[str, Any]]:
    async with door(node.engine) as session:
        rows = await session.scalars(
            select(AuditEntry.facts)
            .where(AuditEntry.verb == "forgot-parked")
            .order_by(AuditEntry.id)
        )
        return list(rows)


@pytest.mark.parametrize("term", [{}, {"term": 2}])
async def test_who_never_becomes_host_is_waited_for_as_long_as_feeds_remember(
    two_nodes: Pair, west: RunningNode, term: dict[str, int]
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _western, finch = await with_west(shared, west)
    [evening] = await shared.shifts(1)
    await everybody(north, south, west)
    said = proposed(finch, evening.lead) | term
    await south_says_as_a_host(shared, west, "claim.proposed", said)
    for waited, left in ((WAITS_FOR - A_MOMENT * 60, 1), (WAITS_FOR + A_MOMENT, 0)):
        await replay_later(west, south, waited)
        assert len(await set_aside(west)) == left
    [noted] = await forgotten(west)
    assert (noted["node"], noted["kind"]) == (south.id, "claim.proposed")
