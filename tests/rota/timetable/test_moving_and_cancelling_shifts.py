"""A claimed shift is moved or called off: bookings, seats, calendars and people follow."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed, NotFound, Refusal
from federation.notices.models import Notice
from federation.permissions.rules import Asker
from rota.bookings.models import Booking
from rota.leave.actions import enter_leave
from rota.shifts.changing import staffing_of_shift
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat
from rota.timetable.actions import ShiftDraft, cancel_shift, change_shift
from rota.timetable.errors import AlreadyBegun, AlreadyCancelled, WrongShift
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
    claim_now,
    everything,
    is_open,
    seat_states,
)

MEETING = timedelta(minutes=15)
LATER = timedelta(days=1, hours=1)


async def moved_draft(
    session: AsyncSession, shift_id: UUID, by: timedelta = LATER, **changed: object
) -> ShiftDraft:
    shift = await session.get_one(Shift, shift_id)
    staffing = replace(await staffing_of_shift(session, shift), **changed)  # type: ignore[arg-type]
    return ShiftDraft(starts=shift.starts + by, ends=shift.ends + by, staffing=staffing)


async def move(
    session: AsyncSession, asker: Asker, shift_id: UUID, by: timedelta = LATER, **changed: object
) -> None:
    await change_shift(
        session, asker, shift_id, await moved_draft(session, shift_id, by, **changed), NOW
    )


async def bookings(session: AsyncSession, worker: Worker) -> list[tuple[object, bool]]:
    await session.flush()
    rows = await session.execute(
        select(Booking.during, Booking.active)
        .where(Booking.person_id == worker.id)
        .order_by(Booking.id)
    )
    return [(during, active) for during, active in rows]


def taken(shift: Planned, by: timedelta = timedelta(), *, meeting: timedelta = MEETING) -> object:
    starts = shift.starts + by
    return Range(starts - meeting, starts + timedelta(hours=2) + meeting)


async def notices(session: AsyncSession, worker: Worker) -> list[tuple[str, str]]:
    rows = await session.execute(
        select(Notice.code, Notice.text).where(Notice.person_id == worker.id).order_by(Notice.id)
    )
    return [(code, text) for code, text in rows]


MOVED = (
    "shift-moved",
    (
        "There is a change in your plan on 6 January: a time was moved. "
        "Please look whether it suits you."
    ),
)
DOES_NOT_FIT = (
    "shift-moved",
    (
        "There is a change in your plan on 6 January: a time was moved, and the new one "
        "does not fit for you. The seat is free for others."
    ),
)
CALLED_OFF = ("shift-cancelled", "There is a change in your plan on 5 January: it is called off.")


async def staffed(
    session: AsyncSession, pool: ExamplePool
) -> tuple[Planned, dict[str, Worker], dict[str, UUID]]:
    """Fill all three seats of a shift with people of this node."""
    shift = await a_shift(session, pool)
    workers, claims = {}, {}
    for role in shift.seats:
        kind = "supervisor" if role == "supervisor" else "worker"
        workers[role] = await a_worker(session, pool.id, pool.coordinator, kind)
        claim = await claim_seat(session, workers[role].asker, shift.seats[role], NOW)
        claims[role] = claim.id
    assert await is_open(session, shift)
    return shift, workers, claims


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def test_bookings_of_everybody_move_with_their_shift(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, workers, claims = await staffed(session, pool)
    await move(session, pool.coordinator, shift.id)
    assert await bookings(session, workers["lead"]) == [(taken(shift, LATER), True)]
    assert await bookings(session, workers["supervisor"]) == [
        (taken(shift, LATER, meeting=timedelta()), True)
    ]
    assert [(await claim_now(session, each)).state for each in claims.values()] == ["held"] * 3
    assert await is_open(session, shift)
    assert [await notices(session, each) for each in workers.values()] == [[MOVED]] * 3


SOON = TUESDAY_19 - timedelta(hours=3)


@pytest.mark.parametrize(
    ("ahead", "by", "now", "urgent"),
    [
        (timedelta(), LATER, NOW, False),
        (timedelta(), timedelta(weeks=1), SOON, True),
        (timedelta(weeks=1), timedelta(hours=1), SOON, False),
        (timedelta(weeks=1), timedelta(weeks=-1), SOON, True),
    ],
)
async def test_a_move_from_or_to_a_time_that_is_near_waits_for_no_digest(
    session: AsyncSession,
    pool: ExamplePool,
    ahead: timedelta,
    by: timedelta,
    now: datetime,
    *,
    urgent: bool,
) -> None:
    shift = await a_shift(session, pool, TUESDAY_19 + ahead)
    worker = await a_worker(session, pool.id, pool.coordinator)
    await claim_seat(session, worker.asker, shift.lead, NOW)
    draft = await moved_draft(session, shift.id, by)
    await change_shift(session, pool.coordinator, shift.id, draft, now)
    assert await told_urgently(session, worker) == [("shift-moved", urgent)]


@pytest.mark.parametrize(("now", "urgent"), [(NOW, False), (SOON, True)])
async def test_what_is_called_off_shortly_before_is_told_at_once(
    session: AsyncSession,
    pool: ExamplePool,
    now: datetime,
    *,
    urgent: bool,
) -> None:
    shift, workers, _ = await staffed(session, pool)
    await cancel_shift(session, pool.coordinator, shift.id, now)
    for worker in workers.values():
        assert await told_urgently(session, worker) == [("shift-cancelled", urgent)]


async def told_urgently(session: AsyncSession, worker: Worker) -> list[tuple[str, bool]]:
    rows = await session.execute(
        select(Notice.code, Notice.urgent).where(Notice.person_id == worker.id)
    )
    return [(code, urgent) for code, urgent in rows]


async def test_who_cannot_come_at_the_new_time_is_free_and_the_seat_open(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, workers, claims = await staffed(session, pool)
    lead = workers["lead"]
    away = TUESDAY_19 + LATER + timedelta(hours=2)
    await enter_leave(session, lead.asker, lead.id, away, away + timedelta(hours=4), NOW)
    await move(session, pool.coordinator, shift.id)
    claim = await claim_now(session, claims["lead"])
    assert (claim.state, [each["code"] for each in claim.reasons]) == ("released", ["on-leave"])
    assert await bookings(session, lead) == [(taken(shift), False)]
    assert await seat_states(session, shift) == {
        "lead": "open",
        "second": "held",
        "supervisor": "held",
    }
    assert not await is_open(session, shift)
    assert await notices(session, lead) == [DOES_NOT_FIT]


async def test_a_small_move_may_overlap_the_old_time(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, workers, _ = await staffed(session, pool)
    await move(session, pool.coordinator, shift.id, timedelta(minutes=30))
    assert await bookings(session, workers["second"]) == [
        (taken(shift, timedelta(minutes=30)), True)
    ]
    assert await is_open(session, shift)


async def test_a_move_onto_another_seat_of_the_same_person_vacates(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, workers, claims = await staffed(session, pool)
    other = await a_shift(session, pool, TUESDAY_19 + LATER + timedelta(hours=2, minutes=15))
    await claim_seat(session, workers["second"].asker, other.lead, NOW)
    await move(session, pool.coordinator, shift.id)
    claim = await claim_now(session, claims["second"])
    assert [each["code"] for each in claim.reasons] == ["double-booked"]
    assert (await bookings(session, workers["second"]))[1] == (taken(other), True)


async def test_a_supervisor_moves_only_into_free_on_call_time(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, workers, claims = await staffed(session, pool)
    other = await a_shift(session, pool, TUESDAY_19 + LATER)
    await claim_seat(session, workers["supervisor"].asker, other.seats["supervisor"], NOW)
    await move(session, pool.coordinator, shift.id)
    claim = await claim_now(session, claims["supervisor"])
    assert claim.state == "released"
    # once by each half of the rule: the host counts by handle, home over all pools
    assert [each["code"] for each in claim.reasons] == ["on-call-full", "on-call-full"]


async def test_another_theme_or_language_asks_nobody(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, workers, _ = await staffed(session, pool)
    await move(
        session, pool.coordinator, shift.id, timedelta(), theme="Tax", languages=("en", "ro")
    )
    kept = await session.get_one(Shift, shift.id, populate_existing=True)
    assert (kept.theme, kept.languages, kept.open) == ("Tax", ["en", "ro"], False)
    assert set((await seat_states(session, shift)).values()) == {"held"}
    assert [code for code, _ in await notices(session, workers["lead"])] == ["shift-closed"]


async def test_a_longer_briefing_is_asked_about_too(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, workers, claims = await staffed(session, pool)
    lead = workers["lead"]
    begins = TUESDAY_19 - timedelta(hours=2)
    await enter_leave(
        session, lead.asker, lead.id, begins, begins + timedelta(hours=1, minutes=30), NOW
    )
    await move(session, pool.coordinator, shift.id, timedelta(), briefing_minutes=45)
    assert (await claim_now(session, claims["lead"])).state == "released"
    assert (await claim_now(session, claims["second"])).state == "held"


async def test_a_cancelled_shift_frees_everybody_and_tells_them(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, workers, claims = await staffed(session, pool)
    await cancel_shift(session, pool.coordinator, shift.id, NOW)
    assert [(await claim_now(session, each)).state for each in claims.values()] == ["released"] * 3
    assert await bookings(session, workers["lead"]) == [(taken(shift), False)]
    assert [await notices(session, each) for each in workers.values()] == [[CALLED_OFF]] * 3
    assert not await is_open(session, shift)
    with pytest.raises(AlreadyCancelled):
        await cancel_shift(session, pool.coordinator, shift.id, NOW)


async def test_what_has_begun_or_cannot_be_is_refused_and_leaves_nothing(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, _, _ = await staffed(session, pool)
    draft = await moved_draft(session, shift.id)
    past = await moved_draft(session, shift.id, -timedelta(days=2))
    fewer = await moved_draft(session, shift.id, minimum_workers=1)
    before = await everything(session)
    during = TUESDAY_19 + timedelta(minutes=1)
    refused: list[tuple[ShiftDraft, object, type[Refusal]]] = [
        (draft, during, AlreadyBegun),
        (past, NOW, WrongShift),
        (fewer, NOW, WrongShift),
    ]
    for wanted, now, refusal in refused:
        with pytest.raises(refusal):
            await change_shift(session, pool.coordinator, shift.id, wanted, now)  # type: ignore[arg-type]
        session.expire_all()
    with pytest.raises(AlreadyBegun):
        await cancel_shift(session, pool.coordinator, shift.id, during)
    assert await everything(session) == before


async def test_only_coordinators_of_the_pool_move_and_cancel(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, workers, _ = await staffed(session, pool)
    stranger = await a_project(session)
    reader = Asker(
        pool.coordinator.person_id,
        pool.coordinator.project_id,
        frozenset({"coordinator"}),
        frozenset({"read"}),
    )
    draft = await moved_draft(session, shift.id)
    before = await everything(session)
    refused: list[tuple[Asker, type[Refusal]]] = [
        (workers["lead"].asker, NotAllowed),
        (stranger, NotFound),
        (reader, NotAllowed),
    ]
    for asker, refusal in refused:
        with pytest.raises(refusal):
            await change_shift(session, asker, shift.id, draft, NOW)
        with pytest.raises(refusal):
            await cancel_shift(session, asker, shift.id, NOW)
    assert await everything(session) == before
