"""A pool with people and shifts, entered through the actions that people use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

import api.tables
from database.session import door
from federation.access.actions import make_api_token
from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.actions import add_channel, give_handle, make_pool
from federation.pools.drafts import ChannelDraft, Share
from federation.projects.actions import add_project
from rota.calendar.actions import make_address
from rota.shifts.actions import generate_shifts, make_pattern
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.patterns import Timing
from rota.shifts.rules.staffing import Staffing

TABLES = api.tables.METADATA.tables
"""Every table is known, as in the programs: foreign keys cross floors."""

ZONE = "Europe/London"
SLUG = "evening-chat"


@dataclass(frozen=True)
class Worker:
    """Somebody with a handle, an API token and a calendar on their telephone."""

    asker: Asker
    token: str
    calendar: str


@dataclass(frozen=True)
class Pool:
    """Workers who are never too busy, and worker's seats by the start of their shift."""

    workers: list[Worker]
    seats: list[UUID]


async def staffed_pool(
    engine: AsyncEngine, now: datetime, *, workers: int, seats: int, roles: Sequence[str]
) -> Pool:
    """Found a pool with one session a day until there are seats enough."""
    async with door(engine) as session:
        coordinator = await _coordinator(session, now)
        pool = await make_pool(
            session, coordinator, now, slug=SLUG, name="Evening chat", zone=ZONE, share=Share(80, 6)
        )
        draft = ChannelDraft("live-chat", "Live chat", "session", len(roles), 0)
        channel = await add_channel(session, coordinator, pool.id, draft, now)
        people = [await _worker(session, coordinator, pool.id, now) for _ in range(workers)]
    weeks = -(-seats // (7 * len(roles))) + 1
    for weekday in range(7):
        async with door(engine) as session:
            await _sessions(session, coordinator, channel.id, pool.id, weekday, weeks, roles, now)
    async with door(engine) as session:
        found = await session.scalars(
            select(Seat.id)
            .join(Shift, Shift.id == Seat.shift_id)
            .where(Shift.starts > now + timedelta(days=1))
            .order_by(Shift.starts, Seat.id)
            .limit(seats)
        )
        return Pool(people, list(found))


async def _coordinator(session: AsyncSession, now: datetime) -> Asker:
    project_id = await add_project(
        session,
        OPERATOR,
        slug="quayside",
        name="Quayside Outreach",
        region="North East",
        jurisdiction="england-and-wales",
        zone=ZONE,
        languages=["en"],
        now=now,
    )
    person_id = await add_person(
        session,
        OPERATOR,
        project_id=project_id,
        name="Coordinator",
        languages=["en"],
        roles=["coordinator"],
        now=now,
    )
    return Asker(person_id, project_id, frozenset({"coordinator"}))


async def _worker(
    session: AsyncSession, coordinator: Asker, pool_id: UUID, now: datetime
) -> Worker:
    person_id = await add_person(
        session,
        OPERATOR,
        project_id=coordinator.project_id,
        name="Worker",
        languages=["en"],
        roles=["worker"],
        now=now,
        hours_per_week=168,
        shifts_per_week=100,
        rest_hours=0,
    )
    await give_handle(session, coordinator, pool_id, person_id, now)
    token = await make_api_token(
        session,
        OPERATOR,
        person_id=person_id,
        label="bench",
        scopes=("read", "write"),
        days=1,
        now=now,
    )
    calendar = await make_address(session, person_id, "Telephone", "Shift", now)
    asker = Asker(person_id, coordinator.project_id, frozenset({"worker"}))
    return Worker(asker, token.secret, calendar)


async def _sessions(
    session: AsyncSession,
    coordinator: Asker,
    channel_id: UUID,
    pool_id: UUID,
    weekday: int,
    weeks: int,
    roles: Sequence[str],
    now: datetime,
) -> None:
    pattern_id = await make_pattern(
        session,
        coordinator,
        pool_id=pool_id,
        channel_id=channel_id,
        series=f"evening-{weekday}",
        timing=Timing(
            weekday=weekday,
            starts=time(19),
            minutes=120,
            zone=ZONE,
            first_day=now.date(),
            last_day=None,
            every_weeks=1,
        ),
        staffing=Staffing(
            seats=tuple(roles), briefing_minutes=15, debrief_minutes=15, languages=("en",)
        ),
        now=now,
    )
    until = now.date() + timedelta(weeks=weeks)
    await generate_shifts(session, coordinator, pattern_id, until, now)
