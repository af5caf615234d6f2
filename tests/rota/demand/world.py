"""Sessions that were held and counted, and a look at what demand is read from them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker
from federation.pools.models import Pool
from rota.demand.queries import Choice, Demand, demand
from rota.demand.rules.estimates import Seen
from rota.records.actions import keep_record
from rota.records.rules.drafts import Contact
from rota.shifts.actions import generate_shifts, make_pattern
from rota.shifts.models import Shift
from rota.shifts.rules.patterns import Timing
from rota.shifts.rules.staffing import Staffing
from rota.sign_up.actions import claim_seat
from tests.rota.records.world import done
from tests.rota.world import TUESDAY_19, ExamplePool, Worker, a_shift

LATER = datetime(2027, 2, 1, 12, tzinfo=UTC)
FIRST = date(2027, 1, 4)
WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)
YEAR = Choice(52)
WEDNESDAY_10 = TUESDAY_19 + timedelta(hours=15)


async def held(
    session: AsyncSession,
    pool: ExamplePool,
    worker: Worker,
    contacts: Sequence[Contact],
    starts: datetime = TUESDAY_19,
    *,
    is_open: bool = True,
    channel: UUID | None = None,
) -> UUID:
    """Let somebody hold a session of two hours and count it."""
    shift = await a_shift(session, pool, starts, channel_id=channel or pool.channel)
    await claim_seat(session, worker.asker, shift.lead, starts - timedelta(days=1))
    (await session.get_one(Shift, shift.id)).open = is_open
    await session.flush()
    await keep_record(session, worker.asker, shift.id, done(*contacts), starts + 2 * HOUR)
    return shift.id


async def seen(
    session: AsyncSession, pool: ExamplePool, choice: Choice = YEAR, asker: Asker | None = None
) -> Demand:
    row = await session.get_one(Pool, pool.id)
    return await demand(session, asker or pool.coordinator, row, choice, LATER)


def hours(found: Demand) -> dict[int, Seen]:
    return {hour: one.seen for hour, one in enumerate(found.hours) if one.seen != Seen()}


async def a_series(session: AsyncSession, pool: ExamplePool) -> UUID:
    pattern_id = await make_pattern(
        session,
        pool.coordinator,
        pool_id=pool.id,
        channel_id=pool.channel,
        series="Tuesday evening",
        timing=Timing(
            weekday=1, starts=time(19), minutes=90, zone="Europe/London", first_day=LATER.date()
        ),
        staffing=Staffing(seats=("lead", "second", "supervisor"), languages=("en",)),
        now=LATER,
    )
    await generate_shifts(
        session, pool.coordinator, pattern_id, LATER.date() + timedelta(weeks=3), LATER
    )
    return pattern_id
