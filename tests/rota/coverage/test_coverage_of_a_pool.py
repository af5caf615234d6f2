from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from federation.errors import NotAllowed
from federation.pools.actions import add_channel, join_pool
from federation.pools.drafts import ChannelDraft
from federation.pools.models import Pool
from federation.projects.models import Project
from rota.coverage.actions import HOURS_STATED, state_hours
from rota.coverage.models import PoolHours
from rota.coverage.queries import Gap, coverage, hours_of_people, open_spans
from rota.coverage.rules import Span
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat, release_claim
from tests.questions import counted
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import (
    NOW,
    SHARE,
    TUESDAY_19,
    ExamplePool,
    Worker,
    a_person,
    a_pool,
    a_project,
    a_shift,
    a_worker,
)

FIRST, UNTIL = date(2027, 1, 4), date(2027, 1, 18)
BEGINS, ENDS = TUESDAY_19 - timedelta(days=1, hours=19), TUESDAY_19 + timedelta(days=12, hours=5)
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def opened(session: AsyncSession, shift: Any) -> None:
    (await session.get_one(Shift, shift.id)).open = True
    await session.flush()


async def found(session: AsyncSession, pool: ExamplePool, **choice: Any) -> Any:
    row = await session.get_one(Pool, pool.id)
    return await coverage(session, pool.coordinator, row, FIRST, UNTIL, NOW, **choice)


async def test_open_hours_are_united_and_gaps_are_named(
    session: AsyncSession, pool: ExamplePool
) -> None:
    for hours in (0, 1):
        await opened(session, await a_shift(session, pool, TUESDAY_19 + hours * HOUR))
    gap = await a_shift(session, pool, TUESDAY_19 + timedelta(days=7))
    worker = await a_worker(session, pool.id, pool.coordinator)
    await claim_seat(session, worker.asker, gap.lead, NOW)
    await a_shift(session, pool, TUESDAY_19 + timedelta(days=14))
    seen = await found(session, pool)
    assert seen.open_hours == {"live-chat": 3}
    cells = {
        (day, hour): share
        for day, row in enumerate(seen.table.shares)
        for hour, share in enumerate(row)
        if share
    }
    assert cells == {(1, 19): 0.5, (1, 20): 0.5, (1, 21): 0.5}
    starts = TUESDAY_19 + timedelta(days=7)
    assert seen.gaps == [Gap("live-chat", starts, starts + 2 * HOUR, ("second", "supervisor"))]


async def test_bug_20_an_empty_rota_shows_that_nobody_is_there(
    session: AsyncSession, pool: ExamplePool
) -> None:
    """Elsewhere a rota without any shift warned of no gap."""
    seen = await found(session, pool)
    assert (seen.open_hours, seen.gaps) == ({}, [])
    assert len(seen.table.uncovered) == 7 * 24


async def test_a_language_is_covered_where_somebody_seated_speaks_it(
    session: AsyncSession, pool: ExamplePool
) -> None:
    speaker = await a_worker(session, pool.id, pool.coordinator, languages=("en", "ro"))
    asked_for = await a_shift(session, pool, languages=("en", "ro"))
    by_chance = await a_shift(session, pool, TUESDAY_19 + timedelta(days=1))
    never = await a_shift(session, pool, TUESDAY_19 + timedelta(days=2))
    await claim_seat(session, speaker.asker, by_chance.lead, NOW)
    for shift in (asked_for, by_chance, never):
        await opened(session, shift)
    assert (await found(session, pool)).open_hours == {"live-chat": 6}
    seen = await found(session, pool, language="ro")
    assert seen.open_hours == {"live-chat": 4}
    assert seen.languages == ["en", "ro"]
    assert (await found(session, pool, language="nl")).open_hours == {}


async def test_only_coordinators_see_what_a_pool_covers(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await a_person(session, pool.coordinator.project_id, "worker")
    row = await session.get_one(Pool, pool.id)
    with pytest.raises(NotAllowed):
        await coverage(session, worker, row, FIRST, UNTIL, NOW)


async def test_it_takes_as_many_queries_whatever_the_number_of_shifts(
    session: AsyncSession, engine: AsyncEngine, pool: ExamplePool
) -> None:
    asked: list[int] = []
    for shifts in (1, 5):
        for number in range(shifts):
            await opened(session, await a_shift(session, pool, TUESDAY_19 + number * HOUR))
        with counted(engine) as statements:
            await found(session, pool)
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 5


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.integers(-40, 80), st.integers(1, 30), st.sampled_from(["live-chat", "b"])),
        max_size=8,
    )
)
async def test_the_union_is_as_quarter_by_quarter(
    session: AsyncSession, raw: list[tuple[int, int, str]]
) -> None:
    async with session.begin_nested() as savepoint:
        pool = await a_pool(session, await a_project(session))
        draft = ChannelDraft("b", "B", "session", 1, 0)
        other = await add_channel(session, pool.coordinator, pool.id, draft, NOW)
        channels = {"live-chat": pool.channel, "b": other.id}
        for start, length, channel in raw:
            shift = await a_shift(
                session, pool, NOW + start * QUARTER, length / 4, channel_id=channels[channel]
            )
            await opened(session, shift)
        ends = NOW + 60 * QUARTER
        united = await open_spans(await session.connection(), pool.id, NOW, ends)
        for channel in channels:
            spans: list[Span] = united.get(channel, [])
            open_quarters = {
                quarter
                for quarter in range(60)
                if any(start <= NOW + quarter * QUARTER < end for start, end in spans)
            }
            assert open_quarters == {
                quarter
                for quarter in range(60)
                for start, length, where in raw
                if where == channel and start <= quarter < start + length
            }
            # united: none touches the next
            assert all(one[1] < then[0] for one, then in pairwise(spans))
        await savepoint.rollback()


