"""Many sessions in a row are kept together: a pool that is planned, or read for the first time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select, update

from api.peers.rota_events import ROTA_RUNS
from database.ids import new_id
from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import Feed, FeedEvent
from federation.pools.models import Pool
from rota.shifts.models import Seat, Shift
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import Pair, PoolOfTwo, pool_of_two, pull_now, set_aside
from tests.questions import counted
from tests.rota.world import TUESDAY_19, a_shift


async def reading_together(pair: Pair) -> PoolOfTwo:
    shared = await pool_of_two(pair)
    workshop = shared.south.workshop
    workshop.reader = replace(workshop.reader, apply_runs=ROTA_RUNS)
    return shared


async def plan(shared: PoolOfTwo, count: int) -> None:
    async with door(shared.north.engine) as session:
        for _ in range(count):
            await a_shift(session, shared.pool, TUESDAY_19)


async def stated(node: RunningNode) -> list[dict[str, Any]]:
    """Give what North has said of sessions, in its order."""
    async with door(node.engine) as session:
        rows = await session.scalars(
            select(FeedEvent.payload)
            .join(Feed, Feed.id == FeedEvent.feed_id)
            .where(FeedEvent.kind == "shift.stated")
            .order_by(FeedEvent.seq)
        )
        return [msgspec.json.decode(raw or b"") for raw in rows]


async def say(shared: PoolOfTwo, payloads: Sequence[dict[str, Any]]) -> None:
    async with door(shared.north.engine) as session:
        for payload in payloads:
            await append(
                session, "pool/shifts", str(shared.pool.id), "shift.stated", payload, now=clock()
            )


async def kept(node: RunningNode) -> dict[UUID, tuple[Any, ...]]:
    async with door(node.engine) as session:
        rows = await session.execute(
            select(Seat.id, Shift.id, Shift.starts, Shift.theme, Seat.role, Seat.state)
            .join(Shift, Shift.id == Seat.shift_id)
            .order_by(Seat.id)
        )
        return {row[0]: tuple(row[1:]) for row in rows}


async def test_a_page_of_sessions_costs_as_many_questions_as_two_of_them(two_nodes: Pair) -> None:
    north, south = two_nodes
    shared = await reading_together(two_nodes)
    asked = []
    for count in (2, 60):
        await plan(shared, count)
        with counted(south.engine) as statements:
            await pull_now(south, north)
        asked.append(len(statements))
    assert asked[0] == asked[1]
    assert await kept(south) == await kept(north)


async def test_of_a_session_that_is_stated_twice_the_last_word_counts(two_nodes: Pair) -> None:
    north, south = two_nodes
    shared = await reading_together(two_nodes)
    await plan(shared, 2)
    one, other = await stated(north)
    await say(shared, [one | {"theme": "Tax"}, other, one | {"theme": "Housing"}])
    await pull_now(south, north)
    themes = {str(row[0]): row[2] for row in (await kept(south)).values()}
    assert themes == {one["id"]: "Housing", other["id"]: None}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"channel": "nowhere"}, ("unknown-kind", "not-here-yet")),
        ({"zone": "Nowhere"}, ("bad", "unknown-zone")),
    ],
)
async def test_one_that_cannot_be_kept_is_set_aside_and_takes_no_other_with_it(
    two_nodes: Pair, change: dict[str, Any], why: tuple[str, str]
) -> None:
    north, south = two_nodes
    shared = await reading_together(two_nodes)
    await plan(shared, 2)
    odd = (await stated(north))[0] | change | {"id": str(new_id()), "seats": []}
    await say(shared, [odd])
    await plan(shared, 2)
    await pull_now(south, north)
    assert await set_aside(south) == [("shift.stated", *why)]
    assert await kept(south) == await kept(north)


async def test_another_pools_session_is_nobodys_to_state_among_many(two_nodes: Pair) -> None:
    north, south = two_nodes
    shared = await reading_together(two_nodes)
    await plan(shared, 1)
    await pull_now(south, north)
    [known] = await stated(north)
    async with door(south.engine) as session:
        other = Pool(slug="other", name="Other", zone="Europe/London")
        session.add(other)
        await session.flush()
        theirs = update(Shift).where(Shift.id == UUID(known["id"]))
        await session.execute(theirs.values(pool_id=other.id))
    await say(shared, [known | {"theme": "Theirs"}])
    await plan(shared, 2)
    await pull_now(south, north)
    assert await set_aside(south) == [("shift.stated", "bad", "not-found")]
    themes = {row[2] for row in (await kept(south)).values()}
    assert (themes, len(await kept(south))) == ({None}, 9)
