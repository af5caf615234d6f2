"""Which days are over is decided where the time was entered, not in Greenwich."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rota.availability.actions import copy_last_month, set_dates
from rota.availability.models import DatedWindow
from rota.availability.rules import Dated
from tests.rota.world import NOW, a_person, a_project

MONDAY_IN_JANUARY, MONDAY_IN_FEBRUARY = date(2027, 1, 4), date(2027, 2, 1)


@pytest.mark.parametrize(
    ("zone", "now", "copied"),
    [
        ("America/New_York", datetime(2027, 2, 2, 2, tzinfo=UTC), [MONDAY_IN_FEBRUARY]),
        ("America/New_York", datetime(2027, 2, 2, 6, tzinfo=UTC), []),
        ("Pacific/Auckland", datetime(2027, 2, 1, 10, tzinfo=UTC), [MONDAY_IN_FEBRUARY]),
        ("Pacific/Auckland", datetime(2027, 2, 1, 12, tzinfo=UTC), []),
    ],
)
async def test_a_copied_month_begins_with_the_day_that_it_is_there(
    session: AsyncSession, zone: str, now: datetime, copied: list[date]
) -> None:
    coordinator = await a_project(session)
    worker = await a_person(session, coordinator.project_id, "worker")
    had = Dated(MONDAY_IN_JANUARY, time(23), 60, zone, 1)
    await set_dates(session, worker, worker.person_id, [had], NOW)
    added = await copy_last_month(session, worker, worker.person_id, MONDAY_IN_FEBRUARY, now)
    kept = await session.scalars(
        select(DatedWindow.day).where(
            DatedWindow.person_id == worker.person_id, DatedWindow.day > MONDAY_IN_JANUARY
        )
    )
    assert (added, list(kept)) == (len(copied), copied)
