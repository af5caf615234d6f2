"""Five years of records of a large pool, as sums and sessions: how long it takes to read them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from time import perf_counter
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from benchmarks.figures import Figure, Pair, Scale, Side
from benchmarks.places import database
from benchmarks.rota import SLUG, ZONE, staffed_pool
from database.ids import new_id
from database.session import door, make_engine
from federation.people.models import Handle, Person, RoleGrant
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool, PoolMember
from federation.projects.models import Project
from rota.coverage.rules import week_of
from rota.demand.queries import Choice, demand
from rota.demand.rules.estimates import WEEK_HOURS
from rota.record_sums.models import HourSum
from rota.reports.queries import report
from rota.reports.rules import MONTHS_A_YEAR, Months, months_later

YEARS = 5
CHANNELS = 5
SESSIONS_A_WEEK = 6
"""Of each project, of two hours with 13 contacts each: two million in all with 50 projects."""
DEMAND_SECONDS, REPORT_SECONDS = 1, 2
SETTLED = 6
"""So often is each read before it is timed."""

Read = Callable[[AsyncSession, Asker, Pool, Scale, datetime], Awaitable[int]]

HELD = text("""
    CREATE TEMPORARY TABLE held (shift uuid, project int, channel uuid, handles uuid[],
        starts timestamptz) ON COMMIT DROP
""")
SESSIONS = text("""
    INSERT INTO held
    SELECT gen_random_uuid(), project, channels[project % cardinality(channels) + 1],
        ARRAY[handles[project + 1], handles[(project + 1) % cardinality(handles) + 1]],
        (CAST(:monday AS date) - 7 * week + number + make_interval(hours => 8 + project % 14))
            AT TIME ZONE :zone
    FROM (SELECT array_agg(id ORDER BY slug) AS channels FROM channel WHERE slug LIKE 'many-%') one,
        (SELECT array_agg(id ORDER BY display) AS handles FROM handle
            WHERE display LIKE 'many %') other,
        generate_series(1, :weeks) week,
        generate_series(0, cardinality(handles) - 1) project,
        generate_series(0, :sessions - 1) number
""")
SHIFTS = text("""
    INSERT INTO shift (id, pool_id, channel_id, starts, ends, zone, briefing_minutes,
        debrief_minutes, languages, wanted_languages, demand, minimum_workers,
        minimum_supervisors, trainings, open)
    SELECT shift, :pool, channel, starts, starts + interval '2 hours', :zone, 15, 15,
        ARRAY['en'], ARRAY[]::text[], 1, 2, 0, ARRAY[]::text[], true
    FROM held
""")
SEATS = text("""
    WITH sat AS (
        SELECT gen_random_uuid() AS id, shift, starts, role, handle
        FROM held, unnest(ARRAY['lead', 'second'], handles) each (role, handle)
    ), seated AS (
        INSERT INTO seat (id, shift_id, role, state) SELECT id, shift, role, 'held' FROM sat
    )
    INSERT INTO claim (id, seat_id, handle_id, state, origin, decided_here, answer_by, made_at,
        reasons)
    SELECT gen_random_uuid(), id, handle, 'held', 'worker', true, starts, starts, '[]' FROM sat
""")
HOURS = text("""
    INSERT INTO hour_sum (id, project_id, pool_id, channel_id, monday, hour, language, kind, count)
    SELECT gen_random_uuid(), project_id, pool_id, channel,
        local::date - (extract(isodow FROM local)::int - 1),
        (extract(isodow FROM local)::int - 1) * 24 + extract(hour FROM local)::int,
        language, kind, many
    FROM held JOIN handle ON handle.id = handles[1],
        generate_series(0, 1) further,
        LATERAL (SELECT (starts + make_interval(hours => further)) AT TIME ZONE :zone AS local) at,
        (VALUES ('en', 'talked', 9), ('ro', 'talked', 3), ('ro', 'turned-away', 1))
            counted (language, kind, many)
""")
MONTHS = text("""
    INSERT INTO record_sum (id, project_id, pool_id, channel_id, month, dimension, value, count)
    SELECT gen_random_uuid(), project_id, pool_id, channel_id,
        date_trunc('month', monday)::date, dimension, value, sum(count)
    FROM hour_sum, LATERAL (VALUES
        ('contacts', kind),
        (CASE kind WHEN 'talked' THEN 'language' ELSE 'language-turned-away' END, language),
        (CASE kind WHEN 'talked' THEN 'outcome' END, 'answered'),
        (CASE kind WHEN 'talked' THEN 'familiarity' END, 'not-said')
    ) counted (dimension, value)
    WHERE dimension IS NOT NULL
    GROUP BY project_id, pool_id, channel_id, date_trunc('month', monday), dimension, value
