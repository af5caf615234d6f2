"""A pool with projects, people and shifts, made by the actions that people use."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.tables import METADATA
from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.actions import add_channel, give_handle, make_pool
from federation.pools.drafts import ChannelDraft, Share
from federation.projects.actions import add_project
from rota.claims.models import Claim
from rota.passport.actions import attest_training
from rota.shifts.announce import announce_shift
from rota.shifts.models import Seat, Shift

TABLES = METADATA.tables
"""Every table is known, as in the programs: foreign keys cross floors."""

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
TUESDAY_19 = datetime(2027, 1, 5, 19, tzinfo=UTC)
CORE = "netreach-core"
SHARE = Share(hours_offered_per_week=12, hours_before_per_week=6)
NAMES = ("Zuleika Private", "Quirinus Private", "Wilhelmina Private")


@dataclass(frozen=True)
class Worker:
    """A person, as whom they ask, and the pseudonym by which a pool knows them."""

    asker: Asker
    handle: UUID
    display: str

    @property
    def id(self) -> UUID:
        return self.asker.person_id


@dataclass(frozen=True)
class Planned:
    """A shift and its seats by role."""

    id: UUID
    starts: datetime
    seats: dict[str, UUID] = field(default_factory=dict)

    @property
    def lead(self) -> UUID:
        return self.seats["lead"]


@dataclass(frozen=True)
class ExamplePool:
    """A pool of this node and the coordinator who founded it."""

    id: UUID
    slug: str
    channel: UUID
    coordinator: Asker


async def a_project(session: AsyncSession, slug: str = "") -> Asker:
    """Set up a project; gives its coordinator."""
    project_id = await add_project(
        session,
        OPERATOR,
        slug=slug or f"project-{uuid4().hex[:8]}",
        name="Quayside Outreach",
        region="North East",
        jurisdiction="england-and-wales",
        zone="Europe/London",
        languages=["en"],
        now=NOW,
    )
    return await a_person(session, project_id, "coordinator")


async def a_person(
    session: AsyncSession,
    project_id: UUID,
    *roles: str,
    languages: Collection[str] = ("en",),
    **limits: Any,
) -> Asker:
    person_id = await add_person(
        session,
        OPERATOR,
        project_id=project_id,
        name=NAMES[0],
        languages=list(languages),
        roles=roles,
        now=NOW,
        **limits,
    )
    return Asker(person_id, project_id, frozenset(roles))


async def a_pool(
    session: AsyncSession, coordinator: Asker, slug: str = "", *, at_once: int = 1
) -> ExamplePool:
    """Found a pool with a live chat for two workers and an on-call supervisor."""
    pool = await make_pool(
        session,
        coordinator,
        NOW,
        slug=slug or f"evening-{uuid4().hex[:8]}",
        name="Evening chat",
        zone="Europe/London",
        share=SHARE,
        supervisor_sessions_at_once=at_once,
    )
    draft = ChannelDraft("live-chat", "Live chat", "session", 2, 1, [CORE], "Be kind.")
    channel = await add_channel(session, coordinator, pool.id, draft, NOW)
    return ExamplePool(pool.id, pool.slug, channel.id, coordinator)


async def a_worker(
    session: AsyncSession,
    pool_id: UUID,
    coordinator: Asker,
    *roles: str,
    languages: Collection[str] = ("en",),
    **limits: Any,
) -> Worker:
    """Take in a trained worker of the coordinator's project, with a handle in the pool."""
    asker = await a_person(
        session, coordinator.project_id, *(roles or ("worker",)), languages=languages, **limits
    )
    await attest_training(
        session, coordinator, asker.person_id, CORE, date(2026, 6, 1), date(2027, 6, 1), NOW
    )
    handle = await give_handle(session, coordinator, pool_id, asker.person_id, NOW)
    return Worker(asker, handle.id, handle.display)


async def with_handle(
    session: AsyncSession, pool: ExamplePool, worker: Worker, coordinator: Asker
) -> Worker:
    """Give somebody a handle in one more pool."""
    handle = await give_handle(session, coordinator, pool.id, worker.id, NOW)
    return Worker(worker.asker, handle.id, handle.display)


async def a_shift(
    session: AsyncSession,
    pool: ExamplePool,
    starts: datetime = TUESDAY_19,
    hours: float = 2,
    *,
    roles: Sequence[str] = ("lead", "second", "supervisor"),
    languages: Sequence[str] = ("en",),
    **changed: Any,
) -> Planned:
    """Add a shift with 15 minutes of briefing and debrief, and tell members of it."""
    facts: dict[str, Any] = {
        "pool_id": pool.id,
        "channel_id": pool.channel,
        "starts": starts,
        "ends": starts + timedelta(hours=hours),
        "zone": "Europe/London",
        "briefing_minutes": 15,
        "debrief_minutes": 15,
        "languages": list(languages),
        "wanted_languages": [],
        "theme": None,
        "demand": 1.5,
        "minimum_workers": 2,
        "minimum_supervisors": 1,
        "trainings": [CORE],
    }
    shift = Shift(**(facts | changed))
    session.add(shift)
    await session.flush()
    seats = [Seat(shift_id=shift.id, role=role) for role in roles]
    session.add_all(seats)
    await announce_shift(session, shift, NOW)
    return Planned(shift.id, starts, {seat.role: seat.id for seat in seats})


async def claim_now(session: AsyncSession, claim_id: UUID) -> Claim:
    """Read a claim as the database has it."""
    await session.flush()
    return await session.get_one(Claim, claim_id, populate_existing=True)


async def seat_states(session: AsyncSession, shift: Planned) -> dict[str, str]:
    rows = await session.execute(
        select(Seat.role, Seat.state).where(Seat.shift_id == shift.id).order_by(Seat.id)
    )
    return dict(rows.all())


async def is_open(session: AsyncSession, shift: Planned) -> bool:
    return bool(await session.scalar(select(Shift.open).where(Shift.id == shift.id)))


async def everything(session: AsyncSession) -> dict[str, list[Any]]:
    """Copy every table, so that a refusal can be shown to have left nothing behind."""
    await session.flush()
    found = {}
    for name, table in TABLES.items():
        rows = await session.execute(select(*table.columns))
        found[name] = sorted(map(tuple, rows), key=repr)
    return found
