from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from api.peers.client import PartnerRefusedError
from database.ids import new_id
from database.outbox import OutboxRow
from database.session import door
from federation.feeds.actions import append
from federation.feeds.errors import AnotherEpoch, BadPlace
from federation.feeds.models import Feed, FeedReader
from federation.feeds.rules.heads import Place
from federation.partners.actions import grant, withdraw
from federation.partners.errors import NothingToConfirm
from federation.projects.models import Project
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, add_shared_pool, clock, type_words

Pair = tuple[RunningNode, RunningNode]


async def said(node: RunningNode, kind: str, subject: str) -> UUID:
    """Say something that could leak."""
    async with door(node.engine) as session:
        await append(session, kind, subject, "secret", {"n": 1}, now=clock())
    return (await node.feed(kind, subject)).id


async def readable(at: RunningNode, other: RunningNode) -> set[UUID]:
    """List what the partner offers, and hold it against what it gives when asked."""
    client = await at.client(other)
    listed = {line.id for line in (await client.feeds()).feeds}
    async with door(other.engine) as session:
        everything = set(await session.scalars(select(Feed.id)))
    for feed_id in everything:
        if feed_id in listed:
            assert len((await client.page(None, feed_id, "")).events) == 1
        else:
            with pytest.raises(PartnerRefusedError, match=r"^404 not-found$"):
                await client.page(None, feed_id, "")
    return listed


async def pokes(node: RunningNode) -> list[str]:
    async with door(node.engine) as session:
        found = await session.scalars(select(OutboxRow.key).where(OutboxRow.kind == "poke"))
        return list(found)


async def test_a_private_feed_is_its_partners_alone(two_nodes: Pair) -> None:
    north, south = two_nodes
    mine = await said(north, "private", south.id)
    await said(north, "private", "A" * 43)
    assert await readable(south, north) == {mine}
    assert await pokes(north) == [south.id]


async def test_a_pools_shifts_are_for_its_members(two_nodes: Pair) -> None:
    north, south = two_nodes
    async with door(north.engine) as session:
        shared = await add_shared_pool(session, south.id)
        other = await add_shared_pool(session, None)
    theirs = await said(north, "pool/shifts", str(shared.id))
    await said(north, "pool/shifts", str(other.id))
    assert await readable(south, north) == {theirs}


async def test_releases_are_for_those_who_share_a_pool(two_nodes: Pair) -> None:
    north, south = two_nodes
    async with door(north.engine) as session:
        await add_shared_pool(session, south.id)
        await add_shared_pool(session, None)
        projects = list(await session.scalars(select(Project)))
    theirs = {
        await said(north, "project/releases", str(project.id))
        for project in projects
        if project.node == south.id
    }
    for project in projects:
        if project.node is None:
            await said(north, "project/releases", str(project.id))
    assert await readable(south, north) == theirs
    assert len(theirs) == 1


@pytest.mark.parametrize(
    ("kind", "capability"), [("pool/shifts", "shifts"), ("project/releases", "releases")]
)
async def test_a_capability_opens_one_feed_until_it_is_withdrawn(
    two_nodes: Pair, kind: str, capability: str
) -> None:
    north, south = two_nodes
    async with door(north.engine) as session:
        pool = await add_shared_pool(session, None)
        project = (await session.scalars(select(Project))).one()
    subject = pool.id if kind == "pool/shifts" else project.id
    feed_id = await said(north, kind, str(subject))
    assert await readable(south, north) == set()
    assert await pokes(north) == []

    granted = f"{capability}:{subject}"
    async with door(north.engine) as session:
        await grant(session, asker=ADMINISTRATOR, node_id=south.id, capability=granted, now=clock())
    assert await readable(south, north) == {feed_id}

    async with door(north.engine) as session:
        await withdraw(
            session, asker=ADMINISTRATOR, node_id=south.id, capability=granted, now=clock()
        )
    assert await readable(south, north) == set()


async def test_a_refused_reader_leaves_no_trace(two_nodes: Pair) -> None:
    north, south = two_nodes
    await said(north, "private", "A" * 43)
    await readable(south, north)
    async with door(north.engine) as session:
        assert list(await session.scalars(select(FeedReader))) == []


async def test_a_place_that_no_feed_has_is_refused(two_nodes: Pair) -> None:
    north, south = two_nodes
    feed_id = await said(north, "private", south.id)
    client = await south.client(north)
    nowhere = Place(feed=str(feed_id), epoch="before-time-began", seq=1, hash=b"")
    with pytest.raises(PartnerRefusedError, match=f"^400 {BadPlace.code}$"):
        await client.page(nowhere, feed_id, "")
    # an epoch that a restored node has left behind
    with pytest.raises(PartnerRefusedError, match=f"^409 {AnotherEpoch.code}$"):
        await client.page(replace(nowhere, epoch=str(new_id())), feed_id, "")


async def test_words_are_typed_only_where_they_are_waited_for(two_nodes: Pair) -> None:
    north, south = two_nodes
    words = " ".join((await north.partner(south)).words)
    with pytest.raises(NothingToConfirm):
        await type_words(north, south, words)
    assert (await north.partner(south)).state == "joined"
