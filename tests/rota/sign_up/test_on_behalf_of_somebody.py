"""A coordinator enters somebody: recorded as such, told to the worker, who may give it back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.notices.models import Notice
from federation.pools.models import Pool
from rota.board.queries import board
from rota.claims.models import Claim
from rota.sign_up.actions import claim_seat, release_claim
from tests.rota.two_nodes import TwoNodes
from tests.rota.worked_off import let_time_pass
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    claim_now,
)

HOUR = timedelta(hours=1)


async def told(session: AsyncSession, worker: Worker) -> list[str]:
    rows = await session.scalars(
        select(Notice.code).where(Notice.person_id == worker.id).order_by(Notice.id)
    )
    return list(rows)


@pytest.mark.parametrize(("hours", "urgent"), [(30, False), (3, True)])
async def test_who_is_entered_for_a_session_that_is_near_hears_of_it_at_once(
    session: AsyncSession,
    hours: int,
    *,
    urgent: bool,
) -> None:
    coordinator = await a_project(session)
    pool = await a_pool(session, coordinator)
    shift, worker = await a_shift(session, pool), await a_worker(session, pool.id, coordinator)
    now = TUESDAY_19 - hours * HOUR
    await claim_seat(session, coordinator, shift.lead, now, worker=worker.display)
    rows = await session.scalars(select(Notice.urgent).where(Notice.person_id == worker.id))
    assert list(rows) == [urgent]


async def test_it_is_recorded_shown_told_and_may_be_given_back(session: AsyncSession) -> None:
    coordinator = await a_project(session)
    pool = await a_pool(session, coordinator)
    shift = await a_shift(session, pool)
    worker = await a_worker(session, pool.id, coordinator)
    claim = await claim_seat(session, coordinator, shift.lead, NOW, worker=worker.display)
    assert (claim.state, claim.origin, claim.asked_by) == (
        "held",
        "coordinator",
        coordinator.person_id,
    )
    entry = (
        await session.execute(
            select(AuditEntry.actor, AuditEntry.facts).where(AuditEntry.verb == "claim-seat")
        )
    ).one()
    assert (entry.actor, entry.facts) == (
        str(coordinator.person_id),
        {"seat": str(shift.lead), "state": "held", "on_behalf_of": str(worker.handle)},
    )
    assert await told(session, worker) == ["seated"]
    found = await session.get_one(Pool, pool.id)
    [seen] = await board(session, worker.asker, found, NOW, NOW + 72 * HOUR, NOW)
    [mine] = [seat.holder for seat in seen.seats if seat.mine]
    assert mine is not None
    assert mine.origin == "coordinator"
    await release_claim(session, worker.asker, claim.id, NOW + HOUR)
    assert (await claim_now(session, claim.id)).state == "released"


async def test_what_oneself_takes_is_nobodys_doing(session: AsyncSession) -> None:
    coordinator = await a_project(session)
    pool = await a_pool(session, coordinator)
    shift = await a_shift(session, pool)
    worker = await a_worker(session, pool.id, coordinator)
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    assert (claim.origin, claim.asked_by, await told(session, worker)) == ("worker", None, [])


async def test_across_nodes_the_worker_is_told_of_the_seat_and_the_coordinator_of_a_no(
    nodes: TwoNodes,
) -> None:
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, TUESDAY_19))
    first, second = await nodes.worker(), await nodes.worker()
    # both are asked for before the host has heard of either
    for worker in (first, second):
        async with nodes.home.door() as session:
            await claim_seat(session, nodes.coordinator, shift.lead, NOW, worker=worker.display)
    await let_time_pass(nodes)
    home = nodes.home.session
    rows = await home.execute(select(Claim.handle_id, Claim.state))
    assert {row.handle_id: row.state for row in rows} == {
        first.handle: "held",
        second.handle: "refused",
    }
    assert (await told(home, first), await told(home, second)) == (["seated"], [])
    codes = await home.scalars(
        select(Notice.code).where(Notice.person_id == nodes.coordinator.person_id)
    )
    assert list(codes) == ["claim-refused"]
