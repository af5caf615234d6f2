"""Somebody is away from a day to a day: what others would be asked for, and that they are."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed
from federation.permissions.rules import Asker
from rota.cover.actions import ask_for_cover
from rota.cover.models import CoverRequest
from rota.cover.spans import ask_for_cover_between, seats_in_span
from rota.sign_up.actions import claim_seat
from tests.rota.two_nodes import TwoNodes
from tests.rota.worked_off import let_time_pass, work_off
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    claim_now,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
BRIEFING = TUESDAY_19 - timedelta(minutes=15)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


@pytest.fixture
async def holder(session: AsyncSession, pool: ExamplePool) -> Worker:
    return await a_worker(session, pool.id, pool.coordinator, shifts_per_week=9)


async def seats_on(
    session: AsyncSession, pool: ExamplePool, worker: Worker, *days: int
) -> list[UUID]:
    """Let somebody hold the lead's seat on days after the first Tuesday."""
    shifts = [await a_shift(session, pool, TUESDAY_19 + day * DAY) for day in days]
    return [(await claim_seat(session, worker.asker, each.lead, NOW)).id for each in shifts]


async def requests(session: AsyncSession) -> list[tuple[UUID | None, str]]:
    await session.flush()
    rows = await session.execute(
        select(CoverRequest.claim_id, CoverRequest.state).order_by(CoverRequest.id)
    )
    return [(claim, state) for claim, state in rows]


async def test_a_span_shows_each_seat_and_who_would_be_asked(
    session: AsyncSession, pool: ExamplePool, holder: Worker
) -> None:
    claims = await seats_on(session, pool, holder, 0, 1, 7)
    await ask_for_cover(session, holder.asker, claims[1], NOW)
    begun = BRIEFING + timedelta(minutes=5)
    seen = await seats_in_span(session, holder.asker, TUESDAY_19, TUESDAY_19 + 8 * DAY, begun)
    steps = [each.would_ask(begun) for each in seen]
    assert [(each.claim_id, each.role, each.channel, each.pool) for each in seen] == [
        (claim, "lead", "Live chat", "Evening chat") for claim in claims
    ]
    assert [each.asked and each.asked.claim_id for each in seen] == [None, claims[1], None]
    assert [step and step.name for step in steps] == [None, "own-project", "own-project"]


async def test_a_span_touches_a_seat_by_its_meetings_too(
    session: AsyncSession, pool: ExamplePool, holder: Worker
) -> None:
    [claim] = await seats_on(session, pool, holder, 0)
    debrief_over = TUESDAY_19 + 2 * HOUR + timedelta(minutes=15)
    a_minute = timedelta(minutes=1)
    spans = {
        (NOW, BRIEFING): [],
        (NOW, BRIEFING + a_minute): [claim],
        (debrief_over - a_minute, debrief_over + DAY): [claim],
        (debrief_over, debrief_over + DAY): [],
    }
    found = {
        span: [each.claim_id for each in await seats_in_span(session, holder.asker, *span, NOW)]
        for span in spans
    }
    assert found == spans


async def test_others_are_asked_for_the_seats_of_the_span_and_no_other(
    session: AsyncSession, pool: ExamplePool, holder: Worker
) -> None:
    colleague = await a_worker(session, pool.id, pool.coordinator, shifts_per_week=9)
    claims = await seats_on(session, pool, holder, 0, 1, 7)
    await seats_on(session, pool, colleague, 2)
    await ask_for_cover(session, holder.asker, claims[0], NOW)
    asked = await ask_for_cover_between(session, holder.asker, NOW, TUESDAY_19 + 2 * DAY, NOW)
    await work_off(session, NOW)
    actors = await session.scalars(
        select(AuditEntry.actor).where(AuditEntry.verb == "open-cover").distinct()
    )
    assert asked == [claims[1]]
    assert await requests(session) == [(claims[0], "open"), (claims[1], "open")]
    assert list(actors) == [str(holder.id)]
    assert (await claim_now(session, claims[1])).state == "held"


async def test_asking_twice_asks_once(
    session: AsyncSession, pool: ExamplePool, holder: Worker
) -> None:
    claims = await seats_on(session, pool, holder, 0, 1)
    until = TUESDAY_19 + 9 * DAY
    await ask_for_cover_between(session, holder.asker, NOW, until, NOW)
    await ask_for_cover_between(session, holder.asker, NOW, until, NOW)
    await work_off(session, NOW)
    assert await ask_for_cover_between(session, holder.asker, NOW, until, NOW) == []
    assert await requests(session) == [(claim, "open") for claim in claims]


async def test_who_may_only_read_asks_nobody(
    session: AsyncSession, pool: ExamplePool, holder: Worker
) -> None:
    await seats_on(session, pool, holder, 0)
    reader = Asker(holder.id, holder.asker.project_id, frozenset({"worker"}), frozenset({"read"}))
    with pytest.raises(NotAllowed):
        await ask_for_cover_between(session, reader, NOW, NOW + 30 * DAY, NOW)
    assert await work_off(session, NOW) == 0
    assert await requests(session) == []


async def test_a_seat_on_another_node_is_asked_for_there(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    async with nodes.home.door() as session:
        await claim_seat(session, worker.asker, shift.lead, NOW)
    await let_time_pass(nodes)
    async with nodes.home.door() as session:
        await ask_for_cover_between(session, worker.asker, NOW, NOW + 30 * DAY, NOW)
    await let_time_pass(nodes)
    for side in (nodes.home, nodes.host):
        async with side.door() as session:
            assert [state for _, state in await requests(session)] == ["open"]
