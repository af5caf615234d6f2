"""A node of a story under faults: it serves for good, its worker lives as long as it may."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from api.ended import begin_again
from api.worker.jobs import JOBS, ask_for_standing_work
from api.worker.loop import Loop, current_time
from api.worker.workshop import open_workshop
from benchmarks.repeatable import Repeatable
from database.session import door, make_engine
from federation.partners.keys import Node, NodeKeys
from federation.restoring.actions import mark_restored
from tests.api.peers.nodes import RunningNode, running
from tests.api.peers.test_pulling_feeds import note_in
from tests.federation.chaos.kept import Shelf
from tests.federation.chaos.life import ReadersLife
from tests.federation.chaos.line import Line, a_line
from tests.journeys.mortal_nodes import Died
from tests.rota.station import Clock, Station

GREETING = "greeting"
APART = (
    *("sweep", "plan", "tell", "send", "confirm", "read", "remind", "pool-hours", "spread"),
    *("sessions-ahead", "shifts-ahead", "look-at"),
)
"""Kinds of work, by how they begin, in which no partner has a part."""
WORK = {kind: job for kind, job in JOBS.items() if not kind.startswith(APART)}
BEGINNING, BACKUP = Shelf("beginning"), Shelf("backup")


@dataclass(kw_only=True)
class ShakenNode(Station):
    """A real node behind a bad line; `engine` is its people's, its worker has one of its own."""

    running: RunningNode
    line: Line
    folder: Path
    life: ReadersLife = field(default_factory=ReadersLife)
    chance: Repeatable = field(default_factory=lambda: Repeatable(0))
    backed_up: bool = False

    async def restart(self) -> None:
        """Start another worker process, with the keys as they are now."""
        await self.workshop.close()
        settings, engine = self.running.settings, self.workshop.engine
        node = Node.open(settings.keys, name=self.name, base_url=settings.base_url)
        self.running.app.state["node"] = node
        self.workshop = open_workshop(settings, engine, node, current_time)
        reader = self.workshop.reader
        heard = {**reader.apply, GREETING: note_in(GREETING)}
        self.workshop.reader = replace(reader, apply=heard)

    async def work_off(
        self, *, commits: int | None = None, dies: str = "before", reading: bool = False
    ) -> bool:
        """Let the worker do all that is due, or what it can before it dies; tells whether it did.

        One thing after the other: so the same seed tells the same story.
        """
        self.life.commits, self.life.over, self.life.reading = commits, False, reading
        self.life.dies = "after" if dies == "after" else "before"
        before = asyncio.all_tasks()
        try:
            await Loop(self.workshop, WORK, self.chance, at_once=1).work_off()
        except Died:
            if left := asyncio.all_tasks() - before:
                await asyncio.wait(left)
        finally:
            died, self.life.commits, self.life.over = self.life.over, None, False
        if died:
            await self.restart()
        return died

    async def begin_to_work(self) -> None:
        await ask_for_standing_work(self.workshop)

    # a database that is put aside and put back

    async def keep(self, shelf: Shelf) -> None:
        async with self.engine.begin() as connection:
            await shelf.put_aside(connection)

    async def begin_anew(self, seed: int) -> None:
        """Be again as at the beginning: rows, keys, and a worker that knows nothing."""
        self.chance, self.backed_up = Repeatable(seed), False
        self.wrong, self.restored_with, self.shown = [], set(), None
        self.line.clear()
        async with self.engine.begin() as connection:
            await BEGINNING.put_back(connection)
        keys = self.running.settings.keys
        shutil.rmtree(keys)
        shutil.copytree(self.folder / "keys-at-first", keys)
        await self.restart()

    async def come_back(self, now: datetime) -> None:
        """Come back from a backup as the command does, and start the worker again."""
        shelf = BACKUP if self.backed_up else BEGINNING
        async with self.engine.begin() as connection:
            await shelf.put_back(connection)
        async with door(self.engine) as session:
            await mark_restored(session, now)
        self.restored_with = await self.live_claims()
        await begin_again(self.engine, self.running.settings.keys, now)
        await self.restart()
        await self.begin_to_work()

    @property
    def keys(self) -> NodeKeys:
        return self.workshop.node.keys


@asynccontextmanager
async def shaken(url: str, folder: Path, name: str, clock: Clock) -> AsyncIterator[ShakenNode]:
    async with a_line() as line, running(url, folder, name, address=line.address) as node:
        line.node = node.port
        worker = make_engine(url, connections=4)
        workshop = open_workshop(node.settings, worker, node.node, current_time)
        made = ShakenNode(
            name=name,
            engine=node.engine,
            workshop=workshop,
            clock=clock,
            running=node,
            line=line,
            folder=folder,
        )
        made.life.bind(worker)
        await made.restart()
        try:
            yield made
        finally:
            await made.workshop.close()
            await worker.dispose()


async def shelves(node: ShakenNode, *made: Shelf) -> None:
    """Make room for copies beside a node's tables, and keep its keys as they are at first."""
    engine: AsyncEngine = node.engine
    async with engine.begin() as connection:
        for shelf in made:
            await shelf.make(connection)
    shutil.copytree(node.running.settings.keys, node.folder / "keys-at-first")
