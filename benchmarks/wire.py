"""How few bytes, and how long, it takes to have a partner's texts: beside git in the same run."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from api.parts import current_time
from api.peers.applying import Reader
from api.peers.client import PartnerClient
from api.peers.pull import pull
from benchmarks.figures import Figure, Pair, Scale, Side, SkippedError
from benchmarks.git import Counted, repository, timed
from benchmarks.library import Drawn, Publisher, befriend, publisher
from benchmarks.places import database, free_port, serving
from benchmarks.relay import Relay, relay
from database.session import door, make_engine
from federation.partners.keys import Node, NodeKeys
from federation.partners.queries import speaking_partner
from protocols.releases.models import Release

SYNC_BYTES = 2077
IDLE_BYTES = 417
ITEMS_A_SECOND = 1000
VERIFIED_A_SECOND = 8446
"""Bare Ed25519 verifications of 3 kB, on the machine for which the items a second were set.

Beside those of this run the aim is the same on a machine of any speed.
"""
SIGNED_BYTES = 3000
VERIFICATIONS = 2000


async def run(server_url: str, scale: Scale, now: datetime) -> list[Figure]:
    """Pull a library, one changed answer, and nothing; and do the same with git."""
    if which("git") is None:
        raise SkippedError("git is not installed.")
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="netreach-bench-")))
        ours = await stack.enter_async_context(_ours(server_url, folder, scale, now))
        bare = verified()
        theirs = await stack.enter_async_context(repository(folder / "git", scale))
        changed, idle = [], []
        for _ in range(scale.rounds):
            changed.append((await ours.changed(), await theirs.changed()))
            idle.append((await ours.idle(), await theirs.idle()))
        await ours.require(scale.items + scale.releases + scale.rounds)
    return [
        *_figures("one changed answer", changed, SYNC_BYTES),
        *_figures("nothing new", idle, IDLE_BYTES),
        *_whole(ours.first, theirs.first, bare, scale),
    ]


def _figures(name: str, pairs: list[tuple[Counted, Counted]], allowed: int) -> list[Figure]:
    return [
        Figure(
            benchmark="wire",
            name=f"{name}, bytes",
            against="git's own protocol",
            unit="a MB",
            pairs=[Pair(Side(1e6 / ours[0]), Side(1e6 / git[0])) for ours, git in pairs],
        ),
        Figure(
            benchmark="wire",
            name=f"{name}, bytes",
            against=f"{allowed:,} bytes",
            unit="a MB",
            pairs=[Pair(Side(1e6 / ours[0]), Side(1e6 / allowed)) for ours, _ in pairs],
            aim=1,
        ),
        Figure(
            benchmark="wire",
            name=f"{name}, time",
            against="git fetch",
            unit="times/s",
            pairs=[Pair(Side(1 / ours[1]), Side(1 / git[1])) for ours, git in pairs],
            aim=1,
        ),
    ]


def _whole(ours: Counted, git: Counted, bare: Side, scale: Scale) -> list[Figure]:
    many = scale.items + scale.releases
    return [
        Figure(
            benchmark="wire",
            name=f"everything of {scale.items} answers, bytes",
            against="git clone",
            unit="a GB",
            pairs=[Pair(Side(1e6 / ours[0]), Side(1e6 / git[0]))],
            aim=1,
        ),
        Figure(
            benchmark="wire",
            name=f"everything of {scale.items} answers, proven and kept",
            against=f"{ITEMS_A_SECOND:,} a second",
            unit="releases/s",
            pairs=[Pair(Side(many / ours[1]), Side(ITEMS_A_SECOND))],
            aim=1,
        ),
        Figure(
            benchmark="wire",
            name=f"everything of {scale.items} answers, proven and kept",
            against="bare Ed25519 verifications",
            unit="releases/s",
            pairs=[Pair(Side(many / ours[1]), bare)],
            aim=ITEMS_A_SECOND / VERIFIED_A_SECOND,
        ),
    ]


def verified() -> Side:
    """Verify signatures and do nothing else."""
    key, signed = Ed25519PrivateKey.generate(), bytes(SIGNED_BYTES)
    public, signature = key.public_key(), key.sign(signed)
    begun = perf_counter()
    for _ in range(VERIFICATIONS):
        public.verify(signature, signed)
    return Side(VERIFICATIONS / (perf_counter() - begun))


class _Ours:
    """A node that reads another one's releases through a relay that counts."""

    def __init__(self, publishing: Publisher, reading: Reader, client: PartnerClient) -> None:
        self.publishing = publishing
        self.reading = reading
        self.client = client
        self.counted: Relay
        self.items: list[tuple[UUID, str, str]] = []
        self.drawn = Drawn.begin()
        self.first: Counted = (0, 0)

    async def fill(self, scale: Scale, now: datetime) -> None:
        """Release every answer once, and some again."""
        for number in range(scale.items):
            title, text = f"Answer {number}", self.drawn.text()
            self.items.append((await self.publishing.first(title, text, now), title, text))
        for number in range(scale.releases):
            await self.reword(number % scale.items, now)

    async def reword(self, number: int, now: datetime) -> None:
        """Release an answer in new words."""
        item, title, text = self.items[number]
        text = self.drawn.again(text)
        self.items[number] = (item, title, text)
        await self.publishing.again(item, title, text, now)

    async def pulled(self) -> Counted:
        """Pull once, as the worker does."""
        return await timed(
            self.counted, lambda: pull(self.reading, self.client, self.publishing.node.node_id)
        )

    async def changed(self) -> Counted:
        """Pull one answer that has changed."""
        await self.reword(0, current_time())
        return await self.pulled()

    async def idle(self) -> Counted:
        """Pull where nothing has changed."""
        return await self.pulled()

    async def require(self, releases: int) -> None:
        """Make sure that what was measured did arrive."""
        async with door(self.reading.engine) as session:
            there = await session.scalar(select(func.count()).select_from(Release))
        if there != releases:
            raise RuntimeError(f"{there} releases arrived, not {releases}.")


