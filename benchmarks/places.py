"""The processes of a run: a PostgreSQL of its own, a node, what it is measured against.

Everything listens on loopback or on a socket in a private folder, and ends with its `with` block.
"""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import msgspec
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from api.demo.postgres import erase, start
from benchmarks.figures import Side
from benchmarks.load import Connection, Job, Load
from database.migrate import upgrade

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".netreach" / "benchmarks"
START_SECONDS = 60
END_SECONDS = 15
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Place:
    """A server of this run."""

    name: str
    port: int
    process: int

    def cpu_seconds(self) -> float:
        """Give the processor time that it has used; 0 where the system does not tell."""
        if sys.platform != "linux":
            return 0
        told = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / TICKS


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL that waits for the disk at each commit; its files go when it ends."""
    server = start(FOLDER, throwaway=False, environment={"PATH": os.defpath})
    ours = server.lock is not None
    try:
        yield server.url()
    finally:
        server.stop()
        if ours:
            erase(FOLDER)


@asynccontextmanager
async def database(server_url: str) -> AsyncIterator[str]:
    """Make a migrated database, and drop it in the end."""
    name = f"netreach_bench_{uuid4().hex[:12]}"
    administration = create_async_engine(server_url, isolation_level="AUTOCOMMIT")
    async with administration.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    url = administration.url.set(database=name).render_as_string(hide_password=False)
    try:
        await asyncio.to_thread(upgrade, url)
        yield url
    finally:
        async with administration.connect() as connection:
            await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        await administration.dispose()


@asynccontextmanager
async def copies(server_url: str, count: int) -> AsyncIterator[list[str]]:
    """Make as many migrated databases, migrated once and copied, and drop them in the end."""
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(database(server_url))
        template = make_url(first).database
        administration = create_async_engine(server_url, isolation_level="AUTOCOMMIT")
        stack.push_async_callback(administration.dispose)
        names = [f"{template}_{number}" for number in range(count)]
        async with administration.connect() as connection:
            for name in names:
                await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        try:
            urls = [administration.url.set(database=name) for name in names]
            yield [url.render_as_string(hide_password=False) for url in urls]
        finally:
            async with administration.connect() as connection:
                for name in names:
                    await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def free_port() -> int:
    """Find a port of this machine that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@asynccontextmanager
async def program(
    *words: str, environment: Mapping[str, str] | None = None, folder: Path = ROOT
) -> AsyncIterator[Process]:
    """Run a module of Python beside us, and end it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *words,
        cwd=folder,
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        await end(process)


async def end(process: Process) -> None:
    """Ask a process to end, and make it end if it does not."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), END_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


@asynccontextmanager
async def serving(
    name: str,
    words: Sequence[str],
    port: int,
    path: str = "/",
    environment: Mapping[str, str] | None = None,
    wanted: Collection[int] = (200,),
) -> AsyncIterator[Place]:
    """Run a server and wait until it answers as wanted at a path."""
    async with program(*words, environment=environment) as process:
        place = Place(name, port, process.pid)
        async with asyncio.timeout(START_SECONDS):
            while await status_at(place.port, path) not in wanted:
                if process.returncode is not None:
                    raise RuntimeError(f"{name} ended before it answered.")
                await asyncio.sleep(0.05)
        yield place


async def status_at(port: int, path: str) -> int:
    """Ask once; 0 where nobody listens."""
    connection = Connection(port)
    try:
        return await connection.ask(request("GET", path))
    except OSError:
        return 0
    finally:
        connection.close()


@asynccontextmanager
async def node(database_url: str, keys: Path) -> AsyncIterator[Place]:
    """Run a node as an operator does, without a limit for the one client that asks here."""
    port = free_port()
    environment = {
        "DATABASE_URL": database_url,
        "NETREACH_PORT": str(port),
        "NETREACH_KEYS": str(keys),
        "NETREACH_REQUESTS_PER_MINUTE": "1000000000",
        "NETREACH_PARTNER_REQUESTS_PER_MINUTE": "1000000000",
    }
    words = ("api.server.main", "serve")
    async with serving("node", words, port, "/health/live", environment) as place:
        yield place


@asynccontextmanager
async def bare(database_url: str) -> AsyncIterator[Place]:
    """Run the bare handlers in the same kind of process."""
    port = free_port()
    async with serving("bare", ("benchmarks.bare", str(port), database_url), port) as place:
        yield place


def request(
    method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> bytes:
    """Write a request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body or method in {"POST", "PUT"}:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def measured(place: Place, job: Job, answer: int) -> Side:
    """Give answers a second and processor time for each; every answer must be the one named."""
    before = place.cpu_seconds()
    done = await load(job)
    used = place.cpu_seconds() - before
    if set(done.answers) != {answer}:
        raise RuntimeError(f"{place.name} answered {done.answers}, not only {answer}.")
    return Side(done.rate, 1e6 * used / done.total)


async def load(job: Job) -> Load:
    """Have another process send a job's requests."""
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.load", cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        told, _ = await client.communicate(msgspec.json.encode(job))
    finally:
        await end(client)
    if client.returncode:
        raise RuntimeError("The client of the benchmark failed.")
    return msgspec.json.decode(told, type=Load)
