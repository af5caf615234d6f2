"""A series is changed or called off on one connection while somebody takes a seat on another."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.ids import new_id
from database.session import door
from federation.errors import Refusal
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.shifts.actions import generate_shifts, make_pattern
from rota.shifts.models import Seat, Shift, ShiftPattern
from rota.shifts.rules.patterns import Timing
from rota.shifts.rules.staffing import Staffing
from rota.sign_up.actions import claim_seat
from rota.sign_up.proposals import decide_proposal, propose
from rota.timetable.changes import change_series, end_series
from rota.timetable.series import Wanted
from tests.locks import until_somebody_waits
from tests.rota.worked_off import work_off
from tests.rota.world import NOW, ExamplePool, Worker, a_pool, a_project, a_worker

Act = Callable[[AsyncSession], Awaitable[Any]]

TUESDAYS = Timing(
    weekday=1, starts=time(19), minutes=120, zone="Europe/London", first_day=date(2027, 1, 5)
)
LATER = replace(TUESDAYS, starts=time(20))
LATEST = replace(TUESDAYS, starts=time(21))
PAIR = Staffing(seats=("lead", "second", "supervisor"), languages=("en",))
SECOND_WEEK = date(2027, 1, 12)
AS_IT_WAS, MOVED, ONCE_MORE = (datetime(2027, 1, 12, hour, tzinfo=UTC) for hour in (19, 20, 21))


@dataclass(frozen=True)
class Series:
    """A weekly session of which a worker is about to take the lead of the second week."""

    engine: AsyncEngine
    pool: ExamplePool
    worker: Worker
    pattern: UUID
    lead: UUID
    claim: UUID

    async def claims(self, session: AsyncSession) -> None:
        await claim_seat(session, self.worker.asker, self.lead, NOW)

    async def says_yes(self, session: AsyncSession) -> None:
        await decide_proposal(session, self.claim, NOW)

    async def changes_this_and_later(self, session: AsyncSession) -> None:
        await self._changes(session, SECOND_WEEK)

    async def changes_all(self, session: AsyncSession) -> None:
        await self._changes(session, None)

    async def _changes(self, session: AsyncSession, since: date | None) -> None:
        wanted = Wanted(LATER, PAIR, since)
        await change_series(session, self.pool.coordinator, self.pattern, wanted, NOW)

    async def changes_once_more(self, session: AsyncSession) -> None:
        wanted = Wanted(LATEST, PAIR, SECOND_WEEK)
        await change_series(session, self.pool.coordinator, self.pattern, wanted, NOW)

    async def calls_off(self, session: AsyncSession) -> None:
        await end_series(session, self.pool.coordinator, self.pattern, None, NOW)

    async def stands(self) -> tuple[datetime | None, str | None, str, datetime | None]:
        """Work off what follows; give the shift's start, claim's and seat's state, time kept."""
        async with door(self.engine) as session:
            await work_off(session, NOW)
            shift, seat = (
                await session.execute(
                    select(Shift, Seat)
                    .join(Seat, Seat.shift_id == Shift.id)
                    .where(Seat.id == self.lead)
                )
            ).one()
            claim = await session.scalar(select(Claim.state).where(Claim.seat_id == self.lead))
            booked = await session.scalar(
                select(Booking.during).where(Booking.person_id == self.worker.id, Booking.active)
            )
            starts = None if shift.cancelled_at else shift.starts
            return starts, claim, seat.state, booked.lower if booked else None


@pytest.fixture
async def series(committing_engine: AsyncEngine) -> Series:
    async with door(committing_engine) as session:
        pool = await a_pool(session, await a_project(session))
        worker = await a_worker(session, pool.id, pool.coordinator)
        pattern = await make_pattern(
            session,
            pool.coordinator,
            pool_id=pool.id,
            channel_id=pool.channel,
            series="tuesday evening",
            timing=TUESDAYS,
            staffing=PAIR,
            now=NOW,
        )
        until = SECOND_WEEK + timedelta(weeks=1)
        made = await generate_shifts(session, pool.coordinator, pattern, until, NOW)
        lead = await session.scalar(
            select(Seat.id).where(Seat.shift_id == made.shifts[1], Seat.role == "lead")
        )
        assert lead is not None
    return Series(committing_engine, pool, worker, pattern, lead, new_id())


