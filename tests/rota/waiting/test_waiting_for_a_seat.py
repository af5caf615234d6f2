"""Whoever waits for a seat is offered it in order, answers in time, and nobody overtakes."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.errors import NotFound
from federation.notices.models import Notice
from federation.pools.actions import join_pool
from rota.bookings.models import Booking
from rota.claims.errors import ClaimRefused
from rota.claims.models import Claim
from rota.cover.models import CoverRequest
from rota.leave.actions import enter_leave
from rota.shifts.models import Seat
from rota.sign_up.actions import claim_seat, release_claim
from rota.sign_up.proposals import propose
from rota.waiting.actions import accept_offer, stop_waiting, wait_for_seat
from rota.waiting.errors import LineFull, NotWaiting, OfferEnded, SeatFree
from rota.waiting.line import MOST_WAITING
from rota.waiting.models import WaitingEntry
from tests.rota.worked_off import work_off
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


@pytest.fixture
async def shift(session: AsyncSession, pool: ExamplePool) -> Planned:
    return await a_shift(session, pool, TUESDAY_19 + 7 * DAY)


async def some_workers(session: AsyncSession, pool: ExamplePool, number: int) -> list[Worker]:
    return [await a_worker(session, pool.id, pool.coordinator) for _ in range(number)]


async def line(session: AsyncSession, seat: UUID) -> dict[UUID, tuple[str, int | None]]:
    """Tell how each handle's newest entry stands."""
    await session.flush()
    rows = await session.execute(
        select(WaitingEntry.handle_id, WaitingEntry.state, WaitingEntry.place)
        .where(WaitingEntry.seat_id == seat)
        .order_by(WaitingEntry.id)
    )
    return {row.handle_id: (row.state, row.place) for row in rows}


async def offer_of(session: AsyncSession, worker: Worker) -> UUID:
    found = await session.scalars(
        select(Claim.id).where(Claim.handle_id == worker.handle, Claim.state == "proposed")
    )
    return found.one()


async def told(session: AsyncSession, worker: Worker) -> list[str]:
    rows = await session.scalars(
        select(Notice.code).where(Notice.person_id == worker.id).order_by(Notice.id)
    )
    return list(rows)


async def test_a_seat_that_falls_free_is_offered_in_order_until_somebody_says_yes(
    session: AsyncSession, pool: ExamplePool, shift: Planned
) -> None:
    holder, first, second, third = await some_workers(session, pool, 4)
    claim = await claim_seat(session, holder.asker, shift.lead, NOW)
    for number, worker in enumerate((first, second, third)):
        await wait_for_seat(session, worker.asker, shift.lead, NOW + number * HOUR / 4)
    assert await line(session, shift.lead) == {
        first.handle: ("waiting", 1),
        second.handle: ("waiting", 2),
        third.handle: ("waiting", 3),
    }
    await release_claim(session, holder.asker, claim.id, LATER)
    await work_off(session, LATER)
    assert await line(session, shift.lead) == {
        first.handle: ("offered", None),
        second.handle: ("waiting", 1),
        third.handle: ("waiting", 2),
    }
    assert (await seat_states(session, shift))["lead"] == "proposed"
    assert (await told(session, first), await told(session, second)) == (["offered"], [])
    offer = await claim_now(session, await offer_of(session, first))
    assert offer.answer_by == LATER + 12 * HOUR
    # an offer takes nobody's time: only a yes does
    assert not await session.scalar(select(func.count()).where(Booking.person_id == first.id))

    # the first says no, the second does not answer, the third says yes
    await release_claim(session, first.asker, offer.id, LATER)
    await work_off(session, LATER)
    assert (await line(session, shift.lead))[second.handle] == ("offered", None)
    await work_off(session, LATER + 12 * HOUR)
    assert await line(session, shift.lead) == {
        first.handle: ("passed", None),
        second.handle: ("passed", None),
        third.handle: ("offered", None),
    }
    yes = await accept_offer(
        session, third.asker, await offer_of(session, third), LATER + 13 * HOUR
    )
    await work_off(session, LATER + 13 * HOUR)
    assert ((await claim_now(session, yes.id)).state, yes.asked_by) == ("held", third.id)
    assert (await line(session, shift.lead))[third.handle] == ("seated", None)
    assert (await seat_states(session, shift))["lead"] == "held"
    assert await told(session, third) == ["offered"]
    # somebody was found, so nobody else is asked, and the seat is looked at no more
    assert not await session.scalar(select(func.count()).select_from(CoverRequest))
    assert not await session.scalar(select(Seat.watched).where(Seat.id == shift.lead))


