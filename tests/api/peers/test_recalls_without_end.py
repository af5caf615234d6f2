"""A partner that withdraws without end is heard up to a number far beyond any honest one."""

import pytest
from sqlalchemy import func, select

from api.peers.text_events import TEXT_EVENTS
from database.session import door
from federation.feeds.errors import TooManyRecalls
from federation.feeds.models import TakenIn
from federation.feeds.taken_in.actions import count_recall
from federation.feeds.taken_in.rules import RECALL, RECALL_BYTES, RECALLS, week_of
from protocols.recalls.actions import recall
from protocols.recalls.models import Recall
from protocols.releases.models import Release
from tests.api.peers.desk import desk
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.test_refused_recalls import set_aside
from tests.api.peers.test_texts_between_nodes import projects, publish, pull_now
from tests.protocols.example_texts import Members

Pair = tuple[RunningNode, RunningNode]
__all__ = ["projects"]


async def withdraw(node: RunningNode, members: Members, published: Release) -> None:
    async with door(node.engine) as session:
        await recall(
            session,
            members.coordinator,
            urn=published.urn,
            number=published.number,
            reason="It was wrong.",
            holds_texts={"en": "Close the chat."},
            sign=lambda raw: node.node.keys.sign("release", raw),
            now=clock(),
        )


async def already(south: RunningNode, north: RunningNode, recalls: int, size: int) -> None:
    async with door(south.engine) as session:
        session.add(
            TakenIn(
                node_id=north.id, kind=RECALL, week=week_of(clock()), events=recalls, bytes=size
            )
        )


async def kept(node: RunningNode) -> tuple[int, list[int]]:
    async with door(node.engine) as session:
        recalls = await session.scalar(select(func.count()).select_from(Recall)) or 0
        counted = select(TakenIn.events).where(TakenIn.kind == RECALL)
        return recalls, list(await session.scalars(counted))


async def test_36_one_recall_too_many_is_refused_until_somebody_has_called(
    two_nodes: Pair, projects: tuple[Members, Members]
) -> None:
    north, south = two_nodes
    ours, _ = projects
    north.apply.update(TEXT_EVENTS)
    published = await publish(north, ours)
    await already(south, north, RECALLS, 0)
    await withdraw(north, ours, published)
    for _ in range(2):
        await pull_now(south, north)
    assert await set_aside(south) == [("recall", "too-many-recalls")]
    assert await kept(south) == (0, [RECALLS])

    async with desk(south, "partner-administrator") as administrator:
        assert "the code <code>too-many-recalls</code>" in await administrator.see(
            f"/partners/{north.id}"
        )
        pressed = await administrator.press(f"/{north.id}/take-in-more")
        assert pressed.status_code == 303
    await pull_now(south, north)
    await pull_now(south, north)
    assert await kept(south) == (1, [1])
    assert await set_aside(south) == []
    # what is said again is known, and takes up nothing
    await pull_now(south, north)
    assert await kept(south) == (1, [1])


@pytest.mark.usefixtures("projects")
async def test_36_recalls_are_counted_in_bytes_too(two_nodes: Pair) -> None:
    north, south = two_nodes
    await already(south, north, 0, RECALL_BYTES - 3)
    with pytest.raises(TooManyRecalls):
        async with door(south.engine) as session:
            await count_recall(session, north.id, "four", clock())
    async with door(south.engine) as session:
        await count_recall(session, north.id, "one", clock())
    assert await kept(south) == (0, [1])
