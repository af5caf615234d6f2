"""What PostgreSQL cannot hold is the fault of the event that says it, and stops nothing else."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import door
from federation.feeds import actions as feeds
from federation.feeds.cursors import actions as cursors
from federation.feeds.models import SetAsideEvent
from federation.feeds.rules.chain import WireEvent
from federation.partners.sender import Sender
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.test_pulling_feeds import (
    heard,
    note_in,
    pull_now,
    say,
    set_aside,
    trouble,
)

Pair = tuple[RunningNode, RunningNode]
NOT_TEXT = "SELECT chr(0)"
NOT_JSON = "SELECT CAST('\"' || chr(92) || 'u0000\"' AS jsonb)"
NOT_TO_BE_SEARCHED = (
    "SELECT string_agg(md5(n::text), ' ')::tsvector FROM generate_series(1, 40000) n"
)


async def test_16_a_nul_in_one_event_holds_back_no_other(two_nodes: Pair) -> None:
    north, south = two_nodes
    south.apply["greeting"] = note_in("greeting")
    await say(north, south, {"n": 1}, {"n": "a\0b"}, {"n": 3})
    await pull_now(south, north)
    assert await heard(south) == [{"n": 1}, {"n": 3}]
    assert await set_aside(south) == [(2, "bad", "not-canonical")]
    assert await trouble(south) == [(3, None)]


@pytest.mark.parametrize(
    "statement", [NOT_TEXT, NOT_JSON, NOT_TO_BE_SEARCHED], ids=["text", "json", "search"]
)
async def test_16_a_value_that_the_database_refuses_holds_back_no_other(
    two_nodes: Pair, statement: str
) -> None:
    north, south = two_nodes
    note = note_in("greeting")

    async def tries(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        if payload["n"] == 2:
            await session.execute(text(statement))
        await note(session, sender, payload, now)

    south.apply["greeting"] = tries
    await say(north, south, {"n": 1}, {"n": 2}, {"n": 3})
    await pull_now(south, north)
    assert await heard(south) == [{"n": 1}, {"n": 3}]
    assert await set_aside(south) == [(2, "bad", "UnstorableError")]
    assert await trouble(south) == [(3, None)]


async def test_16_a_bad_recall_holds_back_no_other(two_nodes: Pair) -> None:
    north, south = two_nodes
    south.apply["greeting"] = note_in("greeting")
    taken: list[str] = []

    async def recalled(session: AsyncSession, _: Sender, statement: str, __: datetime) -> None:
        if statement.startswith("bad"):
            await session.execute(text(NOT_JSON))
        taken.append(statement)

    south.apply_recall["private"] = recalled
    await say(north, south, {"n": 1})
    async with door(north.engine) as session:
        for statement in ("bad", "good", "bad as well"):
            await feeds.recall(session, "private", south.id, statement, now=clock())
    await pull_now(south, north)
    assert (taken, await heard(south)) == (["good"], [{"n": 1}])
    await pull_now(south, north)
    assert (taken, await trouble(south)) == (["good"], [(1, None)])


async def test_a_kind_with_a_nul_is_parked_like_any_unknown_one(two_nodes: Pair) -> None:
    north, south = two_nodes
    south.apply["greeting"] = note_in("greeting")
    await say(north, south, {"n": 1})
    await pull_now(south, north)
    [cursor] = await south.cursors()
    odd = WireEvent(seq=2, kind="nov\0elty", at="", salt="", payload="{}", digest="")
    async with door(south.engine) as session:
        await cursors.set_aside(
            session, cursor, odd, epoch=cursor.epoch, why=cursors.UNKNOWN, detail="", now=clock()
        )
        found = await session.scalars(select(SetAsideEvent))
        assert [(one.seq, one.kind, one.why) for one in found] == [
            (2, "nov\N{REPLACEMENT CHARACTER}elty", "unknown-kind")
        ]
