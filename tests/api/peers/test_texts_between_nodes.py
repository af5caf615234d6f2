"""A release and its recall, from one running node to another over a real socket."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.pull import pull
from api.peers.text_events import TEXT_EVENTS, TEXT_RECALLS
from database.session import door
from federation.audit.models import AuditEntry
from federation.feeds import actions as feeds
from federation.feeds.actions import append
from federation.feeds.models import FeedCursor, FeedRecall, SetAsideEvent
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project
from protocols.adoption.actions import adopt
from protocols.adoption.queries import text_of_project
from protocols.recalls.actions import recall
from protocols.recalls.errors import Withdrawn
from protocols.recalls.models import Recall
from protocols.releases.actions import release
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from protocols.statements.rules import statement_of
from tests.api.peers.nodes import RunningNode
from tests.protocols.example_texts import (
    NOW,
    Members,
    Told,
    approved,
    project_with_people,
    protocol,
)

Pair = tuple[RunningNode, RunningNode]


@pytest.fixture
async def projects(two_nodes: Pair) -> tuple[Members, Members]:
    """Give a project on each node; both nodes know of both, and of the pool that they share."""
    north, south = two_nodes
    async with door(north.engine) as session:
        ours = await project_with_people(session, "north")
    async with door(south.engine) as session:
        theirs = await project_with_people(session, "south")
    await know(north, theirs, south)
    await know(south, ours, north)
    async with door(north.engine) as session:
        pool_id = await share_a_pool(session, None, ours, theirs)
    async with door(south.engine) as session:
        await share_a_pool(session, (pool_id, north.id), ours, theirs)
    south.apply.update(TEXT_EVENTS)
    south.apply_recall.update(TEXT_RECALLS)
    return ours, theirs


async def know(node: RunningNode, members: Members, home: RunningNode) -> None:
    row = {
        "id": members.project,
        "slug": members.name,
        "name": members.name,
        "region": "",
        "jurisdiction": "england",
        "zone": "Europe/London",
        "languages": ["en"],
        "node": home.id,
    }
    async with door(node.engine) as session:
        await session.execute(insert(Project).values(row))


async def share_a_pool(
    session: AsyncSession, known: tuple[UUID, str] | None, *members: Members
) -> UUID:
    pool = Pool(slug="chat", name="Chat", zone="Europe/London")
    if known:
        pool.id, pool.host = known
    session.add(pool)
    await session.flush()
    session.add_all(
        PoolMember(
            pool_id=pool.id,
            project_id=one.project,
            hours_offered_per_week=1,
            hours_before_per_week=1,
            joined_at=NOW,
        )
        for one in members
    )
    return pool.id


async def publish(north: RunningNode, ours: Members) -> Release:
    async with door(north.engine) as session:
        item = await approved(session, ours, protocol(Told()))
        return await release(
            session,
            ours.coordinator,
            item.id,
            sign=lambda raw: north.node.keys.sign("release", raw),
            now=NOW,
        )


async def withdraw(
    north: RunningNode,
    ours: Members,
    published: Release,
    now: datetime = NOW,
    holds: str = "Close the chat.",
) -> None:
    async with door(north.engine) as session:
        await recall(
            session,
            ours.coordinator,
            urn=published.urn,
            number=published.number,
            reason="It was wrong.",
            holds_texts={"en": holds},
            sign=lambda raw: north.node.keys.sign("release", raw),
            now=now,
        )


async def pull_now(reader: RunningNode, writer: RunningNode) -> None:
    await pull(reader.workshop.reader, await reader.client(writer), writer.id)


async def test_06_a_release_arrives_to_the_byte_and_its_recall_hides_every_copy(
    two_nodes: Pair, projects: tuple[Members, Members]
) -> None:
    north, south = two_nodes
    ours, theirs = projects
    published = await publish(north, ours)

    await pull_now(south, north)
    async with door(south.engine) as session:
        [there] = await session.scalars(select(Release))
        await adopt(session, theirs.coordinator, urn=published.urn, now=NOW)
        before = await text_of_project(session, theirs.project, published.urn)
    await withdraw(north, ours, published)
    await pull_now(south, north)

    async with door(south.engine) as session:
        after = await text_of_project(session, theirs.project, published.urn)
        assert (await session.scalars(select(SetAsideEvent))).all() == []
    assert (there.manifest, there.signature) == (published.manifest, published.signature)
    assert (there.id, there.node_id) == (published.id, north.id)
    assert before is not None
    assert before.manifest == read_manifest(published.manifest)
    assert after is not None
    assert (after.manifest, after.emergency, after.withdrawn_because) == (
        None,
        {"en": "Close the chat."},
        "It was wrong.",
    )


async def test_24_nobody_elses_text_is_recalled(
    two_nodes: Pair, projects: tuple[Members, Members]
) -> None:
    """South says North's own words of a recall, in a feed that bears the name of North's project.

    Once as North signed them, before it ever said them, and once signed by South itself.
    """
    north, south = two_nodes
    ours, _ = projects
    north.apply.update(TEXT_EVENTS)
    north.apply_recall.update(TEXT_RECALLS)
    published = await publish(north, ours)
    signed = await never_said(north, ours, published)
    manifest = statement_of(signed).manifest.encode()
    async with door(south.engine) as session:
        for statement in (signed, south.node.keys.sign("release", manifest)):
            subject = str(ours.project)
            await feeds.recall(session, "project/releases", subject, statement, now=NOW)
    await pull_now(north, south)
    async with door(north.engine) as session:
        assert list(await session.scalars(select(Recall))) == []
        heard = await session.scalars(select(FeedCursor.kind).where(FeedCursor.recalls_hash != ""))
        assert list(heard) == ["project/releases"]


async def never_said(north: RunningNode, ours: Members, published: Release) -> str:
    """Give the recall that North would sign, and has not."""
    async with door(north.engine) as session, session.begin_nested() as undone:
        await recall(
            session,
            ours.coordinator,
            urn=published.urn,
            number=published.number,
            reason="It was wrong.",
            holds_texts={"en": "Close the chat."},
            sign=lambda raw: north.node.keys.sign("release", raw),
            now=NOW,
        )
        statement = (await session.scalars(select(FeedRecall.statement))).one()
        await undone.rollback()
    return statement


async def test_02_a_recall_that_comes_first_wins_too(
    two_nodes: Pair, projects: tuple[Members, Members]
) -> None:
    north, south = two_nodes
    ours, theirs = projects
    published = await publish(north, ours)
    await withdraw(north, ours, published)

    await pull_now(south, north)

    async with door(south.engine) as session:
        assert len((await session.scalars(select(Release))).all()) == 1
        cursors = await session.scalars(select(FeedCursor.trouble))
        assert set(cursors) == {None}
        with pytest.raises(Withdrawn):
            await adopt(session, theirs.coordinator, urn=published.urn, now=NOW)


async def many(north: RunningNode, ours: Members, count: int) -> list[Release]:
    return [await publish(north, ours) for _ in range(count)]


async def there(south: RunningNode) -> list[tuple[str, bytes]]:
    async with door(south.engine) as session:
        found = await session.scalars(select(Release).order_by(Release.id))
        return [(one.urn, one.manifest) for one in found]


async def test_many_releases_in_a_row_arrive_as_they_were_sent(
    two_nodes: Pair, projects: tuple[Members, Members]
) -> None:
    north, south = two_nodes
    published = await many(north, projects[0], 5)
    await pull_now(south, north)
    assert await there(south) == [(one.urn, one.manifest) for one in published]
    async with door(south.engine) as session:
        ids = await session.scalars(
            select(AuditEntry.subject_id)
            .where(AuditEntry.verb == "received")
            .order_by(AuditEntry.subject_id)
        )
        assert list(ids) == [one.id for one in published]


async def test_a_bad_release_among_many_stops_none_of_the_others(
    two_nodes: Pair, projects: tuple[Members, Members]
) -> None:
    north, south = two_nodes
    ours, _ = projects
    before = await many(north, ours, 2)
    forged = {"manifest": before[0].manifest.decode(), "signature": "a..b"}
    async with door(north.engine) as session:
        await append(
            session, "project/releases", str(ours.project), "release.stated", forged, now=NOW
        )
    after = await many(north, ours, 2)
    await pull_now(south, north)
    assert await there(south) == [(one.urn, one.manifest) for one in [*before, *after]]
    async with door(south.engine) as session:
        [aside] = await session.scalars(select(SetAsideEvent))
        assert (aside.seq, aside.why, aside.detail) == (3, "bad", "bad-signature")