async def outcome(engine: AsyncEngine, act: Act) -> str:
    try:
        async with door(engine) as session:
            await act(session)
    except Refusal as refusal:
        return ",".join(reason.code for reason in refusal.reasons) or refusal.code
    return "done"


async def while_waiting(engine: AsyncEngine, first: Act, second: Act) -> str:
    """Commit the first only when the second waits for it; gives what became of the second."""
    async with door(engine) as session:
        await first(session)
        waiting = asyncio.create_task(outcome(engine, second))
        await until_somebody_waits(engine)
    return await waiting


EDITS = ("changes_this_and_later", "changes_all")


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("edit_first", [True, False], ids=["edit first", "claim first"])
async def test_a_claim_against_a_changed_series_holds_the_seat_at_the_new_time(
    series: Series, edit: str, *, edit_first: bool
) -> None:
    acts: list[Act] = [getattr(series, edit), series.claims]
    first, second = acts if edit_first else reversed(acts)
    assert await while_waiting(series.engine, first, second) == "done"
    assert await series.stands() == (MOVED, "held", "held", MOVED)


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("edit_first", [True, False], ids=["edit first", "yes first"])
async def test_a_yes_against_a_changed_series_is_one_to_the_new_time(
    series: Series, edit: str, *, edit_first: bool
) -> None:
    await proposed(series)
    acts: list[Act] = [getattr(series, edit), series.says_yes]
    first, second = acts if edit_first else reversed(acts)
    assert await while_waiting(series.engine, first, second) == "done"
    assert await series.stands() == (MOVED, "held", "held", MOVED)


@pytest.mark.parametrize("edit_first", [True, False], ids=["edit first", "claim first"])
async def test_a_claim_against_a_series_that_is_called_off_leaves_nothing_behind(
    series: Series, *, edit_first: bool
) -> None:
    acts: list[Act] = [series.calls_off, series.claims]
    first, second = acts if edit_first else reversed(acts)
    said = await while_waiting(series.engine, first, second)
    assert said == ("shift-cancelled" if edit_first else "done")
    claim = None if edit_first else "released"
    assert await series.stands() == (None, claim, "open", None)


@pytest.mark.parametrize("edit_first", [True, False], ids=["edit first", "yes first"])
async def test_a_yes_against_a_series_that_is_called_off_leaves_nothing_behind(
    series: Series, *, edit_first: bool
) -> None:
    await proposed(series)
    acts: list[Act] = [series.calls_off, series.says_yes]
    first, second = acts if edit_first else reversed(acts)
    assert await while_waiting(series.engine, first, second) == "done"
    assert await series.stands() == (None, "released", "open", None)


@pytest.mark.parametrize("edit", EDITS)
async def test_who_changes_a_series_that_is_just_changed_changes_what_holds_then(
    series: Series, edit: str
) -> None:
    first: Act = getattr(series, edit)
    assert await while_waiting(series.engine, first, series.changes_once_more) == "done"
    assert await series.stands() == (ONCE_MORE, None, "open", None)
    async with door(series.engine) as session:
        rows = await session.execute(
            select(ShiftPattern.starts).where(
                ShiftPattern.ended_at.is_(None), ShiftPattern.successor_id.is_(None)
            )
        )
        assert rows.scalars().all() == [time(21)]


@pytest.mark.parametrize("edit", EDITS)
async def test_who_calls_off_a_series_that_is_just_changed_calls_off_what_holds_then(
    series: Series, edit: str
) -> None:
    first: Act = getattr(series, edit)
    assert await while_waiting(series.engine, first, series.calls_off) == "done"
    assert await series.stands() == (None, None, "open", None)
    async with door(series.engine) as session:
        stands = select(Shift.starts).where(Shift.cancelled_at.is_(None), Shift.starts > NOW)
        assert (await session.scalars(stands)).all() == []


async def proposed(series: Series) -> None:
    async with door(series.engine) as session:
        await propose(session, series.claim, series.lead, series.worker.handle, NOW, origin="plan")