async def test_nobody_overtakes_those_who_wait(
    session: AsyncSession, pool: ExamplePool, shift: Planned
) -> None:
    holder, first, second, stranger = await some_workers(session, pool, 4)
    claim = await claim_seat(session, holder.asker, shift.lead, NOW)
    for worker in (first, second):
        await wait_for_seat(session, worker.asker, shift.lead, NOW)
    await release_claim(session, holder.asker, claim.id, LATER)
    # the moment before the offer is made: the seat is free, and still nobody comes between
    before = await everything(session)
    for worker in (stranger, second):
        with pytest.raises(ClaimRefused) as refused:
            async with session.begin_nested():
                await claim_seat(session, worker.asker, shift.lead, LATER)
        assert [reason.code for reason in refused.value.reasons] == ["others-wait"]
    with pytest.raises(ClaimRefused) as refused:
        await propose(session, new_id(), shift.lead, stranger.handle, LATER, origin="plan")
    assert [reason.code for reason in refused.value.reasons] == ["others-wait"]
    assert await everything(session) == before
    taken = await claim_seat(session, first.asker, shift.lead, LATER)
    await work_off(session, LATER)
    assert taken.state == "held"
    assert await line(session, shift.lead) == {
        first.handle: ("seated", None),
        second.handle: ("waiting", 1),
    }


async def test_who_may_not_sit_there_by_then_is_passed_over(
    session: AsyncSession, pool: ExamplePool, shift: Planned
) -> None:
    """The host's half when it offers, home's half when the worker says yes."""
    holder, elsewhere, away, ready = await some_workers(session, pool, 4)
    claim = await claim_seat(session, holder.asker, shift.lead, NOW)
    for number, worker in enumerate((elsewhere, away, ready)):
        await wait_for_seat(session, worker.asker, shift.lead, NOW + number * HOUR / 4)
    await claim_seat(session, elsewhere.asker, shift.seats["second"], NOW)
    await release_claim(session, holder.asker, claim.id, LATER)
    await work_off(session, LATER)
    assert await line(session, shift.lead) == {
        elsewhere.handle: ("passed", None),
        away.handle: ("offered", None),
        ready.handle: ("waiting", 1),
    }
    await enter_leave(session, away.asker, away.id, shift.starts, shift.starts + DAY, LATER)
    offer = await offer_of(session, away)
    before = await everything(session)
    with pytest.raises(ClaimRefused) as refused:
        async with session.begin_nested():
            await accept_offer(session, away.asker, offer, LATER)
    assert [reason.code for reason in refused.value.reasons] == ["on-leave"]
    assert await everything(session) == before
    with pytest.raises(OfferEnded):
        await accept_offer(session, away.asker, offer, LATER + 12 * HOUR)


async def test_the_ladder_begins_when_the_line_is_at_its_end(
    session: AsyncSession, pool: ExamplePool, shift: Planned
) -> None:
    holder, first = await some_workers(session, pool, 2)
    claim = await claim_seat(session, holder.asker, shift.lead, NOW)
    await wait_for_seat(session, first.asker, shift.lead, NOW)
    await release_claim(session, holder.asker, claim.id, LATER)
    await work_off(session, LATER)
    await work_off(session, LATER + 12 * HOUR)
    cover = (await session.scalars(select(CoverRequest))).one()
    assert (cover.claim_id, cover.kind, cover.step) == (claim.id, "vacated", "own-project")


