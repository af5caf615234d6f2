"""A home says in several parts what its people hold; only all of one telling are one."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from database.session import door
from federation.feeds.actions import append
from federation.feeds.queries import PRIVATE
from federation.handing.models import PoolPart
from rota.claims.models import Claim
from rota.handing.following import CLAIMS
from rota.reentry.answering import facts_of
from tests.api.peers.handing import (
    claim_at,
    everybody,
    hand_over,
    handed_on,
    handed_unread,
    hosts,
    restore,
    with_west,
    worked_through,
)
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import (
    PoolOfTwo,
    booked,
    pool_of_two,
    pull_now,
    set_aside,
    standing,
)
from tests.rota.world import Worker

Pair = tuple[RunningNode, RunningNode]


async def west_says(
    shared: PoolOfTwo, west: RunningNode, term: int, part: int, *claims: Any, last: bool = False
) -> None:
    """Let West say to South one part of what its people hold."""
    async with door(west.engine) as session:
        said = {
            "pool": str(shared.pool.id),
            "term": term,
            "part": part,
            "last": last,
            "claims": list(claims),
            "sessions": [],
        }
        await append(session, PRIVATE, shared.south.id, CLAIMS, said, now=clock())


async def as_given_back(west: RunningNode, claim: UUID, project: UUID) -> dict[str, Any]:
    """Write a claim down as if it had ended: an end wins wherever it is read."""
    async with door(west.engine) as session:
        found = await session.get_one(Claim, claim)
        return facts_of(found, project) | {"state": "released"}


async def held_at_west(shared: PoolOfTwo, west: RunningNode) -> tuple[Worker, UUID]:
    _western, finch = await with_west(shared, west)
    [evening] = await shared.shifts(1)
    await everybody(shared.north, shared.south, west)
    claim = await claim_at(west, finch, evening.lead)
    await everybody(shared.north, west)
    return finch, claim


async def parts(node: RunningNode) -> list[int]:
    async with door(node.engine) as session:
        return list(await session.scalars(select(PoolPart.part).order_by(PoolPart.part)))


async def test_what_was_half_told_in_a_term_that_is_over_is_no_part_of_what_is_told_later(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    finch, held = await held_at_west(shared, west)
    await hand_over(shared)
    await everybody(north, south, west)
    over = await as_given_back(west, held, finch.asker.project_id)
    await west_says(shared, west, 2, 0, over)
    await pull_now(south, west)
    assert await parts(south) == [0]
    await handed_on(shared, north, shared.pool.coordinator)
    await everybody(north, south, west)
    assert await hosts(shared) == [(None, 3), (north.id, 3)]
    await hand_over(shared)
    for _ in range(2):
        await everybody(north, south, west)
    assert await hosts(shared) == [(south.id, 4), (None, 4)]
    for node in (south, west):
        assert await standing(node, held) == ("held", [])
    assert (await parts(south), await booked(west, finch)) == ([], [held])


async def test_a_last_part_waits_for_those_before_it(two_nodes: Pair, west: RunningNode) -> None:
    """The first waits for the contents of the old host, which are here before the last is read."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    finch, held = await held_at_west(shared, west)
    await handed_unread(shared)
    await pull_now(west, north)
    async with door(west.engine) as session:
        found = await session.get_one(Claim, held)
        as_held = facts_of(found, finch.asker.project_id)
    await west_says(shared, west, 2, 0, as_held)
    await pull_now(south, west)
    await pull_now(south, north)
    await west_says(shared, west, 2, 1, last=True)
    await pull_now(south, west)
    assert (await parts(south), await set_aside(south)) == ([], [])
    assert await standing(south, held) == ("held", [])


async def test_parts_of_a_feed_that_has_begun_anew_are_none(
    two_nodes: Pair, west: RunningNode
) -> None:
    """Who was put back says all of it once more, or has forgotten it."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    finch, held = await held_at_west(shared, west)
    await hand_over(shared)
    await everybody(north, south, west)
    over = await as_given_back(west, held, finch.asker.project_id)
    await west_says(shared, west, 2, 0, over)
    await pull_now(south, west)
    assert await parts(south) == [0]
    await restore(west)
    await worked_through(north, south, west)
    assert await parts(south) == []
    assert await standing(south, held) == await standing(west, held) == ("held", [])


async def test_a_part_that_says_nothing_lets_the_rest_wait_for_nothing(
    two_nodes: Pair, west: RunningNode
) -> None:
    """It is set aside, and so is the end of what was said in parts: both are shown."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _finch, held = await held_at_west(shared, west)
    await hand_over(shared)
    await everybody(north, south, west)
    await west_says(shared, west, 2, 0)
    await west_says(shared, west, 2, 1, {"claim": "none"})
    await west_says(shared, west, 2, 2, last=True)
    await pull_now(south, west)
    refused = [(CLAIMS, "bad", "ValidationError"), (CLAIMS, "bad", "parts-missing")]
    assert await set_aside(south) == refused
    for node in (south, west):
        assert await standing(node, held) == ("held", [])
    await west_says(shared, west, 2, 0)
    await west_says(shared, west, 2, 1, last=True)
    await pull_now(south, west)
    assert (await set_aside(south), await parts(south)) == (refused, [])
