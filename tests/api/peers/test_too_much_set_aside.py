"""What one partner may leave here unused has an end; its recalls go on beyond it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from database.session import door
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed
from federation.feeds import actions as feeds
from federation.feeds.cursors.actions import ROOM, Room
from federation.feeds.errors import TooMuchSetAside
from federation.feeds.models import SetAsideEvent
from federation.feeds.quarantine.actions import forget_set_aside
from federation.feeds.quarantine.queries import set_aside_of
from federation.partners.actions import PULL
from federation.partners.sender import Sender
from federation.permissions.rules import Asker
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, add_shared_pool, clock
from tests.api.peers.test_pulling_feeds import heard, note_in, pull_now, say, set_aside, trouble

Pair = tuple[RunningNode, RunningNode]
STOPPED = TooMuchSetAside.code
COORDINATOR = replace(ADMINISTRATOR, roles=frozenset({"coordinator"}))


@pytest.fixture
async def pair(two_nodes: Pair) -> Pair:
    """Give north, which speaks, and south, which listens to greetings."""
    two_nodes[1].apply["greeting"] = note_in("greeting")
    return two_nodes


async def say_new_things(north: RunningNode, south: RunningNode, *payloads: dict[str, Any]) -> None:
    async with door(north.engine) as session:
        for payload in payloads:
            await feeds.append(session, "private", south.id, "novelty", payload, now=clock())


async def forget(
    south: RunningNode, north: RunningNode, *, waiting: bool, asker: Asker = ADMINISTRATOR
) -> int:
    async with door(south.engine) as session:
        return await forget_set_aside(
            session, asker=asker, node_id=north.id, waiting=waiting, now=clock()
        )


async def test_16_too_many_bad_events_stop_their_feed_and_no_recall(pair: Pair) -> None:
    north, south = pair
    room = Room(events=2, bytes=ROOM.bytes)
    recalls: list[str] = []

    async def recalled(_: AsyncSession, __: Sender, statement: str, ___: datetime) -> None:
        recalls.append(statement)

    south.apply_recall["private"] = recalled
    await say(north, south, {"n": 1}, *[{"bad": "refused"}] * 3, {"n": 5})
    await pull_now(south, north, room=room)
    assert await heard(south) == [{"n": 1}]
    assert await set_aside(south) == [(2, "bad", "refused"), (3, "bad", "refused")]
    assert await trouble(south) == [(3, STOPPED)]

    async with door(north.engine) as session:
        await feeds.recall(session, "private", south.id, "withdrawn", now=clock())
    await pull_now(south, north, room=room)
    assert (recalls, await trouble(south)) == (["withdrawn"], [(3, STOPPED)])

    assert await forget(south, north, waiting=False) == 2
    await pull_now(south, north, room=room)
    assert await heard(south) == [{"n": 1}, {"n": 5}]
    assert await set_aside(south) == [(4, "bad", "refused")]
    assert await trouble(south) == [(5, None)]


async def test_16_what_is_parked_is_counted_in_bytes_over_all_feeds_of_a_partner(
    pair: Pair,
) -> None:
    north, south = pair
    async with door(north.engine) as session:
        pool = await add_shared_pool(session, south.id)
        await feeds.append(
            session, "pool/shifts", str(pool.id), "novelty", {"text": "a" * 600}, now=clock()
        )
    await say(north, south, {"n": 1})
    await say_new_things(north, south, {"text": "a" * 600})
    await pull_now(south, north, room=Room(events=10, bytes=1_000))
    assert await set_aside(south) == [(1, "unknown-kind", "")]
    assert (await heard(south), await trouble(south)) == ([{"n": 1}], [(1, None), (1, STOPPED)])

    # an update heals it without anybody: what was parked makes room, and nothing was lost
    south.apply["novelty"] = note_in("novelty")
    await pull_now(south, north, room=Room(events=10, bytes=1_000))
    assert len(await heard(south, "novelty")) == 2
    assert await set_aside(south) == []
    assert await trouble(south) == [(1, None), (2, None)]


async def test_16_a_kind_as_long_as_a_book_is_not_kept(pair: Pair) -> None:
    """No version has it, so that it waits for nothing; and who looks sees how it begins."""
    north, south = pair
    async with door(north.engine) as session:
        await feeds.append(session, "private", south.id, "k" * 200_000, {"n": 1}, now=clock())
    await say(north, south, {"n": 2})
    await pull_now(south, north)
    assert (await heard(south), await trouble(south)) == ([{"n": 2}], [(2, None)])
    async with door(south.engine) as session:
        rows = await session.scalars(select(SetAsideEvent))
        aside = [(one.kind, one.why, one.detail, one.payload) for one in rows]
    assert aside == [("k" * 100, "bad", "ValidationError", b"")]


async def test_what_waits_is_forgotten_only_where_somebody_says_so(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"bad": "refused"}, {"bad": "missing"}, {"bad": "missing"})
    await say_new_things(north, south, {"n": 4})
    await pull_now(south, north)
    async with door(south.engine) as session:
        latest = await session.scalar(select(func.max(SetAsideEvent.at)))
        seen = await set_aside_of(session, asker=ADMINISTRATOR, node_id=north.id)
    assert [tuple(one)[:-1] for one in seen] == [
        ("greeting", "bad", "KeyError", 2),
        ("greeting", "bad", "refused", 1),
        ("novelty", "unknown-kind", "", 1),
    ]
    assert max(one.latest for one in seen) == latest

    assert await forget(south, north, waiting=False) == 3
    assert await set_aside(south) == [(4, "unknown-kind", "")]
    assert await forget(south, north, waiting=True) == 1
    assert await set_aside(south) == []
    async with door(south.engine) as session:
        facts = await session.scalars(
            select(AuditEntry.facts)
            .where(AuditEntry.verb == "forgot-set-aside")
            .order_by(AuditEntry.id)
        )
        assert list(facts) == [
            {"node_id": north.id, "events": 3, "waiting": False},
            {"node_id": north.id, "events": 1, "waiting": True},
        ]
        assert await session.scalar(select(OutboxRow.key).where(OutboxRow.kind == PULL)) == north.id


async def test_only_partner_administrators_see_and_forget_what_was_set_aside(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"bad": "refused"})
    await pull_now(south, north)
    with pytest.raises(NotAllowed):
        await forget(south, north, waiting=True, asker=COORDINATOR)
    async with door(south.engine) as session:
        with pytest.raises(NotAllowed):
            await set_aside_of(session, asker=COORDINATOR, node_id=north.id)
    assert await set_aside(south) == [(1, "bad", "refused")]