@asynccontextmanager
async def _ours(server_url: str, folder: Path, scale: Scale, now: datetime) -> AsyncIterator[_Ours]:
    async with AsyncExitStack() as stack:
        urls = [await stack.enter_async_context(database(server_url)) for _ in range(2)]
        engines = [make_engine(url) for url in urls]
        for engine in engines:
            stack.push_async_callback(engine.dispose)
        entrance = free_port()
        address = f"http://127.0.0.1:{entrance}"
        nodes = [
            _node(folder / name, name, where)
            for name, where in (("writes", address), ("reads", "http://127.0.0.1:9"))
        ]
        counted = await stack.enter_async_context(
            _serving(urls[0], folder / "writes", entrance, stack)
        )
        publishing = await publisher(engines[0], nodes[0])
        await befriend(publishing, engines[1], nodes[1], now)
        async with door(engines[1]) as session:
            partner = await speaking_partner(session, nodes[0].node_id)
        if partner is None:
            raise RuntimeError("The two nodes did not come together.")
        client = PartnerClient(nodes[1], partner, development=True, clock=current_time)
        stack.push_async_callback(client.close)
        reading = Reader(engine=engines[1], node_id=nodes[1].node_id, clock=current_time)
        ours = _Ours(publishing, reading, client)
        ours.counted = counted
        await ours.pulled()  # signs in: the token holds for ten minutes, and is counted below
        await ours.fill(scale, now)
        ours.first = await ours.pulled()
        await ours.pulled()
        yield ours


def _node(keys: Path, name: str, address: str) -> Node:
    NodeKeys.create(keys)
    return Node.open(keys, name=name, base_url=address)


@asynccontextmanager
async def _serving(
    url: str, keys: Path, entrance: int, stack: AsyncExitStack
) -> AsyncIterator[Relay]:
    port = free_port()
    environment = {
        "DATABASE_URL": url,
        "NETREACH_PORT": str(port),
        "NETREACH_KEYS": str(keys),
        "NETREACH_NODE_NAME": "writes",
        "NETREACH_BASE_URL": f"http://127.0.0.1:{entrance}",
        "NETREACH_DEVELOPMENT": "true",
        "NETREACH_REQUESTS_PER_MINUTE": "1000000",
        "NETREACH_PARTNER_REQUESTS_PER_MINUTE": "1000000",
    }
    words = ("api.server.main", "serve")
    await stack.enter_async_context(serving("node", words, port, "/health/live", environment))
    async with relay(entrance, port) as counted:
        yield counted
