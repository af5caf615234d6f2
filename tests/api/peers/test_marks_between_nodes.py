"""A worker's "wrong" on one node reaches the owner of the answer on another, over a real socket."""

from datetime import date

from sqlalchemy import select

from api.peers.text_events import TEXT_EVENTS
from database.session import door
from federation.feeds.models import FeedEvent, SetAsideEvent
from protocols.adoption.actions import adopt
from protocols.marks.actions import mark_answer, settle_mark
from protocols.marks.models import AnswerMark
from protocols.marks.queries import marks_to_look_at
from protocols.releases.actions import release
from protocols.releases.models import Release
from tests.api.peers.nodes import RunningNode
from tests.api.peers.test_texts_between_nodes import Pair, projects, pull_now
from tests.protocols.example_texts import NOW, Members, answer, approved

__all__ = ["projects"]


async def published(north: RunningNode, ours: Members) -> Release:
    async with door(north.engine) as session:
        item = await approved(session, ours, answer("Tax?", "Everybody pays."))
        return await release(
            session,
            ours.coordinator,
            item.id,
            sign=lambda raw: north.node.keys.sign("release", raw),
            now=NOW,
        )


async def test_a_mark_reaches_the_owner_on_another_node_without_a_name(
    two_nodes: Pair, projects: tuple[Members, Members]
) -> None:
    north, south = two_nodes
    ours, theirs = projects
    north.apply.update(TEXT_EVENTS)
    text = await published(north, ours)
    await pull_now(south, north)
    async with door(south.engine) as session:
        await adopt(session, theirs.coordinator, urn=text.urn, now=NOW)
        await mark_answer(
            session,
            theirs.worker,
            text.urn,
            kind="hard-to-read",
            note="Too many hard words.",
            language="en",
            now=NOW,
        )

    for _ in range(2):
        await pull_now(north, south)

    async with door(north.engine) as session:
        [marked] = await marks_to_look_at(session, ours.coordinator)
        mark = marked.mark
        assert (mark.urn, mark.number, mark.language, mark.kind, mark.note) == (
            text.urn,
            "1.0.0",
            "en",
            "hard-to-read",
            "Too many hard words.",
        )
        assert (mark.project, mark.day, mark.node_id) == ("South", date(2027, 1, 5), south.id)
        assert (await session.scalars(select(SetAsideEvent))).all() == []
        await settle_mark(session, ours.coordinator, mark.id, NOW)
        assert await marks_to_look_at(session, ours.coordinator) == []
    async with door(south.engine) as session:
        payloads = [bytes(one.payload or b"") for one in await session.scalars(select(FeedEvent))]
        rows = (await session.execute(select(AnswerMark.__table__))).all()
    told = b"".join(payloads) + str(rows).encode()
    assert b"Too many hard words." in told
    assert str(theirs.worker.person_id).encode() not in told
    assert b"south worker" not in told
