"""What follows when a training is withdrawn, ends, or is newly asked for."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.worker.rota_jobs import check_passports, remind_of_training
from database.outbox import OutboxRow
from database.session import door
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound, Refusal
from federation.feeds.models import FeedEvent
from federation.notices.models import Notice
from federation.permissions.rules import Asker
from rota.claims.errors import ClaimRefused
from rota.passport.actions import PASSPORT, REMINDER, attest_training, withdraw_training
from rota.passport.models import Training
from rota.passport.requirements import require_trainings
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat
from rota.sign_up.unfit import vacate_if_unfit
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import (
    CORE,
    NOW,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_person,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    claim_now,
    everything,
    seat_states,
)

LATER = TUESDAY_19 + timedelta(hours=3)
WEEK = timedelta(days=7)


async def training_of(session: AsyncSession, worker: Worker) -> Training:
    return (await session.scalars(select(Training).where(Training.person_id == worker.id))).one()


async def codes_told(session: AsyncSession, person: Asker) -> list[str]:
    told = await session.scalars(
        select(Notice.code).where(Notice.person_id == person.person_id).order_by(Notice.id)
    )
    return list(told)


async def refused(session: AsyncSession, kind: type[Refusal], action: Any) -> None:
    before = await everything(session)
    with pytest.raises(kind):
        async with session.begin_nested():
            await action
    assert await everything(session) == before


async def test_a_withdrawn_training_frees_the_seats_to_come_and_no_past_one(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        coordinator = await a_project(session)
        pool = await a_pool(session, coordinator)
        worker = await a_worker(session, pool.id, coordinator)
        colleague = await a_worker(session, pool.id, coordinator)
        past = await a_shift(session, pool)
        coming = await a_shift(session, pool, TUESDAY_19 + WEEK)
        untrained = await a_shift(session, pool, TUESDAY_19 + 2 * WEEK, trainings=[])
        for shift in (past, coming, untrained):
            await claim_seat(session, worker.asker, shift.lead, NOW)
            await claim_seat(session, colleague.asker, shift.seats["second"], NOW)
        training = await training_of(session, worker)
    async with door(committing_engine) as session:
        await withdraw_training(session, coordinator, training.id, LATER)
    async with door(committing_engine) as session:
        asked = await session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == PASSPORT))
        [payload] = [each for each in asked if each == {"person": str(worker.id)}]
    for _ in range(2):
        await check_passports(committing_engine, payload, LATER)
    async with door(committing_engine) as session:
        states = [
            (await seat_states(session, shift))["lead"] for shift in (past, coming, untrained)
        ]
        assert states == ["held", "open", "held"]
        assert (await seat_states(session, coming))["second"] == "held"
        assert await codes_told(session, worker.asker) == ["seat-vacated"]
        assert await codes_told(session, coordinator) == ["seat-of-ours-vacated"]
        assert await codes_told(session, colleague.asker) == []
        verbs = await session.scalars(
            select(AuditEntry.verb).where(AuditEntry.verb == "vacate-unfit-seat")
        )
        assert list(verbs) == ["vacate-unfit-seat"]
        with pytest.raises(ClaimRefused) as caught:
            await claim_seat(session, worker.asker, coming.lead, LATER)
        assert [reason.code for reason in caught.value.reasons] == ["training-missing"]


async def test_attested_for_less_long_it_frees_what_is_later_still(session: AsyncSession) -> None:
    coordinator = await a_project(session)
    pool = await a_pool(session, coordinator)
    worker = await a_worker(session, pool.id, coordinator)
    shifts = [await a_shift(session, pool, TUESDAY_19 + weeks * WEEK) for weeks in (0, 1)]
    claims = [await claim_seat(session, worker.asker, shift.lead, NOW) for shift in shifts]
    first, last = date(2026, 6, 1), TUESDAY_19.date()
    await attest_training(session, coordinator, worker.id, CORE, first, last, NOW)
    assert [await vacate_if_unfit(session, claim.id, NOW) for claim in claims] == [False, True]
    # who is trained anew in time keeps what is left
    await attest_training(session, coordinator, worker.id, CORE, last, date(2028, 1, 1), NOW)
    again = await claim_seat(session, worker.asker, shifts[1].lead, NOW)
    assert not await vacate_if_unfit(session, again.id, NOW)
    assert (await claim_now(session, again.id)).state == "held"


async def test_only_the_persons_own_coordinator_withdraws(session: AsyncSession) -> None:
    coordinator, stranger = await a_project(session), await a_project(session)
    pool = await a_pool(session, coordinator)
    worker = await a_worker(session, pool.id, coordinator)
    colleague = await a_person(session, coordinator.project_id, "worker", "supervisor")
    training = await training_of(session, worker)
    for kind, asker in (
        (NotFound, stranger),
        (NotFound, colleague),
        (NotAllowed, worker.asker),
    ):
        await refused(session, kind, withdraw_training(session, asker, training.id, NOW))
    await refused(session, NotFound, withdraw_training(session, coordinator, pool.id, NOW))


async def test_a_training_that_ends_is_told_to_the_worker_and_the_coordinator_once_each(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        coordinator = await a_project(session)
        pool = await a_pool(session, coordinator)
        worker = await a_worker(session, pool.id, coordinator)
    query = select(OutboxRow.payload, OutboxRow.due).where(OutboxRow.kind == REMINDER)
    async with door(committing_engine) as session:
        asked = (await session.execute(query.order_by(OutboxRow.due))).all()
    assert [row.due.date() for row in asked] == [date(2027, 5, 2), date(2027, 5, 25)]
    for _ in range(2):
        # done again after a crash, it tells nobody twice
        await remind_of_training(committing_engine, asked[0].payload, asked[0].due)
    async with door(committing_engine) as session:
        assert await codes_told(session, worker.asker) == ["training-ends"]
        assert await codes_told(session, coordinator) == ["training-of-ours-ends"]
        await attest_training(
            session, coordinator, worker.id, CORE, date(2027, 5, 10), date(2028, 5, 10), NOW
        )
    # renewed since, so that nobody is reminded again
    await remind_of_training(committing_engine, asked[1].payload, asked[1].due)
    async with door(committing_engine) as session:
        assert await codes_told(session, worker.asker) == ["training-ends"]


async def needs(session: AsyncSession, shift: Planned) -> list[str]:
    query = select(Shift.trainings).where(Shift.id == shift.id)
    return list(await session.scalar(query) or ())


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def test_what_a_pool_newly_asks_for_reaches_its_shifts_from_that_day_on(
    session: AsyncSession, pool: ExamplePool
) -> None:
    coordinator = pool.coordinator
    worker = await a_worker(session, pool.id, coordinator)
    soon = await a_shift(session, pool)
    coming = await a_shift(session, pool, TUESDAY_19 + WEEK)
    special = await a_shift(session, pool, TUESDAY_19 + 2 * WEEK, trainings=[CORE, "night"])
    claim = await claim_seat(session, worker.asker, coming.lead, NOW)
    first_day = (TUESDAY_19 + timedelta(days=1)).date()
    changed = await require_trainings(session, coordinator, pool.id, ["law"], first_day, NOW)
    assert changed == 2
    assert [await needs(session, shift) for shift in (soon, coming, special)] == [
        [CORE],
        ["law", CORE],
        ["law", CORE, "night"],
    ]
    assert await vacate_if_unfit(session, claim.id, NOW)
    # taken back, and the channel's own need changed at once
    await require_trainings(session, coordinator, pool.id, [], first_day, NOW)
    await require_trainings(
        session, coordinator, pool.id, ["chat"], first_day, NOW, channel="live-chat"
    )
    assert [await needs(session, shift) for shift in (soon, coming, special)] == [
        [CORE],
        ["chat"],
        ["chat", "night"],
    ]


async def test_who_does_not_plan_the_pool_cannot_change_what_it_asks_for(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    await a_shift(session, pool)
    for kind, asker, channel in (
        (NotAllowed, worker.asker, None),
        (NotFound, await a_project(session), None),
        (NotFound, pool.coordinator, "forum"),
    ):
        action = require_trainings(
            session, asker, pool.id, ["law"], NOW.date(), NOW, channel=channel
        )
        await refused(session, kind, action)


async def test_a_host_that_asks_for_more_frees_seats_at_the_home_that_knows(
    nodes: TwoNodes,
) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda db: a_shift(db, nodes.pool))
    claim = await nodes.home.do(lambda db: claim_seat(db, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    await nodes.host.do(
        lambda db: require_trainings(
            db, nodes.pool.coordinator, nodes.pool.id, ["law"], NOW.date(), NOW
        )
    )
    await nodes.exchange()
    async with nodes.home.door() as session:
        asked = await session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == PASSPORT))
        assert {"shift": str(shift.id)} in list(asked)
    assert await nodes.home.do(lambda db: vacate_if_unfit(db, claim.id, NOW))
    await nodes.exchange()
    async with nodes.host.door() as session:
        assert (await seat_states(session, shift))["lead"] == "open"
    # all that a partner hears is that the seat is free: no training, no date
    async with nodes.home.door() as session:
        said = await session.scalars(select(FeedEvent.payload))
        told = b" ".join(payload or b"" for payload in said)
    assert b'"law"' not in told
    assert CORE.encode() not in told
    assert str(worker.id).encode() not in told
