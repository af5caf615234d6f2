"""Leave and seats never lie over one another, whichever comes first."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.worker.rota_jobs import give_back_for_leave
from database.outbox import OutboxRow
from database.session import door
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound, Refusal
from rota.availability.models import Leave
from rota.bookings.models import Booking
from rota.leave.actions import end_leave_early, enter_leave, remove_leave
from rota.leave.errors import LeaveOver, NotEarlier, SeatsInLeave
from rota.leave.queries import leave_of
from rota.shifts.models import Seat
from rota.sign_up.actions import claim_seat
from tests.locks import until_somebody_waits
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Worker,
    a_person,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    claim_now,
    everything,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def refused(session: AsyncSession, kind: type[Refusal], action: Any) -> Refusal:
    before = await everything(session)
    with pytest.raises(kind) as caught:
        async with session.begin_nested():
            await action
    assert await everything(session) == before
    return caught.value


@pytest.mark.parametrize(
    ("begins", "ends", "over"),
    [(-30, -0.25, False), (-30, -0.24, True), (1, 1.1, True), (2.2, 9, True), (2.25, 9, False)],
)
async def test_bug_6_leave_that_touches_a_seat_anywhere_is_refused_and_says_which(
    session: AsyncSession, pool: ExamplePool, begins: float, ends: float, *, over: bool
) -> None:
    """From briefing to debrief, not on the day of the start alone."""
    worker = await a_worker(session, pool.id, pool.coordinator)
    shift = await a_shift(session, pool)
    await claim_seat(session, worker.asker, shift.lead, NOW)
    span = (TUESDAY_19 + begins * HOUR, TUESDAY_19 + ends * HOUR)
    action = enter_leave(session, worker.asker, worker.id, *span, NOW)
    if not over:
        await action
        return
    refusal = await refused(session, SeatsInLeave, action)
    assert [tuple(reason) for reason in refusal.reasons] == [
        ("seat-in-leave", "You have a seat on Tuesday 5 January, 19:00 to 21:00.")
    ]


async def test_seats_of_others_and_those_that_are_over_do_not_count(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker, other = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
    shift = await a_shift(session, pool)
    await claim_seat(session, other.asker, shift.lead, NOW)
    await claim_seat(session, worker.asker, shift.seats["second"], NOW)
    over = TUESDAY_19 + 2 * HOUR
    await enter_leave(session, worker.asker, worker.id, TUESDAY_19, over, over)


async def test_seats_are_given_back_with_the_leave_when_that_is_wanted(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        pool = await a_pool(session, await a_project(session))
        worker = await a_worker(
            session, pool.id, pool.coordinator, shifts_per_week=9, hours_per_week=99
        )
        shifts = [await a_shift(session, pool, TUESDAY_19 + day * DAY) for day in range(3)]
        claims = [(await claim_seat(session, worker.asker, shift.lead, NOW)).id for shift in shifts]
        leave = await enter_leave(
            session, worker.asker, worker.id, TUESDAY_19, TUESDAY_19 + DAY, NOW, give_back=True
        )
    async with door(committing_engine) as session:
        [asked] = await session.scalars(
            select(OutboxRow.payload).where(OutboxRow.kind == "leave-entered")
        )
    assert asked == {"leave": str(leave.id)}
    for _ in range(2):  # a repeated job changes nothing
        await give_back_for_leave(committing_engine, asked, NOW)
    async with door(committing_engine) as session:
        states = [(await claim_now(session, claim)).state for claim in claims]
        seats = [(await session.get_one(Seat, shift.lead)).state for shift in shifts]
        booked = set(await session.scalars(select(Booking.claim_id).where(Booking.active)))
        verbs = await session.scalars(
            select(AuditEntry.verb).where(
                AuditEntry.subject_id.in_(claims), AuditEntry.actor == "system"
            )
        )
        assert list(verbs) == ["vacate-seat", "vacate-seat"]
    # the debrief of the first day and the briefing of the second lie in it
    assert states == ["released", "released", "held"]
    assert seats == ["open", "open", "held"]
    assert booked == {claims[2]}


async def test_leave_taken_back_at_once_gives_nothing_back(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        pool = await a_pool(session, await a_project(session))
        worker = await a_worker(session, pool.id, pool.coordinator)
        shift = await a_shift(session, pool)
        claim = await claim_seat(session, worker.asker, shift.lead, NOW)
        leave = await enter_leave(
            session, worker.asker, worker.id, TUESDAY_19, TUESDAY_19 + DAY, NOW, give_back=True
        )
        await session.flush()
        await remove_leave(session, worker.asker, leave.id, NOW)
    await give_back_for_leave(committing_engine, {"leave": str(leave.id)}, NOW)
    async with door(committing_engine) as session:
        assert (await claim_now(session, claim.id)).state == "held"


async def spans(session: AsyncSession, worker: Worker, now: datetime = NOW) -> list[Any]:
    await session.flush()
    return [
        (leave.during.lower, leave.during.upper)
        for leave in await leave_of(session, worker.id, now)
    ]


async def test_leave_is_ended_early_and_taken_back(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    week = (TUESDAY_19, TUESDAY_19 + 7 * DAY)
    leave = await enter_leave(session, worker.asker, worker.id, *week, NOW)
    await session.flush()
    assert await spans(session, worker) == [week]
    for wrong in (week[1], week[1] + HOUR, week[0]):
        await refused(
            session, NotEarlier, end_leave_early(session, worker.asker, leave.id, wrong, NOW)
        )
    await end_leave_early(session, worker.asker, leave.id, TUESDAY_19 + 3 * DAY, NOW)
    assert await spans(session, worker) == [(week[0], TUESDAY_19 + 3 * DAY)]
    # what has passed stays leave, its rest is taken back
    later = TUESDAY_19 + DAY
    await remove_leave(session, worker.asker, leave.id, later)
    assert await spans(session, worker) == [(week[0], later)]
    assert await spans(session, worker, later) == []
    await refused(session, LeaveOver, remove_leave(session, worker.asker, leave.id, later))
    other = await enter_leave(session, worker.asker, worker.id, later + DAY, later + 2 * DAY, NOW)
    await session.flush()
    await remove_leave(session, worker.asker, other.id, later)
    assert await spans(session, worker, later) == []


async def test_other_peoples_leave_is_not_found(session: AsyncSession, pool: ExamplePool) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    colleague = await a_person(session, pool.coordinator.project_id, "worker")
    stranger = await a_project(session)
    span = (TUESDAY_19, TUESDAY_19 + DAY)
    leave = await enter_leave(session, worker.asker, worker.id, *span, NOW)
    await session.flush()
    reader = replace(worker.asker, scopes=frozenset({"read"}))
    for kind, asker in ((NotFound, colleague), (NotFound, stranger), (NotAllowed, reader)):
        for action in (
            enter_leave(session, asker, worker.id, *span, NOW),
            end_leave_early(session, asker, leave.id, TUESDAY_19 + HOUR, NOW),
            remove_leave(session, asker, leave.id, NOW),
        ):
            await refused(session, kind, action)
    await remove_leave(session, pool.coordinator, leave.id, NOW)


async def outcome(action: Awaitable[Any]) -> str:
    try:
        await action
    except Refusal as refusal:
        return ",".join(reason.code for reason in refusal.reasons) or refusal.code
    return "done"


async def test_leave_against_a_claim_one_of_the_two_is_refused(
    committing_engine: AsyncEngine,
) -> None:
    """On separate connections: whoever commits second sees the other."""
    async with door(committing_engine) as session:
        pool = await a_pool(session, await a_project(session))
        workers = [await a_worker(session, pool.id, pool.coordinator) for _ in range(20)]
        shifts = [await a_shift(session, pool, TUESDAY_19 + number * HOUR) for number in range(20)]

    async def claim(worker: Worker, seat: UUID) -> None:
        async with door(committing_engine) as session:
            await claim_seat(session, worker.asker, seat, NOW)

    async def leave(worker: Worker, begins: datetime) -> None:
        async with door(committing_engine) as session:
            await enter_leave(session, worker.asker, worker.id, begins, begins + HOUR, NOW)

    tries = [
        outcome(action)
        for number, (worker, shift) in enumerate(zip(workers, shifts, strict=True))
        for action in ((leave(worker, shift.starts), claim(worker, shift.lead))[:: (-1) ** number])
    ]
    said = await asyncio.gather(*tries)
    pairs = [frozenset(said[place : place + 2]) for place in range(0, 40, 2)]
    assert set(pairs) <= {
        frozenset({"done", "on-leave"}),
        frozenset({"done", "seat-in-leave"}),
    }
    assert Counter(said)["done"] == 20
    async with door(committing_engine) as session:
        both = await session.execute(
            select(Leave.id)
            .join(Booking, Booking.person_id == Leave.person_id)
            .where(Booking.active, Booking.during.op("&&")(Leave.during))
        )
        assert both.all() == []


async def test_a_claim_that_waited_for_leave_sees_it(committing_engine: AsyncEngine) -> None:
    """The order is held by hand: the leave has the person, the claim begins, the leave commits."""
    async with door(committing_engine) as session:
        pool = await a_pool(session, await a_project(session))
        worker = await a_worker(session, pool.id, pool.coordinator)
        shift = await a_shift(session, pool)

    async def claim() -> None:
        async with door(committing_engine) as session:
            await claim_seat(session, worker.asker, shift.lead, NOW)

    async with door(committing_engine) as session:
        await enter_leave(session, worker.asker, worker.id, TUESDAY_19, TUESDAY_19 + HOUR, NOW)
        waiting = asyncio.create_task(outcome(claim()))
        await until_somebody_waits(committing_engine)
    assert await waiting == "on-leave"


async def test_leave_that_waited_for_a_claim_sees_it(committing_engine: AsyncEngine) -> None:
    async with door(committing_engine) as session:
        pool = await a_pool(session, await a_project(session))
        worker = await a_worker(session, pool.id, pool.coordinator)
        shift = await a_shift(session, pool)

    async def leave() -> None:
        async with door(committing_engine) as session:
            await enter_leave(session, worker.asker, worker.id, TUESDAY_19, TUESDAY_19 + HOUR, NOW)

    async with door(committing_engine) as session:
        await claim_seat(session, worker.asker, shift.lead, NOW)
        waiting = asyncio.create_task(outcome(leave()))
        await until_somebody_waits(committing_engine)
    assert await waiting == "seat-in-leave"
