"""`netreach-server demo`: three projects on two nodes on this machine, until Ctrl-C."""

import asyncio
import shutil
import signal
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
from sqlalchemy import make_url

from api.demo import people, pool, report, rota, sharing
from api.demo.cast import NORTH, POOL, SOUTH, Troupe
from api.demo.postgres import Server, erase, start
from api.demo.processes import Processes, require_free
from api.demo.stage import Stage, wait_until, wait_until_agreed
from api.demo.started_by_make import parent_make, was_told_to_end
from api.settings import Settings
from database.migrate import upgrade
from database.session import make_engine
from federation.partners.keys import Node, NodeKeys

FOLDER = Path(".netreach")
LOADED = "demo-loaded"
POLL_SECONDS = "5"
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Role:
    """One node of the demo: its name, port and projects."""

    name: str
    port: int
    troupes: tuple[Troupe, ...]

    @property
    def base_url(self) -> str:
        """Where people and partners reach it."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self, database_url: str) -> dict[str, str]:
        """Give the variables with which its processes run; an operator sets the same ones."""
        return {
            "NETREACH_DATABASE_URL": database_url,
            "NETREACH_BASE_URL": self.base_url,
            "NETREACH_NODE_NAME": self.name,
            "NETREACH_KEYS": str((FOLDER / "keys" / self.name.lower()).resolve()),
            "NETREACH_PORT": str(self.port),
            "NETREACH_DEVELOPMENT": "true",
            "NETREACH_POLL_SECONDS": POLL_SECONDS,
        }


ROLES = (Role("North", 8000, NORTH), Role("South", 8001, SOUTH))
Say = Callable[[str], None]


async def run_demo(*, given_url: str, reset: bool, say: Say) -> None:
    """Start everything, load the story if it is the first time, and stay until told to end."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    for role in ROLES:
        require_free(role.port)
    if reset:
        await _forget(given_url)
    await asyncio.to_thread(FOLDER.mkdir, mode=0o700, exist_ok=True)
    processes = Processes(FOLDER / "logs")
    async with AsyncExitStack() as open_things:
        say("Starting PostgreSQL" if not given_url else "Using the PostgreSQL of DATABASE_URL")
        urls = await _databases(given_url, open_things)
        open_things.callback(processes.end_all)
        working = asyncio.create_task(_begin(urls, processes, open_things, say))
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


async def _databases(given_url: str, open_things: AsyncExitStack) -> dict[str, str]:
    """Give each node a database of its own, on the server given or on one of our own."""
    if given_url:
        base = make_url(given_url)
        urls = {
            role.name: base.set(database=f"netreach_demo_{role.name.lower()}") for role in ROLES
        }
        admin = base
    else:
        server: Server = await asyncio.to_thread(start, FOLDER / "postgres", throwaway=False)
        open_things.callback(server.stop)
        urls = {role.name: make_url(server.url(role.name.lower())) for role in ROLES}
        admin = make_url(server.url())
    await _create([str(url.database) for url in urls.values()], _plain(admin))
    return {name: url.render_as_string(hide_password=False) for name, url in urls.items()}


def _plain(url: Any) -> str:
    text: str = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return text


async def _create(names: list[str], admin_url: str) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        for name in names:
            known = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name)
            if not known:
                await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()


async def _forget(given_url: str) -> None:
    """Throw away what the demo has kept; nothing else."""
    if given_url:
        connection = await asyncpg.connect(_plain(make_url(given_url)))
        for role in ROLES:
            name = f"netreach_demo_{role.name.lower()}"
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.close()
    else:
        erase(FOLDER / "postgres")
    for kept in ("keys", "logs"):
        shutil.rmtree(FOLDER / kept, ignore_errors=True)
    for file in (LOADED, "demo.json"):
        (FOLDER / file).unlink(missing_ok=True)


async def _begin(
    urls: Mapping[str, str], processes: Processes, open_things: AsyncExitStack, say: Say
) -> None:
    stages = []
    for role in ROLES:
        environment = role.environment(urls[role.name])
        say(f"Preparing node {role.name}")
        await asyncio.to_thread(upgrade, urls[role.name])
        stage = _open_stage(role, urls[role.name], environment)
        open_things.push_async_callback(stage.engine.dispose)
        stages.append(stage)
        processes.start(f"{role.name.lower()}-serve", "serve", environment)
        processes.start(f"{role.name.lower()}-work", "work", environment)
    for role in ROLES:
        await _answers(role, processes)
    north, south = stages
    if not (FOLDER / LOADED).exists():
        await _play(north, south, say)
        (FOLDER / LOADED).touch()
    say("Making sign-in links")
    told = await report.write(FOLDER / "demo.json", stages, POOL)
    say(report.for_people(told))


def _open_stage(role: Role, url: str, environment: Mapping[str, str]) -> Stage:
    keys = Path(environment["NETREACH_KEYS"])
    if not (keys / "node-id").exists():
        NodeKeys.create(keys)
    settings = Settings(
        database_url=url,
        base_url=role.base_url,
        node_name=role.name,
        keys=keys,
        port=role.port,
        development=True,
    )
    node = Node.open(keys, name=role.name, base_url=role.base_url)
    return Stage(settings, make_engine(url, connections=5), node, role.troupes)


async def _answers(role: Role, processes: Processes) -> None:
    async def ready() -> bool:
        processes.require_all_running()
        try:
            async with httpx2.AsyncClient() as client:
                answer = await client.get(f"{role.base_url}/health/ready")
        except httpx2.TransportError:
            return False
        return answer.status_code == httpx2.codes.OK

    await wait_until(ready, f"node {role.name} answers")


async def _play(north: Stage, south: Stage, say: Say) -> None:
    """Tell the story from the first person to the drop-out."""
    for stage in (north, south):
        say(f"{stage.settings.node_name}: projects, people, trainings, availability")
        await people.settle_in(stage)
    say("The nodes join: an invitation link, four words typed on both sides")
    await pool.join_nodes(north, south)
    say("One pool over both nodes, handles for every worker")
    pool_id = await pool.found_pool(north)
    await pool.bring_in(north, south, pool_id)
    for stage in (north, south):
        await pool.hand_out_handles(stage, pool_id)
    await wait_until_agreed(north, south)
    say("A protocol and ten canned answers, released and shared")
    await sharing.share_texts(north, south, pool_id)
    say("Four weeks of sessions, offers from each home")
    await rota.plan_sessions(north, pool_id)
    await wait_until_agreed(north, south)
    say("The planner plans the month, the homes confirm")
    await rota.make_plan(north, pool_id)
    await wait_until_agreed(north, south)
    say("A worker from South claims an open seat; another drops out")
    await rota.claim_from_afar(north, south, pool_id)
    await rota.drop_out(north, pool_id)
    say("A second release of the protocol: adopted here, pending there")
    await sharing.second_release(north)
    await wait_until_agreed(north, south)
