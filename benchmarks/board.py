"""The pages of a large pool, its week board first: how long the server takes, how much it sends."""

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, cast
from uuid import UUID

from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.settings import Settings
from benchmarks.figures import Figure, Pair, Scale, Side
from benchmarks.places import database
from benchmarks.rota import SLUG, ZONE, staffed_pool
from database.ids import new_id
from database.session import door, make_engine
from federation.access.actions import make_sign_in_link
from federation.partners.keys import NodeKeys
from federation.people.models import RoleGrant
from federation.people.rules import OPERATOR
from federation.pools.models import Channel, Pool
from rota.shifts.models import Seat, Shift
from tests.walk import page_at, pages, walk

ROLES = ("lead", "second", "supervisor")
ALLOWED_SECONDS = 0.1
ALLOWED_KILOBYTES = 60


async def run(server_url: str, scale: Scale, now: datetime) -> list[Figure]:
    """Show a coordinator the busiest week that we know of."""
    async with database(server_url) as url:
        engine = make_engine(url)
        await staffed_pool(engine, now, workers=30, seats=2, roles=ROLES[:2])
        monday = now.date() + timedelta(days=21 - now.weekday())
        await _fill(engine, scale, datetime(monday.year, monday.month, monday.day, tzinfo=UTC))
        link = await _link(engine, now)
        await engine.dispose()
        with TemporaryDirectory(prefix="netreach-bench-") as folder:
            settings = Settings(
                database_url=url,
                keys=Path(folder) / "keys",
                development=True,
                requests_per_minute=10**9,
            )
            NodeKeys.create(settings.keys)
            async with _signed_in(settings, link) as browser:
                path = f"/board/{SLUG}?week={monday}"
                seconds, body = await _looked_at(browser, path, scale.rounds)
                slowest, others = await _slowest_of_all(browser, settings, path, scale.rounds)
    kilobytes = len(gzip.compress(body)) / 1000
    return [
        Figure(
            benchmark="board",
            name=f"week board of {scale.board} shifts, in the server",
            against="100 ms each",
            unit="pages/s",
            pairs=[Pair(Side(1 / each), Side(1 / ALLOWED_SECONDS)) for each in seconds],
            aim=1,
        ),
        Figure(
            benchmark="board",
            name=f"slowest page at {scale.board} shifts, {slowest}, in the server",
            against="100 ms each",
            unit="pages/s",
            pairs=[Pair(Side(1 / each), Side(1 / ALLOWED_SECONDS)) for each in others],
            aim=1,
        ),
        Figure(
            benchmark="board",
            name=f"week board of {scale.board} shifts, kB compressed",
            against="60 kB",
            unit="boards a 60 kB",
            pairs=[Pair(Side(ALLOWED_KILOBYTES / kilobytes), Side(1))],
            aim=1,
        ),
    ]


async def _fill(engine: AsyncEngine, scale: Scale, monday: datetime) -> None:
    async with engine.begin() as connection:
        pool_id = await connection.scalar(select(Pool.id))
        channel_id = await connection.scalar(select(Channel.id))
        starts = [
            monday + timedelta(minutes=number * 7 * 24 * 60 // scale.board)
            for number in range(scale.board)
        ]
        shifts = [
            {
                "id": new_id(),
                "pool_id": pool_id,
                "channel_id": channel_id,
                "starts": start,
                "ends": start + timedelta(hours=2),
                "zone": ZONE,
                "briefing_minutes": 15,
                "debrief_minutes": 15,
                "languages": ["en"],
                "wanted_languages": [],
                "theme": "Money, tax and benefits",
                "demand": 1,
                "minimum_workers": 2,
                "minimum_supervisors": 1,
                "trainings": [],
                "open": False,
            }
            for start in starts
        ]
        await connection.execute(insert(Shift), shifts)
        seats = [
            {"id": new_id(), "shift_id": shift["id"], "role": role, "state": "open"}
            for shift in shifts
            for role in ROLES
        ]
        await connection.execute(insert(Seat), seats)


async def _link(engine: AsyncEngine, now: datetime) -> str:
    async with door(engine) as session:
        coordinator = await session.scalar(
            select(RoleGrant.person_id).where(RoleGrant.role == "coordinator")
        )
        secret = await make_sign_in_link(
            session, OPERATOR, person_id=UUID(str(coordinator)), hours=1, now=now
        )
    return f"/sign-in/{secret}"


@asynccontextmanager
async def _signed_in(settings: Settings, link: str) -> AsyncIterator[AsyncClient]:
    app = create_app(settings)
    # its type is stricter about messages than ASGI is
    transport = ASGITransport(app=cast("Any", app))
    async with (
        app.lifespan(),
        AsyncClient(transport=transport, base_url=settings.base_url) as browser,
    ):
        shown = (await browser.get(link)).text
        token = shown.split('name="_csrf_token" value="')[1].split('"')[0]
        await browser.post(link, data={"_csrf_token": token})
        yield browser


async def _looked_at(browser: AsyncClient, path: str, rounds: int) -> tuple[list[float], bytes]:
    """Give the processor's seconds for each look, in this process, and the page."""
    page = await browser.get(path, follow_redirects=True)
    page.raise_for_status()
    seconds = []
    for _ in range(rounds):
        begun = process_time()
        await browser.get(path, follow_redirects=True)
        seconds.append(process_time() - begun)
    return seconds, page.content


async def _slowest_of_all(
    browser: AsyncClient, settings: Settings, board: str, rounds: int
) -> tuple[str, list[float]]:
    """Give the page that takes longest of all that links lead to from board and start page."""
    known = pages(create_app(settings))
    took: dict[str, list[float]] = {}

    async def opened(path: str) -> str:
        seconds, body = await _looked_at(browser, path, rounds)
        took[page_at(path, known) or path] = seconds
        return body.decode()

    await walk(known, ["/", board], opened)
    slowest = max(took, key=lambda page: median(took[page]))
    return slowest, took[slowest]
