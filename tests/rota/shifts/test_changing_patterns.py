from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from rota.shifts.actions import change_pattern, generate_shifts, make_pattern
from rota.shifts.errors import PastIsKept
from rota.shifts.models import Seat, Shift, ShiftPattern
from rota.shifts.rules.patterns import Weekly
from rota.shifts.rules.staffing import Staffing
from tests.rota.example_rota import ExampleRota, example_rota

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
UNTIL = date(2027, 4, 14)
SINCE = date(2027, 3, 10)
BEFORE = Weekly(
    weekday=1, starts=time(19), minutes=120, zone="Europe/London", first_day=date(2027, 3, 1)
)
AFTER = replace(BEFORE, starts=time(20), first_day=SINCE)
PAIR = Staffing(seats=("lead", "second", "supervisor"), languages=("en",))


async def furnish(rota: ExampleRota) -> tuple[Asker, UUID, list[UUID]]:
    asker = rota.coordinator(new_id())
    pattern_id = await make_pattern(
        rota.session,
        asker,
        pool_id=rota.pool.id,
        channel_id=rota.chat.id,
        series="tue",
        weekly=BEFORE,
        staffing=PAIR,
        now=NOW,
    )
    made = await generate_shifts(rota.session, asker, pattern_id, UNTIL, NOW)
    return asker, pattern_id, list(made.shifts)


async def test_past_stays_exceptions_survive_and_no_day_is_doubled(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    asker, pattern_id, shifts = await furnish(rota)
    _, _, held, moved, called_off, *free = shifts
    await session.execute(update(Seat).where(Seat.shift_id == held).values(state="held"))
    (await session.get_one(Shift, moved)).starts += timedelta(hours=1)
    (await session.get_one(Shift, called_off)).cancelled_at = NOW
    await session.flush()
    split = await change_pattern(session, asker, pattern_id, AFTER, PAIR, NOW)
    assert set(split.kept) == {held, moved, called_off}
    assert set(split.cancelled) == set(free)
    await generate_shifts(session, asker, split.pattern_id, UNTIL, NOW)
    await generate_shifts(session, asker, pattern_id, UNTIL, NOW)
    assert await standing(session) == [
        datetime(2027, 3, 2, 19, tzinfo=UTC),
        datetime(2027, 3, 9, 19, tzinfo=UTC),
        datetime(2027, 3, 16, 19, tzinfo=UTC),
        datetime(2027, 3, 23, 20, tzinfo=UTC),
        datetime(2027, 4, 6, 19, tzinfo=UTC),
        datetime(2027, 4, 13, 19, tzinfo=UTC),
    ]
    old = await session.get_one(ShiftPattern, pattern_id)
    assert (old.starts, old.last_day) == (time(19), date(2027, 3, 9))


async def standing(session: AsyncSession) -> list[datetime]:
    found = await session.scalars(
        select(Shift.starts).where(Shift.cancelled_at.is_(None)).order_by(Shift.starts)
    )
    return list(found)


@pytest.mark.parametrize("since", [NOW.date(), date(2027, 2, 1)])
async def test_what_has_begun_is_not_rewritten(session: AsyncSession, since: date) -> None:
    rota = await example_rota(session, now=NOW)
    asker, pattern_id, shifts = await furnish(rota)
    weekly = replace(AFTER, first_day=since)
    with pytest.raises(PastIsKept):
        await change_pattern(session, asker, pattern_id, weekly, PAIR, NOW)
    assert len(await standing(session)) == len(shifts)


async def test_pattern_is_changed_only_by_its_pools_coordinators(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    _, pattern_id, shifts = await furnish(rota)
    stranger = Asker(new_id(), new_id(), frozenset({"coordinator"}))
    worker = Asker(new_id(), rota.project.id, frozenset({"worker"}))
    for asker, refusal in ((stranger, NotFound), (worker, NotAllowed)):
        with pytest.raises(refusal):
            await change_pattern(session, asker, pattern_id, AFTER, PAIR, NOW)
    assert len(await standing(session)) == len(shifts)
