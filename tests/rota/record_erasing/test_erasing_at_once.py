"""Debriefs, deletion by time, imports and the end of all that was counted, on many connections."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from federation.projects.models import Project
from rota.record_erasing.actions import erase_own_records
from rota.record_imports.actions import take_back
from rota.record_imports.models import RecordImport
from rota.record_keeping.actions import delete_old_records, set_keeping
from rota.record_keeping.models import RecordDeletion
from rota.record_keeping.rules import Settings
from rota.records.actions import erase_record, keep_record
from rota.records.errors import RecordTooLate
from rota.records.models import SessionRecord
from tests.locks import until_somebody_waits
from tests.rota.record_imports.world import taken
from tests.rota.records.world import DEBRIEF, a_lead, done, hour_sums, sums, talk
from tests.rota.world import TUESDAY_19, ExamplePool, Planned, Worker, a_pool, a_project

LANGUAGES = ("en", "nl", "ro", "pl")
SWEPT = TUESDAY_19 + timedelta(days=3)


@dataclass
class Counting:
    """A project whose people have sat, and connections on which all may act at once."""

    engine: AsyncEngine
    pool: ExamplePool
    slug: str
    sat: list[tuple[Planned, Worker]]

    async def keep(self, one: int, *languages: str) -> None:
        async with door(self.engine) as session:
            await self.keep_in(session, one, *languages)

    async def keep_in(self, session: AsyncSession, one: int, *languages: str) -> None:
        shift, worker = self.sat[one]
        record = done(*(talk(language=tag) for tag in languages))
        await keep_record(session, worker.asker, shift.id, record, DEBRIEF)

    async def erase_all(self) -> None:
        async with door(self.engine) as session:
            await erase_own_records(session, self.pool.coordinator, self.slug, DEBRIEF)

    async def sweep(self) -> None:
        async with door(self.engine) as session:
            await delete_old_records(session, SWEPT)

    async def take_in(self) -> None:
        async with door(self.engine) as session:
            await taken(session, self.pool)

    async def left(self) -> tuple[int, object, object]:
        """Give how many records there are, and all sums."""
        async with door(self.engine) as session:
            records = (await session.scalars(select(SessionRecord.id))).all()
            return len(records), await sums(session, self.pool), await hour_sums(session, self.pool)


async def counting(engine: AsyncEngine, people: int) -> Counting:
    async with door(engine) as session:
        pool = await a_pool(session, await a_project(session))
        sat = [await a_lead(session, pool) for _ in range(people)]
        owner = await session.get_one(Project, pool.coordinator.project_id)
        return Counting(engine, pool, owner.slug, sat)


async def waited(engine: AsyncEngine, other: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
    """Begin something on another connection, and come back once it waits."""

    async def begun() -> None:
        await other()

    task = asyncio.create_task(begun())
    await until_somebody_waits(engine)
    return task


async def test_a_first_record_is_not_half_of_what_is_erased(
    committing_engine: AsyncEngine,
) -> None:
    one = await counting(committing_engine, 2)
    await one.keep(0, "nl")
    async with door(one.engine) as session:
        await one.keep_in(session, 1, "nl", "ro")
        erasing = await waited(one.engine, one.erase_all)
    await erasing
    assert await one.left() == (0, {}, {})


async def test_a_record_kept_while_all_is_erased_counts_whole(
    committing_engine: AsyncEngine,
) -> None:
    one = await counting(committing_engine, 2)
    await one.keep(0, "nl")
    async with door(one.engine) as session:
        await erase_own_records(session, one.pool.coordinator, one.slug, DEBRIEF)
        keeping = await waited(one.engine, lambda: one.keep(1, "nl"))
    await keeping
    async with door(one.engine) as session:
        counted = await sums(session, one.pool)
    assert counted["2027-01", "language", "nl"] == 1
    shift, worker = one.sat[1]
    async with door(one.engine) as session:
        await erase_record(session, worker.asker, shift.id, DEBRIEF)
    assert await one.left() == (0, {}, {})


async def test_nobody_waits_in_a_circle_and_what_is_left_can_be_taken_off(
    committing_engine: AsyncEngine,
) -> None:
    people = len(LANGUAGES)
    one = await counting(committing_engine, people)
    async with door(one.engine) as session:
        await set_keeping(session, one.pool.coordinator, Settings(1), DEBRIEF)

    async def kept(number: int) -> None:
        turned = LANGUAGES[number:] + LANGUAGES[:number]
        try:
            await one.keep(number, *turned)
        except RecordTooLate:
            # the sweep was there first
            return

    for _ in range(3):
        await asyncio.gather(
            *(kept(number) for number in range(people)),
            one.take_in(),
            one.sweep(),
            *(kept(number) for number in range(people)),
            one.erase_all(),
        )
        async with door(one.engine) as session:
            for each in await session.scalars(select(RecordImport.id)):
                await take_back(session, one.pool.coordinator, each, DEBRIEF)
            # in the next round nothing has been deleted yet
            await session.execute(delete(RecordDeletion))
        await one.erase_all()
        assert await one.left() == (0, {}, {})
