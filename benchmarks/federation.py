"""How fast a node applies what a partner says: many small events, and claims on contested seats.

Beside them a `git fetch` of as many small commits, a bare HTTP poll, and a bare INSERT.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import UUID

import httpx2
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.claims_between_nodes import claims_sent_twice
from benchmarks.figures import TINY, Figure, Pair, Scale, Side, SkippedError
from benchmarks.git import Git, repository
from benchmarks.joined import Joined, joined
from benchmarks.places import Place, bare
from benchmarks.rota import SLUG, staffed_pool
from benchmarks.wire import VERIFIED_A_SECOND, verified
from database.session import door
from federation.partners.rules.capabilities import SHIFTS
from federation.pools.models import Channel, Pool
from rota.shifts.announce import announce_shift
from rota.shifts.models import Seat, Shift

EVENTS_A_SECOND = 2000
AT_ONCE = 200
HOUR = timedelta(hours=1)


async def run(server_url: str, scale: Scale, now: datetime) -> list[Figure]:
    """Apply a pool's sessions, poll, and decide claims that another node sends."""
    if which("git") is None:
        raise SkippedError("git is not installed.")
    with TemporaryDirectory(prefix="netreach-bench-") as name:
        folder = Path(name)
        async with joined(server_url, folder) as pair, _bare(pair) as hello:
            await staffed_pool(pair.there, now, workers=0, seats=1, roles=("lead",))
            claimed = await claims_sent_twice(pair, scale, now)
            applied = await _events(pair, scale, now)
            polled = [await _polled(pair, hello) for _ in range(scale.rounds)]
        async with repository(folder / "git", TINY) as git:
            fetched = await _fetched(git, scale.small_events)
    return [claimed, *_of_events(applied, fetched, verified(), scale), _of_polls(polled)]


@asynccontextmanager
async def _bare(pair: Joined) -> AsyncIterator[Place]:
    url = pair.there.url.render_as_string(hide_password=False)
    async with bare(url) as place:
        yield place


async def _events(pair: Joined, scale: Scale, now: datetime) -> list[float]:
    """State sessions, new ones and then all once more; give the seconds to apply each time."""
    async with door(pair.there) as session:
        pool, channel = (
            await session.execute(
                select(Pool.id, Channel.id).join(Channel).where(Pool.slug == SLUG)
            )
        ).one()
    await pair.let(pair.there, SHIFTS, pool)
    await pair.pull()
    shifts = await _plan(pair.there, pool, channel, scale.small_events, now)
    seconds = [await _timed(pair)]
    await _state(pair.there, shifts, now)
    seconds.append(await _timed(pair))
    async with door(pair.here) as session:
        there = await session.scalar(select(func.count()).select_from(Shift))
    if there is None or there < scale.small_events:
        raise RuntimeError(f"{there} sessions arrived.")
    return seconds


async def _fetched(git: Git, commits: int) -> float:
    await git.many(commits)
    return (await git.idle())[1]


async def _plan(
    engine: AsyncEngine, pool: UUID, channel: UUID, count: int, now: datetime
) -> list[UUID]:
    made: list[UUID] = []
    for begin in range(0, count, AT_ONCE):
        async with door(engine) as session:
            for number in range(begin, min(count, begin + AT_ONCE)):
                shift = _shift(pool, channel, now + timedelta(days=30) + number * 2 * HOUR)
                session.add(shift)
                await session.flush()
                session.add(Seat(shift_id=shift.id, role="lead"))
                await announce_shift(session, shift, now)
                made.append(shift.id)
    return made


def _shift(pool: UUID, channel: UUID, starts: datetime) -> Shift:
    return Shift(
        pool_id=pool,
        channel_id=channel,
        starts=starts,
        ends=starts + HOUR,
        zone="Europe/London",
        briefing_minutes=15,
        debrief_minutes=15,
        languages=["en"],
        wanted_languages=[],
        theme=None,
        demand=1.0,
        minimum_workers=1,
        minimum_supervisors=0,
        trainings=[],
    )


async def _state(engine: AsyncEngine, shifts: Sequence[UUID], now: datetime) -> None:
    for begin in range(0, len(shifts), AT_ONCE):
        async with door(engine) as session:
            for shift_id in shifts[begin : begin + AT_ONCE]:
                shift = await session.get_one(Shift, shift_id)
                shift.demand = 2.0
                await announce_shift(session, shift, now)


async def _timed(pair: Joined) -> float:
    began = perf_counter()
    await pair.pull()
    return perf_counter() - began


async def _polled(pair: Joined, hello: Place) -> Pair:
    """Poll where nothing is new, and ask a bare handler the same way."""
    seconds = await _timed(pair)
    async with httpx2.AsyncClient() as http:
        await http.get(f"http://127.0.0.1:{hello.port}/")
        began = perf_counter()
        await http.get(f"http://127.0.0.1:{hello.port}/")
        barely = perf_counter() - began
    return Pair(Side(1 / seconds), Side(1 / barely))


def _of_events(applied: list[float], fetched: float, bare: Side, scale: Scale) -> list[Figure]:
    name = f"{scale.small_events:,} small events, proven and applied"
    rates = [scale.small_events / seconds for seconds in applied]
    against = {
        f"{EVENTS_A_SECOND:,} a second": (EVENTS_A_SECOND, 1),
        "bare Ed25519 verifications": (bare.did, EVENTS_A_SECOND / VERIFIED_A_SECOND),
        "git fetch of as many small commits": (scale.small_events / fetched, None),
    }
    return [
        Figure(
            benchmark="federation",
            name=name,
            against=other,
            unit="events/s",
            pairs=[Pair(Side(rate), Side(theirs)) for rate in rates],
            aim=aim,
        )
        for other, (theirs, aim) in against.items()
    ]


def _of_polls(polled: list[Pair]) -> Figure:
    return Figure(
        benchmark="federation",
        name="nothing new, time",
        against="a bare HTTP poll",
        unit="polls/s",
        pairs=polled,
    )
