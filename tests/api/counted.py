"""A session that was held and counted some weeks ago, by the clock that requests are judged by."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from api.parts import current_time
from database.session import door
from federation.permissions.rules import Asker
from rota.coverage.rules import week_of
from rota.records.actions import keep_record
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat
from tests.rota.records.world import done, talk, turned_away
from tests.rota.world import ExamplePool, a_shift

WEEK = timedelta(weeks=1)


def this_monday() -> date:
    return week_of(current_time(), "Europe/London")


async def count_a_tuesday(engine: AsyncEngine, pool: ExamplePool, worker: Asker) -> None:
    """Let a worker have led the open session of a Tuesday two weeks ago, from 19 on.

    They have talked with two in English, and turned away somebody who wrote in Romanian.
    """
    day = this_monday() - 2 * WEEK + timedelta(days=1)
    starts = datetime.combine(day, time(19), ZoneInfo("Europe/London"))
    async with door(engine) as session:
        shift = await a_shift(session, pool, starts, trainings=[])
        await claim_seat(session, worker, shift.lead, starts - timedelta(days=1))
        (await session.get_one(Shift, shift.id)).open = True
        contacts = [talk(at=starts), talk(at=starts), turned_away(at=starts)]
        await session.flush()
        await keep_record(session, worker, shift.id, done(*contacts), starts + timedelta(hours=2))
