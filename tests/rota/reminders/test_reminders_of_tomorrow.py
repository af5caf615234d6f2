"""Reminders follow the seats as they are held in the end, on the clock of the person."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.notices.models import Notice
from federation.notices.preferences.actions import choose_words_and_clock
from federation.people.actions import let_go
from federation.people.models import Person
from federation.people.rules import OPERATOR
from rota.bookings.actions import free
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.reminders.actions import remind
from rota.reminders.rules import Held, Turn, has_tomorrow, turn
from tests.rota.world import NOW, TUESDAY_19, Worker, a_pool, a_project, a_shift, a_worker

LONDON, BUCHAREST = ZoneInfo("Europe/London"), ZoneInfo("Europe/Bucharest")
SIX = datetime(2027, 1, 4, 18, tzinfo=UTC)


@pytest.fixture
async def holder(session: AsyncSession) -> tuple[Worker, Claim]:
    """Give somebody a seat on Tuesday at seven, taken on Monday at noon."""
    coordinator = await a_project(session)
    pool = await a_pool(session, coordinator)
    worker = await a_worker(session, pool.id, coordinator)
    shift = await a_shift(session, pool, TUESDAY_19)
    claim = Claim(
        seat_id=shift.lead,
        handle_id=worker.handle,
        state="held",
        origin="worker",
        decided_here=True,
        answer_by=NOW,
        made_at=NOW,
        reasons=[],
    )
    session.add(claim)
    await session.flush()
    booking = new_id()
    session.add(
        Booking(
            id=booking,
            person_id=worker.id,
            claim_id=claim.id,
            during=Range(TUESDAY_19 - timedelta(minutes=15), TUESDAY_19 + timedelta(hours=2)),
            on_call=False,
            exchange_id=booking,
        )
    )
    await session.flush()
    return worker, claim


async def wants(session: AsyncSession, worker: Worker, zone: str | None = None) -> None:
    await choose_words_and_clock(
        session,
        worker.asker,
        language=None,
        zone=zone,
        reminders=True,
        reminder_at=time(18),
        now=NOW,
    )


async def reminders(session: AsyncSession, worker: Worker) -> list[tuple[str, bool]]:
    rows = await session.execute(
        select(Notice.text, Notice.seen_at.is_(None))
        .where(Notice.person_id == worker.id, Notice.code == "reminder")
        .order_by(Notice.id)
    )
    return [(text, unseen) for text, unseen in rows]


SAID = "There is something in your plan tomorrow."


async def test_who_wants_it_is_reminded_once(
    session: AsyncSession, holder: tuple[Worker, Claim]
) -> None:
    worker, _ = holder
    await remind(session, SIX)
    assert await reminders(session, worker) == []
    await wants(session, worker)
    await remind(session, SIX - timedelta(seconds=1))
    assert await reminders(session, worker) == []
    for minutes in (0, 5, 10):
        await remind(session, SIX + timedelta(minutes=minutes))
    assert await reminders(session, worker) == [(SAID, True)]
    await remind(session, SIX + timedelta(days=1))
    assert await reminders(session, worker) == [(SAID, True)]


async def test_six_o_clock_is_that_of_the_persons_own_clock(
    session: AsyncSession, holder: tuple[Worker, Claim]
) -> None:
    worker, _ = holder
    await wants(session, worker, "Europe/Bucharest")
    await remind(session, SIX - timedelta(hours=2, seconds=1))
    assert await reminders(session, worker) == []
    await remind(session, SIX - timedelta(hours=2))
    assert await reminders(session, worker) == [(SAID, True)]


async def test_without_a_wish_it_is_the_clock_of_where_one_lives(
    session: AsyncSession, holder: tuple[Worker, Claim]
) -> None:
    worker, _ = holder
    await wants(session, worker)
    lives = update(Person).where(Person.id == worker.id).values(zone="Europe/Bucharest")
    await session.execute(lives)
    await remind(session, SIX - timedelta(hours=2, seconds=1))
    assert await reminders(session, worker) == []
    await remind(session, SIX - timedelta(hours=2))
    assert await reminders(session, worker) == [(SAID, True)]


async def test_a_seat_that_is_given_back_takes_its_reminder_with_it(
    session: AsyncSession, holder: tuple[Worker, Claim]
) -> None:
    worker, claim = holder
    await wants(session, worker)
    await remind(session, SIX)
    claim.state, claim.ended_at = "released", SIX
    await free(session, claim.id)
    await session.flush()
    await remind(session, SIX + timedelta(minutes=5))
    assert await reminders(session, worker) == [(SAID, False)]


async def test_a_seat_that_is_moved_moves_its_reminder(
    session: AsyncSession, holder: tuple[Worker, Claim]
) -> None:
    worker, claim = holder
    await wants(session, worker)
    later = TUESDAY_19 + timedelta(days=1)
    moved = Range(later - timedelta(minutes=15), later + timedelta(hours=2))
    mine = Booking.claim_id == claim.id
    await session.execute(update(Booking).where(mine).values(during=moved))
    await remind(session, SIX)
    assert await reminders(session, worker) == []
    await remind(session, SIX + timedelta(days=1))
    assert await reminders(session, worker) == [(SAID, True)]


async def test_who_has_left_or_no_longer_wants_it_is_not_reminded(
    session: AsyncSession, holder: tuple[Worker, Claim]
) -> None:
    worker, _ = holder
    await wants(session, worker)
    await let_go(session, OPERATOR, person_id=worker.id, now=NOW)
    await remind(session, SIX)
    assert await reminders(session, worker) == []


async def test_a_question_that_waits_for_its_answer_is_no_plan(
    session: AsyncSession, holder: tuple[Worker, Claim]
) -> None:
    worker, claim = holder
    await wants(session, worker)
    claim.state = "requested"
    await session.flush()
    await remind(session, SIX)
    assert await reminders(session, worker) == []


def test_the_turn_comes_at_the_chosen_hour_also_when_the_clock_changes() -> None:
    before = datetime(2027, 3, 28, 16, 59, tzinfo=UTC)
    assert turn(before, LONDON, time(18)) is None
    six = before + timedelta(minutes=1)
    assert turn(six, LONDON, time(18)) == Turn(datetime(2027, 3, 29).date(), six)  # noqa: DTZ001 -- a day


def test_tomorrow_is_the_persons_tomorrow_and_what_was_just_taken_is_known() -> None:
    due = Turn(datetime(2027, 1, 5).date(), SIX)  # noqa: DTZ001 -- a day
    midnight = datetime(2027, 1, 5, 22, 30, tzinfo=UTC)
    seat = Held(midnight, NOW)
    assert has_tomorrow(due, LONDON, [seat])
    assert not has_tomorrow(due, BUCHAREST, [seat])
    assert not has_tomorrow(due, LONDON, [Held(midnight, SIX)])
    assert not has_tomorrow(due, LONDON, [])
