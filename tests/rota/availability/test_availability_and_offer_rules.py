from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound, Refusal
from rota.availability.actions import set_availability
from rota.availability.errors import WrongSpan, WrongWish
from rota.availability.queries import calendars
from rota.availability.rules import Calendar, Weekly, Window, covering, windows
from rota.bookings.rules import Stay
from rota.leave.actions import enter_leave
from rota.offers.rules import DraftedShift, can_take
from rota.passport.actions import attest_training
from rota.passport.models import Training
from rota.shifts.errors import UnknownZone
from tests.rota.world import NOW, a_person, a_project, everything

EVENINGS = Weekly(1, time(17), 300, "Europe/London", 2)


def at(day: int, hour: float, month: int = 1) -> datetime:
    """January 2027: the 5th is a Tuesday, London is on UTC."""
    return datetime(2027, month, day, tzinfo=UTC) + timedelta(hours=hour)


def window(begins: float, ends: float, preference: int = 1) -> Window:
    return Window(at(5, begins), at(5, ends), preference)


def test_a_weekly_time_is_meant_in_its_own_zone_on_each_day() -> None:
    assert windows([EVENINGS], date(2027, 3, 23), date(2027, 3, 31)) == [
        Window(at(23, 17, 3), at(23, 22, 3), 2),
        Window(at(30, 16, 3), at(30, 21, 3), 2),
    ]


def test_on_the_day_of_a_clock_change_both_ends_are_what_the_wall_shows() -> None:
    nights = Weekly(5, time(22), 480, "Europe/London", 1)
    assert windows([nights], date(2027, 10, 30), date(2027, 10, 30)) == [
        Window(at(30, 21, 10), at(31, 6, 10), 1)
    ]


@pytest.mark.parametrize(
    ("spans", "preference"),
    [
        ([], None),
        ([window(19, 21)], 1),
        ([window(18, 20, 2), window(20, 22, 0)], 0),
        ([window(20, 22, 0), window(18, 20, 2)], 0),
        ([window(18, 20), window(20.25, 22)], None),
        ([window(18, 20.9)], None),
        ([window(19.1, 22)], None),
        # what does not count for this time is not asked
        ([window(10, 12, 0), window(18, 22, 2)], 2),
    ],
)
def test_touching_windows_join_and_the_lowest_wish_counts(
    spans: list[Window], preference: int | None
) -> None:
    assert covering(spans, at(5, 19), at(5, 21)) == preference


quarters = st.integers(0, 40)


@given(st.lists(st.tuples(quarters, quarters, st.integers(0, 2)), max_size=6), quarters, quarters)
def test_covering_is_as_quarter_by_quarter(
    spans: list[tuple[int, int, int]], begins: int, length: int
) -> None:
    made = [window(min(a, b) / 4, max(a, b) / 4, wish) for a, b, wish in spans if a != b]
    ends = begins + length + 1
    covered = all(
        any(one.begins <= at(5, quarter / 4) < one.ends for one in made)
        for quarter in range(begins, ends)
    )
    found = covering(made, at(5, begins / 4), at(5, ends / 4))
    assert (found is not None) == covered


SHIFT = DraftedShift(at(5, 19), at(5, 21), "Europe/London", 15, 15, ("core",))
CORE = ("core", date(2026, 6, 1), date(2027, 1, 5))


def free(begins: float = 18, ends: float = 22, preference: int = 2) -> Calendar:
    return Calendar(available=[window(begins, ends, preference)], trainings=[CORE])


@pytest.mark.parametrize(
    ("roles", "calendar", "preference"),
    [
        (["worker"], free(), 2),
        (["worker"], free(18.75, 21.25, 0), 0),
        # the meetings belong to a worker's time, not to a supervisor's
        (["worker"], free(19, 21), None),
        (["supervisor"], free(19, 21), 2),
        # with both roles an offer is good for both kinds of seat
        (["supervisor", "worker"], free(19, 21), None),
        (["supervisor", "worker"], free(), 2),
        (["coordinator"], free(), None),
        ([], free(), None),
        (["worker"], replace(free(), trainings=[]), None),
        (["worker"], replace(free(), trainings=[(*CORE[:2], date(2027, 1, 4))]), None),
        (["worker"], replace(free(), trainings=[("core", date(2027, 1, 6), CORE[2])]), None),
        (["worker"], replace(free(), away=[(at(5, 21.1), at(6, 0))]), None),
        (["supervisor"], replace(free(), away=[(at(5, 21.1), at(6, 0))]), 2),
    ],
)
def test_an_offer_is_homes_word_on_every_rule_but_limits(
    roles: list[str], calendar: Calendar, preference: int | None
) -> None:
    assert can_take(SHIFT, roles, calendar, []) == preference


@pytest.mark.parametrize(
    ("begins", "ends", "preference"), [(16, 18.75, 2), (16, 19, None), (21.25, 23, 2)]
)
def test_what_is_booked_elsewhere_is_not_offered(
    begins: float, ends: float, preference: int | None
) -> None:
    booked = [Stay(at(5, begins), at(5, ends), at(5, begins), on_call=False)]
    assert can_take(SHIFT, ["worker"], free(), booked) == preference


