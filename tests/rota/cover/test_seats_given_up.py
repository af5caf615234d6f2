"""A seat that somebody gives up falls free at once, and the ladder begins by itself."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.worker.rota_jobs import follow_person
from database.session import door
from federation.notices.models import Notice
from federation.people.actions import let_go
from federation.people.models import Handle
from federation.pools.actions import restate_handles
from rota.claims.models import Claim
from rota.cover.actions import ask_for_cover
from rota.cover.follow import follow_seat
from rota.cover.ladder import move_on
from rota.cover.models import CoverRequest
from rota.cover.spans import ask_for_cover_between
from rota.cover.take import take_cover
from rota.leave.actions import enter_leave, give_seat_back
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import claim_seat, release_claim
from rota.sign_up.leavers import claims_of_leaver, vacate
from tests.rota.two_nodes import TwoNodes
from tests.rota.worked_off import let_time_pass, work_off
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    claim_now,
    everything,
    seat_states,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LATER = NOW + 2 * HOUR


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def covers(session: AsyncSession) -> list[tuple[UUID, str, str, str]]:
    await session.flush()
    rows = await session.execute(
        select(CoverRequest.seat_id, CoverRequest.kind, CoverRequest.step, CoverRequest.state)
        .join(Seat, Seat.id == CoverRequest.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .order_by(Shift.starts, CoverRequest.id)
    )
    return [(seat, kind, step, state) for seat, kind, step, state in rows]


async def a_week_later(session: AsyncSession, pool: ExamplePool) -> Planned:
    return await a_shift(session, pool, TUESDAY_19 + 7 * DAY)


async def test_a_drop_out_frees_the_seat_and_asks_others(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift = await a_week_later(session, pool)
    holder, other = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
    claim = await claim_seat(session, holder.asker, shift.lead, NOW)
    await release_claim(session, holder.asker, claim.id, LATER)
    assert (await seat_states(session, shift))["lead"] == "open"
    await work_off(session, LATER)
    assert await covers(session) == [(shift.lead, "vacated", "own-project", "open")]
    # both may take it: who gave it up has time again
    told = await session.scalars(select(Notice.person_id).where(Notice.code == "cover-wanted"))
    assert set(told) == {holder.id, other.id}
    [cover] = await session.scalars(select(CoverRequest.id))
    taken = await take_cover(session, other.asker, cover, LATER)
    assert taken.state == "held"
    await work_off(session, LATER)
    assert await covers(session) == [(shift.lead, "vacated", "own-project", "covered")]


async def test_a_slip_bothers_nobody(session: AsyncSession, pool: ExamplePool) -> None:
    shift = await a_week_later(session, pool)
    holder = await a_worker(session, pool.id, pool.coordinator)
    claim = await claim_seat(session, holder.asker, shift.lead, NOW)
    await release_claim(session, holder.asker, claim.id, NOW + HOUR / 2)
    await work_off(session, NOW + HOUR / 2)
    assert await covers(session) == []


async def test_who_asked_first_and_then_drops_out_is_free_and_the_ladder_goes_on(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift = await a_week_later(session, pool)
    holder = await a_worker(session, pool.id, pool.coordinator)
    claim = await claim_seat(session, holder.asker, shift.lead, NOW)
    await ask_for_cover(session, holder.asker, claim.id, NOW)
    await work_off(session, NOW + DAY)
    assert await covers(session) == [(shift.lead, "asked", "partners", "open")]
    await release_claim(session, holder.asker, claim.id, NOW + DAY)
    await work_off(session, NOW + DAY)
    assert await covers(session) == [(shift.lead, "vacated", "partners", "open")]


async def test_a_job_done_twice_asks_once(session: AsyncSession, pool: ExamplePool) -> None:
    shift = await a_week_later(session, pool)
    holder, other = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
    claim = await claim_seat(session, holder.asker, shift.lead, NOW)
    await release_claim(session, holder.asker, claim.id, LATER)
    await follow_seat(session, shift.lead, LATER)
    before = await everything(session)
    await follow_seat(session, shift.lead, LATER)
    assert await everything(session) == before
    # nor is it asked again for the same drop-out, when all have been asked in vain
    [cover] = await session.scalars(select(CoverRequest.id))
    for step, days in (("own-project", 1), ("partners", 3)):
        await move_on(session, cover, step, LATER + days * DAY)
    briefing = shift.starts - timedelta(minutes=15)
    await move_on(session, cover, "coordinator", briefing)
    taken = await claim_seat(session, other.asker, shift.seats["second"], LATER)
    await release_claim(session, other.asker, taken.id, LATER)
    await follow_seat(session, shift.lead, LATER)
    assert await covers(session) == [(shift.lead, "vacated", "coordinator", "lapsed")]


async def test_bug_19_a_leaver_is_off_every_coming_shift_and_others_are_asked(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        coordinator = await a_project(session)
        pool = await a_pool(session, coordinator)
        leaver = await a_worker(session, pool.id, coordinator)
        past = await a_shift(session, pool, TUESDAY_19)
        coming = [await a_shift(session, pool, TUESDAY_19 + week * 7 * DAY) for week in (1, 2)]
        for shift in (past, *coming):
            await claim_seat(session, leaver.asker, shift.lead, NOW)
    later = TUESDAY_19 + 3 * HOUR
    async with door(committing_engine) as session:
        await let_go(session, coordinator, person_id=leaver.id, now=later)
    await follow_person(committing_engine, {"person": str(leaver.id)}, later)
    async with door(committing_engine) as session:
        await work_off(session, later)
        assert await covers(session) == [
            (shift.lead, "vacated", "own-project", "open") for shift in coming
        ]
        rows = await session.execute(select(Claim.seat_id, Claim.state))
        assert dict(rows.all()) == {
            past.lead: "held",
            **{shift.lead: "released" for shift in coming},
        }
        # nobody who has left is told
        assert not list(
            await session.scalars(select(Notice.id).where(Notice.person_id == leaver.id))
        )


async def test_bug_19_a_leaver_of_another_node_is_off_at_the_host_too(nodes: TwoNodes) -> None:
    shift = await nodes.shift(lambda session: a_week_later(session, nodes.pool))
    leaver, mate = await nodes.worker(), await nodes.worker()
    async with nodes.home.door() as session:
        claim = (await claim_seat(session, leaver.asker, shift.lead, NOW)).id
    await let_time_pass(nodes)
    async with nodes.home.door() as session:
        await let_go(session, nodes.coordinator, person_id=leaver.id, now=LATER)
        await restate_handles(session, leaver.id, LATER)
    async with nodes.home.door() as session:
        assert await claims_of_leaver(session, leaver.id, LATER) == [claim]
        await vacate(session, leaver.id, claim, LATER)
    await let_time_pass(nodes, LATER)
    for side in (nodes.host, nodes.home):
        assert (await claim_now(side.session, claim)).state == "released"
        assert (await seat_states(side.session, shift))["lead"] == "open"
        assert await covers(side.session) == [(shift.lead, "vacated", "own-project", "open")]
    handle = await nodes.host.session.get_one(Handle, leaver.handle)
    assert handle.retired_at == LATER
    told = await nodes.home.session.scalars(select(Notice.person_id))
    assert list(told) == [mate.id]


async def two_evenings(
    session: AsyncSession, pool: ExamplePool
) -> tuple[Worker, list[Planned], list[UUID]]:
    """Somebody holds a past shift, and two to come with a day between them."""
    holder = await a_worker(session, pool.id, pool.coordinator, shifts_per_week=9)
    shifts = [await a_shift(session, pool, TUESDAY_19 + day * DAY) for day in (0, 7, 9)]
    claims = [(await claim_seat(session, holder.asker, each.lead, NOW)).id for each in shifts]
    return holder, shifts, claims


async def test_bug_17_cover_over_several_shifts_keeps_them_apart(
    session: AsyncSession, pool: ExamplePool
) -> None:
    """GoAlert merged them: the gap between was covered too, and one person got both."""
    holder, shifts, claims = await two_evenings(session, pool)
    one, two = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
    now = TUESDAY_19 + DAY
    asked = await ask_for_cover_between(session, holder.asker, now, now + 30 * DAY, now)
    assert asked == claims[1:]
    await work_off(session, now)
    assert await covers(session) == [
        (each.lead, "asked", "own-project", "open") for each in shifts[1:]
    ]
    requests = await session.execute(
        select(CoverRequest.id, Shift.starts, Shift.ends)
        .join(Seat, Seat.id == CoverRequest.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .order_by(Shift.starts)
    )
    found = requests.all()
    assert [(row.starts, row.ends) for row in found] == [
        (each.starts, each.starts + 2 * HOUR) for each in shifts[1:]
    ]
    for worker, row in zip((one, two), found, strict=True):
        await take_cover(session, worker.asker, row.id, now)
    rows = await session.execute(
        select(Seat.shift_id, Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .where(Claim.state == "held")
    )
    assert dict(rows.all()) == {
        shifts[0].id: holder.handle,
        shifts[1].id: one.handle,
        shifts[2].id: two.handle,
    }


async def test_bug_17_cover_does_not_rewrite_the_past(
    session: AsyncSession, pool: ExamplePool
) -> None:
    holder, shifts, claims = await two_evenings(session, pool)
    now = TUESDAY_19 + HOUR
    asked = await ask_for_cover_between(session, holder.asker, NOW - 30 * DAY, now + 8 * DAY, now)
    assert asked == [claims[1]]
    await work_off(session, now)
    assert [each[0] for each in await covers(session)] == [shifts[1].lead]
    assert (await claim_now(session, claims[0])).state == "held"


async def test_a_seat_given_back_for_leave_is_offered_to_others(
    session: AsyncSession, pool: ExamplePool
) -> None:
    holder, shifts, claims = await two_evenings(session, pool)
    begins, ends = TUESDAY_19 + 6 * DAY, TUESDAY_19 + 8 * DAY
    leave = await enter_leave(session, holder.asker, holder.id, begins, ends, LATER, give_back=True)
    await give_seat_back(session, leave.id, claims[1], LATER)
    await work_off(session, LATER)
    assert await covers(session) == [(shifts[1].lead, "vacated", "own-project", "open")]
    # who is away is not asked
    assert not list(await session.scalars(select(Notice.id).where(Notice.person_id == holder.id)))
