"""An example to try things on: a project apart, with people and sessions of its own."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.access.actions import make_sign_in_link
from federation.audit.actions import record
from federation.people.actions import add_person
from federation.people.models import Person, RoleGrant
from federation.people.rules import OPERATOR, require_coordinator_of
from federation.permissions.rules import Asker
from federation.pools.actions import add_channel, give_handle, make_pool
from federation.pools.drafts import ChannelDraft, Share
from federation.projects.models import Project
from rota.availability.actions import set_availability
from rota.availability.rules import Weekly
from rota.example.errors import ExampleThere, NoExample
from rota.example.removing import remove_all
from rota.shifts.actions import generate_shifts, make_pattern
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.patterns import Timing
from rota.shifts.rules.spans import local_day
from rota.shifts.rules.staffing import Staffing
from rota.sign_up.actions import claim_seat

TUESDAY, THURSDAY = 1, 3
EVENING = time(19)
MINUTES = 120
AHEAD = timedelta(weeks=4)
SEATS = ("lead", "second", "supervisor")
LINK_HOURS = 1


@dataclass(frozen=True, slots=True)
class Words:
    """What the example is called, in the language of whoever fills it in; `people` by role."""

    project: str
    pool: str
    channel: str
    series: tuple[str, str]
    coordinator: str
    workers: tuple[str, ...]
    supervisor: str


async def example_of(session: AsyncSession, asker: Asker) -> Project | None:
    """Give the example of a coordinator's project, if it has one."""
    require_coordinator_of(asker, asker.project_id)
    found: Project | None = await session.scalar(
        select(Project).where(Project.example_of == asker.project_id)
    )
    return found


async def fill_example(session: AsyncSession, asker: Asker, words: Words, now: datetime) -> None:
    """Make a project apart with a pool, people and four weeks of sessions, some of them taken."""
    require_coordinator_of(asker, asker.project_id)
    # whoever presses twice waits here, and is told
    home = await session.get_one(Project, asker.project_id, with_for_update={"key_share": True})
    if await example_of(session, asker) is not None:
        raise ExampleThere
    project = Project(
        id=new_id(),
        slug=f"example-{new_id().hex[-8:]}",
        name=words.project,
        region=home.region,
        jurisdiction=home.jurisdiction,
        zone=home.zone,
        languages=home.languages,
        example_of=home.id,
    )
    session.add(project)
    await session.flush()
    coordinator = await _somebody(session, project, words.coordinator, "coordinator", now)
    pool_id, channel_id = await _pool(session, coordinator, project, words, now)
    workers = [
        await _somebody(session, project, name, "worker", now, pool_id) for name in words.workers
    ]
    supervisor = await _somebody(session, project, words.supervisor, "supervisor", now, pool_id)
    for somebody in (*workers, supervisor):
        wishes = [Weekly(day, time(18), 240, project.zone, 1) for day in (TUESDAY, THURSDAY)]
        await set_availability(session, coordinator, somebody.person_id, wishes, now)
    await _sessions(session, coordinator, project, (pool_id, channel_id), words, now)
    await _take_some(session, pool_id, (workers[0], workers[1], supervisor), now)
    await _write_down(session, asker, "example.filled", now)


async def _somebody(
    session: AsyncSession,
    project: Project,
    name: str,
    role: str,
    now: datetime,
    pool_id: UUID | None = None,
) -> Asker:
    person_id = await add_person(
        session,
        OPERATOR,
        project_id=project.id,
        name=name,
        languages=project.languages,
        roles=[role],
        now=now,
    )
    asker = Asker(person_id, project.id, frozenset({role}), example=True)
    if pool_id is not None:
        coordinator = Asker(person_id, project.id, frozenset({"coordinator"}), example=True)
        await give_handle(session, coordinator, pool_id, person_id, now)
    return asker


async def _pool(
    session: AsyncSession, coordinator: Asker, project: Project, words: Words, now: datetime
) -> tuple[UUID, UUID]:
    pool = await make_pool(
        session,
        coordinator,
        now,
        slug=project.slug,
        name=words.pool,
        zone=project.zone,
        share=Share(hours_offered_per_week=8, hours_before_per_week=2),
        example=True,
    )
    draft = ChannelDraft("live-chat", words.channel, "session", 2, 1)
    return pool.id, (await add_channel(session, coordinator, pool.id, draft, now)).id


async def _sessions(
    session: AsyncSession,
    coordinator: Asker,
    project: Project,
    where: tuple[UUID, UUID],
    words: Words,
    now: datetime,
) -> None:
    tomorrow = local_day(now, project.zone) + timedelta(days=1)
    for weekday, series in zip((TUESDAY, THURSDAY), words.series, strict=True):
        timing = Timing(
            weekday=weekday,
            starts=EVENING,
            minutes=MINUTES,
            zone=project.zone,
            first_day=tomorrow,
        )
        staffing = Staffing(
            seats=SEATS,
            briefing_minutes=15,
            debrief_minutes=15,
            languages=tuple(project.languages[:1]),
        )
        pattern = await make_pattern(
            session,
            coordinator,
            pool_id=where[0],
            channel_id=where[1],
            series=series,
            timing=timing,
            staffing=staffing,
            now=now,
        )
        await generate_shifts(session, coordinator, pattern, tomorrow + AHEAD, now)


async def _take_some(
    session: AsyncSession, pool_id: UUID, takers: tuple[Asker, ...], now: datetime
) -> None:
    """Let the first session be complete and the second lack somebody, as in life."""
    rows = await session.execute(
        select(Shift.id, Seat.role, Seat.id)
        .join(Seat, Seat.shift_id == Shift.id)
        .where(Shift.pool_id == pool_id)
        .order_by(Shift.starts, Shift.id)
    )
    by_shift: dict[UUID, dict[str, UUID]] = {}
    for shift_id, role, seat_id in rows:
        by_shift.setdefault(shift_id, {})[role] = seat_id
    first, second, *_ = by_shift.values()
    for role, taker in zip(SEATS, takers, strict=True):
        await claim_seat(session, taker, first[role], now)
    await claim_seat(session, takers[0], second["lead"], now)


async def example_link(session: AsyncSession, asker: Asker, role: str, now: datetime) -> str:
    """Make a way into the example as somebody of it who has this role; gives the link's secret."""
    example = await example_of(session, asker)
    if example is None:
        raise NoExample
    somebody = await session.scalar(
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.project_id == example.id, RoleGrant.role == role, Person.left_at.is_(None))
        .order_by(Person.id)
        .limit(1)
    )
    if somebody is None:
        raise NoExample
    return await make_sign_in_link(session, OPERATOR, person_id=somebody, hours=LINK_HOURS, now=now)


async def remove_example(session: AsyncSession, asker: Asker, now: datetime) -> None:
    """Remove all of it, whatever was done in it meanwhile, and nothing else."""
    example = await example_of(session, asker)
    if example is None:
        raise NoExample
    await remove_all(session, example.id)
    await _write_down(session, asker, "example.removed", now)


async def _write_down(session: AsyncSession, asker: Asker, verb: str, now: datetime) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="project",
        subject_id=asker.project_id,
        now=now,
    )
