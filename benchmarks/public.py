"""The public answers, as people in a hurry and other sites read them, against a bare hello."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.feeds import busy_calendar
from benchmarks.figures import Figure, Pair, Scale, Side
from benchmarks.load import Job
from benchmarks.places import Place, bare, database, measured, node, request
from benchmarks.rota import SLUG

AIM = 0.5
PATHS = {"public JSON": f"/open/{SLUG}.json", "public page": f"/open/{SLUG}"}


async def run(server_url: str, scale: Scale, now: datetime) -> list[Figure]:
    """Measure one node that publishes a session a day for twelve weeks."""
    done: dict[str, list[Pair]] = {name: [] for name in PATHS}
    with TemporaryDirectory(prefix="netreach-bench-") as folder:
        async with database(server_url) as url:
            await busy_calendar(url, scale.events, now)
            async with node(url, Path(folder) / "keys") as ours, bare(url) as hello:
                for _ in range(scale.rounds):
                    for name, path in PATHS.items():
                        mine = await _asked(ours, path, scale)
                        done[name].append(Pair(mine, await _asked(hello, "/", scale)))
    return [
        Figure(
            benchmark="public",
            name=f"{name}, 200",
            against="a bare hello",
            unit="answers/s",
            pairs=pairs,
            aim=AIM,
        )
        for name, pairs in done.items()
    ]


async def _asked(place: Place, path: str, scale: Scale) -> Side:
    job = Job(place.port, [request("GET", path)], scale.connections, scale.seconds)
    return await measured(place, job, 200)
