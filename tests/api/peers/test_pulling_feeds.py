import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.client import PartnerRefusedError
from api.peers.events import Apply
from api.peers.pull import pull
from database.session import door
from federation.audit.actions import record
from federation.audit.models import AuditEntry
from federation.errors import Refusal
from federation.feeds import actions as feeds
from federation.feeds.models import Feed, FeedEvent, FeedReader, SetAsideEvent
from federation.feeds.queries import unconfirmed
from federation.feeds.rules.heads import Place
from federation.partners.keys import Node
from federation.partners.rules.document import contents
from federation.partners.sender import Sender
from federation.projects.models import Project
from tests.api.peers.nodes import RunningNode, add_shared_pool, clock
from tests.api.worker.at_work import at_work

Pair = tuple[RunningNode, RunningNode]


def note_in(table: str) -> Apply:
    """Make an application of events that writes what it heard into the database."""

    async def note(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        if payload.get("bad") == "refused":
            raise Refusal
        if payload.get("bad") == "missing":
            raise KeyError
        await record(
            session,
            actor=sender.node_id,
            verb="heard",
            subject=table,
            subject_id=None,
            now=now,
            facts=payload,
        )

    return note


async def say(node: RunningNode, other: RunningNode, *payloads: dict[str, Any]) -> None:
    async with door(node.engine) as session:
        for payload in payloads:
            await feeds.append(session, "private", other.id, "greeting", payload, now=clock())


async def heard(node: RunningNode, table: str = "greeting") -> list[dict[str, Any]]:
    async with door(node.engine) as session:
        found = await session.scalars(
            select(AuditEntry.facts).where(AuditEntry.subject == table).order_by(AuditEntry.id)
        )
        return list(found)


async def pull_now(at: RunningNode, other: RunningNode, **changes: Any) -> None:
    await pull(replace(at.workshop.reader, **changes), await at.client(other), other.id)


async def trouble(node: RunningNode) -> list[tuple[int, str | None]]:
    return [(cursor.seq, cursor.trouble) for cursor in await node.cursors()]


async def set_aside(node: RunningNode) -> list[tuple[int, str, str]]:
    async with door(node.engine) as session:
        found = await session.scalars(select(SetAsideEvent).order_by(SetAsideEvent.seq))
        return [(one.seq, one.why, one.detail) for one in found]


async def kept_texts(node: RunningNode) -> list[bytes]:
    async with door(node.engine) as session:
        return list(await session.scalars(select(SetAsideEvent.payload)))


@pytest.fixture
async def pair(two_nodes: Pair) -> Pair:
    """Give north, which speaks, and south, which listens to greetings."""
    two_nodes[1].apply["greeting"] = note_in("greeting")
    return two_nodes


async def test_what_one_says_the_other_hears_after_a_poke(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1}, {"n": 2})
    await north.loop.work_off()
    await south.loop.work_off()
    assert await heard(south) == [{"n": 1}, {"n": 2}]
    assert await trouble(south) == [(2, None)]


async def test_a_repeated_pull_applies_nothing_twice(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1})
    for _ in range(3):
        await pull_now(south, north)
    await asyncio.gather(*(pull_now(south, north) for _ in range(4)))
    assert await heard(south) == [{"n": 1}]


async def test_12_pulls_at_once_apply_each_event_once_and_in_order(pair: Pair) -> None:
    north, south = pair
    await pull_now(south, north)
    await say(north, south, *({"n": number} for number in range(120)))
    await asyncio.gather(*(pull_now(south, north) for _ in range(3)))
    assert await heard(south) == [{"n": number} for number in range(120)]


async def test_10_a_crash_before_the_commit_loses_nothing(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1}, {"n": 2})

    async def dies(*_: Any) -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await pull_now(south, north, apply={"greeting": dies})
    assert (await heard(south), await trouble(south)) == ([], [(0, None)])
    await pull_now(south, north)
    assert await heard(south) == [{"n": 1}, {"n": 2}]


@pytest.mark.parametrize(("bad", "detail"), [("refused", "refused"), ("missing", "KeyError")])
async def test_16_a_bad_event_is_set_aside_and_stops_nothing(
    pair: Pair, bad: str, detail: str
) -> None:
    north, south = pair
    await say(north, south, {"n": 1}, {"bad": bad}, {"n": 3})
    await pull_now(south, north)
    assert await heard(south) == [{"n": 1}, {"n": 3}]
    assert await set_aside(south) == [(2, "bad", detail)]
    # it may have been refused for what it says of somebody: its text is not kept
    assert await kept_texts(south) == [b""]


async def test_an_unknown_kind_is_parked_and_applied_after_the_upgrade(pair: Pair) -> None:
    north, south = pair
    async with door(north.engine) as session:
        await feeds.append(session, "private", south.id, "novelty", {"n": 1}, now=clock())
    await say(north, south, {"n": 2})
    await pull_now(south, north)
    assert await set_aside(south) == [(1, "unknown-kind", "")]
    assert await heard(south) == [{"n": 2}]

    south.apply["novelty"] = note_in("novelty")
    await pull_now(south, north)
    await pull_now(south, north)
    assert await heard(south, "novelty") == [{"n": 1}]
    assert await set_aside(south) == []


