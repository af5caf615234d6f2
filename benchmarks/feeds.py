"""A personal feed of 200 events: each answer looks its address up, so a revoked one stops at once.

Measured against a bare hello of the same server, and against Radicale, a calendar server that
people would otherwise run, which serves the same events.
"""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

from benchmarks.figures import Figure, Pair, Scale, Side
from benchmarks.load import Job
from benchmarks.places import Place, bare, database, free_port, measured, node, request, serving
from benchmarks.rota import Pool, staffed_pool
from database.session import door, make_engine
from rota.sign_up.actions import claim_seat

LOGIN = {"Authorization": "Basic " + b64encode(b"bench:bench").decode()}
COLLECTION = "/bench/rota/"
ASKED_FOR = Side(1000)
"""Answers a second that everybody's calendars may want of a small machine."""


async def run(server_url: str, scale: Scale, now: datetime) -> list[Figure]:
    """Measure one node that serves one busy person's calendar."""
    with TemporaryDirectory(prefix="netreach-bench-") as folder:
        async with database(server_url) as url:
            path = await busy_calendar(url, scale.events, now)
            async with (
                node(url, Path(folder) / "keys") as ours,
                bare(url) as hello,
                radicale(Path(folder), ours, path) as other,
            ):
                return await _in_turn(ours, hello, other, path, scale)


async def busy_calendar(database_url: str, events: int, now: datetime) -> str:
    """Let one worker hold a seat on so many days; give the path of their calendar."""
    engine = make_engine(database_url)
    pool: Pool = await staffed_pool(engine, now, workers=1, seats=events, roles=["lead"])
    worker = pool.workers[0]
    for seat_id in pool.seats:
        async with door(engine) as session:
            await claim_seat(session, worker.asker, seat_id, now)
    await engine.dispose()
    return f"/calendar/{worker.calendar}.ics"


@asynccontextmanager
async def radicale(folder: Path, ours: Place, path: str) -> AsyncIterator[Place]:
    """Run Radicale with the calendar that our node serves."""
    port = free_port()
    options = {
        "config": "",
        "server-hosts": f"127.0.0.1:{port}",
        "storage-filesystem-folder": str(folder / "radicale"),
        "auth-type": "none",
        "web-type": "none",
        "logging-level": "error",
    }
    words = ["radicale", *(f"--{name}={value}" for name, value in options.items())]
    async with (
        serving("Radicale", words, port, "/.well-known/caldav", wanted={301, 302}) as place,
        httpx2.AsyncClient(headers=LOGIN) as client,
    ):
        told = await client.get(f"http://127.0.0.1:{ours.port}{path}")
        there = f"http://127.0.0.1:{port}{COLLECTION}"
        await client.put(there, content=told.content, headers={"Content-Type": "text/calendar"})
        kept = await client.get(there)
        if kept.text.count("BEGIN:VEVENT") != told.text.count("BEGIN:VEVENT"):
            raise RuntimeError("Radicale does not serve the calendar that it was given.")
        yield place


async def _in_turn(
    ours: Place, hello: Place, other: Place, path: str, scale: Scale
) -> list[Figure]:
    async with httpx2.AsyncClient() as client:
        etag = (await client.get(f"http://127.0.0.1:{ours.port}{path}")).headers["etag"]
    asked = {
        "304": (ours, request("GET", path, {"If-None-Match": etag})),
        "hello": (hello, request("GET", "/")),
        "200": (ours, request("GET", path)),
        "Radicale": (other, request("GET", COLLECTION, LOGIN)),
    }
    done: dict[str, list[Side]] = {name: [] for name in asked}
    for _ in range(scale.rounds):
        for name, (place, wire) in asked.items():
            job = Job(place.port, [wire], scale.connections, scale.seconds)
            done[name].append(await measured(place, job, 304 if name == "304" else 200))
    return [
        _figure("200", "the 1,000 asked for", 1, done["200"], [ASKED_FOR] * scale.rounds),
        _figure("304", "a bare hello", 0.25, done["304"], done["hello"]),
        _figure("200", "a bare hello", 0.25, done["200"], done["hello"]),
        _figure("304", "Radicale's 200", 20, done["304"], done["Radicale"]),
        _figure("200", "Radicale's 200", 20, done["200"], done["Radicale"]),
    ]


def _figure(status: str, against: str, aim: float, ours: list[Side], other: list[Side]) -> Figure:
    return Figure(
        benchmark="feeds",
        name=f"personal feed, {status}",
        against=against,
        unit="answers/s",
        pairs=[Pair(*both) for both in zip(ours, other, strict=True)],
        aim=aim,
    )