async def test_a_time_of_many_days_counts_in_a_period_that_begins_within_it(
    session: AsyncSession,
) -> None:
    worker = await a_person(session, (await a_project(session)).project_id, "worker")
    always = Weekly(0, time(), 7 * 24 * 60, "Europe/London", 1)
    await set_availability(session, worker, worker.person_id, [always], NOW)
    # a plan that begins on Friday, and an offer of Thursday evening on Thursday
    for begins in (at(8, 0), at(7, 12)):
        known = await calendars(session, [worker.person_id], begins, at(15, 0), NOW)
        available = known[worker.person_id].available
        assert covering(available, begins, at(15, 0)) == 1


async def refused(session: AsyncSession, kind: type[Refusal], action: Any) -> Refusal:
    before = await everything(session)
    with pytest.raises(kind) as caught:
        async with session.begin_nested():
            await action
    assert await everything(session) == before
    return caught.value


async def test_people_enter_their_own_time_and_coordinators_that_of_theirs(
    session: AsyncSession,
) -> None:
    coordinator = await a_project(session)
    worker = await a_person(session, coordinator.project_id, "worker")
    await set_availability(session, worker, worker.person_id, [EVENINGS], NOW)
    await set_availability(session, coordinator, worker.person_id, [EVENINGS], NOW)
    await enter_leave(session, worker, worker.person_id, at(6, 0), at(7, 0), NOW)
    await attest_training(session, coordinator, worker.person_id, *CORE, NOW)
    await session.flush()
    known = (await calendars(session, [worker.person_id], at(4, 0), at(11, 0), NOW))[
        worker.person_id
    ]
    assert known == Calendar(
        available=[Window(at(5, 17), at(5, 22), 2), Window(at(12, 17), at(12, 22), 2)],
        away=[(at(6, 0), at(7, 0))],
        trainings=[CORE],
    )
    verbs = await session.execute(
        select(AuditEntry.actor, AuditEntry.verb)
        .where(AuditEntry.subject_id == worker.person_id, AuditEntry.actor != "system")
        .order_by(AuditEntry.id)
    )
    assert [tuple(row) for row in verbs] == [
        (str(worker.person_id), "set-availability"),
        (str(coordinator.person_id), "set-availability"),
        (str(worker.person_id), "enter-leave"),
        (str(coordinator.person_id), "attest-training"),
    ]
    # hosts elsewhere hear of new offers, however many changes there were
    asked = await session.scalars(select(OutboxRow.key).where(OutboxRow.kind == "offers"))
    assert list(asked) == ["all"]


async def test_other_peoples_time_is_not_found(session: AsyncSession) -> None:
    coordinator, stranger = await a_project(session), await a_project(session)
    worker, colleague = [
        await a_person(session, coordinator.project_id, "worker") for _ in range(2)
    ]
    reader = replace(worker, scopes=frozenset({"read"}))
    for kind, asker in ((NotFound, stranger), (NotFound, colleague), (NotAllowed, reader)):
        for action in (
            set_availability(session, asker, worker.person_id, [], NOW),
            enter_leave(session, asker, worker.person_id, at(6, 0), at(7, 0), NOW),
            attest_training(session, asker, worker.person_id, *CORE, NOW),
        ):
            await refused(session, kind, action)
    # nobody attests their own training
    await refused(
        session, NotAllowed, attest_training(session, worker, worker.person_id, *CORE, NOW)
    )


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"weekday": 7}, ["wrong-weekday"]),
        ({"minutes": 0}, ["wrong-length"]),
        ({"minutes": 10081}, ["wrong-length"]),
        ({"preference": 3}, ["wrong-preference"]),
        ({"weekday": -1, "preference": -1}, ["wrong-weekday", "wrong-preference"]),
    ],
)
async def test_a_weekly_time_that_no_week_has_is_refused(
    session: AsyncSession, changed: dict[str, int], codes: list[str]
) -> None:
    worker = await a_project(session)
    wishes = [EVENINGS, replace(EVENINGS, **changed), replace(EVENINGS, **changed)]  # type: ignore[arg-type]  # a table of changes
    action = set_availability(session, worker, worker.person_id, wishes, NOW)
    refusal = await refused(session, WrongWish, action)
    assert [reason.code for reason in refusal.reasons] == codes


async def test_unknown_zones_and_ends_before_starts_are_refused(session: AsyncSession) -> None:
    worker = await a_project(session)
    nowhere = [replace(EVENINGS, zone="Mars/Olympus")]
    await refused(
        session, UnknownZone, set_availability(session, worker, worker.person_id, nowhere, NOW)
    )
    for ends in (at(6, 0), at(5, 0)):
        leave = enter_leave(session, worker, worker.person_id, at(6, 0), ends, NOW)
        await refused(session, WrongSpan, leave)
    training = attest_training(
        session, worker, worker.person_id, "core", date(2027, 1, 2), date(2027, 1, 1), NOW
    )
    await refused(session, WrongSpan, training)


async def test_a_training_attested_again_is_corrected(session: AsyncSession) -> None:
    coordinator = await a_project(session)
    for last in (date(2027, 6, 1), date(2027, 3, 1)):
        kept = await attest_training(
            session, coordinator, coordinator.person_id, "core", date(2027, 1, 1), last, NOW
        )
        assert kept.expires == last
    rows = await session.execute(select(Training.name, Training.issued, Training.expires))
    assert [tuple(row) for row in rows] == [("core", date(2027, 1, 1), date(2027, 3, 1))]
