"""Open hours of a large pool against PostgreSQL's own union, and what the public is told of it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.public.answers import answer
from benchmarks.figures import Figure, Pair, Scale, Side
from benchmarks.places import database
from benchmarks.rota import SLUG, ZONE, staffed_pool
from database.ids import new_id
from database.session import make_engine
from federation.pools.models import Channel, Pool
from rota.coverage.queries import open_spans
from rota.open_hours.queries import public_hours
from rota.shifts.models import Shift

CHANNELS = 5
SESSIONS_A_WEEK = 6
FORTNIGHT = timedelta(days=14)
ALLOWED_SECONDS = 0.01
ANSWERS_A_UNION = 4.6
"""The 10 ms were set where PostgreSQL's own union of the same rows takes 46 ms.

Beside the union of the same run it can be told what is the machine's and what is ours.
"""
UNION = text(
    "SELECT channel_id, range_agg(tstzrange(starts, ends)) FROM shift"
    " WHERE channel_id = ANY(:channels) GROUP BY channel_id"
)


async def run(server_url: str, scale: Scale, now: datetime) -> list[Figure]:
    """Unite a year of many projects' sessions, and answer the public for a fortnight of it."""
    async with database(server_url) as url:
        engine = make_engine(url)
        await staffed_pool(engine, now, workers=4, seats=2, roles=("lead", "second"))
        async with engine.begin() as connection:
            channels, intervals = await _fill(connection, scale, now)
        async with engine.connect() as connection:
            pool_id = await connection.scalar(select(Pool.id))
            year = now, now + timedelta(weeks=53)

            async def bare() -> Any:
                return (await connection.execute(UNION, {"channels": channels})).all()

            async def ours() -> Any:
                return await open_spans(connection, UUID(str(pool_id)), *year)

            async def public() -> Any:
                found = await public_hours(connection, SLUG, now, now + FORTNIGHT)
                return msgspec.json.encode(answer(found))

            unions, answers = [], []
            for _ in range(scale.rounds):
                own, other, told = await _rate(ours), await _rate(bare), await _rate(public)
                unions.append(Pair(own, other))
                answers.append(Pair(told, other))
        await engine.dispose()
    return [
        Figure(
            benchmark="open_hours",
            name=f"open hours, {intervals:,} sessions united",
            against="range_agg of the same rows",
            unit="unions/s",
            pairs=unions,
            aim=1 / 1.2,
        ),
        Figure(
            benchmark="open_hours",
            name="public answer for a fortnight of them",
            against="10 ms each",
            unit="answers/s",
            pairs=[Pair(pair.ours, Side(1 / ALLOWED_SECONDS)) for pair in answers],
            aim=1,
        ),
        Figure(
            benchmark="open_hours",
            name="public answer for a fortnight of them",
            against="range_agg of the year",
            unit="answers/s",
            pairs=answers,
            aim=ANSWERS_A_UNION,
        ),
    ]


async def _fill(connection: AsyncConnection, scale: Scale, now: datetime) -> tuple[list[UUID], int]:
    """Enter the sessions of every project, channel and week, at hours that overlap."""
    pool_id = await connection.scalar(select(Pool.id))
    channels = [new_id() for _ in range(CHANNELS)]
    made: list[dict[str, Any]] = [
        {
            "id": channel,
            "pool_id": pool_id,
            "slug": f"chat-{number}",
            "name": f"Chat {number}",
            "kind": "session",
            "minimum_workers": 2,
            "minimum_supervisors": 1,
            "trainings": [],
        }
        for number, channel in enumerate(channels)
    ]
    await connection.execute(insert(Channel), made)
    monday = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for week in range(scale.weeks):
        rows = [
            _session(UUID(str(pool_id)), channel, monday + timedelta(weeks=week), project, number)
            for channel in channels
            for project in range(scale.projects)
            for number in range(SESSIONS_A_WEEK)
        ]
        await connection.execute(insert(Shift), rows)
    await connection.execute(text("ANALYZE shift"))
    counted = await connection.scalar(
        select(func.count()).select_from(Shift).where(Shift.channel_id.in_(channels))
    )
    return channels, int(counted or 0)


def _session(
    pool_id: UUID, channel: UUID, monday: datetime, project: int, number: int
) -> dict[str, Any]:
    starts = monday + timedelta(days=number, hours=8 + project % 14, minutes=project % 4 * 15)
    return {
        "id": new_id(),
        "pool_id": pool_id,
        "channel_id": channel,
        "starts": starts,
        "ends": starts + timedelta(hours=2),
        "zone": ZONE,
        "briefing_minutes": 15,
        "debrief_minutes": 15,
        "languages": ["en"],
        "wanted_languages": [],
        "theme": None,
        "demand": 1,
        "minimum_workers": 2,
        "minimum_supervisors": 1,
        "trainings": [],
        "open": True,
    }


async def _rate(work: Callable[[], Awaitable[Any]]) -> Side:
    begun = perf_counter()
    await work()
    return Side(1 / (perf_counter() - begun))
