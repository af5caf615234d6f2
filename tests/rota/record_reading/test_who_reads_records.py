"""Single records are read by coordinators of their project alone, page by page, and known of."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from rota.record_keeping.actions import set_keeping
from rota.record_keeping.rules import Settings
from rota.record_reading.queries import Span, read_records, take_records
from rota.records.actions import keep_record
from rota.records.queries import record_seen
from rota.records.rules.drafts import Draft
from tests.questions import counted
from tests.rota.records.world import DEBRIEF, a_lead, done, talk, turned_away
from tests.rota.world import NOW, SHARE, TUESDAY_19, ExamplePool, a_pool, a_project

JANUARY = Span(date(2027, 1, 1), date(2027, 2, 1))
LATER = datetime(2027, 2, 2, 9, tzinfo=UTC)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def recorded(
    session: AsyncSession, pool: ExamplePool, *drafts: Draft
) -> list[tuple[UUID, Asker]]:
    """Hold a session a day, each with its record; gives them with who kept it."""
    found = []
    for day, draft in enumerate(drafts):
        after = timedelta(days=day)
        shift, worker = await a_lead(session, pool, starts=TUESDAY_19 + after)
        contacts = [talk(at=TUESDAY_19 + after, language=one.language) for one in draft.contacts]
        kept = done(*contacts, note=draft.note)
        await keep_record(session, worker.asker, shift.id, kept, DEBRIEF + after)
        found.append((shift.id, worker.asker))
    return found


async def readings(session: AsyncSession, asker: Asker) -> Sequence[tuple[Any, ...]]:
    rows = await session.execute(
        select(AuditEntry.actor, AuditEntry.subject, AuditEntry.subject_id, AuditEntry.facts)
        .where(AuditEntry.verb == "read-session-records", AuditEntry.actor == str(asker.person_id))
        .order_by(AuditEntry.id)
    )
    return [tuple(row) for row in rows]


async def test_coordinators_read_what_was_kept_with_its_note(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await set_keeping(session, pool.coordinator, Settings(365, keeps_notes=True), NOW)
    note = "The chat tool was slow from eight on."
    [(shift, _)] = await recorded(session, pool, done(talk(language="ro"), note=note))
    found = await read_records(session, pool.coordinator, JANUARY, LATER, limit=50)
    [one] = found.records
    assert (one.day, one.starts, one.shift_id) == (date(2027, 1, 5), TUESDAY_19, shift)
    assert one.draft == done(talk(language="ro"), note=note)
    assert found.next is None
    # days are those of the project, and the last one asked for is not among them
    for span, count in (
        (Span(date(2027, 1, 5), date(2027, 1, 6)), 1),
        (Span(date(2027, 1, 6), date(2027, 2, 1)), 0),
        (Span(date(2027, 1, 1), date(2027, 1, 5)), 0),
    ):
        read = await read_records(session, pool.coordinator, span, LATER, limit=50)
        assert (span, len(read.records)) == (span, count)


async def test_each_reading_is_in_the_audit(session: AsyncSession, pool: ExamplePool) -> None:
    await recorded(session, pool, done(talk()), done(), done(turned_away()))
    keeper = pool.coordinator
    first = await read_records(session, keeper, JANUARY, LATER, limit=2)
    await read_records(session, keeper, JANUARY, LATER, after=first.next, limit=2)
    await take_records(session, keeper, JANUARY, LATER, form="csv")
    about = (str(keeper.person_id), "project", keeper.project_id)
    days = {"from": "2027-01-01", "until": "2027-02-01"}
    assert await readings(session, keeper) == [
        (*about, {"form": "page", "records": 2} | days),
        (*about, {"form": "page", "records": 1} | days),
        (*about, {"form": "csv", "records": 3} | days),
    ]


async def test_pages_follow_each_other_and_a_file_has_all(
    session: AsyncSession, pool: ExamplePool
) -> None:
    kept = await recorded(session, pool, *(done(talk()) for _ in range(5)))
    pages, after = [], None
    while True:
        found = await read_records(session, pool.coordinator, JANUARY, LATER, after=after, limit=2)
        pages.append([one.shift_id for one in found.records])
        after = found.next
        if after is None:
            break
    shifts = [shift for shift, _ in kept]
    assert pages == [shifts[:2], shifts[2:4], shifts[4:]]
    taken = await take_records(session, pool.coordinator, JANUARY, LATER, form="csv")
    assert [one.shift_id for one in taken.records] == shifts


async def test_nobody_else_reads_them(session: AsyncSession, pool: ExamplePool) -> None:
    [(shift, writer)] = await recorded(session, pool, done(talk()))
    partner = await a_pool(session, await a_project(session))
    await join_pool(session, partner.coordinator, pool.id, SHARE, NOW)
    # a partner of the same pool and a stranger read their own projects, which have none
    stranger = (await a_pool(session, await a_project(session))).coordinator
    for asker in (partner.coordinator, stranger):
        read = await read_records(session, asker, JANUARY, LATER, limit=50)
        taken = await take_records(session, asker, JANUARY, LATER, form="jsonl")
        assert (read.records, taken.records) == ([], [])
    supervisor = Asker(writer.person_id, writer.project_id, frozenset({"worker", "supervisor"}))
    for asker in (writer, supervisor):
        with pytest.raises(NotAllowed):
            await read_records(session, asker, JANUARY, LATER, limit=50)
        with pytest.raises(NotAllowed):
            await take_records(session, asker, JANUARY, LATER, form="csv")
        assert await readings(session, asker) == []
    # the writer has their own, as before; a colleague who sat elsewhere has not
    assert len((await record_seen(session, writer, shift)).draft.contacts) == 1
    _, colleague = await a_lead(session, pool, starts=TUESDAY_19 + timedelta(days=1))
    with pytest.raises(NotFound):
        await record_seen(session, colleague.asker, shift)


async def test_a_page_takes_as_many_queries_however_much_is_on_it(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        pool = await a_pool(session, await a_project(session))
        more = (done(talk(), talk(), talk()) for _ in range(4))
        await recorded(session, pool, done(talk()), *more)
    numbers = []
    for limit in (1, 5):
        async with door(committing_engine) as session:
            with counted(committing_engine) as statements:
                await read_records(session, pool.coordinator, JANUARY, LATER, limit=limit)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 5
