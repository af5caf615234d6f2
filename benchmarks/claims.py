"""2,000 claims on 100 seats by people who all press at once: each seat gets one of them.

Everybody who is too late must hear so quickly. Measured against a bare `INSERT … ON CONFLICT DO
NOTHING` through SQLAlchemy, on its own and behind a bare handler of the same server: the same
number, in the same order, on the same PostgreSQL, which waits for the disk at each commit.
"""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.bare import TABLE, bare_claim
from benchmarks.figures import Figure, Pair, Scale, Side
from benchmarks.load import Job, Load
from benchmarks.places import Place, bare, database, load, node, request
from benchmarks.repeatable import Repeatable
from benchmarks.rota import Pool, Worker, staffed_pool
from database.session import make_engine
from rota.claims.models import Claim

CONNECTIONS = 64
ROLES = ("lead", "second")
WON, LATE, REFUSED = 201, 409, 422


async def run(server_url: str, scale: Scale, now: datetime) -> list[Figure]:
    """Claim the seats of one round after another, each time by ours and by both others."""
    wanted = scale.seats * scale.rounds
    with TemporaryDirectory(prefix="netreach-bench-") as folder:
        async with database(server_url) as url:
            engine = make_engine(url)
            pool = await staffed_pool(
                engine, now, workers=_workers(scale), seats=wanted, roles=ROLES
            )
            async with engine.begin() as connection:
                await connection.execute(text(TABLE))
            async with node(url, Path(folder) / "keys") as ours, bare(url) as other:
                for place in (ours, other):
                    await _warm_up(place.port, scale)
                rounds = [await _round(engine, rush, ours, other) for rush in rushes(pool, scale)]
            await engine.dispose()
    return _figures(rounds)


def _workers(scale: Scale) -> int:
    return 2 * (scale.claims // scale.seats)


async def _warm_up(port: int, scale: Scale) -> None:
    """Let every connection to the database be opened before anything counts."""
    nobody = [request("POST", f"/seats/{UUID(int=0)}/claims")]
    await load(Job(port, nobody, CONNECTIONS, min(scale.seconds, 1)))


Rush = list[tuple[Worker, UUID]]


def rushes(pool: Pool, scale: Scale) -> Iterator[Rush]:
    """Say who claims what, seat after seat, so that those who want the same come together."""
    chance = Repeatable(1)
    for start in range(0, len(pool.seats), scale.seats):
        yield [
            (worker, seat_id)
            for seat_id in pool.seats[start : start + scale.seats]
            for worker in chance.sample(pool.workers, scale.claims // scale.seats)
        ]


async def _round(
    engine: AsyncEngine, rush: Rush, ours: Place, other: Place
) -> tuple[Side, Side, Side]:
    """Claim: by ours, barely behind HTTP, barely alone."""
    seats = {seat_id for _, seat_id in rush}
    before = ours.cpu_seconds(), other.cpu_seconds()
    mine = await load(_job(ours, rush, "/api/v1"))
    await require_one_winner_each(engine, seats, mine)
    behind_http = await load(_job(other, rush, ""))
    if behind_http.answers.get(WON) != len(seats):
        raise RuntimeError(f"The bare claims were answered {behind_http.answers}.")
    used = ours.cpu_seconds() - before[0], other.cpu_seconds() - before[1]
    await _empty(engine)
    alone = await _alone(engine, rush)
    await _empty(engine)
    each = [1e6 * seconds / len(rush) for seconds in used]
    return Side(mine.rate, each[0]), Side(behind_http.rate, each[1]), alone


def _job(place: Place, rush: Rush, prefix: str) -> Job:
    wire = [
        request(
            "POST",
            f"{prefix}/seats/{seat_id}/claims",
            {"Authorization": f"Bearer {worker.token}"},
        )
        for worker, seat_id in rush
    ]
    return Job(place.port, wire, CONNECTIONS)


async def require_one_winner_each(engine: AsyncEngine, seats: set[UUID], done: Load) -> None:
    """Read from the database that each seat has exactly one holder, and from HTTP who was told."""
    async with engine.connect() as connection:
        rows = await connection.execute(
            select(Claim.seat_id, func.count().label("holders"))
            .where(Claim.seat_id.in_(seats), Claim.state == "held")
            .group_by(Claim.seat_id)
        )
        holders = {row.seat_id: row.holders for row in rows}
    if holders != dict.fromkeys(seats, 1):
        raise RuntimeError("A seat has no holder, or several.")
    if done.answers.get(WON) != len(seats) or not set(done.answers) <= {WON, LATE, REFUSED}:
        raise RuntimeError(f"The claims were answered {done.answers}.")


async def _alone(engine: AsyncEngine, rush: Rush) -> Side:
    """Claim without any server between, as many at once."""
    waiting = iter(rush)

    async def claim_what_waits() -> None:
        for _, seat_id in waiting:
            await bare_claim(engine, seat_id)

    begun, used = perf_counter(), process_time()
    async with asyncio.TaskGroup() as all_at_once:
        for _ in range(CONNECTIONS):
            all_at_once.create_task(claim_what_waits())
    seconds, used = perf_counter() - begun, process_time() - used
    return Side(len(rush) / seconds, 1e6 * used / len(rush))


async def _empty(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("TRUNCATE bare_claim"))


def _figures(rounds: list[tuple[Side, Side, Side]]) -> list[Figure]:
    against = {
        "a bare INSERT … ON CONFLICT": [Pair(mine, alone) for mine, _, alone in rounds],
        "the same behind a bare handler": [Pair(mine, behind) for mine, behind, _ in rounds],
    }
    aims = (0.4, None)
    return [
        Figure(
            benchmark="claims",
            name="claims on contested seats",
            against=other,
            unit="claims/s",
            pairs=pairs,
            aim=aim,
        )
        for (other, pairs), aim in zip(against.items(), aims, strict=True)
    ]
