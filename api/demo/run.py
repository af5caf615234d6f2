"""`netreach-server demo`: three projects on two nodes on this machine, until Ctrl-C."""

import asyncio
import shutil
import signal
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from api.demo import report, story
from api.demo.cast import POOL
from api.demo.databases import databases, forget
from api.demo.nodes import (
    NORTH_PORT,
    SOUTH_PORT,
    Role,
    open_stage,
    start_processes,
    two_roles,
    wait_until_answering,
)
from api.demo.processes import Processes, require_free
from api.demo.stage import Stage
from api.demo.started_by_make import parent_make, was_told_to_end
from api.demo.story import Say
from database.migrate import upgrade

FOLDER = Path(".netreach")
LOOK_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where the demo plays: whose PostgreSQL (ours, where none is given), folder and ports."""

    given_url: str = ""
    folder: Path = FOLDER
    north_port: int = NORTH_PORT
    south_port: int = SOUTH_PORT

    @property
    def loaded(self) -> Path:
        """The file that says that the story was told to its end, and on which stage."""
        return self.folder / "demo-loaded"

    @property
    def stage(self) -> str:
        """What must be the same at the next start for the data to be of use."""
        server = make_url(self.given_url).set(password=None) if self.given_url else "own server"
        return f"{server} {self.north_port} {self.south_port}"

    @property
    def roles(self) -> tuple[Role, Role]:
        """The two nodes; South takes part in what North hosts."""
        return two_roles(self.folder, self.north_port, self.south_port)


async def run_demo(setting: Setting, *, reset: bool, say: Say) -> None:
    """Start everything, load the story if it is the first time, and stay until told to end."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    for role in setting.roles:
        require_free(role.port)
    if reset or not await asyncio.to_thread(_is_loaded, setting):
        # also what is left of a first start that was broken off
        await _forget_all(setting)
    await asyncio.to_thread(setting.folder.mkdir, mode=0o700, exist_ok=True)
    processes = Processes(setting.folder / "logs")
    async with AsyncExitStack() as open_things:
        say("Using the PostgreSQL of DATABASE_URL" if setting.given_url else "Starting PostgreSQL")
        urls = await databases(setting.given_url, setting.folder, setting.roles, open_things)
        open_things.callback(processes.end_all)
        working = asyncio.create_task(_begin(setting, urls, processes, open_things, say))
        stopping = asyncio.create_task(_told_to_end(stop))
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
            say("Running. Press Ctrl-C to end everything.")
            await _stay(processes, stopping)
        else:
            working.cancel()
            await asyncio.wait({working})
        say("Ending")


def _is_loaded(setting: Setting) -> bool:
    return setting.loaded.exists() and setting.loaded.read_text() == setting.stage


async def _told_to_end(stop: asyncio.Event) -> None:
    """Wait for a signal, also for one that `make` has got and does not pass on."""
    make = parent_make()
    while not stop.is_set():
        if make is not None and was_told_to_end(make):
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_SECONDS)


async def _stay(processes: Processes, stopping: asyncio.Task[None]) -> None:
    """Wait for the end; a node that dies meanwhile ends the demo with its last words."""
    while not stopping.done():
        await asyncio.wait({stopping}, timeout=1)
        processes.require_all_running()


async def _forget_all(setting: Setting) -> None:
    """Throw away what the demo has kept; nothing else."""
    await forget(setting.given_url, setting.folder, setting.roles)
    for kept in ("keys", "logs"):
        shutil.rmtree(setting.folder / kept, ignore_errors=True)
    for file in (setting.loaded, setting.folder / "demo.json"):
        file.unlink(missing_ok=True)


async def _begin(
    setting: Setting,
    urls: dict[str, str],
    processes: Processes,
    open_things: AsyncExitStack,
    say: Say,
) -> None:
    stages: list[Stage] = []
    for role in setting.roles:
        say(f"Starting node {role.name}")
        await asyncio.to_thread(upgrade, urls[role.name])
        stage = open_stage(role, urls[role.name])
        open_things.push_async_callback(stage.engine.dispose)
        stages.append(stage)
        start_processes(role, urls[role.name], processes)
    for role in setting.roles:
        await wait_until_answering(role, processes)
    north, south = stages
    if not setting.loaded.exists():
        await story.play(north, south, say)
        setting.loaded.write_text(setting.stage)
    say("Making sign-in links")
    told = await report.write(setting.folder / "demo.json", stages, POOL)
    say(report.for_people(told))
