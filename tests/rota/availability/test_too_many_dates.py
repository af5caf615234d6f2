from datetime import time, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from rota.availability.actions import set_dates
from rota.availability.errors import TooManyDates
from rota.availability.rules import MOST_DATED, Dated
from tests.rota.world import NOW, a_project, everything


async def test_nobody_enters_more_single_days_than_anybody_needs(session: AsyncSession) -> None:
    worker = await a_project(session)

    def days(count: int) -> list[Dated]:
        first = NOW.date() + timedelta(days=1)
        return [
            Dated(first + timedelta(days=number), time(9), 60, "Europe/London", 1)
            for number in range(count)
        ]

    assert await set_dates(session, worker, worker.person_id, days(MOST_DATED), NOW) == MOST_DATED
    before = await everything(session)
    with pytest.raises(TooManyDates):
        async with session.begin_nested():
            await set_dates(session, worker, worker.person_id, days(MOST_DATED + 1), NOW)
    assert await everything(session) == before
