"""Records of one month are kept at once on connections of their own: none waits for ever."""

import asyncio
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.session import door
from rota.record_keeping.actions import delete_old_records, set_keeping
from rota.record_keeping.rules import Settings
from rota.records.actions import erase_record, keep_record
from rota.records.errors import RecordTooLate
from rota.records.models import SessionRecord
from rota.records.rules.drafts import Contact
from tests.rota.records.world import DEBRIEF, a_lead, done, hour_sums, sums, talk
from tests.rota.world import TUESDAY_19, ExamplePool, Planned, Worker, a_pool, a_project

WORKERS = 6
LANGUAGES = ("en", "nl", "ro", "pl", "es", "bg")


async def held(
    engine: AsyncEngine, workers: int = WORKERS
) -> tuple[ExamplePool, list[tuple[Planned, Worker]]]:
    async with door(engine) as session:
        pool = await a_pool(session, await a_project(session))
        return pool, [await a_lead(session, pool) for _ in range(workers)]


async def kept(engine: AsyncEngine, one: tuple[Planned, Worker], *contacts: Contact) -> None:
    shift, worker = one
    async with door(engine) as session:
        await keep_record(session, worker.asker, shift.id, done(*contacts), DEBRIEF)


async def erased(engine: AsyncEngine, one: tuple[Planned, Worker]) -> None:
    shift, worker = one
    async with door(engine) as session:
        await erase_record(session, worker.asker, shift.id, DEBRIEF)


async def test_all_records_of_a_month_at_once_are_all_counted(
    committing_engine: AsyncEngine,
) -> None:
    engine = committing_engine
    pool, sat = await held(engine)
    # each names the languages in another order
    turns = [LANGUAGES[turn:] + LANGUAGES[:turn] for turn in range(WORKERS)]
    contacts = [[talk(language=tag) for tag in turn] for turn in turns]
    await asyncio.gather(
        *(kept(engine, one, *said) for one, said in zip(sat, contacts, strict=True))
    )
    async with door(engine) as session:
        counted, by_hour = await sums(session, pool), await hour_sums(session, pool)
    assert {tag: counted["2027-01", "language", tag] for tag in LANGUAGES} == dict.fromkeys(
        LANGUAGES, WORKERS
    )
    assert {tag: by_hour["2027-01-04", 43, tag, "talked"] for tag in LANGUAGES} == dict.fromkeys(
        LANGUAGES, WORKERS
    )
    assert counted["2027-01", "records", "session"] == WORKERS
    # half of them erase theirs while the others replace it with a single contact
    half = WORKERS // 2
    await asyncio.gather(
        *(erased(engine, one) for one in sat[:half]),
        *(kept(engine, one, talk(language="en")) for one in sat[half:]),
    )
    async with door(engine) as session:
        counted = await sums(session, pool)
    left = {key[2]: count for key, count in counted.items() if key[1] == "language"}
    assert left == {"en": half}


async def test_one_record_kept_twice_at_once_counts_once(committing_engine: AsyncEngine) -> None:
    engine = committing_engine
    pool, [one] = await held(engine, 1)
    await asyncio.gather(
        kept(engine, one, talk(language="nl")), kept(engine, one, talk(language="ro"))
    )
    async with door(engine) as session:
        counted = await sums(session, pool)
    said = {key[2]: count for key, count in counted.items() if key[1] == "language"}
    assert said in ({"nl": 1}, {"ro": 1})


async def test_a_record_replaced_while_the_sweep_runs_counts_once(
    committing_engine: AsyncEngine,
) -> None:
    engine = committing_engine
    pool, sat = await held(engine)
    for one in sat:
        await kept(engine, one, talk(language="nl"))
    async with door(engine) as session:
        await set_keeping(session, pool.coordinator, Settings(1), DEBRIEF)

    async def swept() -> None:
        async with door(engine) as session:
            await delete_old_records(session, TUESDAY_19 + timedelta(days=3))

    async def replaced(one: tuple[Planned, Worker]) -> bool:
        try:
            await kept(engine, one, talk(language="ro"))
        except RecordTooLate:
            return False
        return True

    _, *done_so = await asyncio.gather(swept(), *(replaced(one) for one in sat))
    async with door(engine) as session:
        counted = await sums(session, pool)
        left = await session.scalars(select(SessionRecord.id))
    said = {key[2]: count for key, count in counted.items() if key[1] == "language"}
    new = done_so.count(True)
    wanted = {"nl": WORKERS - new, "ro": new}
    assert said == {tag: count for tag, count in wanted.items() if count}
    assert len(left.all()) <= new
