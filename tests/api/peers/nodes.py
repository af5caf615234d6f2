"""Two real nodes: two applications on loopback sockets, each with a database of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import uvicorn
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.app import create_app
from api.peers.applying import Reader
from api.peers.client import PartnerClient
from api.peers.events import Apply, ApplyRecall
from api.peers.handing_events import hear_pools
from api.peers.joining import accept_invitation
from api.settings import Settings
from api.worker.loop import Loop, current_time
from api.worker.workshop import Workshop
from database.ids import new_id
from database.session import door, make_engine
from federation.feeds.models import Feed, FeedCursor
from federation.partners.actions import confirm_words
from federation.partners.invitations.actions import invite
from federation.partners.keys import Node, NodeKeys
from federation.partners.models import Partner
from federation.permissions.rules import Asker
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project

ADMINISTRATOR = Asker(
    person_id=new_id(), project_id=new_id(), roles=frozenset({"partner-administrator"})
)


clock = current_time


@dataclass(kw_only=True)
class RunningNode:
    settings: Settings
    engine: AsyncEngine
    node: Node
    workshop: Workshop
    loop: Loop
    app: Litestar
    apply: dict[str, Apply]
    apply_recall: dict[str, ApplyRecall]
    port: int
    """Where it listens; others may know it by another address."""

    @property
    def id(self) -> str:
        return self.node.node_id

    async def partner(self, other: "RunningNode") -> Partner:
        async with door(self.engine) as session:
            return await session.get_one(Partner, other.id)

    async def client(self, other: "RunningNode") -> PartnerClient:
        client = await self.workshop.client(other.id)
        assert client is not None
        return client

    async def cursors(self) -> list[FeedCursor]:
        async with door(self.engine) as session:
            return list(await session.scalars(select(FeedCursor).order_by(FeedCursor.feed_id)))

    async def feed(self, kind: str, subject: str) -> Feed:
        async with door(self.engine) as session:
            found = await session.scalars(
                select(Feed).where(Feed.kind == kind, Feed.subject == subject)
            )
            return found.one()


@asynccontextmanager
async def running(
    url: str, folder: Path, name: str, port: int = 0, *, address: str | None = None
) -> AsyncIterator[RunningNode]:
    """Run one node until the test ends; its socket listens before anything asks it.

    Run again in the same folder it is the same node, at another address unless a port is named.
    With an `address` it is known by that: something stands before it.
    """
    with socket.create_server(("127.0.0.1", port)) as sock:
        port = sock.getsockname()[1]
        settings = Settings(
            database_url=url,
            base_url=address or f"http://127.0.0.1:{port}",
            node_name=name,
            keys=folder / "keys",
            development=True,
            requests_per_minute=1_000_000,
            partner_requests_per_minute=1_000_000,
            database_connections=4,
        )
        if not settings.keys.exists():
            NodeKeys.create(settings.keys)
        app = create_app(settings)
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, access_log=False, lifespan="on")
        )
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        engine = make_engine(url)
        node = Node.open(settings.keys, name=name, base_url=settings.base_url)
        apply: dict[str, Apply] = {}
        apply_recall: dict[str, ApplyRecall] = {}
        reader = Reader(
            engine=engine,
            node_id=node.node_id,
            clock=clock,
            apply=apply,
            apply_recall=apply_recall,
            hear_pool=hear_pools(node.keys),
        )
        workshop = Workshop(
            settings=settings, engine=engine, node=node, clock=clock, reader=reader, clients={}
        )
        try:
            yield RunningNode(
                settings=settings,
                engine=engine,
                node=node,
                workshop=workshop,
                loop=Loop(workshop),
                app=app,
                apply=apply,
                apply_recall=apply_recall,
                port=port,
            )
        finally:
            await workshop.close()
            server.should_exit = True
            await serving
            await engine.dispose()


async def make_link(inviter: RunningNode, now: datetime | None = None) -> str:
    async with door(inviter.engine) as session:
        link = await invite(session, asker=ADMINISTRATOR, node=inviter.node, now=now or clock())
    return str(link)


async def accept(newcomer: RunningNode, link: str) -> Partner:
    return await accept_invitation(
        newcomer.engine,
        newcomer.node,
        asker=ADMINISTRATOR,
        link_text=link,
        now=clock(),
        development=True,
    )


async def type_words(at: RunningNode, other: RunningNode, typed: str) -> None:
    async with door(at.engine) as session:
        await confirm_words(
            session, asker=ADMINISTRATOR, node_id=other.id, typed=typed, now=clock()
        )


async def join(inviter: RunningNode, newcomer: RunningNode) -> None:
    """Bring two nodes together, as two coordinators would."""
    partner = await accept(newcomer, await make_link(inviter))
    words = " ".join(partner.words)
    await type_words(inviter, newcomer, words)
    await type_words(newcomer, inviter, words)
    await inviter.loop.work_off()
    await newcomer.loop.work_off()


async def add_shared_pool(session: AsyncSession, member: str | None) -> Pool:
    """Make a pool hosted here, with a project of a partner where one is named."""
    pool = Pool(slug=f"pool-{new_id()}", name="Evenings", zone="Europe/London")
    project = Project(
        slug=f"project-{new_id()}",
        name="Project",
        region="North",
        jurisdiction="NL",
        zone="Europe/Amsterdam",
        languages=["nl"],
        node=member,
    )
    session.add_all([pool, project])
    await session.flush()
    session.add(
        PoolMember(
            pool_id=pool.id,
            project_id=project.id,
            hours_offered_per_week=4,
            hours_before_per_week=2,
            joined_at=clock(),
        )
    )
    await session.flush()
    return pool
