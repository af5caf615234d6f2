"""Two projects that share a pool on a running node, and a third that shares nothing with them."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from api.parts import current_time
from database.session import door
from federation.pools.models import Pool, PoolMember
from protocols.items.rules.drafts import Draft
from protocols.pool_texts.actions import name_pool_text
from protocols.releases.models import Release
from tests.api.conftest import Node, Somebody
from tests.protocols.example_texts import Members, Told, released, revised, take_up

ROLES = ("coordinator", "reviewer", "worker")
People = dict[str, Somebody]


def members_of(people: People) -> Members:
    askers = {role: people[role].asker for role in ROLES}
    return Members(project=people["worker"].project_id, name="project", **askers)


async def people_of_a_project(node: Node) -> People:
    project_id = await node.project()
    return {
        role: await node.somebody(role, project_id=project_id, name=f"{role} by name")
        for role in ROLES
    }


@dataclass(frozen=True)
class Sharing:
    """`north` writes texts, `south` adopts them, `elsewhere` may know of neither."""

    node: Node
    pool: Pool
    north: People
    south: People
    elsewhere: People

    async def release(self, draft: Draft) -> Release:
        async with door(self.node.engine) as session:
            return await released(session, members_of(self.north), draft)

    async def revise(self, before: Release, told: Told) -> Release:
        async with door(self.node.engine) as session:
            return await revised(session, members_of(self.north), before, told)

    async def adopted(self, draft: Draft, **facts: object) -> Release:
        published = await self.release(draft)
        async with door(self.node.engine) as session:
            await take_up(session, members_of(self.south), published, **facts)
        return published

    async def put_on_shifts(self, published: Release) -> None:
        async with door(self.node.engine) as session:
            await name_pool_text(
                session,
                self.north["coordinator"].asker,
                pool_id=self.pool.id,
                urn=published.urn,
                now=current_time(),
            )


async def sharing(node: Node) -> Sharing:
    north, south, elsewhere = [await people_of_a_project(node) for _ in range(3)]
    async with door(node.engine) as session:
        pool = await shared_pool(session, *(one["worker"].project_id for one in (north, south)))
    return Sharing(node, pool, north, south, elsewhere)


async def shared_pool(session: AsyncSession, *projects: UUID) -> Pool:
    pool = Pool(slug=f"chat-{uuid4().hex[:8]}", name="Chat", zone="Europe/London")
    session.add(pool)
    await session.flush()
    session.add_all(
        PoolMember(
            pool_id=pool.id,
            project_id=project,
            hours_offered_per_week=6,
            hours_before_per_week=2,
            joined_at=current_time(),
        )
        for project in projects
    )
    await session.flush()
    return pool


def item_of(published: Release) -> str:
    return published.urn.removeprefix("urn:uuid:")
