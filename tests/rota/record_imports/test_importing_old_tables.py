"""An old table becomes sums: told beforehand, counted once, and taken back as a whole."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.projects.models import Project
from rota.record_erasing.actions import erase_own_records
from rota.record_imports.actions import forget_parts, take_back
from rota.record_imports.errors import AlreadyImported, CannotBeTakenBack, NothingToTake
from rota.record_imports.models import RecordImport
from rota.record_imports.queries import Overlap, imports_of
from rota.record_imports.rules.choices import Choices
from rota.record_keeping.actions import set_keeping
from rota.record_keeping.rules import Settings
from rota.records.actions import keep_record
from rota.reports.queries import report
from rota.reports.rules import Months
from tests.rota.record_imports.world import LATER, OLD, looked, taken
from tests.rota.records.world import DEBRIEF, a_lead, done, hour_sums, sums, talk
from tests.rota.world import ExamplePool, a_pool, a_project, a_worker, everything

NOVEMBER = {
    ("2026-11", "contacts", "talked"): 2,
    ("2026-11", "familiarity", "new"): 1,
    ("2026-11", "familiarity", "returning"): 1,
    ("2026-11", "imported", "talked"): 2,
    ("2026-11", "language", "nl"): 1,
    ("2026-11", "language", "ro"): 1,
    ("2026-11", "minutes", "10-30"): 1,
    ("2026-11", "minutes", "30-60"): 1,
    ("2026-11", "outcome", "answered"): 1,
    ("2026-11", "outcome", "signposted"): 1,
    ("2026-11", "topic", "housing"): 1,
    ("2026-11", "topic", "sexual-health"): 1,
    ("2026-11", "topic", "tax"): 1,
}
DECEMBER = {
    ("2026-12", "contacts", "talked"): 1,
    ("2026-12", "familiarity", "not-said"): 1,
    ("2026-12", "imported", "talked"): 1,
    ("2026-12", "language", "en"): 1,
    ("2026-12", "outcome", "declined"): 1,
}
HOURS = {
    ("2026-11-02", 43, "nl", "talked"): 1,
    ("2026-11-02", 44, "ro", "talked"): 1,
    ("2026-11-30", 43, "en", "talked"): 1,
}


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def only_import(session: AsyncSession, pool: ExamplePool) -> RecordImport:
    found = await session.get_one(Pool, pool.id)
    [one] = await imports_of(session, pool.coordinator, found)
    return one


async def test_a_look_stores_nothing(session: AsyncSession, pool: ExamplePool) -> None:
    before = await everything(session)
    shown = await looked(session, pool)
    assert (shown.look.rows, shown.look.people, shown.overlaps) == ({"taken": 3}, 3, [])
    assert shown.in_demand == 3
    assert await everything(session) == before


async def test_rows_become_sums_and_count_in_the_report(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await taken(session, pool)
    assert await sums(session, pool) == NOVEMBER | DECEMBER
    assert await hour_sums(session, pool) == HOURS
    one = await only_import(session, pool)
    assert (one.contacts, one.sessions) == (3, 2)
    assert (one.first_month, one.last_month) == (date(2026, 11, 1), date(2026, 12, 1))
    found = await report(
        session,
        pool.coordinator,
        await session.get_one(Pool, pool.id),
        Months(date(2026, 11, 1), date(2027, 1, 1)),
        LATER,
    )
    keys = ("talked", "imported", "records", "staff-hours-per-contact")
    assert [found.values[key] for key in keys] == [3, 3, 0, None]
    entries = await session.execute(
        select(AuditEntry.actor, AuditEntry.subject_id, AuditEntry.facts).where(
            AuditEntry.verb == "imported-old-records"
        )
    )
    actor = str(pool.coordinator.person_id)
    assert [tuple(row) for row in entries] == [(actor, one.id, {"contacts": 3})]


async def test_the_same_rows_count_once_from_whatever_file(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await taken(session, pool)
    header, *rows = OLD.splitlines()
    # another order, another name, another way to write the same
    again = "\n".join([header, *reversed(rows)]).replace(";", "\t").replace("Dutch", "Nederlands")
    with pytest.raises(AlreadyImported) as refused:
        await taken(session, pool, again.replace("Zuleika", "Quirinus"))
    assert refused.value.code == "already-imported"
    # another project of the pool may have the same rows
    assert await sums(session, pool) == NOVEMBER | DECEMBER
    other = await a_pool(session, await a_project(session))
    await taken(session, other)
    assert await sums(session, other) == NOVEMBER | DECEMBER


async def test_of_a_table_that_has_grown_only_new_days_are_taken(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await taken(session, pool)
    grown = OLD + "2026-12-08;19:30;19:00-21:00;;ro;;answered;;\n"
    shown = await looked(session, pool, grown)
    # all of it once more, unless somebody says which days are new
    assert shown.overlaps == [
        Overlap(date(2026, 11, 1), counted=2, here=2),
        Overlap(date(2026, 12, 1), counted=1, here=2),
    ]
    new = Choices(channel="live-chat", first_day=date(2026, 12, 2))
    shown = await taken(session, pool, grown, new)
    assert (shown.look.rows, shown.look.people) == ({"left-out": 3, "taken": 1}, 1)
    assert len(shown.look.sessions) == 1
    counted = await sums(session, pool)
    contacts = [counted[f"2026-{month}", "contacts", "talked"] for month in (11, 12)]
    assert (contacts, counted["2026-12", "language", "ro"]) == ([2, 2], 1)


async def test_taken_back_is_as_if_it_had_never_been(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, worker = await a_lead(session, pool)
    await keep_record(session, worker.asker, shift.id, done(talk()), DEBRIEF)
    before = await sums(session, pool), await hour_sums(session, pool)
    # one hour of it is that of a session of the rota, the other one of none
    rota = "2027-01-05;19:10;;;English;;answered;;\n2027-01-05;12:10;;;English;;answered;;\n"
    await taken(session, pool, OLD + rota)
    both = {("2027-01-04", 43, "en", "talked"): 2}
    assert await hour_sums(session, pool) == HOURS | both
    shown = await looked(session, pool, "Date;Language\n2027-01-05;English\n")
    assert shown.overlaps == [Overlap(date(2027, 1, 1), counted=3, here=1)]
    one = (await only_import(session, pool)).id
    await take_back(session, pool.coordinator, one, LATER)
    assert (await sums(session, pool), await hour_sums(session, pool)) == before
    with pytest.raises(NotFound):
        await take_back(session, pool.coordinator, one, LATER)
    # and may come in again
    await taken(session, pool)
    assert (await sums(session, pool)).items() >= (NOVEMBER | DECEMBER).items()


async def test_parts_are_forgotten_with_single_records_and_sums_stay(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await set_keeping(session, pool.coordinator, Settings(10), LATER)
    await taken(session, pool)
    one = (await only_import(session, pool)).id
    before = await sums(session, pool), await hour_sums(session, pool)
    last = LATER.replace(hour=23, minute=59) + timedelta(days=10)
    await forget_parts(session, last)
    assert (await session.get_one(RecordImport, one)).added is not None
    await forget_parts(session, last + timedelta(minutes=1))
    session.expire_all()
    assert (await session.get_one(RecordImport, one)).added is None
    assert (await sums(session, pool), await hour_sums(session, pool)) == before
    with pytest.raises(CannotBeTakenBack) as refused:
        await take_back(session, pool.coordinator, one, last)
    assert refused.value.code == "import-final"
    with pytest.raises(AlreadyImported):
        await taken(session, pool)


async def test_erasing_everything_erases_imports(session: AsyncSession, pool: ExamplePool) -> None:
    await taken(session, pool)
    owner = await session.get_one(Project, pool.coordinator.project_id)
    await erase_own_records(session, pool.coordinator, owner.slug, LATER)
    assert (await sums(session, pool), await hour_sums(session, pool)) == ({}, {})
    assert (await everything(session))["record_import"] == []
    await taken(session, pool)
    assert await sums(session, pool) == NOVEMBER | DECEMBER


async def test_nothing_to_take(session: AsyncSession, pool: ExamplePool) -> None:
    before = await everything(session)
    with pytest.raises(NothingToTake) as refused:
        await taken(session, pool, "Date\nsome day\n")
    assert refused.value.code == "nothing-to-import"
    assert await everything(session) == before


async def test_only_coordinators_of_the_project_may(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await taken(session, pool)
    one = (await only_import(session, pool)).id
    worker = await a_worker(session, pool.id, pool.coordinator)
    reader = Asker(
        pool.coordinator.person_id,
        pool.coordinator.project_id,
        pool.coordinator.roles,
        frozenset({"read"}),
    )
    stranger = (await a_pool(session, await a_project(session))).coordinator
    before = await everything(session)
    for asker, refusal in (
        (worker.asker, NotAllowed),
        (reader, NotAllowed),
        (stranger, NotFound),
    ):
        with pytest.raises(refusal):
            await take_back(session, asker, one, LATER)
    with pytest.raises(NotFound):
        await take_back(session, pool.coordinator, uuid4(), LATER)
    for asker in (worker.asker, reader):
        mine = ExamplePool(pool.id, pool.slug, pool.channel, asker)
        with pytest.raises(NotAllowed):
            await taken(session, mine, "Date\n2026-11-03\n", Choices(channel="live-chat"))
    with pytest.raises(NotAllowed):
        await looked(session, ExamplePool(pool.id, pool.slug, pool.channel, worker.asker))
    found = await session.get_one(Pool, pool.id)
    assert await imports_of(session, stranger, found) == []
    assert await everything(session) == before


async def test_a_session_longer_than_a_day_stays_out_and_the_others_are_taken(
    session: AsyncSession, pool: ExamplePool
) -> None:
    header = "Date;Session;Contacts;Language\n"
    night = "2026-10-24;20:00-19:30;1;English\n2026-10-26;19:00-21:00;1;English\n"
    shown = await taken(session, pool, header + night)
    assert [(one.row, one.fate) for one in shown.look.fates] == [(2, "left-out"), (3, "taken")]
    assert [one.code for one in shown.look.fates[0].reasons] == ["longer-than-a-day"]
    assert (await only_import(session, pool)).sessions == 1
