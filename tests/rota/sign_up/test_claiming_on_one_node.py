from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound, Refusal
from federation.feeds.models import Feed, FeedEvent
from federation.notices.models import Notice
from federation.pools.actions import join_pool
from rota.bookings.models import Booking
from rota.claims.errors import ClaimOver, ClaimRefused, SeatTaken
from rota.claims.models import Claim
from rota.leave.actions import enter_leave
from rota.sign_up.actions import claim_seat, release_claim
from tests.rota.world import (
    NOW,
    SHARE,
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
    is_open,
    seat_states,
    with_handle,
)

LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


@pytest.fixture
async def shift(session: AsyncSession, pool: ExamplePool) -> Planned:
    return await a_shift(session, pool)


@pytest.fixture
async def worker(session: AsyncSession, pool: ExamplePool) -> Worker:
    return await a_worker(session, pool.id, pool.coordinator)


async def refused(session: AsyncSession, kind: type[Refusal], action: Awaitable[Any]) -> list[str]:
    """See an action refused without a trace; gives the codes of its reasons."""
    before = await everything(session)
    with pytest.raises(kind) as caught:
        async with session.begin_nested():
            await action
    assert await everything(session) == before
    return [reason.code for reason in caught.value.reasons]


async def bookings(session: AsyncSession, person_id: UUID) -> list[tuple[Any, bool, bool]]:
    await session.flush()
    rows = await session.execute(
        select(Booking.during, Booking.on_call, Booking.active)
        .where(Booking.person_id == person_id)
        .order_by(Booking.id)
    )
    return [(during, on_call, active) for during, on_call, active in rows]


async def stated_states(session: AsyncSession, pool: ExamplePool) -> list[bytes]:
    """Read the newest statement of a shift in the pool's feed."""
    rows = await session.scalars(
        select(FeedEvent.payload)
        .join(Feed, Feed.id == FeedEvent.feed_id)
        .where(Feed.subject == str(pool.id), FeedEvent.kind == "shift.stated")
        .order_by(FeedEvent.seq)
    )
    return [payload or b"" for payload in rows]


