"""What the database refuses by itself, and what happens when many come at once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.ids import new_id
from database.session import broken_constraint, door
from federation.errors import Refusal
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.shifts.models import Seat
from rota.sign_up.actions import claim_seat, lapse_claim, release_claim
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
    with_handle,
)


def claim_of(worker: Worker, seat: UUID, state: str, *, decided_here: bool = True) -> Claim:
    return Claim(
        seat_id=seat,
        handle_id=worker.handle,
        state=state,
        origin="worker",
        decided_here=decided_here,
        answer_by=TUESDAY_19,
        made_at=NOW,
    )


async def broken(session: AsyncSession, row: object) -> str | None:
    """Name the constraint that refuses a row; None if it is taken."""
    try:
        async with session.begin_nested():
            session.add(row)
            await session.flush()
    except IntegrityError as error:
        return broken_constraint(error)
    return None


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


@pytest.mark.parametrize("first", ["proposed", "held"])
@pytest.mark.parametrize("then", ["proposed", "held"])
async def test_two_claims_cannot_keep_one_seat(
    session: AsyncSession, pool: ExamplePool, first: str, then: str
) -> None:
    shift = await a_shift(session, pool)
    one, other = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
    assert await broken(session, claim_of(one, shift.lead, first)) is None
    assert await broken(session, claim_of(other, shift.lead, then)) == "uq_claim_one_holder"
    for state in ("requested", "refused", "lapsed", "released"):
        assert await broken(session, claim_of(other, shift.lead, state)) is None
    # what another node decides is not ours to refuse
    assert await broken(session, claim_of(other, shift.lead, then, decided_here=False)) is None


@pytest.mark.parametrize(
    ("from_hour", "to_hour", "on_call", "constraint"),
    [
        (1, 3, False, "no_double_booking"),
        (0, 2, False, "no_double_booking"),
        (1, 3, True, "no_on_call_while_seated"),
        (2, 4, False, None),
        (2, 4, True, None),
        (-2, 0, False, None),
    ],
)
async def test_nobody_is_booked_twice(
    session: AsyncSession,
    pool: ExamplePool,
    from_hour: int,
    to_hour: int,
    on_call: bool,  # noqa: FBT001 -- a column of the table above
    constraint: str | None,
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    other = await a_worker(session, pool.id, pool.coordinator)
    shift = await a_shift(session, pool, roles=("lead", "second", "observer"))
    claims = [claim_of(worker, seat, "requested") for seat in shift.seats.values()]
    session.add_all(claims)
    await session.flush()

    def booking(person: UUID, claim: Claim, begins: int, ends: int, **facts: Any) -> Booking:
        booking_id = new_id()
        span = (TUESDAY_19 + timedelta(hours=begins), TUESDAY_19 + timedelta(hours=ends))
        common: dict[str, Any] = {"id": booking_id, "exchange_id": booking_id, "on_call": False}
        return Booking(person_id=person, claim_id=claim.id, during=Range(*span), **common | facts)

    assert await broken(session, booking(worker.id, claims[0], 0, 2)) is None
    second = booking(worker.id, claims[1], from_hour, to_hour, on_call=on_call)
    assert await broken(session, second) == constraint
    # neither another person nor a booking given back is in the way
    assert await broken(session, booking(other.id, claims[2], from_hour, to_hour)) is None


async def outcome(action: Awaitable[Any]) -> str:
    try:
        await action
    except Refusal as refusal:
        return ",".join(reason.code for reason in refusal.reasons) or refusal.code
    return "done"


async def take(engine: AsyncEngine, worker: Worker, seat: UUID, now: datetime = NOW) -> None:
    async with door(engine) as session:
        await claim_seat(session, worker.asker, seat, now, key=f"key-{new_id()}")


async def give_back(engine: AsyncEngine, worker: Worker, claim: UUID) -> None:
    async with door(engine) as session:
        await release_claim(session, worker.asker, claim, NOW)


async def consistent(engine: AsyncEngine) -> None:
    """Hold what must always hold against each other: seats, claims, bookings."""
    async with door(engine) as session:
        held = Counter(await session.scalars(select(Claim.seat_id).where(Claim.state == "held")))
        shown = set(await session.scalars(select(Seat.id).where(Seat.state == "held")))
        booked = set(await session.scalars(select(Booking.claim_id).where(Booking.active)))
        claims = set(await session.scalars(select(Claim.id).where(Claim.state == "held")))
    assert set(held) == shown
    assert set(held.values()) <= {1}
    assert booked == claims


async def test_bug_7_the_last_seat_has_one_winner(committing_engine: AsyncEngine) -> None:
    async with door(committing_engine) as session:
        coordinator = await a_project(session)
        pool = await a_pool(session, coordinator)
        shift = await a_shift(session, pool)
        workers = [await a_worker(session, pool.id, coordinator) for _ in range(12)]
    said = await asyncio.gather(
        *(outcome(take(committing_engine, worker, shift.lead)) for worker in workers)
    )
    assert Counter(said) == {"done": 1, "seat-taken": 11}
    await consistent(committing_engine)


async def test_overlapping_shifts_of_two_pools_never_book_anybody_twice(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        coordinator = await a_project(session)
        pools = [await a_pool(session, coordinator) for _ in range(2)]
        workers = [await a_worker(session, pools[0].id, coordinator) for _ in range(25)]
        for worker in workers:
            await with_handle(session, pools[1], worker, coordinator)
        pairs = [
            [await a_shift(session, each, TUESDAY_19 + timedelta(hours=late)) for each in pools]
            for late in range(25)
        ]
    tries = [
        outcome(take(committing_engine, worker, shift.lead))
        for worker, pair in zip(workers, pairs, strict=True)
        for shift in pair
    ]
    assert Counter(await asyncio.gather(*tries)) == {"done": 25, "double-booked": 25}
    await consistent(committing_engine)


async def test_one_person_with_many_requests_at_once_waits_for_nothing_in_a_circle(
    committing_engine: AsyncEngine,
) -> None:
    """Keeping a key names the person, whom the decision then locks: that must not deadlock."""
    async with door(committing_engine) as session:
        coordinator = await a_project(session)
        pool = await a_pool(session, coordinator)
        worker = await a_worker(
            session, pool.id, coordinator, shifts_per_week=5, hours_per_week=99, rest_hours=0
        )
        shifts = [
            await a_shift(session, pool, TUESDAY_19 + timedelta(hours=12 * n), 1) for n in range(10)
        ]
    tries = [outcome(take(committing_engine, worker, shift.lead)) for shift in shifts]
    assert Counter(await asyncio.gather(*tries)) == {"done": 5, "too-many-shifts": 5}
    await consistent(committing_engine)


async def seat_held(engine: AsyncEngine) -> tuple[ExamplePool, Planned, Worker, UUID]:
    async with door(engine) as session:
        coordinator = await a_project(session)
        pool = await a_pool(session, coordinator)
        shift = await a_shift(session, pool)
        worker = await a_worker(session, pool.id, coordinator)
        claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    return pool, shift, worker, claim.id


async def test_a_release_against_a_claim_leaves_one_holder_or_none(
    committing_engine: AsyncEngine,
) -> None:
    pool, shift, worker, claim = await seat_held(committing_engine)
    async with door(committing_engine) as session:
        other = await a_worker(session, pool.id, pool.coordinator)
    released, taken = await asyncio.gather(
        outcome(give_back(committing_engine, worker, claim)),
        outcome(take(committing_engine, other, shift.lead)),
    )
    assert released == "done"
    assert taken in {"done", "seat-taken"}
    await consistent(committing_engine)
    async with door(committing_engine) as session:
        held = await session.scalar(select(func.count()).where(Claim.state == "held"))
    assert held == (1 if taken == "done" else 0)


async def test_releases_at_once_end_a_claim_once(committing_engine: AsyncEngine) -> None:
    _, _, worker, claim = await seat_held(committing_engine)
    said = await asyncio.gather(
        *(outcome(give_back(committing_engine, worker, claim)) for _ in range(6))
    )
    assert Counter(said) == {"done": 1, "claim-over": 5}
    await consistent(committing_engine)


async def test_one_key_sent_many_times_at_once_is_one_claim(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        coordinator = await a_project(session)
        pool = await a_pool(session, coordinator)
        shift = await a_shift(session, pool)
        worker = await a_worker(session, pool.id, coordinator)

    async def send() -> UUID:
        async with door(committing_engine) as session:
            claim = await claim_seat(session, worker.asker, shift.lead, NOW, key="same")
        return claim.id

    made = await asyncio.gather(*(send() for _ in range(8)))
    assert len(set(made)) == 1
    await consistent(committing_engine)


async def test_a_claim_that_is_held_by_now_does_not_lapse(committing_engine: AsyncEngine) -> None:
    *_, claim = await seat_held(committing_engine)
    async with door(committing_engine) as session:
        await lapse_claim(session, claim, NOW)
    async with door(committing_engine) as session:
        assert (await session.get_one(Claim, claim)).state == "held"
