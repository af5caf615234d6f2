"""A seat that its holder loses because the shift was moved is one for which others are asked."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from rota.claims.models import Claim
from rota.cover.follow import follow_seat
from rota.leave.actions import enter_leave
from rota.shifts.models import Seat
from rota.sign_up.actions import claim_seat, lapse_claim
from rota.sign_up.moved_elsewhere import claims_here, follow_move
from rota.sign_up.proposals import propose
from rota.splitting.actions import split_shift
from tests.rota.cover.test_seats_given_up import covers
from tests.rota.timetable.test_moving_and_cancelling_shifts import move
from tests.rota.two_nodes import TwoNodes
from tests.rota.worked_off import let_time_pass
from tests.rota.world import NOW, TUESDAY_19, Planned, Worker, a_shift, claim_now

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
async def moved(nodes: TwoNodes) -> tuple[Worker, Planned, UUID]:
    """Let a partner's worker hold a seat whose shift is moved by a day."""
    worker = await nodes.worker()
    shift = await nodes.shift(lambda db: a_shift(db, nodes.pool, TUESDAY_19 + WEEK))
    claim = await nodes.home.do(lambda db: claim_seat(db, worker.asker, shift.lead, NOW))
    await let_time_pass(nodes)
    away = shift.starts + DAY
    await nodes.home.do(
        lambda db: enter_leave(db, worker.asker, worker.id, away, away + DAY / 24, NOW)
    )
    await nodes.host.do(lambda db: move(db, nodes.pool.coordinator, shift.id, DAY))
    return worker, shift, claim.id


async def test_another_nodes_no_to_the_new_time_starts_cover(
    nodes: TwoNodes, moved: tuple[Worker, Planned, UUID]
) -> None:
    _worker, shift, claim = moved
    await let_time_pass(nodes, LATER)
    await nodes.home.do(lambda db: follow_move(db, claim, LATER))
    await let_time_pass(nodes, LATER)
    async with nodes.host.door() as session:
        assert (await claim_now(session, claim)).state == "released"
        assert await covers(session) == [(shift.lead, "vacated", "own-project", "open")]


async def test_a_home_that_never_answers_starts_cover_too(
    nodes: TwoNodes, moved: tuple[Worker, Planned, UUID]
) -> None:
    _worker, shift, claim = moved
    async with nodes.host.door() as session:
        due = (await claim_now(session, claim)).answer_by
    await nodes.host.do(lambda db: lapse_claim(db, claim, due))
    await let_time_pass(nodes, due)
    async with nodes.host.door() as session:
        assert await covers(session) == [(shift.lead, "vacated", "own-project", "open")]


async def test_a_proposal_that_comes_to_nothing_asks_nobody(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda db: a_shift(db, nodes.pool, TUESDAY_19 + WEEK))
    await nodes.host.do(
        lambda db: propose(db, shift.id, shift.lead, worker.handle, NOW, origin="plan")
    )
    async with nodes.host.door() as session:
        due = (await claim_now(session, shift.id)).answer_by
    await nodes.host.do(lambda db: lapse_claim(db, shift.id, due))
    await nodes.host.do(lambda db: follow_seat(db, shift.lead, due))
    async with nodes.host.door() as session:
        assert await covers(session) == []


async def test_a_part_that_is_moved_before_its_home_has_asked_for_it_is_not_refused(
    nodes: TwoNodes,
) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda db: a_shift(db, nodes.pool, TUESDAY_19 + WEEK))
    await nodes.home.do(lambda db: claim_seat(db, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    middle = shift.starts + DAY / 24
    coordinator = nodes.pool.coordinator
    second = await nodes.host.do(lambda db: split_shift(db, coordinator, shift.id, middle, NOW))
    await nodes.home.catch_up(nodes.host)
    await nodes.host.do(lambda db: move(db, coordinator, second, DAY / 24))
    await nodes.exchange()
    for claim in await nodes.home.do(lambda db: claims_here(db, second)):
        async with nodes.home.door() as session:
            await follow_move(session, claim, NOW)
    await nodes.exchange()
    for side in (nodes.host, nodes.home):
        async with side.door() as session:
            rows = await session.scalars(
                select(Claim.state)
                .join(Seat, Seat.id == Claim.seat_id)
                .where(Seat.shift_id == second)
            )
            assert list(rows) == ["held"]