""")


async def run(server_url: str, scale: Scale, now: datetime) -> list[Figure]:
    """Estimate a project's demand from five years in a pool of many, and report on all of them."""
    async with database(server_url) as url:
        engine = make_engine(url)
        await staffed_pool(engine, now, workers=1, seats=2, roles=("lead", "second"))
        async with engine.begin() as connection:
            contacts = await fill_counts(connection, scale, now)
        # like a server that has run for a while: the first estimate also loads a library, and
        # PostgreSQL plans a statement anew five times at least
        for read in (_demand, _report) * SETTLED:
            await _timed(engine, read, scale, now)
        of_all = f"{YEARS} years of a pool with {contacts:,} contacts"
        figures = [
            Figure(
                benchmark="records",
                name=f"{name}, {of_all}",
                against=f"{allowed} s each",
                unit=f"{name}s/s",
                pairs=[
                    Pair(Side(1 / await _timed(engine, read, scale, now)), Side(1 / allowed))
                    for _ in range(scale.rounds)
                ],
                aim=1,
            )
            for name, read, allowed in (
                ("demand", _demand, DEMAND_SECONDS),
                ("report", _report, REPORT_SECONDS),
            )
        ]
        await engine.dispose()
    return figures


async def fill_counts(connection: AsyncConnection, scale: Scale, now: datetime) -> int:
    """Enter five years of sessions of many projects, and what was counted; gives the contacts.

    The first project, which founded the pool, sits and counts like all others.
    """
    pool_id = (await connection.execute(select(Pool.id).where(Pool.slug == SLUG))).scalar_one()
    await _channels(connection, pool_id)
    await _projects(connection, pool_id, scale, now)
    told = {
        "pool": pool_id,
        "zone": ZONE,
        "monday": week_of(now, ZONE),
        "weeks": YEARS * scale.weeks,
        "sessions": SESSIONS_A_WEEK,
    }
    for step in (HELD, SESSIONS, SHIFTS, SEATS, HOURS, MONTHS):
        named = step.compile().params
        await connection.execute(step, {name: told[name] for name in named})
    for table in ("shift", "seat", "claim", "hour_sum", "record_sum"):
        await connection.execute(text(f"ANALYZE {table}"))
    return int(await connection.scalar(select(func.sum(HourSum.count))) or 0)


async def _channels(connection: AsyncConnection, pool_id: UUID) -> None:
    await connection.execute(
        insert(Channel),
        [
            {
                "id": new_id(),
                "pool_id": pool_id,
                "slug": f"many-{number}",
                "name": f"Chat {number}",
                "kind": "session",
                "minimum_workers": 2,
                "minimum_supervisors": 0,
                "trainings": [],
            }
            for number in range(CHANNELS)
        ],
    )


async def _projects(
    connection: AsyncConnection, pool_id: UUID, scale: Scale, now: datetime
) -> None:
    """Let projects join, each with one person whom this node knows by a handle."""
    first = await connection.scalar(select(Project.id))
    others = [new_id() for _ in range(scale.projects - 1)]
    facts = {"name": "Outreach", "region": "North", "jurisdiction": "england-and-wales"}
    await connection.execute(
        insert(Project),
        [
            {"id": project, "slug": f"many-{number}", "zone": ZONE, "languages": ["en"], **facts}
            for number, project in enumerate(others)
        ],
    )
    offered = {"hours_offered_per_week": 12, "hours_before_per_week": 4, "joined_at": now}
    await connection.execute(
        insert(PoolMember),
        [
            {"id": new_id(), "pool_id": pool_id, "project_id": project, **offered}
            for project in others
        ],
    )
    limits = {"hours_per_week": 100, "shifts_per_week": 100, "rest_hours": 0}
    await connection.execute(
        insert(Handle),
        [
            {
                "id": uuid4(),
                "pool_id": pool_id,
                "project_id": project,
                "display": f"many {number:03}",
                "roles": ["worker"],
                "languages": ["en"],
                **limits,
            }
            for number, project in enumerate([first, *others])
        ],
    )


async def _timed(engine: AsyncEngine, read: Read, scale: Scale, now: datetime) -> float:
    """Give the seconds of one reading, from the permission to the last number."""
    async with door(engine) as session:
        pool = (await session.scalars(select(Pool).where(Pool.slug == SLUG))).one()
        coordinators = select(Person.id, Person.project_id).join(RoleGrant)
        row = (await session.execute(coordinators.where(RoleGrant.role == "coordinator"))).one()
        asker = Asker(row.id, row.project_id, frozenset({"coordinator"}))
        begun = perf_counter()
        found = await read(session, asker, pool, scale, now)
        seconds = perf_counter() - begun
    if not found:
        raise RuntimeError("nothing was counted")
    return seconds


async def _demand(
    session: AsyncSession, asker: Asker, pool: Pool, scale: Scale, now: datetime
) -> int:
    found = await demand(session, asker, pool, Choice(YEARS * scale.weeks), now)
    return len(found.hours) == WEEK_HOURS


async def _report(
    session: AsyncSession, asker: Asker, pool: Pool, _scale: Scale, now: datetime
) -> int:
    this_month = now.date().replace(day=1)
    months = Months(months_later(this_month, -YEARS * MONTHS_A_YEAR), months_later(this_month, 1))
    found = await report(session, asker, pool, months, now)
    return int(found.values["talked"] or 0)
