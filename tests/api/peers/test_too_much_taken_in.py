"""What one partner makes this node keep has an end, whatever it says; its recalls go on beyond."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.applying import MEASURE
from database.outbox import OutboxRow
from database.session import door
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed
from federation.feeds import actions as feeds
from federation.feeds.errors import TooMuchTakenIn
from federation.feeds.models import TakenIn
from federation.feeds.taken_in.actions import take_in_more
from federation.feeds.taken_in.rules import Measure
from federation.partners.actions import PULL
from federation.partners.sender import Sender
from federation.permissions.rules import Asker
from federation.relations.crossed.rules import WOULD_HELP
from tests.api.peers.desk import desk
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, add_shared_pool, clock
from tests.api.peers.test_pulling_feeds import heard, note_in, pull_now, say, trouble
from tests.api.peers.test_what_crossed import received

Pair = tuple[RunningNode, RunningNode]
STOPPED = TooMuchTakenIn.code
COORDINATOR = replace(ADMINISTRATOR, roles=frozenset({"coordinator"}))
ROOMY = MEASURE.bytes


@pytest.fixture
async def pair(two_nodes: Pair) -> Pair:
    """Give north, which speaks, and south, which listens to greetings."""
    two_nodes[1].apply["greeting"] = note_in("greeting")
    return two_nodes


async def take_more(south: RunningNode, north: RunningNode, asker: Asker = ADMINISTRATOR) -> None:
    async with door(south.engine) as session:
        await take_in_more(session, asker=asker, node_id=north.id, now=clock())


async def counted(node: RunningNode) -> list[tuple[str, int, int]]:
    async with door(node.engine) as session:
        rows = await session.scalars(select(TakenIn).order_by(TakenIn.kind))
        return [(one.kind, one.events, one.bytes) for one in rows]


async def test_36_endless_words_of_one_kind_stop_their_feed_and_no_recall(pair: Pair) -> None:
    north, south = pair
    measure = Measure(events=3, bytes=ROOMY)
    recalls: list[str] = []

    async def recalled(_: AsyncSession, __: Sender, statement: str, ___: datetime) -> None:
        recalls.append(statement)

    south.apply_recall["private"] = recalled
    await say(north, south, {"n": 1}, {"n": 2}, {"n": 3})
    await pull_now(south, north, measure=measure)
    assert (await counted(south), await trouble(south)) == ([("greeting", 3, 21)], [(3, None)])
    await say(north, south, {"n": 4})
    for _ in range(2):
        await pull_now(south, north, measure=measure)
    assert await heard(south) == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert await trouble(south) == [(3, STOPPED)]
    assert await counted(south) == [("greeting", 3, 21)]

    async with door(north.engine) as session:
        await feeds.recall(session, "private", south.id, "withdrawn", now=clock())
    await pull_now(south, north, measure=measure)
    assert (recalls, await trouble(south)) == (["withdrawn"], [(3, STOPPED)])

    await take_more(south, north)
    await pull_now(south, north, measure=measure)
    assert (await heard(south))[3:] == [{"n": 4}]
    assert (await counted(south), await trouble(south)) == ([("greeting", 1, 7)], [(4, None)])


async def test_36_long_words_are_counted_in_bytes_over_all_feeds_of_a_partner(pair: Pair) -> None:
    north, south = pair
    measure = Measure(events=1_000, bytes=1_000)
    async with door(north.engine) as session:
        pool = await add_shared_pool(session, south.id)
        long = {"text": "a" * 600}
        await feeds.append(session, "pool/shifts", str(pool.id), "greeting", long, now=clock())
    await say(north, south, {"text": "a" * 600})
    await pull_now(south, north, measure=measure)
    assert await trouble(south) == [(0, STOPPED), (1, None)] or await trouble(south) == [
        (1, None),
        (0, STOPPED),
    ]
    assert await counted(south) == [("greeting", 1, 611)]


async def test_36_kinds_that_nobody_knows_count_as_one(pair: Pair) -> None:
    north, south = pair
    async with door(north.engine) as session:
        for number in range(3):
            kind = f"novelty-{number}"
            await feeds.append(session, "private", south.id, kind, {"n": 1}, now=clock())
    await pull_now(south, north)
    assert await counted(south) == [("other", 3, 21)]


async def test_what_was_said_a_season_ago_counts_no_more(pair: Pair) -> None:
    north, south = pair
    measure = Measure(events=1, bytes=ROOMY)
    await say(north, south, {"n": 1})
    await pull_now(south, north, measure=measure)
    await say(north, south, {"n": 2})
    await pull_now(south, north, measure=measure)
    assert await trouble(south) == [(1, STOPPED)]
    async with door(south.engine) as session:
        await session.execute(update(TakenIn).values(week=TakenIn.week - 98))
    await pull_now(south, north, measure=measure)
    assert (await heard(south), await trouble(south)) == ([{"n": 1}, {"n": 2}], [(2, None)])
    assert await counted(south) == [("greeting", 1, 7)]


async def test_what_a_page_leaves_unread_is_not_counted(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1}, {"dies": True})
    note = note_in("greeting")

    async def dies(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        if payload.get("dies"):
            raise ConnectionResetError
        await note(session, sender, payload, now)

    for _ in range(2):
        with pytest.raises(ConnectionResetError):
            await pull_now(south, north, apply={"greeting": dies})
    assert await counted(south) == [("greeting", 1, 7)]


async def test_the_page_says_what_to_do_and_reads_on(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1}, {"n": 2})
    await pull_now(south, north, measure=Measure(events=1, bytes=ROOMY))
    told = [
        "Between the two of you",
        f"not read now {TooMuchTakenIn.title}",
        f"{WOULD_HELP[STOPPED]} {STOPPED}",
        "0 messages read.",
    ]
    assert await received(south, north) == [*told, "Take in as much again"]
    async with desk(south, "coordinator") as reads:
        assert "take-in-more" not in await reads.see(f"/partners/{north.id}")
    async with desk(south, "partner-administrator") as here:
        answer = await here.press(f"/{north.id}/take-in-more")
        assert answer.status_code == 303
    async with door(south.engine) as session:
        assert await session.scalar(select(OutboxRow.key).where(OutboxRow.kind == PULL)) == north.id
        facts = await session.scalars(
            select(AuditEntry.facts).where(AuditEntry.verb == "took-in-more")
        )
        assert list(facts) == [{"node_id": north.id}]
    await pull_now(south, north)
    assert "Take in as much again" not in await received(south, north)


async def test_only_a_partner_administrator_takes_in_more(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1})
    await pull_now(south, north)
    with pytest.raises(NotAllowed):
        await take_more(south, north, COORDINATOR)
    assert await counted(south) == [("greeting", 1, 7)]