Totals = dict[tuple[str, date], tuple[float, float]]


async def totals(session: AsyncSession, pool: ExamplePool) -> Totals:
    rows = await session.execute(
        select(Project.slug, PoolHours.monday, PoolHours.given, PoolHours.on_call)
        .join(Project, Project.id == PoolHours.project_id)
        .where(PoolHours.pool_id == pool.id)
    )
    return {(slug, monday): (given_hours, calls) for slug, monday, given_hours, calls in rows}


async def staffed(session: AsyncSession, pool: ExamplePool) -> tuple[Any, Worker, Any]:
    """Seat a partner's worker beside our supervisor."""
    partner = await a_project(session, "partner-here")
    await join_pool(session, partner, pool.id, SHARE, NOW)
    theirs = await a_worker(session, pool.id, partner)
    ours = await a_worker(session, pool.id, pool.coordinator, "supervisor")
    shift = await a_shift(session, pool)
    claim = await claim_seat(session, theirs.asker, shift.lead, NOW)
    await claim_seat(session, ours.asker, shift.seats["supervisor"], NOW)
    return partner, theirs, claim


async def test_hours_given_are_counted_by_project_and_week_and_received_by_the_others(
    session: AsyncSession, pool: ExamplePool
) -> None:
    _, theirs, claim = await staffed(session, pool)
    own = await session.get_one(Project, pool.coordinator.project_id)
    assert await state_hours(session, pool.id, NOW) == 2
    assert await totals(session, pool) == {
        ("partner-here", FIRST): (2.5, 0),
        (own.slug, FIRST): (0, 2),
    }
    seen = {one.project: one for one in (await found(session, pool)).projects}
    assert (seen["partner-here"].given, seen["partner-here"].received) == (2.5, 0)
    assert (seen[own.slug].given, seen[own.slug].received, seen[own.slug].on_call) == (0, 2.5, 2)
    # nothing new, nothing said; given back, it is corrected
    assert await state_hours(session, pool.id, NOW) == 0
    await release_claim(session, theirs.asker, claim.id, NOW)
    assert await state_hours(session, pool.id, NOW) == 1
    assert (await totals(session, pool))["partner-here", FIRST] == (0, 0)


async def test_members_on_other_nodes_learn_totals_and_nothing_else(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda db: a_shift(db, nodes.pool))
    await nodes.home.do(lambda db: claim_seat(db, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    await nodes.host.do(lambda db: state_hours(db, nodes.pool.id, NOW))
    [said] = await nodes.host.said(HOURS_STATED)
    [week] = said.content["weeks"]
    assert set(week) == {"project", "monday", "given", "on_call"}
    await nodes.exchange()
    async with nodes.home.door() as session:
        assert await totals(session, nodes.pool) == {("southern", FIRST): (2.5, 0)}
    # a project that is no member, or a pool of somebody else, changes nothing
    wrong = [
        said.saying(pool=str(worker.id)),
        said.saying(weeks=[week | {"monday": "2027-01-05"}]),
    ]
    codes = [await nodes.home.hear(nodes.host, one) for one in wrong]
    assert codes == ["not-found", "IntegrityError"]
    stranger = said.saying(weeks=[week | {"project": str(worker.id), "given": "99"}])
    await nodes.home.hear(nodes.host, stranger)
    async with nodes.home.door() as session:
        assert await totals(session, nodes.pool) == {("southern", FIRST): (2.5, 0)}


async def test_people_see_their_own_hours_and_coordinators_those_of_theirs(
    session: AsyncSession, pool: ExamplePool
) -> None:
    partner, theirs, _ = await staffed(session, pool)
    colleague = await a_worker(session, pool.id, partner)
    rows = {
        name: await hours_of_people(session, asker, BEGINS, ENDS, "Europe/London")
        for name, asker in (
            ("self", theirs.asker),
            ("coordinator", partner),
            ("colleague", colleague.asker),
            ("host", pool.coordinator),
        )
    }
    worked = [(theirs.id, FIRST, 2.5)]
    assert [(one.person_id, one.monday, one.hours) for one in rows["self"]] == worked
    assert [(one.person_id, one.monday, one.hours) for one in rows["coordinator"]] == worked
    assert (rows["colleague"], rows["host"]) == ([], [])
