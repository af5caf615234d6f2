"""A report of known sessions and records, every number of it; and who may read it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.ids import new_id
from database.session import door
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed
from federation.pools.models import Pool
from rota.claims.models import Claim
from rota.cover.actions import ask_for_cover
from rota.cover.take import take_cover
from rota.records.actions import keep_record
from rota.records.rules.counting import facts
from rota.reports.indicators import INDICATORS, REPEATED, TABLES, dictionary
from rota.reports.queries import Report, report
from rota.reports.rules import Months, months_later
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat, release_claim
from rota.sign_up.proposals import propose
from rota.swaps.exchange import accept_offer
from rota.swaps.offering import offer_seat
from rota.timetable.actions import cancel_shift
from tests.questions import counted as counting
from tests.rota.records.world import DEBRIEF, a_lead, done, talk, turned_away
from tests.rota.world import (
    TUESDAY_19,
    ExamplePool,
    Planned,
    a_pool,
    a_project,
    a_shift,
    a_worker,
)

JANUARY = Months(date(2027, 1, 1), date(2027, 2, 1))
AFTER = datetime(2027, 2, 2, 9, tzinfo=UTC)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def read(session: AsyncSession, pool: ExamplePool, months: Months = JANUARY) -> Report:
    found = await session.get_one(Pool, pool.id)
    return await report(session, pool.coordinator, found, months, AFTER)


async def held(session: AsyncSession, pool: ExamplePool) -> None:
    """Hold one session with a record; plan one at the same time and one that nobody completed."""
    shift, worker = await a_lead(session, pool, languages=["en", "ro"])
    contacts = (
        talk(topics=["tax"], familiarity="new"),
        talk(topics=["tax", "housing"], language="ro", unmet="housing", familiarity="returning"),
        turned_away(),
    )
    await keep_record(
        session,
        worker.asker,
        shift.id,
        done(*contacts, staff_abused=True, support="wanted"),
        DEBRIEF,
    )
    await session.execute(update(Shift).where(Shift.id == shift.id).values(open=True))
    same_time = await a_shift(session, pool, TUESDAY_19 + timedelta(hours=1))
    await session.execute(update(Shift).where(Shift.id == same_time.id).values(open=True))
    await a_shift(session, pool, TUESDAY_19 + timedelta(days=1))
    # the 31st, past midnight: an hour of it belongs to January
    last = await a_shift(session, pool, datetime(2027, 1, 31, 23, tzinfo=UTC))
    await session.execute(update(Shift).where(Shift.id == last.id).values(open=True))


async def test_every_number_and_table_of_a_month(session: AsyncSession, pool: ExamplePool) -> None:
    await held(session, pool)
    found = await read(session, pool)
    assert found.values == {
        "hours-open": 4.0,
        "hours-planned": 6.0,
        "hours-alone": round(6 * 31 / 7, 2),
        "talked": 2,
        "imported": 0,
        "talked-before": 0,
        "turned-away": 1,
        "wrong-channel": 0,
        "new": 1,
        "returning": 1,
        "records": 1,
        "signposted": 0,
        "unmet": 1,
        "technical": 0,
        "staff-abused": 1,
        "support-wanted": 1,
        "staff-hours": 2.5,
        "staff-hours-per-contact": 1.25,
        "drop-outs": 0,
        "covers-asked": 0,
        "covers-found": 0,
        "texts": 0,
        "texts-current": 0,
    }
    assert {key: rows for key, rows in found.tables.items() if rows} == {
        "language": [("en", 1), ("ro", 1)],
        "language-turned-away": [("ro", 1)],
        "topic": [("tax", 2), ("housing", 1)],
        "outcome": [("answered", 2)],
        "familiarity": [("new", 1), ("returning", 1)],
        "unmet": [("housing", 1)],
        "pace": [("quiet", 1)],
        "support": [("wanted", 1)],
        "contacts": [("talked", 2), ("turned-away", 1)],
        "trouble": [("staff-abused", 1)],
        "records": [("session", 1)],
    }
    assert list(found.tables) == [*TABLES, *REPEATED]
    assert found.by_month == [(date(2027, 1, 1), 2)]
    assert found.open_by_language == [("en", 4.0), ("ro", 2.0)]
    assert [one.key for one in INDICATORS] == [
        key for key in (one.key for one in INDICATORS) if key in found.values
    ]
    assert set(found.values) == {one.key for one in INDICATORS}


async def test_the_month_after_has_this_one_before_it(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await held(session, pool)
    february = await read(session, pool, Months(date(2027, 2, 1), date(2027, 3, 1)))
    said = february.values
    assert (said["talked"], said["talked-before"], said["hours-open"]) == (0, 2, 1.0)
    assert said["staff-hours-per-contact"] is None


async def test_a_seat_given_up_late_counts_and_cover_with_it(
    session: AsyncSession, pool: ExamplePool
) -> None:
    for hours, give_up in ((0, True), (3, False)):
        shift, worker = await a_lead(session, pool, starts=TUESDAY_19 + timedelta(hours=hours))
        claim = await claim_on(session, shift)
        late = TUESDAY_19 - timedelta(hours=3)
        if give_up:
            await release_claim(session, worker.asker, claim, late)
        else:
            await ask_for_cover(session, worker.asker, claim, late)
    assert await late_numbers(session, pool) == (1, 1, 0)


async def test_a_seat_that_never_became_free_was_not_given_up(
    session: AsyncSession, pool: ExamplePool
) -> None:
    late = TUESDAY_19 - timedelta(hours=20)
    called_off, _ = await a_lead(session, pool)
    await cancel_shift(session, pool.coordinator, called_off.id, late)
    covered, worker = await a_lead(session, pool, starts=TUESDAY_19 + timedelta(hours=3))
    helper = await a_worker(session, pool.id, pool.coordinator)
    cover = await ask_for_cover(session, worker.asker, await claim_on(session, covered), late)
    await take_cover(session, helper.asker, cover.id, late)
    given, worker = await a_lead(session, pool, starts=TUESDAY_19 + timedelta(hours=6))
    offer = await offer_seat(
        session, worker.asker, await claim_on(session, given), late, one_way=True
    )
    taker = await a_worker(session, pool.id, pool.coordinator)
    await accept_offer(session, taker.asker, offer.id, late)
    assert await late_numbers(session, pool) == (0, 1, 1)


async def test_what_was_only_asked_for_or_offered_was_not_given_up(
    session: AsyncSession, pool: ExamplePool
) -> None:
    late = TUESDAY_19 - timedelta(hours=20)
    offered = await a_shift(session, pool)
    asked, worker = await a_shift(session, pool), await a_worker(session, pool.id, pool.coordinator)
    claim = await propose(
        session, new_id(), offered.lead, worker.handle, late, origin="cover", asks_worker=True
    )
    await release_claim(session, worker.asker, claim.id, late + timedelta(hours=2))
    await session.execute(update(Pool).where(Pool.id == pool.id).values(consent_needed=True))
    wished = await claim_seat(session, worker.asker, asked.lead, late)
    await release_claim(session, worker.asker, wished.id, late + timedelta(hours=2))
    assert await late_numbers(session, pool) == (0, 0, 0)


async def claim_on(session: AsyncSession, shift: Planned) -> UUID:
    found = await session.scalar(select(Claim.id).where(Claim.seat_id == shift.lead))
    assert found
    return found


async def late_numbers(session: AsyncSession, pool: ExamplePool) -> tuple[float | None, ...]:
    found = (await read(session, pool)).values
    return tuple(found[key] for key in ("drop-outs", "covers-asked", "covers-found"))


async def test_only_coordinators_read_it_and_of_their_own_project(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await held(session, pool)
    worker = await a_worker(session, pool.id, pool.coordinator)
    found = await session.get_one(Pool, pool.id)
    with pytest.raises(NotAllowed):
        await report(session, worker.asker, found, JANUARY, AFTER)
    other = await a_project(session)
    theirs = await report(session, other, found, JANUARY, AFTER)
    assert (theirs.values["talked"], theirs.values["hours-alone"]) == (0, None)
    assert theirs.tables == {key: [] for key in (*TABLES, *REPEATED)}
    entries = await session.execute(
        select(AuditEntry.actor, AuditEntry.facts).where(
            AuditEntry.verb == "read-report", AuditEntry.subject_id == pool.id
        )
    )
    assert entries.all() == [(str(other.person_id), {"first": "2027-01-01", "until": "2027-02-01"})]


async def test_it_asks_the_same_questions_however_much_there_is(
    committing_engine: AsyncEngine,
) -> None:
    questions = []
    async with door(committing_engine) as session:
        pool = await a_pool(session, await a_project(session))
    for _ in range(2):
        async with door(committing_engine) as session:
            await held(session, pool)
        async with door(committing_engine) as session:
            with counting(committing_engine) as statements:
                await read(session, pool)
            questions.append(len(statements))
    assert (questions[0], questions[0] <= 14) == (questions[1], True)


def test_months_go_over_years() -> None:
    assert months_later(date(2027, 1, 1), -1) == date(2026, 12, 1)
    assert Months(date(2026, 11, 1), date(2027, 2, 1)).before == Months(
        date(2026, 8, 1), date(2026, 11, 1)
    )
    assert Months(date(2026, 11, 1), date(2027, 2, 1)).each == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]


def test_what_counts_records_says_so_and_not_sessions() -> None:
    said = [one for one in dictionary() if one.unit == "records"]
    assert [(one.kind, one.key, one.title) for one in said] == [
        ("number", "records", "Records kept"),
        ("number", "technical", "Records that tell of technical trouble"),
        ("number", "staff-abused", "Records that tell of abuse of one of us"),
        ("number", "support-wanted", "Records that tell of support still wanted"),
        ("table", "pace", "Records by how busy the session was"),
        ("table", "support", "Records by support after the session"),
        ("table", "trouble", "Records by trouble that they tell of"),
        ("table", "records", "Records kept"),
    ]
    as_two = (
        "two of the same session count as two.",
        "each seat holder keeps one of each session.",
    )
    assert [one.key for one in said if not one.how.endswith(as_two)] == []


def test_whatever_records_say_has_its_table() -> None:
    contact = talk(
        topics=["tax"],
        minutes="10-30",
        outcome="signposted",
        signpost=new_id(),
        unmet="housing",
        area="Mill Town",
        gender="woman",
        nationality="eu",
    )
    draft = done(contact, turned_away(), support="had", technical_trouble=True)
    # old tables add how many of the contacts they gave
    assert {*TABLES, *REPEATED} == {fact.dimension for fact in facts(draft)} | {"imported"}


def test_the_dictionary_says_of_everything_how_it_is_counted() -> None:
    said = list(dictionary())
    assert [(one.kind, one.key) for one in said] == [
        *(("about", key) for key in ("project", "pool", "first", "until", "as-of")),
        *(("number", one.key) for one in INDICATORS),
        *(("table", key) for key in (*TABLES, *REPEATED, "by-month", "open-by-language")),
        *(("list", key) for key in ("services", "dictionary")),
    ]
    assert [one.key for one in said if not one.how.endswith(".")] == []
