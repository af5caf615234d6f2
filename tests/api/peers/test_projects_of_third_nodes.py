"""In the pool of a third node two others are members: each speaks for its own projects alone."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from api.peers.text_events import TEXT_RECALLS
from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import SetAsideEvent
from federation.projects.models import Project
from protocols.adoption.actions import adopt
from protocols.adoption.queries import text_of_project
from protocols.recalls.models import Recall
from tests.api.peers.handing import with_west
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two, pull_now
from tests.api.peers.test_texts_between_nodes import publish, withdraw
from tests.federation.pools.test_what_partners_state import MEMBER, POOL, PROJECT
from tests.protocols.example_texts import NOW, Members
from tests.rota.world import a_person

Pair = tuple[RunningNode, RunningNode]


async def test_a_member_reads_anothers_texts_in_a_third_ones_pool(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    western, _ = await with_west(shared, west)
    async with door(west.engine) as session:
        reviewer = await a_person(session, western.project_id, "reviewer")
    author = Members(western.project_id, western, reviewer, western, "western")
    published = await publish(west, author)
    south = shared.south
    south.apply_recall.update(TEXT_RECALLS)
    await pull_now(south, west)
    async with door(south.engine) as session:
        assert (await session.scalars(select(SetAsideEvent.detail))).all() == []
        home = await session.scalar(select(Project.node).where(Project.id == western.project_id))
        assert home == west.id
        await adopt(session, shared.coordinator, urn=published.urn, now=NOW)
    await withdraw(west, author, published)
    await pull_now(south, west)
    async with door(south.engine) as session:
        text = await text_of_project(session, shared.coordinator.project_id, published.urn)
        assert text is not None
        assert (text.manifest, text.emergency) == (None, {"en": "Close the chat."})


async def test_a_withdrawal_counts_once_it_is_known_whose_project_it_is(
    two_nodes: Pair, west: RunningNode
) -> None:
    """North is of an older version, and says late where West's project lives."""
    shared = await pool_of_two(two_nodes)
    western, _ = await with_west(shared, west)
    async with door(west.engine) as session:
        reviewer = await a_person(session, western.project_id, "reviewer")
    author = Members(western.project_id, western, reviewer, western, "western")
    south = shared.south
    south.apply_recall.update(TEXT_RECALLS)
    await place(south, western.project_id, shared.north.id)
    await withdraw(west, author, await publish(west, author))
    await pull_now(south, west)
    assert await withdrawn(south) == []

    await place(south, western.project_id, west.id)
    (await south.client(west)).listed = None
    await pull_now(south, west)
    assert await withdrawn(south) == [west.id]
    async with door(south.engine) as session:
        aside = await session.scalars(select(SetAsideEvent.kind))
        assert "recall" not in aside.all()


async def place(node: RunningNode, project: UUID, home: str) -> None:
    async with door(node.engine) as session:
        (await session.get_one(Project, project)).node = home


async def withdrawn(node: RunningNode) -> list[str | None]:
    async with door(node.engine) as session:
        return list(await session.scalars(select(Recall.node_id)))


async def test_a_host_gives_nobody_elses_project_away(two_nodes: Pair, west: RunningNode) -> None:
    """North says that South's own project, and one that South knows as West's, live elsewhere."""
    shared = await pool_of_two(two_nodes)
    western, _ = await with_west(shared, west)
    north, south = two_nodes
    for project, node in ((western.project_id, None), (shared.coordinator.project_id, west.id)):
        await state_members(north, shared, MEMBER | {"project": facts_of(project), "node": node})
        await pull_now(south, north)
        assert await homes(south) == {
            western.project_id: west.id,
            shared.coordinator.project_id: None,
            shared.pool.coordinator.project_id: north.id,
        }


async def test_who_is_not_met_is_known_as_far_as_the_host(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    away = uuid4()
    for node in ("E" * 43, south.id, None):
        await state_members(north, shared, MEMBER | {"project": facts_of(away), "node": node})
        await pull_now(south, north)
        assert (await homes(south))[away] == north.id


def facts_of(project: UUID) -> dict[str, Any]:
    return PROJECT | {"id": str(project), "slug": f"project-{project.hex[:8]}"}


async def state_members(host: RunningNode, shared: PoolOfTwo, *members: dict[str, Any]) -> None:
    """Say of the pool what its host never would."""
    pool = str(shared.pool.id)
    stated = POOL | {"id": pool, "slug": shared.pool.slug, "channels": []}
    async with door(host.engine) as session:
        said = stated | {"members": list(members)}
        await append(session, "pool/shifts", pool, "pool.stated", said, now=clock())


async def homes(node: RunningNode) -> dict[UUID, str | None]:
    async with door(node.engine) as session:
        return {row.id: row.node for row in await session.execute(select(Project.id, Project.node))}
