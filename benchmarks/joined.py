"""Two nodes that have joined: one served by a process of its own, one that reads in this one."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from api.parts import current_time
from api.peers.applying import Reader
from api.peers.client import PartnerClient
from api.peers.events import APPLY, RUNS
from api.peers.pull import pull
from api.peers.rota_events import ROTA_RUNS, rota_events
from benchmarks.library import ADMINISTRATOR, join
from benchmarks.places import Place, database, free_port, serving
from database.session import door, make_engine
from federation.partners.actions import grant
from federation.partners.keys import Node, NodeKeys
from federation.partners.queries import speaking_partner

NO_QUOTA = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Both databases and nodes; the one here pulls from the one there."""

    there: AsyncEngine
    there_node: Node
    place: Place
    here: AsyncEngine
    here_node: Node
    reader: Reader
    client: PartnerClient

    async def pull(self) -> None:
        """Read what is new, as the worker does."""
        await pull(self.reader, self.client, self.there_node.node_id)

    async def let(self, engine: AsyncEngine, capability: str, pool: UUID) -> None:
        """Let the other node do something with a pool of the one with this database."""
        other = self.here_node if engine is self.there else self.there_node
        async with door(engine) as session:
            await grant(
                session,
                asker=ADMINISTRATOR,
                node_id=other.node_id,
                capability=f"{capability}:{pool}",
                now=current_time(),
            )


@asynccontextmanager
async def joined(server_url: str, folder: Path) -> AsyncIterator[Joined]:
    """Set two nodes up, and bring them together."""
    async with AsyncExitStack() as stack:
        urls = [await stack.enter_async_context(database(server_url)) for _ in range(2)]
        engines = [make_engine(url) for url in urls]
        for engine in engines:
            stack.push_async_callback(engine.dispose)
        there, here = engines
        port = free_port()
        there_node = made(folder / "there", f"http://127.0.0.1:{port}")
        here_node = made(folder / "here", "http://127.0.0.1:9")
        place = await stack.enter_async_context(served(urls[0], folder / "there", port))
        await join(there, there_node, here, here_node)
        async with door(here) as session:
            partner = await speaking_partner(session, there_node.node_id)
        if partner is None:
            raise RuntimeError("The two nodes did not come together.")
        client = PartnerClient(here_node, partner, development=True, clock=current_time)
        stack.push_async_callback(client.close)
        events = {**APPLY, **rota_events(here_node.keys, seats_at_once=NO_QUOTA)}
        reader = Reader(
            engine=here,
            node_id=here_node.node_id,
            clock=current_time,
            apply=events,
            apply_runs={**RUNS, **ROTA_RUNS},
        )
        pair = Joined(
            there=there,
            there_node=there_node,
            place=place,
            here=here,
            here_node=here_node,
            reader=reader,
            client=client,
        )
        await pair.pull()
        yield pair


def made(keys: Path, address: str) -> Node:
    """Make a node's keys, and open it."""
    NodeKeys.create(keys)
    return Node.open(keys, name=keys.name, base_url=address)


@asynccontextmanager
async def served(url: str, keys: Path, port: int, **more: str) -> AsyncIterator[Place]:
    """Serve a node as an operator does, without a limit for those who ask here."""
    environment = environment_of(url, keys, port) | more
    words = ("api.server.main", "serve")
    async with serving(keys.name, words, port, "/health/live", environment) as place:
        yield place


def environment_of(url: str, keys: Path, port: int) -> dict[str, str]:
    """Set what a node's programs need."""
    return {
        "DATABASE_URL": url,
        "NETREACH_PORT": str(port),
        "NETREACH_KEYS": str(keys),
        "NETREACH_NODE_NAME": keys.name,
        "NETREACH_BASE_URL": f"http://127.0.0.1:{port}",
        "NETREACH_DEVELOPMENT": "true",
        "NETREACH_REQUESTS_PER_MINUTE": "1000000",
        "NETREACH_PARTNER_REQUESTS_PER_MINUTE": "1000000",
    }