async def test_a_worker_takes_a_seat(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    kept = await claim_now(session, claim.id)
    assert (kept.seat_id, kept.handle_id, kept.state, kept.origin, kept.decided_here) == (
        shift.lead,
        worker.handle,
        "held",
        "worker",
        True,
    )
    assert await seat_states(session, shift) == {
        "lead": "held",
        "second": "open",
        "supervisor": "open",
    }
    during = Range(TUESDAY_19 - timedelta(minutes=15), TUESDAY_19 + timedelta(hours=2, minutes=15))
    assert await bookings(session, worker.id) == [(during, False, True)]
    assert b'"role":"lead","state":"held"' in (await stated_states(session, pool))[-1]
    assert not await is_open(session, shift)


async def test_a_change_is_in_the_audit_by_ids_alone(
    session: AsyncSession, shift: Planned, worker: Worker
) -> None:
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    await release_claim(session, worker.asker, claim.id, LATER)
    rows = await session.execute(
        select(AuditEntry.actor, AuditEntry.verb, AuditEntry.at, AuditEntry.facts)
        .where(AuditEntry.subject_id == claim.id)
        .order_by(AuditEntry.at)
    )
    assert [tuple(row) for row in rows] == [
        (str(worker.id), "claim-seat", NOW, {"seat": str(shift.lead), "state": "held"}),
        (str(worker.id), "release-claim", LATER, {}),
    ]


async def test_a_shift_opens_with_its_minimum_and_closes_with_a_drop_out(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    second = await a_worker(session, pool.id, pool.coordinator)
    supervisor = await a_worker(session, pool.id, pool.coordinator, "supervisor")
    held = [
        await claim_seat(session, one.asker, shift.seats[role], NOW)
        for one, role in ((worker, "lead"), (second, "second"), (supervisor, "supervisor"))
    ]
    assert await is_open(session, shift)
    await release_claim(session, second.asker, held[1].id, LATER)
    assert not await is_open(session, shift)
    assert b'"open":false' in (await stated_states(session, pool))[-1]
    notices = await session.execute(select(Notice.person_id, Notice.code, Notice.text, Notice.at))
    text = (
        "There is a change in your plan on 5 January: "
        "it is short of people and not announced at the moment."
    )
    assert sorted(map(tuple, notices)) == sorted(
        (one.id, "shift-closed", text, LATER) for one in (worker, supervisor)
    )


async def test_who_gives_a_seat_back_is_free_at_once_and_so_is_the_seat(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    await release_claim(session, worker.asker, claim.id, LATER)
    kept = await claim_now(session, claim.id)
    assert (kept.state, kept.ended_at) == ("released", LATER)
    assert [active for _, _, active in await bookings(session, worker.id)] == [False]
    other = await a_worker(session, pool.id, pool.coordinator)
    await claim_seat(session, other.asker, shift.lead, LATER)
    again = await claim_seat(session, worker.asker, shift.seats["second"], LATER)
    assert again.state == "held"


async def test_a_claim_ends_once(session: AsyncSession, shift: Planned, worker: Worker) -> None:
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    await release_claim(session, worker.asker, claim.id, LATER)
    assert (
        await refused(session, ClaimOver, release_claim(session, worker.asker, claim.id, LATER))
        == []
    )


async def test_hours_worked_are_not_given_back_afterwards(
    session: AsyncSession, shift: Planned, worker: Worker
) -> None:
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    ends = TUESDAY_19 + timedelta(hours=2)
    await refused(session, ClaimOver, release_claim(session, worker.asker, claim.id, ends))
    await release_claim(session, worker.asker, claim.id, ends - timedelta(seconds=1))
    assert (await claim_now(session, claim.id)).state == "released"


async def test_a_seat_that_somebody_holds_is_taken(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    await claim_seat(session, worker.asker, shift.lead, NOW)
    other = await a_worker(session, pool.id, pool.coordinator)
    await refused(session, SeatTaken, claim_seat(session, other.asker, shift.lead, NOW))


async def test_home_refuses_with_its_reasons(
    session: AsyncSession, pool: ExamplePool, shift: Planned
) -> None:
    untrained = await a_worker(session, pool.id, pool.coordinator, shifts_per_week=0)
    await enter_leave(
        session, untrained.asker, untrained.id, TUESDAY_19, TUESDAY_19 + timedelta(minutes=5), NOW
    )
    assert await refused(
        session, ClaimRefused, claim_seat(session, untrained.asker, shift.lead, NOW)
    ) == ["on-leave", "too-many-shifts"]


async def test_the_host_refuses_with_its_reasons(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    shift = await a_shift(session, pool, languages=["en", "ro"])
    await claim_seat(session, worker.asker, shift.lead, NOW)
    other = await a_worker(session, pool.id, pool.coordinator)
    assert await refused(
        session, ClaimRefused, claim_seat(session, other.asker, shift.seats["second"], NOW)
    ) == ["language-missing"]


async def test_one_person_sits_on_a_shift_once(session: AsyncSession, pool: ExamplePool) -> None:
    """Back to back with oneself: home has nothing against it, the host has."""
    both = await a_worker(session, pool.id, pool.coordinator, "worker", "supervisor")
    shift = await a_shift(session, pool)
    await claim_seat(session, both.asker, shift.lead, NOW)
    assert await refused(
        session, ClaimRefused, claim_seat(session, both.asker, shift.seats["supervisor"], NOW)
    ) == ["double-booked"]


async def test_a_booking_in_one_pool_counts_in_every_other(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    other = await a_pool(session, pool.coordinator)
    again = await with_handle(session, other, worker, pool.coordinator)
    meets = await a_shift(session, other, TUESDAY_19 + timedelta(hours=2, minutes=15))
    follows = await a_shift(session, other, TUESDAY_19 + timedelta(hours=2, minutes=30))
    await claim_seat(session, worker.asker, shift.lead, NOW)
    assert await refused(
        session, ClaimRefused, claim_seat(session, again.asker, meets.lead, NOW)
    ) == ["double-booked"]
    assert (await claim_seat(session, again.asker, follows.lead, NOW)).state == "held"


async def test_another_pools_seats_are_not_found(session: AsyncSession, worker: Worker) -> None:
    """The seat exists and is free; the worker's project does not take part in its pool."""
    elsewhere = await a_pool(session, await a_project(session))
    shift = await a_shift(session, elsewhere)
    await refused(session, NotFound, claim_seat(session, worker.asker, shift.lead, NOW))
    await refused(session, NotFound, claim_seat(session, worker.asker, new_id(), NOW))


async def test_who_has_no_handle_in_the_pool_finds_no_seat(
    session: AsyncSession, pool: ExamplePool, shift: Planned
) -> None:
    newcomer = await a_person(session, pool.coordinator.project_id, "worker")
    await refused(session, NotFound, claim_seat(session, newcomer, shift.lead, NOW))


async def test_a_token_that_reads_only_changes_nothing(
    session: AsyncSession, shift: Planned, worker: Worker
) -> None:
    reader = replace(worker.asker, scopes=frozenset({"read"}))
    await refused(session, NotAllowed, claim_seat(session, reader, shift.lead, NOW))
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    await refused(session, NotAllowed, release_claim(session, reader, claim.id, NOW))


async def test_a_coordinator_assigns_and_releases_workers_of_the_own_project(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    claim = await claim_seat(session, pool.coordinator, shift.lead, NOW, worker=worker.display)
    kept = await claim_now(session, claim.id)
    assert (kept.handle_id, kept.state, kept.origin) == (worker.handle, "held", "coordinator")
    await release_claim(session, pool.coordinator, claim.id, LATER)
    assert (await claim_now(session, claim.id)).state == "released"


async def test_another_projects_worker_is_not_found(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    """Both projects are in the pool, and the handle is on its board."""
    stranger = await a_project(session)
    await join_pool(session, stranger, pool.id, SHARE, NOW)
    await refused(
        session, NotFound, claim_seat(session, stranger, shift.lead, NOW, worker=worker.display)
    )
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    await refused(session, NotFound, release_claim(session, stranger, claim.id, NOW))


async def test_workers_neither_assign_nor_release_colleagues(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    colleague = await a_worker(session, pool.id, pool.coordinator)
    await refused(
        session,
        NotAllowed,
        claim_seat(session, colleague.asker, shift.lead, NOW, worker=worker.display),
    )
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    await refused(session, NotFound, release_claim(session, colleague.asker, claim.id, NOW))


async def test_an_assignment_runs_both_halves(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    """Bug 8: the second path skips no check."""
    other = await a_shift(session, pool, TUESDAY_19 + timedelta(hours=1))
    await claim_seat(session, worker.asker, other.lead, NOW)
    assert await refused(
        session,
        ClaimRefused,
        claim_seat(session, pool.coordinator, shift.lead, NOW, worker=worker.display),
    ) == ["double-booked"]


async def test_on_call_books_the_session_without_its_meetings(
    session: AsyncSession, pool: ExamplePool, shift: Planned
) -> None:
    supervisor = await a_worker(session, pool.id, pool.coordinator, "supervisor")
    await claim_seat(session, supervisor.asker, shift.seats["supervisor"], NOW)
    during = Range(TUESDAY_19, TUESDAY_19 + timedelta(hours=2))
    assert await bookings(session, supervisor.id) == [(during, True, True)]


async def test_on_call_at_once_as_often_as_the_pool_allows(session: AsyncSession) -> None:
    coordinator = await a_project(session)
    pool = await a_pool(session, coordinator, at_once=2)
    supervisor = await a_worker(session, pool.id, coordinator, "supervisor")
    shifts = [await a_shift(session, pool) for _ in range(3)]
    for shift in shifts[:2]:
        await claim_seat(session, supervisor.asker, shift.seats["supervisor"], NOW)
    assert await refused(
        session,
        ClaimRefused,
        claim_seat(session, supervisor.asker, shifts[2].seats["supervisor"], NOW),
    ) == ["on-call-full"]


async def test_bug_1_a_weekly_shift_over_the_clock_change_is_booked_in_true_time(
    session: AsyncSession, pool: ExamplePool
) -> None:
    starts = datetime(2027, 10, 30, 22, tzinfo=UTC)
    night = await a_shift(session, pool, starts, 5, trainings=[])
    worker = await a_worker(session, pool.id, pool.coordinator, hours_per_week=5.5)
    tired = await a_worker(session, pool.id, pool.coordinator, hours_per_week=5.25)
    assert await refused(
        session, ClaimRefused, claim_seat(session, tired.asker, night.lead, NOW)
    ) == ["week-full"]
    claim: Claim = await claim_seat(session, worker.asker, night.lead, NOW)
    assert claim.state == "held"
