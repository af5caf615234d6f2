from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from federation.pools.models import Pool
from rota.shifts.actions import make_pattern
from rota.shifts.rules.patterns import Timing
from rota.shifts.rules.staffing import Staffing
from rota.timetable.queries import live_patterns, patterns_of
from tests.rota.world import NOW, a_pool, a_project

TUESDAY = date(2027, 1, 5)
ENDS_ON_TUESDAY = Timing(
    weekday=1,
    starts=time(23),
    minutes=30,
    zone="Europe/London",
    first_day=TUESDAY,
    last_day=TUESDAY,
)
PAIR = Staffing(seats=("lead", "second", "supervisor"), languages=("en",))


@pytest.mark.parametrize(
    ("zone", "now", "lives"),
    [
        ("America/New_York", datetime(2027, 1, 6, 3, tzinfo=UTC), True),
        ("America/New_York", datetime(2027, 1, 6, 5, tzinfo=UTC), False),
        ("Pacific/Auckland", datetime(2027, 1, 5, 10, tzinfo=UTC), True),
        ("Pacific/Auckland", datetime(2027, 1, 5, 11, tzinfo=UTC), False),
    ],
)
async def test_a_series_lives_to_the_end_of_its_last_day_on_its_own_clock(
    session: AsyncSession, zone: str, now: datetime, *, lives: bool
) -> None:
    pool = await a_pool(session, await a_project(session))
    pattern = await make_pattern(
        session,
        pool.coordinator,
        pool_id=pool.id,
        channel_id=pool.channel,
        series="tuesday night",
        timing=replace(ENDS_ON_TUESDAY, zone=zone),
        staffing=PAIR,
        now=NOW,
    )
    shown = await patterns_of(session, await session.get_one(Pool, pool.id), now)
    assert [each.id for each, _ in shown] == ([pattern] if lives else [])
    assert (pattern in await live_patterns(session, now)) is lives