@pytest.mark.parametrize("after", [HOUR / 2, 3 * HOUR])
async def test_the_ladder_begins_also_where_the_last_in_line_says_no(
    session: AsyncSession, pool: ExamplePool, shift: Planned, after: timedelta
) -> None:
    holder = (await some_workers(session, pool, 1))[0]
    other = await a_project(session)
    await join_pool(session, other, pool.id, SHARE, NOW)
    waits = await a_worker(session, pool.id, other)
    claim = await claim_seat(session, holder.asker, shift.lead, NOW)
    await wait_for_seat(session, waits.asker, shift.lead, NOW)
    await release_claim(session, holder.asker, claim.id, LATER)
    await work_off(session, LATER)
    no = LATER + after
    await release_claim(session, waits.asker, await offer_of(session, waits), no)
    await work_off(session, no)
    # whose seat it was, and not who never had it
    cover = (await session.scalars(select(CoverRequest))).one()
    assert (cover.kind, cover.state, cover.claim_id, cover.project_id) == (
        "vacated",
        "open",
        claim.id,
        pool.coordinator.project_id,
    )


async def test_a_place_is_given_up(
    session: AsyncSession, pool: ExamplePool, shift: Planned
) -> None:
    holder, first, second = await some_workers(session, pool, 3)
    await claim_seat(session, holder.asker, shift.lead, NOW)
    entries = [
        await wait_for_seat(session, worker.asker, shift.lead, NOW) for worker in (first, second)
    ]
    # asked twice is one place
    again = await wait_for_seat(session, second.asker, shift.lead, LATER)
    assert again.id == entries[1].id
    before = await everything(session)
    stranger = await a_project(session)
    before = await everything(session)
    for other in (second.asker, stranger):
        with pytest.raises(NotFound):
            await stop_waiting(session, other, entries[0].id, LATER)
    assert await everything(session) == before
    await stop_waiting(session, first.asker, entries[0].id, LATER)
    assert await line(session, shift.lead) == {
        first.handle: ("left", None),
        second.handle: ("waiting", 1),
    }
    with pytest.raises(NotWaiting):
        await stop_waiting(session, first.asker, entries[0].id, LATER)
    await stop_waiting(session, pool.coordinator, entries[1].id, LATER)
    assert (await line(session, shift.lead))[second.handle] == ("left", None)


async def test_who_could_never_sit_there_does_not_wait(
    session: AsyncSession, pool: ExamplePool, shift: Planned
) -> None:
    holder, worker = await some_workers(session, pool, 2)
    with pytest.raises(SeatFree):
        await wait_for_seat(session, worker.asker, shift.lead, NOW)
    await claim_seat(session, holder.asker, shift.lead, NOW)
    supervisor = await a_worker(session, pool.id, pool.coordinator, "supervisor")
    stranger = await a_worker(
        session, (await a_pool(session, pool.coordinator)).id, pool.coordinator
    )
    before = await everything(session)
    with pytest.raises(ClaimRefused) as refused:
        await wait_for_seat(session, supervisor.asker, shift.lead, NOW)
    assert [reason.code for reason in refused.value.reasons] == ["role-missing"]
    with pytest.raises(NotFound):
        await wait_for_seat(session, stranger.asker, shift.lead, NOW)
    assert await everything(session) == before


async def test_a_line_has_an_end(session: AsyncSession, pool: ExamplePool, shift: Planned) -> None:
    holder, late = await some_workers(session, pool, 2)
    await claim_seat(session, holder.asker, shift.lead, NOW)
    for worker in await some_workers(session, pool, MOST_WAITING):
        await wait_for_seat(session, worker.asker, shift.lead, NOW)
    with pytest.raises(LineFull):
        await wait_for_seat(session, late.asker, shift.lead, NOW)
