"""A withdrawal that a partner refuses: both sides see that the text is still in use there."""

import re
from html import unescape

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.text_events import TEXT_EVENTS
from database.ids import new_id
from database.session import door
from federation.feeds import actions as feeds
from federation.feeds.cursors import recalls_aside
from federation.feeds.cursors.actions import Room
from federation.feeds.models import FeedCursor, FeedRecall, SetAsideEvent
from federation.partners.rules.encoding import with_payload
from federation.people.actions import grant_role
from federation.people.rules import OPERATOR
from protocols.confirmations.queries import recalls_stated
from protocols.recalls.actions import recall
from protocols.recalls.models import Recall
from protocols.releases.models import Release
from protocols.statements.queries import FEED
from protocols.statements.rules import signed
from tests.api.peers.desk import desk, desk_of
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.test_texts_between_nodes import projects, publish, pull_now
from tests.protocols.example_texts import Members, partner

Pair = tuple[RunningNode, RunningNode]
__all__ = ["projects"]
THERE = (
    "1 \N{MULTIPLICATION SIGN} withdrawal of a text, last WHEN. It was refused, so your projects "
    "go on using a text that its project has withdrawn. Call them, ask which one it is, and stop "
    "using it. Tell their operator the code bad-signature."
)
HERE = (
    "Their node has read it WHEN, and has not said that it keeps to it: it may have refused it. "
    "Call them; what was refused stands on their page about your node."
)
WHEN = re.compile(r"\b\w+day \d+ \w+, \d\d:\d\d")


def words(page: str) -> str:
    """Give what stands on a page, each moment as WHEN."""
    bare = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", unescape(page)))
    return WHEN.sub("WHEN", bare)


async def withdraw_with_the_wrong_key(
    node: RunningNode, members: Members, published: Release
) -> Recall:
    async with door(node.engine) as session:
        return await recall(
            session,
            members.coordinator,
            urn=published.urn,
            number=published.number,
            reason="It was wrong.",
            holds_texts={"en": "Close the chat."},
            sign=lambda raw: node.node.keys.sign("head", raw),
            now=clock(),
        )


async def hearers(node: RunningNode, members: Members) -> list[tuple[str, bool, bool]]:
    async with door(node.engine) as session:
        [seen] = await recalls_stated(session, members.coordinator)
    return [
        (one.node, one.confirmed_at is not None, one.read_at is not None) for one in seen.hearers
    ]


async def set_aside(node: RunningNode) -> list[tuple[str, str]]:
    async with door(node.engine) as session:
        rows = await session.execute(select(SetAsideEvent.kind, SetAsideEvent.detail))
        return [(kind, detail) for kind, detail in rows]


@pytest.fixture
async def refused(two_nodes: Pair, projects: tuple[Members, Members]) -> Recall:
    """A recall of North that South has read and does not believe."""
    north, south = two_nodes
    ours, _ = projects
    north.apply.update(TEXT_EVENTS)
    async with door(north.engine) as session:
        person = ours.coordinator.person_id
        await grant_role(session, OPERATOR, person_id=person, role="coordinator", now=clock())
    published = await publish(north, ours)
    stated = await withdraw_with_the_wrong_key(north, ours, published)
    assert await hearers(north, ours) == [("South", False, False)]
    for _ in range(2):
        await pull_now(south, north)
    assert await set_aside(south) == [("recall", "bad-signature")]
    assert await hearers(north, ours) == [("South", False, True)]
    return stated


@pytest.mark.usefixtures("refused")
async def test_32_a_refused_recall_is_seen_on_both_sides(
    two_nodes: Pair, projects: tuple[Members, Members]
) -> None:
    north, south = two_nodes
    ours, _ = projects

    async with desk(south, "partner-administrator") as administrator:
        assert THERE in words(await administrator.see(f"/partners/{north.id}"))
    async with desk_of(north, ours.coordinator.person_id) as coordinator:
        assert HERE in words(await coordinator.see("/recalls"))


async def test_32_once_it_is_said_rightly_it_is_confirmed_and_gone_from_both(
    two_nodes: Pair, projects: tuple[Members, Members], refused: Recall
) -> None:
    north, south = two_nodes
    ours, _ = projects

    await sign_rightly(north, refused)
    await pull_now(south, north)
    await pull_now(north, south)

    assert await set_aside(south) == []
    assert await hearers(north, ours) == [("South", True, False)]


async def test_refused_recalls_have_an_end_as_events_have(session: AsyncSession) -> None:
    cursor = FeedCursor(
        node_id=await partner(session, "node-north"),
        feed_id=new_id(),
        kind=FEED,
        subject="north",
        epoch="e",
        seq=0,
        hash=b"",
    )
    session.add(cursor)
    await session.flush()
    room = Room(events=2, bytes=0)
    seen = []
    for refused in ({"a": "one", "b": "two", "c": "three"}, {"c": "three"}, {}):
        await recalls_aside.note(session, cursor, refused, epoch="e", room=room, now=clock())
        rows = await session.scalars(select(SetAsideEvent.detail).order_by(SetAsideEvent.detail))
        seen.append(list(rows))

    assert seen == [["one", "two"], ["three"], []]


async def sign_rightly(node: RunningNode, stated: Recall) -> None:
    """Say the same with the key that every reader knows for it."""
    right = signed(stated.manifest, lambda raw: node.node.keys.sign("release", raw))
    whole = with_payload(right.signature, stated.manifest)
    async with door(node.engine) as session:
        await session.execute(delete(FeedRecall))
        await feeds.recall(session, FEED, str(stated.project_id), whole, now=clock())
