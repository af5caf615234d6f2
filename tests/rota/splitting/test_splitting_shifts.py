"""A shift becomes two: who holds a seat keeps both parts, and nothing is gained or lost."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound, Refusal
from federation.notices.models import Notice
from federation.pools.actions import join_pool
from rota.bookings.models import Booking
from rota.calendar.actions import make_address
from rota.calendar.models import PersonCalendar
from rota.claims.models import Claim
from rota.cover.actions import ask_for_cover
from rota.cover.models import CoverRequest
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import claim_seat, release_claim
from rota.sign_up.proposals import propose
from rota.splitting.actions import split_shift
from rota.splitting.errors import CannotSplit
from rota.swaps.models import SwapOffer
from rota.swaps.offering import offer_seat
from tests.rota.swaps.pair import refused
from tests.rota.world import (
    NOW,
    SHARE,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    is_open,
)

AT = TUESDAY_19 + timedelta(minutes=90)
ENDS = TUESDAY_19 + timedelta(hours=3)
QUARTER = timedelta(minutes=15)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


@pytest.fixture
async def shift(session: AsyncSession, pool: ExamplePool) -> Planned:
    return await a_shift(session, pool, hours=3, theme="Health", series="tue-19")


@pytest.fixture
async def staffed(session: AsyncSession, pool: ExamplePool, shift: Planned) -> list[Worker]:
    """Seat a lead, a second and a supervisor on the shift."""
    roles = {"lead": "worker", "second": "worker", "supervisor": "supervisor"}
    people = [
        await a_worker(session, pool.id, pool.coordinator, roles[seat], shifts_per_week=1)
        for seat in shift.seats
    ]
    for worker, seat in zip(people, shift.seats.values(), strict=True):
        await claim_seat(session, worker.asker, seat, NOW)
    return people


async def planned(session: AsyncSession, shift: UUID) -> Planned:
    await session.flush()
    starts = await session.scalar(select(Shift.starts).where(Shift.id == shift))
    rows = await session.execute(select(Seat.role, Seat.id).where(Seat.shift_id == shift))
    assert starts
    return Planned(shift, starts, dict(rows.all()))


async def booked(session: AsyncSession, person: UUID) -> list[tuple[datetime, datetime]]:
    rows = await session.scalars(
        select(Booking.during)
        .where(Booking.person_id == person, Booking.active)
        .order_by(Booking.during)
    )
    return [(span.lower, span.upper) for span in rows if span.lower and span.upper]


async def test_both_parts_have_their_own_seats_and_the_same_holders(
    session: AsyncSession, pool: ExamplePool, shift: Planned, staffed: list[Worker]
) -> None:
    second = await split_shift(session, pool.coordinator, shift.id, AT, NOW)
    one, two = [await session.get_one(Shift, each) for each in (shift.id, second)]
    assert (one.starts, one.ends, one.briefing_minutes, one.debrief_minutes) == (
        TUESDAY_19,
        AT,
        15,
        0,
    )
    assert (two.starts, two.ends, two.briefing_minutes, two.debrief_minutes) == (AT, ENDS, 0, 15)
    assert (two.theme, two.series, two.minimum_workers, two.trainings) == (
        "Health",
        "tue-19",
        2,
        one.trainings,
    )
    for part in (shift.id, second):
        rows = await session.execute(
            select(Seat.role, Claim.handle_id)
            .join(Claim, Claim.seat_id == Seat.id)
            .where(Seat.shift_id == part, Claim.state == "held", Seat.state == "held")
        )
        assert dict(rows.all()) == {
            role: worker.handle for role, worker in zip(shift.seats, staffed, strict=True)
        }


async def test_everybodys_time_is_divided_and_in_sum_the_same(
    session: AsyncSession, pool: ExamplePool, shift: Planned, staffed: list[Worker]
) -> None:
    await split_shift(session, pool.coordinator, shift.id, AT, NOW)
    with_meetings = [(TUESDAY_19 - QUARTER, AT), (AT, ENDS + QUARTER)]
    on_call = [(TUESDAY_19, AT), (AT, ENDS)]
    assert [await booked(session, each.id) for each in staffed] == [
        with_meetings,
        with_meetings,
        on_call,
    ]


async def test_public_hours_are_in_sum_what_they_were(
    session: AsyncSession, pool: ExamplePool, shift: Planned, staffed: list[Worker]
) -> None:
    del staffed

    async def hours() -> float:
        open_ = Shift.open & (Shift.pool_id == pool.id)
        length = select(func.sum(Shift.ends - Shift.starts)).where(open_)
        found: timedelta | None = await session.scalar(length)
        return (found or timedelta()).total_seconds() / 3600

    before = await hours()
    second = await split_shift(session, pool.coordinator, shift.id, AT, NOW)
    assert before == await hours() == 3
    assert await is_open(session, shift)
    assert await is_open(session, await planned(session, second))


async def test_a_part_of_a_seat_can_then_be_given(
    session: AsyncSession, pool: ExamplePool, shift: Planned, staffed: list[Worker]
) -> None:
    second = await planned(session, await split_shift(session, pool.coordinator, shift.id, AT, NOW))
    part = await session.scalar(select(Claim.id).where(Claim.seat_id == second.lead))
    assert part
    await release_claim(session, staffed[0].asker, part, NOW)
    assert await booked(session, staffed[0].id) == [(TUESDAY_19 - QUARTER, AT)]
    assert await is_open(session, shift)
    assert not await is_open(session, second)
    other = await a_worker(session, pool.id, pool.coordinator)
    await claim_seat(session, other.asker, second.lead, NOW)
    assert await is_open(session, second)
    assert await booked(session, other.id) == [(AT, ENDS + QUARTER)]


async def test_those_concerned_are_told_and_their_calendars_follow(
    session: AsyncSession, pool: ExamplePool, shift: Planned, staffed: list[Worker]
) -> None:
    for worker in staffed:
        await make_address(session, worker.id, "Phone", "Plan", NOW)
    second = await split_shift(session, pool.coordinator, shift.id, AT, NOW)
    told = await session.execute(select(Notice.person_id, Notice.code))
    assert sorted(map(tuple, told)) == sorted((worker.id, "shift-divided") for worker in staffed)
    revisions = await session.scalars(select(PersonCalendar.revision))
    assert list(revisions) == [2, 2, 2]
    [(actor, facts)] = await session.execute(
        select(AuditEntry.actor, AuditEntry.facts).where(AuditEntry.verb == "split-shift")
    )
    assert actor == str(pool.coordinator.person_id)
    assert facts == {"second": str(second), "at": AT.isoformat()}


async def test_what_was_agreed_of_the_whole_ends(
    session: AsyncSession, pool: ExamplePool, shift: Planned, staffed: list[Worker]
) -> None:
    claims = dict((await session.execute(select(Claim.seat_id, Claim.id))).all())
    lead, other = staffed[0], staffed[1]
    offer = (await offer_seat(session, lead.asker, claims[shift.lead], NOW)).id
    cover = (await ask_for_cover(session, other.asker, claims[shift.seats["second"]], NOW)).id
    await split_shift(session, pool.coordinator, shift.id, AT, NOW)
    session.expire_all()
    assert (await session.get_one(SwapOffer, offer)).state == "lapsed"
    assert (await session.get_one(CoverRequest, cover)).state == "withdrawn"


async def test_a_shift_that_nobody_holds_is_divided_too(
    session: AsyncSession, pool: ExamplePool, shift: Planned
) -> None:
    second = await planned(session, await split_shift(session, pool.coordinator, shift.id, AT, NOW))
    assert list(second.seats) == ["lead", "second", "supervisor"]
    assert not await is_open(session, second)
    again = await split_shift(session, pool.coordinator, second.id, AT + QUARTER, NOW)
    assert (await session.get_one(Shift, again)).starts == AT + QUARTER


async def test_the_past_is_not_divided(
    session: AsyncSession, pool: ExamplePool, shift: Planned
) -> None:
    action = split_shift(session, pool.coordinator, shift.id, AT, TUESDAY_19)
    assert await refused(session, CannotSplit, action) == ["already-started"]


async def test_not_while_somebody_is_being_asked(
    session: AsyncSession, pool: ExamplePool, shift: Planned
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    claim = UUID(int=7)
    await propose(session, claim, shift.lead, worker.handle, NOW, origin="plan")
    action = split_shift(session, pool.coordinator, shift.id, AT, NOW)
    assert await refused(session, CannotSplit, action) == ["answer-awaited"]


async def test_only_coordinators_of_the_pool_divide_a_shift(
    session: AsyncSession, pool: ExamplePool, shift: Planned, staffed: list[Worker]
) -> None:
    stranger = await a_project(session)
    await refused(session, NotFound, split_shift(session, stranger, shift.id, AT, NOW))
    worker = split_shift(session, staffed[0].asker, shift.id, AT, NOW)
    await refused(session, NotAllowed, worker)
    missing = split_shift(session, pool.coordinator, pool.id, AT, NOW)
    await refused(session, NotFound, missing)
    await join_pool(session, stranger, pool.id, SHARE, NOW)
    await split_shift(session, stranger, shift.id, AT, NOW)


async def test_dividing_against_a_claim_leaves_no_half_holder(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        pool = await a_pool(session, await a_project(session))
        shift = await a_shift(session, pool, hours=3)
        workers = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
        await claim_seat(session, workers[0].asker, shift.lead, NOW)

    async def split() -> str:
        try:
            async with door(committing_engine) as session:
                await split_shift(session, pool.coordinator, shift.id, AT, NOW)
        except Refusal as refusal:
            return refusal.code
        return "done"

    async def claim() -> str:
        async with door(committing_engine) as session:
            await claim_seat(session, workers[1].asker, shift.seats["second"], NOW)
        return "done"

    said, _taken = await asyncio.gather(split(), claim())
    assert said in {"done", "changed-meanwhile"}
    async with door(committing_engine) as session:
        rows = await session.execute(
            select(Claim.id, Shift, Seat.role, Booking.during)
            .join(Seat, Seat.id == Claim.seat_id)
            .join(Shift, Shift.id == Seat.shift_id)
            .join(Booking, Booking.claim_id == Claim.id)
            .where(Claim.state == "held", Booking.active)
        )
        for _claim, part, _role, during in rows:
            begins = part.starts - timedelta(minutes=part.briefing_minutes)
            ends = part.ends + timedelta(minutes=part.debrief_minutes)
            assert during == Range(begins, ends)


# a member of the pool on another node
