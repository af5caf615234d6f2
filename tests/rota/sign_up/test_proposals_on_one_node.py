"""Where one node is home and host, it asks itself by the same rule."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import OutboxRow
from federation.errors import NotFound
from rota.bookings.models import Booking
from rota.claims.errors import ClaimRefused
from rota.leave.actions import enter_leave
from rota.sign_up.proposals import decide_proposal, propose
from tests.rota.sign_up.test_proposals import ANSWER_BY
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
    everything,
    is_open,
    seat_states,
)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def proposed_here(session: AsyncSession, worker: Worker, seat: UUID) -> UUID:
    claim_id = new_id()
    await propose(session, claim_id, seat, worker.handle, NOW, origin="plan")
    return claim_id


async def test_on_one_node_home_decides_by_the_same_rule(
    session: AsyncSession, pool: ExamplePool
) -> None:
    free, away = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
    await enter_leave(session, away.asker, away.id, TUESDAY_19, TUESDAY_19 + timedelta(1), NOW)
    shift = await a_shift(session, pool)
    yes = await proposed_here(session, free, shift.lead)
    no = await proposed_here(session, away, shift.seats["second"])
    queued = await session.scalars(
        select(OutboxRow.key).where(OutboxRow.kind == "decide-proposal").order_by(OutboxRow.id)
    )
    assert list(queued) == [str(yes), str(no)]
    for claim in (yes, no, yes, no):
        await decide_proposal(session, claim, NOW)
    assert (await claim_now(session, yes)).state == "held"
    refused = await claim_now(session, no)
    assert (refused.state, [reason["code"] for reason in refused.reasons]) == (
        "refused",
        ["on-leave"],
    )
    booked = await session.scalars(select(Booking.claim_id).where(Booking.active))
    assert list(booked) == [yes]
    assert await seat_states(session, shift) == {
        "lead": "held",
        "second": "open",
        "supervisor": "open",
    }


async def test_on_one_node_nothing_is_accepted_too_late(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    shift = await a_shift(session, pool)
    claim = await proposed_here(session, worker, shift.lead)
    await decide_proposal(session, claim, ANSWER_BY)
    kept = await claim_now(session, claim)
    assert (kept.state, [reason["code"] for reason in kept.reasons]) == (
        "refused",
        ["answer-too-late"],
    )


async def test_a_proposed_seat_opens_nothing(session: AsyncSession, pool: ExamplePool) -> None:
    """Only what is confirmed is ever published."""
    shift = await a_shift(session, pool)
    claims = []
    for role in ("lead", "second", "supervisor"):
        of_role = "supervisor" if role == "supervisor" else "worker"
        worker = await a_worker(session, pool.id, pool.coordinator, of_role)
        claims.append(await proposed_here(session, worker, shift.seats[role]))
    assert not await is_open(session, shift)
    for claim in claims:
        await decide_proposal(session, claim, NOW)
    assert await is_open(session, shift)


async def test_a_repeated_job_proposes_once(session: AsyncSession, pool: ExamplePool) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    shift = await a_shift(session, pool)
    claim = await proposed_here(session, worker, shift.lead)
    before = await everything(session)
    again = await propose(session, claim, shift.lead, worker.handle, NOW, origin="plan")
    assert (again.id, again.state) == (claim, "proposed")
    assert await everything(session) == before


async def test_what_the_host_refuses_is_not_proposed(
    session: AsyncSession, pool: ExamplePool
) -> None:
    supervisor = await a_worker(session, pool.id, pool.coordinator, "supervisor")
    shift = await a_shift(session, pool)
    before = await everything(session)
    with pytest.raises(ClaimRefused) as refused:
        await propose(session, new_id(), shift.lead, supervisor.handle, ANSWER_BY, origin="plan")
    assert [reason.code for reason in refused.value.reasons] == [
        "role-missing",
        "answer-too-late",
    ]
    assert await everything(session) == before


async def test_a_handle_of_another_pool_is_not_found(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift = await a_shift(session, pool)
    elsewhere = await a_pool(session, pool.coordinator)
    stranger = await a_worker(session, elsewhere.id, pool.coordinator)
    before = await everything(session)
    with pytest.raises(NotFound):
        await propose(session, new_id(), shift.lead, stranger.handle, NOW, origin="plan")
    assert await everything(session) == before
