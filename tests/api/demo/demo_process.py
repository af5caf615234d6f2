"""`netreach-server demo` as a process of its own, in a folder and on ports of its own."""

import asyncio
import json
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.demo.postgres import Server, start

START_SECONDS = 180
END_SECONDS = 20
# where DATABASE_URL is given it is for the tests: the demo starts a server of its own
WITHOUT_DATABASE = ("env", "-u", "DATABASE_URL", sys.executable)


def free_ports() -> tuple[int, int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        north, south = (sock.getsockname()[1] for sock in sockets)
        return north, south


def is_free(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) != 0


@dataclass
class Place:
    """Where a demo plays."""

    folder: Path
    ports: tuple[int, int]

    @property
    def command(self) -> list[str]:
        north, south = self.ports
        told = ["--north-port", str(north), "--south-port", str(south)]
        return [*WITHOUT_DATABASE, "-m", "api.server.main", "demo", *told]

    @property
    def kept(self) -> Path:
        return self.folder / ".netreach"

    def told(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.kept / "demo.json").read_text())
        return read


@dataclass
class Demo:
    """A demo that runs; `said` is what it has printed until it was ready."""

    place: Place
    process: Process
    said: list[str] = field(default_factory=list)
    seconds: float = 0

    async def until_running(self) -> None:
        begun = time.monotonic()
        assert self.process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            while not self.said or not self.said[-1].startswith("Running."):
                line = await self.process.stdout.readline()
                assert line, await self.ended()
                self.said.append(line.decode().rstrip("\n"))
        self.seconds = time.monotonic() - begun

    async def ended(self) -> tuple[int, str]:
        """Wait for the end, which has its time; gives the exit code and the last words."""
        async with asyncio.timeout(END_SECONDS):
            _, errors = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, errors.decode()

    def children(self) -> list[int]:
        """List the processes that this one has started, and theirs."""
        return descendants(self.process.pid)


def descendants(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        known = _state_and_parent(folder)
        if known is not None and known[1] == parent:
            found += [int(folder.name), *descendants(int(folder.name))]
    return found


def alive(processes: Sequence[int]) -> list[int]:
    """Name those that still do something: one that nobody has buried yet does not."""
    states = {number: _state_and_parent(Path(f"/proc/{number}")) for number in processes}
    return [number for number, known in states.items() if known and known[0] != "Z"]


def _state_and_parent(folder: Path) -> tuple[str, int] | None:
    try:
        state, parent, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # ended meanwhile
        return None
    return state, int(parent)


def its_postgres(place: Place) -> Server:
    """Join the server that a running demo has started; the demo will stop it, not we."""
    server = start(place.kept / "postgres", throwaway=False)
    assert server.lock is None
    return server


def process_of(server: Server) -> int:
    return int((server.files / "postmaster.pid").read_text().splitlines()[0])


@asynccontextmanager
async def started(place: Place, command: Sequence[str] = ()) -> AsyncIterator[Demo]:
    """Start a demo, not waiting until it is ready; one that still runs is ended at the end."""
    process = await asyncio.create_subprocess_exec(
        *(command or place.command), cwd=place.folder, stdout=PIPE, stderr=PIPE
    )
    demo = Demo(place, process)
    try:
        yield demo
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await demo.ended()


def kill(number: int) -> None:
    os.kill(number, signal.SIGKILL)