async def test_a_parked_event_that_turns_out_bad_keeps_no_text(pair: Pair) -> None:
    north, south = pair
    async with door(north.engine) as session:
        await feeds.append(session, "private", south.id, "novelty", {"bad": "refused"}, now=clock())
    await pull_now(south, north)
    assert await kept_texts(south) != [b""]
    south.apply["novelty"] = note_in("novelty")
    await pull_now(south, north)
    assert await set_aside(south) == [(1, "bad", "refused")]
    assert await kept_texts(south) == [b""]


async def break_gap(session: AsyncSession, feed: Feed) -> None:
    await session.execute(delete(FeedEvent).where(FeedEvent.feed_id == feed.id, FeedEvent.seq == 3))


async def test_a_place_that_is_none_is_refused(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1})
    feed = await north.feed("private", south.id)
    client = await south.client(north)
    for epoch, seq in (("x", 1), ("", 1), (feed.epoch[:-1], 1), (feed.epoch, 10**30)):
        nowhere = Place(feed=str(feed.id), epoch=epoch, seq=seq, hash=b"")
        with pytest.raises(PartnerRefusedError, match=r"^400 (bad-place|invalid-request)$"):
            await client.page(nowhere, feed.id, "")


async def test_a_page_holds_at_most_100_events_and_a_mebibyte(pair: Pair) -> None:
    north, south = pair
    await say(north, south, *({"text": "é" * 60_000} for _ in range(20)))
    feed = await north.feed("private", south.id)
    client = await south.client(north)
    page = await client.page(None, feed.id, "")
    assert [event.seq for event in page.events] == list(range(1, len(page.events) + 1))
    assert len(page.events) < 20
    await pull_now(south, north)
    assert await trouble(south) == [(20, None)]


async def test_recalls_arrive_before_events_and_are_confirmed(pair: Pair) -> None:
    north, south = pair
    order: list[object] = []

    async def recalled(_: AsyncSession, sender: Sender, statement: str, __: datetime) -> None:
        order.append((sender.feed_kind, statement))

    async def released(*heard: Any) -> None:
        order.append(heard[2])

    south.apply_recall["project/releases"] = recalled
    south.apply["release"] = released
    async with door(north.engine) as session:
        await add_shared_pool(session, south.id)
        project = (await session.scalars(select(Project))).one()
        subject = str(project.id)
        await feeds.append(session, "project/releases", subject, "release", {"n": 1}, now=clock())
        await feeds.recall(session, "project/releases", subject, "withdrawn", now=clock())
    feed = await north.feed("project/releases", subject)
    await pull_now(south, north)
    assert order == [("project/releases", "withdrawn"), {"n": 1}]

    async with door(north.engine) as session:
        assert await unconfirmed(session, feed) == [south.id]
    await pull_now(south, north)
    async with door(north.engine) as session:
        assert await unconfirmed(session, feed) == []
        reader = (await session.scalars(select(FeedReader))).one()
        assert (reader.node_id, reader.seq) == (south.id, 1)
    assert len(order) == 2


async def test_16_a_recall_arrives_although_the_page_does_not_prove_itself(pair: Pair) -> None:
    north, south = pair
    heard_recalls: list[str] = []

    async def recalled(_: AsyncSession, __: Sender, statement: str, ___: datetime) -> None:
        heard_recalls.append(statement)

    south.apply_recall["private"] = recalled
    await say(north, south, *({"n": number} for number in range(1, 5)))
    async with door(north.engine) as session:
        feed = (await session.scalars(select(Feed))).one()
        await break_gap(session, feed)
        await feeds.recall(session, "private", south.id, "withdrawn", now=clock())
    await pull_now(south, north)
    assert (heard_recalls, await trouble(south)) == (["withdrawn"], [(0, "feed-gap")])


async def test_a_partners_new_document_is_pinned(pair: Pair) -> None:
    north, south = pair
    settings, before = north.settings, north.app.state["node"]
    renamed = Node.open(settings.keys, name="Northern lights", base_url=settings.base_url)
    north.app.state["node"] = renamed
    try:
        await pull_now(south, north)
    finally:
        north.app.state["node"] = before
    partner = await south.partner(north)
    assert (partner.name, partner.document) == ("Northern lights", renamed.document)
    assert partner.document_version > contents(before.document).version


async def test_two_running_workers_carry_an_event_across_at_once(pair: Pair) -> None:
    north, south = pair
    arrived = asyncio.Event()

    async def arrives(*_: Any) -> None:
        arrived.set()

    south.apply["greeting"] = arrives
    async with asyncio.timeout(10), at_work(north.loop, south.loop):
        await say(north, south, {"n": 1})
        await arrived.wait()
    assert await trouble(south) == [(1, None)]


async def test_a_private_feed_for_somebody_else_is_not_read(pair: Pair) -> None:
    north, south = pair
    await say(north, south, {"n": 1})
    await pull_now(south, north, node_id="A" * 43)
    assert (await heard(south), await trouble(south)) == ([], [])


async def test_many_recalls_leave_room_for_events(pair: Pair) -> None:
    north, south = pair
    await say(north, south, *({"text": "a" * 100_000} for _ in range(12)))
    async with door(north.engine) as session:
        for number in range(13):
            statement = f"{number}" + "r" * 60_000
            await feeds.recall(session, "private", south.id, statement, now=clock())
    await pull_now(south, north)
    assert await trouble(south) == [(12, None)]
