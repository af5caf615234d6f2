"""Demand reads old tables as it reads records: who wrote, and for how long somebody was there."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from federation.pools.models import Pool
from rota.demand.queries import Choice
from rota.demand.rules.estimates import Seen
from rota.record_imports.actions import take_back
from rota.record_imports.queries import imports_of
from tests.rota.demand.world import hours, seen
from tests.rota.record_imports.world import LATER, taken
from tests.rota.world import ExamplePool, a_pool, a_project

TABLE = """Date,Time,Session,Language
2026-12-01,19:30,19:00-21:00,English
2026-12-01,19:40,19:00-21:00,Dutch
2026-12-08,20:15,19:00-21:00,English
2026-12-09,10:15,,English
"""
EMPTY = "Date,Session,Contacts\n2026-12-15,19:00-20:30,0\n"
LAST = Choice(52)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def test_contacts_and_time_there_come_from_old_tables(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await taken(session, pool, TABLE)
    await taken(session, pool, EMPTY)
    found = await seen(session, pool)
    # from the first week told of until the present one
    assert found.weeks == 9
    assert hours(found) == {43: Seen(2, 0, 3.0, 0.0), 44: Seen(1, 0, 2.5, 0.0)}
    assert {one.tag: one.talked for one in found.languages} == {"en": 2, "nl": 1}
    # the project names English, and not Dutch: in that language nobody is known to have been there
    english = hours(await seen(session, pool, Choice(52, language="en")))
    assert english == {43: Seen(1, 0, 3.0, 0.0), 44: Seen(1, 0, 2.5, 0.0)}
    dutch = hours(await seen(session, pool, Choice(52, language="nl")))
    assert dutch == {43: Seen(1, 0, 0.0, 3.0), 44: Seen(0, 0, 0.0, 2.5)}


async def test_what_is_taken_back_is_gone_from_demand(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await taken(session, pool, TABLE)
    row = await session.get_one(Pool, pool.id)
    [one] = await imports_of(session, pool.coordinator, row)
    await take_back(session, pool.coordinator, one.id, LATER)
    found = await seen(session, pool)
    assert (found.weeks, found.hours) == (0, [])


async def test_nobody_elses_demand_changes(session: AsyncSession, pool: ExamplePool) -> None:
    other = await a_pool(session, await a_project(session))
    await taken(session, other, TABLE)
    found = await seen(session, pool, LAST)
    assert (found.weeks, found.hours) == (0, [])
