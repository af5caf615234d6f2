"""A seat is offered to others and stays with its holder until somebody else holds it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from federation.errors import NotFound
from federation.notices.models import Notice
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from rota.bookings.models import Booking
from rota.claims.errors import ClaimRefused
from rota.cover.actions import ask_for_cover, withdraw_cover
from rota.cover.errors import CoverOver, NotHeld, TooLateToAsk
from rota.cover.ladder import COVER_STEP, move_on
from rota.cover.models import CoverRequest
from rota.cover.take import take_cover
from rota.leave.actions import enter_leave
from rota.sign_up.actions import claim_seat, release_claim
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
    is_open,
    seat_states,
)

BRIEFING = TUESDAY_19 - timedelta(minutes=15)
DAY = timedelta(days=1)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


@pytest.fixture
async def shift(session: AsyncSession, pool: ExamplePool) -> Planned:
    return await a_shift(session, pool, TUESDAY_19 + 7 * DAY)


@pytest.fixture
async def holder(session: AsyncSession, pool: ExamplePool) -> Worker:
    return await a_worker(session, pool.id, pool.coordinator)


@pytest.fixture
async def other(session: AsyncSession, pool: ExamplePool) -> Worker:
    return await a_worker(session, pool.id, pool.coordinator)


async def a_partner(session: AsyncSession, pool: ExamplePool) -> Asker:
    """Let one more project of this node take part; gives its coordinator."""
    coordinator = await a_project(session)
    await join_pool(session, coordinator, pool.id, SHARE, NOW)
    return coordinator


async def held(session: AsyncSession, worker: Worker, seat: UUID) -> UUID:
    return (await claim_seat(session, worker.asker, seat, NOW)).id


async def cover_now(session: AsyncSession, cover_id: UUID) -> CoverRequest:
    await session.flush()
    return await session.get_one(CoverRequest, cover_id, populate_existing=True)


async def told(session: AsyncSession, worker: Worker | Asker) -> list[str]:
    person_id = worker.id if isinstance(worker, Worker) else worker.person_id
    rows = await session.scalars(
        select(Notice.code).where(Notice.person_id == person_id).order_by(Notice.id)
    )
    return list(rows)


async def booked(session: AsyncSession, worker: Worker) -> list[UUID]:
    rows = await session.scalars(
        select(Booking.claim_id).where(Booking.person_id == worker.id, Booking.active)
    )
    return list(rows)


async def test_the_seat_stays_with_its_holder_while_others_are_asked(
    session: AsyncSession, shift: Planned, holder: Worker, other: Worker
) -> None:
    claim = await held(session, holder, shift.lead)
    cover = await ask_for_cover(session, holder.asker, claim, NOW)
    assert (cover.state, cover.step, cover.kind, cover.decided_here) == (
        "open",
        "own-project",
        "asked",
        True,
    )
    assert cover.until == NOW + DAY
    assert (await claim_now(session, claim)).state == "held"
    assert (await seat_states(session, shift))["lead"] == "held"
    assert await booked(session, holder) == [claim]
    assert (await told(session, holder), await told(session, other)) == ([], ["cover-wanted"])
    # asked again, nothing changes
    before = await everything(session)
    assert (await ask_for_cover(session, holder.asker, claim, NOW + DAY)).id == cover.id
    assert await everything(session) == before


async def test_who_takes_it_holds_it_and_the_other_is_free(
    session: AsyncSession, shift: Planned, holder: Worker, other: Worker
) -> None:
    claim = await held(session, holder, shift.lead)
    cover = await ask_for_cover(session, holder.asker, claim, NOW)
    taken = await take_cover(session, other.asker, cover.id, NOW + DAY / 2)
    assert (taken.state, taken.origin, taken.asked_by) == ("held", "cover", other.id)
    ended = await claim_now(session, claim)
    assert (ended.state, ended.ended_at) == ("released", NOW + DAY / 2)
    assert (await booked(session, holder), await booked(session, other)) == ([], [taken.id])
    assert (await seat_states(session, shift))["lead"] == "held"
    closed = await cover_now(session, cover.id)
    assert (closed.state, closed.closed_at) == ("covered", NOW + DAY / 2)
    assert await told(session, holder) == ["covered"]
    with pytest.raises(CoverOver):
        await take_cover(session, other.asker, cover.id, NOW + DAY)


async def test_an_open_session_does_not_close_when_a_seat_changes_hands(
    session: AsyncSession, pool: ExamplePool, shift: Planned, holder: Worker, other: Worker
) -> None:
    claim = await held(session, holder, shift.lead)
    second = await a_worker(session, pool.id, pool.coordinator)
    await held(session, second, shift.seats["second"])
    supervisor = await a_worker(session, pool.id, pool.coordinator, "supervisor")
    await held(session, supervisor, shift.seats["supervisor"])
    assert await is_open(session, shift)
    cover = await ask_for_cover(session, holder.asker, claim, NOW)
    await take_cover(session, other.asker, cover.id, NOW)
    assert await is_open(session, shift)
    assert "shift-closed" not in await told(session, second)


async def test_bug_8_taking_over_runs_both_halves_of_the_rule(
    session: AsyncSession, pool: ExamplePool, shift: Planned, holder: Worker, other: Worker
) -> None:
    claim = await held(session, holder, shift.lead)
    cover = await ask_for_cover(session, holder.asker, claim, NOW)
    await enter_leave(session, other.asker, other.id, shift.starts, shift.starts + DAY, NOW)
    supervisor = await a_worker(session, pool.id, pool.coordinator, "supervisor")
    second = await a_worker(session, pool.id, pool.coordinator)
    await held(session, second, shift.seats["second"])
    mute = await a_worker(session, pool.id, pool.coordinator, languages=("nl",))
    before = await everything(session)
    for who, codes in (
        (other, ["on-leave"]),
        (supervisor, ["role-missing"]),
        (second, ["double-booked"]),
        (holder, ["double-booked"]),
    ):
        with pytest.raises(ClaimRefused) as refused:
            await take_cover(session, who.asker, cover.id, NOW)
        assert [reason.code for reason in refused.value.reasons] == codes
    assert await everything(session) == before
    # the host's half: the last seat is kept for somebody who speaks the language
    await release_of(session, second)
    silent = await a_worker(session, pool.id, pool.coordinator, languages=("nl",))
    await held(session, silent, shift.seats["second"])
    with pytest.raises(ClaimRefused) as refused:
        await take_cover(session, mute.asker, cover.id, NOW)
    assert [reason.code for reason in refused.value.reasons] == ["language-missing"]


async def release_of(session: AsyncSession, worker: Worker) -> None:
    [claim] = await booked(session, worker)
    await release_claim(session, worker.asker, claim, NOW)


async def test_partners_are_asked_when_the_own_project_was_asked_in_vain(
    session: AsyncSession, pool: ExamplePool, shift: Planned, holder: Worker, other: Worker
) -> None:
    partner = await a_partner(session, pool)
    theirs = await a_worker(session, pool.id, partner)
    claim = await held(session, holder, shift.lead)
    cover = await ask_for_cover(session, holder.asker, claim, NOW)
    before = await everything(session)
    with pytest.raises(NotFound):
        await take_cover(session, theirs.asker, cover.id, NOW)
    # before its time no step ends, and no other step ends this one
    for step, at in (("own-project", NOW + DAY - timedelta(seconds=1)), ("partners", NOW + DAY)):
        await move_on(session, cover.id, step, at)
    assert await everything(session) == before
    assert await told(session, theirs) == []

    await move_on(session, cover.id, "own-project", NOW + DAY)
    at_second = await cover_now(session, cover.id)
    assert (at_second.step, at_second.until) == ("partners", NOW + 3 * DAY)
    assert await told(session, theirs) == ["cover-wanted"]
    # who was told before is not told again
    assert await told(session, other) == ["cover-wanted"]

    await move_on(session, cover.id, "partners", NOW + 3 * DAY)
    at_last = await cover_now(session, cover.id)
    assert (at_last.step, at_last.until) == ("coordinator", BRIEFING + 7 * DAY)
    assert await told(session, pool.coordinator) == ["cover-open"]
    assert await told(session, partner) == ["cover-open"]
    due = await session.execute(
        select(OutboxRow.key, OutboxRow.due)
        .where(OutboxRow.kind == COVER_STEP)
        .order_by(OutboxRow.due)
    )
    assert [tuple(row) for row in due] == [
        (f"{cover.id} own-project", NOW + DAY),
        (f"{cover.id} partners", NOW + 3 * DAY),
        (f"{cover.id} coordinator", BRIEFING + 7 * DAY),
    ]
    taken = await take_cover(session, theirs.asker, cover.id, NOW + 4 * DAY)
    assert taken.state == "held"


async def test_what_nobody_took_is_still_its_holders(
    session: AsyncSession, shift: Planned, holder: Worker, other: Worker
) -> None:
    claim = await held(session, holder, shift.lead)
    late = shift.starts - timedelta(hours=2)
    cover = await ask_for_cover(session, holder.asker, claim, late)
    # at short notice everybody is asked at once
    assert (cover.step, cover.until) == ("coordinator", BRIEFING + 7 * DAY)
    assert await told(session, other) == ["cover-wanted"]
    await move_on(session, cover.id, "coordinator", BRIEFING + 7 * DAY)
    assert (await cover_now(session, cover.id)).state == "lapsed"
    assert (await claim_now(session, claim)).state == "held"
    assert await told(session, holder) == ["cover-lapsed"]
    with pytest.raises(CoverOver):
        await take_cover(session, other.asker, cover.id, BRIEFING + 7 * DAY)
    with pytest.raises(TooLateToAsk):
        await ask_for_cover(session, holder.asker, claim, BRIEFING + 7 * DAY)


async def test_a_request_is_withdrawn(
    session: AsyncSession, shift: Planned, holder: Worker, other: Worker
) -> None:
    claim = await held(session, holder, shift.lead)
    cover = await ask_for_cover(session, holder.asker, claim, NOW)
    await withdraw_cover(session, holder.asker, cover.id, NOW)
    assert (await cover_now(session, cover.id)).state == "withdrawn"
    for again in (
        take_cover(session, other.asker, cover.id, NOW),
        withdraw_cover(session, holder.asker, cover.id, NOW),
    ):
        with pytest.raises(CoverOver):
            await again
    assert (await claim_now(session, claim)).state == "held"
    # and may be made anew
    assert (await ask_for_cover(session, holder.asker, claim, NOW)).id != cover.id


async def test_only_the_holder_and_their_coordinator_ask_and_withdraw(
    session: AsyncSession, pool: ExamplePool, shift: Planned, holder: Worker, other: Worker
) -> None:
    partner = await a_partner(session, pool)
    claim = await held(session, holder, shift.lead)
    before = await everything(session)
    for stranger in (other.asker, partner):
        with pytest.raises(NotFound):
            await ask_for_cover(session, stranger, claim, NOW)
    assert await everything(session) == before
    cover = await ask_for_cover(session, pool.coordinator, claim, NOW)
    before = await everything(session)
    for stranger in (other.asker, partner):
        with pytest.raises(NotFound):
            await withdraw_cover(session, stranger, cover.id, NOW)
    assert await everything(session) == before
    await withdraw_cover(session, pool.coordinator, cover.id, NOW)


async def test_nobody_asks_for_what_they_do_not_have(
    session: AsyncSession, shift: Planned, holder: Worker
) -> None:
    claim = await held(session, holder, shift.lead)
    await release_claim(session, holder.asker, claim, NOW)
    with pytest.raises(NotHeld):
        await ask_for_cover(session, holder.asker, claim, NOW)


async def test_a_coordinator_takes_it_for_one_of_their_own_people(
    session: AsyncSession, pool: ExamplePool, shift: Planned, holder: Worker, other: Worker
) -> None:
    claim = await held(session, holder, shift.lead)
    cover = await ask_for_cover(session, holder.asker, claim, NOW)
    taken = await take_cover(session, pool.coordinator, cover.id, NOW, worker=other.display)
    assert (taken.state, taken.origin, taken.asked_by, taken.handle_id) == (
        "held",
        "coordinator",
        pool.coordinator.person_id,
        other.handle,
    )
