"""`make demo` from nothing until people can sign in, the second start, and the memory it takes."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from api.demo.postgres import erase, start
from benchmarks.figures import Figure, Pair, Scale, Side, SkippedError
from benchmarks.places import bare, free_port, program

ALLOWED_SECONDS = 180
MEGABYTE = 2**20


async def run(server_url: str, scale: Scale, _now: datetime) -> list[Figure]:
    """Start the demo twice in a folder of its own, on ports that nobody uses."""
    if not scale.demo:
        raise SkippedError("the demo takes too long for a small run.")
    if sys.platform != "linux":
        raise SkippedError("memory is read from /proc, which only Linux has.")
    with TemporaryDirectory(prefix="netreach-bench-") as name:
        folder = Path(name)
        try:
            ports = (free_port(), free_port())
            async with started(folder, ports) as (cold, demo):
                processes = [*below(demo.pid), demo.pid, *postgres_of(folder)]
                memory = sum(map(own_memory, processes)) / MEGABYTE
            async with started(folder, ports) as (warm, _):
                pass
        finally:
            erase(postgres_folder(folder))
    async with bare(server_url) as hello:
        one = own_memory(hello.process) / MEGABYTE
    return _figures(cold, warm, memory, one, len(processes))


def postgres_folder(folder: Path) -> Path:
    """Say where the demo keeps its database."""
    return folder / ".netreach" / "postgres"


@asynccontextmanager
async def started(folder: Path, ports: tuple[int, int]) -> AsyncIterator[tuple[float, Process]]:
    """Run the demo until the block ends; give the seconds until its file told where to look."""
    told = folder / ".netreach" / "demo.json"
    told.unlink(missing_ok=True)
    north, south = ports
    words = ("api.server.main", "demo", "--north-port", str(north), "--south-port", str(south))
    begun = perf_counter()
    async with program(*words, folder=folder) as demo:
        async with asyncio.timeout(2 * ALLOWED_SECONDS):
            while not told.exists():
                if demo.returncode is not None:
                    raise RuntimeError("The demo ended before it was ready.")
                await asyncio.sleep(0.05)
        yield perf_counter() - begun, demo


def below(process: int) -> Iterator[int]:
    """Find the processes that a process has started, and theirs."""
    for found in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = found.read_text().rpartition(")")[2].split()[1]
        except OSError:  # it has ended meanwhile
            continue
        if int(parent) == process:
            child = int(found.parent.name)
            yield child
            yield from below(child)


def postgres_of(folder: Path) -> Iterator[int]:
    """Find the processes of the demo's PostgreSQL, which belongs to nobody else."""
    with start(postgres_folder(folder), throwaway=False, environment={}) as server:
        first = int((server.files / "postmaster.pid").read_text().splitlines()[0])
    yield first
    yield from below(first)


def own_memory(process: int) -> int:
    """Give a process's memory in bytes, where what several share counts once in all."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text()
    share = next(line for line in told.splitlines() if line.startswith("Pss:"))
    return 1024 * int(share.split()[1])


def _figures(cold: float, warm: float, memory: float, one: float, processes: int) -> list[Figure]:
    def figure(name: str, against: str, unit: str, ours: float, other: float) -> Figure:
        pairs = [Pair(Side(ours), Side(other))]
        return Figure(benchmark="demo", name=name, against=against, unit=unit, pairs=pairs)

    return [
        figure("demo, first start", "the three minutes allowed", "s", cold, ALLOWED_SECONDS),
        figure("demo, second start", "its first start", "s", warm, cold),
        figure(
            f"demo, memory of {processes} processes", "one bare hello server", "MB", memory, one
        ),
    ]
