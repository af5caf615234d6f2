"""A node with many partners, some of them dead: how soon a recall arrives, and what idling costs.

The node is served and worked by processes of its own. Its partners share one process, this one.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Self

from sqlalchemy import select

from api.parts import current_time
from benchmarks.figures import Figure, Pair, Scale, Side
from benchmarks.joined import environment_of, made, served
from benchmarks.library import PURPOSE, Drawn, Publisher, publisher
from benchmarks.places import Place, copies, database, free_port, program
from benchmarks.receivers import Receiver, partner_row, receivers
from benchmarks.repeatable import Repeatable
from database.session import door, make_engine
from federation.partners.keys import Node
from federation.partners.rules.capabilities import RELEASES
from federation.projects.models import Project
from protocols.items.models import Item
from protocols.recalls.actions import recall_item

DEAD = 0.2
"""Of all partners; half of them refuse connections, half take them and say nothing."""
BY_POKE, WITHOUT = 10, 60
OF_A_CORE = 0.02
LONGEST_WAIT = 120


async def run(server_url: str, scale: Scale, now: datetime) -> list[Figure]:
    """Withdraw an answer with pokes and without, and then let all be quiet."""
    with TemporaryDirectory(prefix="netreach-bench-") as name:
        async with _stage(server_url, Path(name), scale, now) as stage:
            poked = await stage.withdrawn(now)
            stage.deafen(deaf=True)
            lost = await stage.withdrawn(now)
            stage.deafen(deaf=False)
            # pokes that were lost are tried again until each has arrived
            await asyncio.sleep(scale.poll_seconds)
            used = await stage.idle(scale.idle_seconds)
    count = scale.partners
    return [
        _figure(f"recall to {count} partners, by poke", "seconds allowed", BY_POKE, poked),
        _figure(f"recall to {count} partners, pokes lost", "seconds allowed", WITHOUT, lost),
        _figure(f"{count} partners, idle", "2% of a core", OF_A_CORE * scale.idle_seconds, used),
    ]


def _figure(name: str, against: str, allowed: float, took: float) -> Figure:
    return Figure(
        benchmark="many-partners",
        name=name,
        against=against,
        unit="allowed/took",
        pairs=[Pair(Side(allowed), Side(took))],
        aim=1,
    )


class _Stage:
    """The node, who writes its answers, and those partners that live."""

    def __init__(
        self, publishing: Publisher, live: Sequence[Receiver], places: Sequence[Place]
    ) -> None:
        self.publishing = publishing
        self.live = live
        self.places = places
        self.drawn = Drawn.begin()
        self.withdrawals = 0
        self._told = asyncio.Event()
        for one in live:
            one.changed = self._told.set

    def deafen(self, *, deaf: bool) -> None:
        """Let every poke to the partners that live be lost, or arrive again."""
        for one in self.live:
            one.deaf = deaf

    async def withdrawn(self, now: datetime) -> float:
        """Release an answer and withdraw it; give the seconds until every live partner has it."""
        title = f"Answer {self.withdrawals}"
        item_id = await self.publishing.first(title, self.drawn.text(), now)
        async with door(self.publishing.engine) as session:
            urn = (await session.get_one(Item, item_id)).urn
        self.withdrawals += 1
        began = perf_counter()
        async with door(self.publishing.engine) as session:
            await recall_item(
                session,
                self.publishing.coordinator,
                urn=urn,
                reason="The law has changed.",
                holds_texts={"en": "Say that somebody else has to be asked."},
                sign=partial(self.publishing.node.keys.sign, "release", purpose=PURPOSE),
                now=current_time(),
            )
        async with asyncio.timeout(LONGEST_WAIT):
            while any(one.recalled < self.withdrawals for one in self.live):
                self._told.clear()
                await self._told.wait()
        return perf_counter() - began

    async def idle(self, seconds: float) -> float:
        """Let nothing happen but polls in both directions; give the node's processor time."""
        before = sum(place.cpu_seconds() for place in self.places)
        await asyncio.sleep(seconds)
        return max(sum(place.cpu_seconds() for place in self.places) - before, 0.01)


@asynccontextmanager
async def _stage(
    server_url: str, folder: Path, scale: Scale, now: datetime
) -> AsyncIterator[_Stage]:
    async with AsyncExitStack() as stack:
        port, alive = free_port(), round(scale.partners * (1 - DEAD))
        url = await stack.enter_async_context(database(server_url))
        engine = make_engine(url)
        stack.push_async_callback(engine.dispose)
        node = made(folder / "node", f"http://127.0.0.1:{port}")
        publishing = await publisher(engine, node)
        async with door(engine) as session:
            project = (await session.scalars(select(Project))).one()
        urls = await stack.enter_async_context(copies(server_url, alive))
        live = await stack.enter_async_context(
            receivers(folder, urls, node, project, scale.poll_seconds)
        )
        dead = stack.enter_context(_Silent())
        await _pin(publishing, [one.node for one in live], now)
        await _pin(publishing, _gone(folder, scale.partners - alive, dead.port), now)
        place = await stack.enter_async_context(served(url, folder / "node", port))
        environment = environment_of(url, folder / "node", port)
        environment["NETREACH_POLL_SECONDS"] = str(scale.poll_seconds)
        process = await stack.enter_async_context(
            program("api.server.main", "work", environment=environment)
        )
        await stack.enter_async_context(_working(live, scale.poll_seconds))
        yield _Stage(publishing, live, [place, Place("work", 0, process.pid)])


@asynccontextmanager
async def _working(live: Sequence[Receiver], poll_seconds: float) -> AsyncIterator[None]:
    """Let partners read, each beginning at a time of its own."""
    chance = Repeatable(1)
    tasks = [asyncio.create_task(one.work(chance.uniform(0, poll_seconds))) for one in live]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Silent:
    """A port that takes connections and never says a word."""

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port: int = self._socket.getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def _gone(folder: Path, count: int, silent: int) -> list[Node]:
    ports = [silent if number % 2 else free_port() for number in range(count)]
    return [
        made(folder / f"gone-{number}", f"http://127.0.0.1:{port}")
        for number, port in enumerate(ports)
    ]


async def _pin(publishing: Publisher, nodes: Sequence[Node], now: datetime) -> None:
    """Enter partners that have joined and read the project's texts."""
    granted = (f"{RELEASES}:{publishing.project}",)
    async with door(publishing.engine) as session:
        session.add_all(partner_row(node, now, granted) for node in nodes)
