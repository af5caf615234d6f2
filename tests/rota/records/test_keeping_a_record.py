"""A seat holder counts a session: kept whole or not at all, replaced by the next, in the sums."""

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool
from rota.record_keeping.actions import set_keeping
from rota.record_keeping.rules import Settings
from rota.records.actions import erase_record, keep_record
from rota.records.errors import RecordTooEarly, RecordTooLate, WrongRecord
from rota.records.queries import record_seen
from rota.records.rules.drafts import MOST_CONTACTS, MOST_TOPICS, Draft
from rota.records.rules.lists import TOPICS
from tests.rota.records.world import DEBRIEF, a_lead, done, hour_sums, sums, talk, turned_away
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_worker,
    everything,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_what_was_kept_is_there_again_to_the_full_hour(
    session: AsyncSession, held: tuple[Planned, Worker]
) -> None:
    shift, worker = held
    told = talk(
        at=TUESDAY_19 + timedelta(minutes=71),
        familiarity="returning",
        minutes="10-30",
        topics=["tax", "housing"],
        unmet="housing",
        area="NE1",
    )
    entered = done(told, turned_away(), technical_trouble=True, support="had")
    await keep_record(session, worker.asker, shift.id, entered, DEBRIEF)
    seen = await record_seen(session, worker.asker, shift.id)
    kept = talk(
        at=TUESDAY_19 + HOUR,
        familiarity="returning",
        minutes="10-30",
        topics=["tax", "housing"],
        unmet="housing",
        area="NE1",
    )
    assert seen.draft == done(kept, turned_away(), technical_trouble=True, support="had")


async def test_a_finished_record_is_counted_and_the_next_replaces_it(
    session: AsyncSession, pool: ExamplePool, held: tuple[Planned, Worker]
) -> None:
    shift, worker = held
    first = done(talk(topics=["tax"]), talk(), turned_away(), technical_trouble=True)
    await keep_record(session, worker.asker, shift.id, first, DEBRIEF)
    month = "2027-01"
    assert await sums(session, pool) == {
        (month, "records", "session"): 1,
        (month, "pace", "quiet"): 1,
        (month, "trouble", "technical"): 1,
        (month, "support", "not-needed"): 1,
        (month, "contacts", "talked"): 2,
        (month, "contacts", "turned-away"): 1,
        (month, "language", "en"): 2,
        (month, "language-turned-away", "ro"): 1,
        (month, "familiarity", "not-said"): 2,
        (month, "outcome", "answered"): 2,
        (month, "topic", "tax"): 1,
    }
    assert await hour_sums(session, pool) == {
        ("2027-01-04", 43, "en", "talked"): 2,
        ("2027-01-04", 43, "ro", "turned-away"): 1,
    }
    await keep_record(session, worker.asker, shift.id, done(talk(language="ro")), DEBRIEF)
    assert await sums(session, pool) == {
        (month, "records", "session"): 1,
        (month, "pace", "quiet"): 1,
        (month, "support", "not-needed"): 1,
        (month, "contacts", "talked"): 1,
        (month, "language", "ro"): 1,
        (month, "familiarity", "not-said"): 1,
        (month, "outcome", "answered"): 1,
    }
    assert await hour_sums(session, pool) == {("2027-01-04", 43, "ro", "talked"): 1}


async def test_a_draft_is_kept_but_not_counted(
    session: AsyncSession, pool: ExamplePool, held: tuple[Planned, Worker]
) -> None:
    shift, worker = held
    begun = Draft(contacts=[talk()])
    await keep_record(session, worker.asker, shift.id, begun, TUESDAY_19)
    assert (await record_seen(session, worker.asker, shift.id)).draft == begun
    assert await sums(session, pool) == {}


async def test_what_was_kept_stays_right_when_lists_change(
    session: AsyncSession, pool: ExamplePool, held: tuple[Planned, Worker]
) -> None:
    shift, worker = held
    coordinator = pool.coordinator
    await set_keeping(session, coordinator, Settings(30, ("Jarrow",), keeps_notes=True), NOW)
    old = [talk(area="Jarrow"), talk(area="Jarrow", topics=["tax"]), talk(topics=["tax"])]
    begun = Draft(contacts=old, note="All quiet.")
    await keep_record(session, worker.asker, shift.id, begun, TUESDAY_19)
    await set_keeping(session, coordinator, Settings(30), NOW)
    (await session.get_one(Pool, pool.id)).topics = ["housing"]
    more = done(*old[1:], talk(topics=["housing"]), note="All quiet.")
    await keep_record(session, worker.asker, shift.id, more, DEBRIEF)
    assert (await record_seen(session, worker.asker, shift.id)).draft == more
    for new in (
        done(*more.contacts, old[2], note="All quiet."),
        done(*more.contacts, talk(area="Jarrow"), note="All quiet."),
        done(*more.contacts, note="All was quiet."),
    ):
        with pytest.raises(WrongRecord):
            await keep_record(session, worker.asker, shift.id, new, DEBRIEF)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (done(*[talk()] * (MOST_CONTACTS + 1)), "many-contacts"),
        (done(talk(topics=[*TOPICS[: MOST_TOPICS + 1]])), "many-topics"),
        (done(talk(at=datetime.min.replace(tzinfo=timezone(14 * HOUR)))), "hour-outside"),
    ],
)
async def test_a_record_has_its_limits_whoever_hands_it_in(
    session: AsyncSession, held: tuple[Planned, Worker], wrong: Draft, code: str
) -> None:
    shift, worker = held
    with pytest.raises(WrongRecord) as refused:
        await keep_record(session, worker.asker, shift.id, wrong, DEBRIEF)
    assert [reason.code for reason in refused.value.reasons] == [code]


@pytest.mark.parametrize("kind", ["task", "inbox"])
async def test_a_task_done_alone_is_recorded_as_a_session_is(
    session: AsyncSession, pool: ExamplePool, kind: str
) -> None:
    (await session.get_one(Channel, pool.channel)).kind = kind
    shift, worker = await a_lead(session, pool, roles=("lead",), minimum_workers=1, hours=3)
    late = TUESDAY_19 + 2 * HOUR
    draft = done(talk(at=late, outcome="signposted"), turned_away(), pace="busy")
    await keep_record(session, worker.asker, shift.id, draft, TUESDAY_19 + 3 * HOUR)
    assert (await record_seen(session, worker.asker, shift.id)).draft == draft
    counted = await sums(session, pool)
    assert {key[1:]: count for key, count in counted.items() if key[1] in {"contacts", "pace"}} == {
        ("contacts", "talked"): 1,
        ("contacts", "turned-away"): 1,
        ("pace", "busy"): 1,
    }


async def test_an_erased_record_is_gone_from_the_sums_too(
    session: AsyncSession, pool: ExamplePool, held: tuple[Planned, Worker]
) -> None:
    shift, worker = held
    await keep_record(session, worker.asker, shift.id, done(talk(), turned_away()), DEBRIEF)
    await erase_record(session, worker.asker, shift.id, DEBRIEF)
    assert (await record_seen(session, worker.asker, shift.id)).draft == Draft()
    assert (await sums(session, pool), await hour_sums(session, pool)) == ({}, {})
    verbs = await session.scalars(
        select(AuditEntry.verb)
        .where(AuditEntry.subject_id == shift.id, AuditEntry.verb.like("%record"))
        .order_by(AuditEntry.id)
    )
    assert verbs.all() == ["kept-session-record", "erased-session-record"]


WRONG: dict[str, tuple[Draft, list[str]]] = {
    "pace": (done(pace="lively"), ["unknown-pace"]),
    "no pace": (Draft(done=True), ["pace-missing"]),
    "support": (done(support="maybe"), ["unknown-support"]),
    "note": (done(note="All went well"), ["notes-not-kept"]),
    "early": (done(talk(at=TUESDAY_19 - HOUR)), ["hour-outside"]),
    "late": (done(talk(at=TUESDAY_19 + 2 * HOUR)), ["hour-outside"]),
    "language": (done(talk(language="Ruby")), ["unknown-language"]),
    "region": (done(talk(language="en-GB")), ["unknown-language"]),
    "kind": (done(talk(kind="Ruby", outcome=None)), ["unknown-kind"]),
    "familiarity": (done(talk(familiarity="Ruby")), ["unknown-familiarity"]),
    "minutes": (done(talk(minutes="42")), ["unknown-minutes"]),
    "topic": (done(talk(topics=["Ruby"])), ["unknown-topic"]),
    "unmet": (done(talk(unmet="Ruby")), ["unknown-topic"]),
    "twice": (done(talk(topics=["tax", "tax"])), ["topic-twice"]),
    "outcome": (done(talk(outcome="Ruby")), ["unknown-outcome"]),
    "no outcome": (done(talk(outcome=None)), ["outcome-and-kind"]),
    "outcome of nobody": (done(turned_away(outcome="answered")), ["outcome-and-kind"]),
    "service": (
        done(talk(outcome="signposted", signpost=uuid4())),
        ["unknown-signpost"],
    ),
    "service of none": (
        done(talk(signpost=uuid4())),
        ["signpost-and-outcome", "unknown-signpost"],
    ),
    "area": (done(talk(area="Ruby Fox")), ["unknown-area"]),
    "whole postcode": (done(talk(area="NE1 4ST")), ["unknown-area"]),
    "gender": (done(talk(gender="woman")), ["not-collected"]),
    "nationality": (done(talk(nationality="asia")), ["not-collected"]),
}


@pytest.mark.parametrize("entered", WRONG.values(), ids=WRONG.keys())
async def test_what_is_on_no_list_is_refused_and_nothing_is_kept(
    session: AsyncSession, held: tuple[Planned, Worker], entered: tuple[Draft, list[str]]
) -> None:
    shift, worker = held
    draft, codes = entered
    before = await everything(session)
    with pytest.raises(WrongRecord) as refused:
        await keep_record(session, worker.asker, shift.id, draft, DEBRIEF)
    assert [reason.code for reason in refused.value.reasons] == codes
    assert not any("Ruby" in reason.text for reason in refused.value.reasons)
    assert await everything(session) == before


@pytest.mark.parametrize(
    ("note", "codes"),
    [
        ("Quiet until ten, then three at once.", []),
        ("Ring her back on 07700 900123", ["personal-data-phone"]),
        ("Calm on 12 March, the line was down on 14 March 2026.", ["personal-data-date"]),
        ("Busier since 2026-03-12T10:00, as a month ago", ["personal-data-date"]),
        ("She was born on 12/03/1999, asked for a check", ["personal-data-date-of-birth"]),
        ("x" * 301, ["record-note-too-long"]),
    ],
)
async def test_a_note_where_a_project_keeps_them_is_searched(
    session: AsyncSession,
    pool: ExamplePool,
    held: tuple[Planned, Worker],
    note: str,
    codes: list[str],
) -> None:
    shift, worker = held
    await set_keeping(session, pool.coordinator, Settings(90, keeps_notes=True), DEBRIEF)
    found: list[str] = []
    said = ""
    try:
        await keep_record(session, worker.asker, shift.id, done(note=note), DEBRIEF)
    except WrongRecord as refused:
        found, said = [reason.code for reason in refused.reasons], str(refused.reasons)
    kept = (await record_seen(session, worker.asker, shift.id)).draft.note
    assert (found, kept) == (codes, "" if codes else note)
    assert note not in said


async def test_bands_count_where_a_project_asks_for_them(
    session: AsyncSession, pool: ExamplePool, held: tuple[Planned, Worker]
) -> None:
    shift, worker = held
    asks = Settings(90, ("Newcastle",), asks_gender=True, asks_nationality=True)
    await set_keeping(session, pool.coordinator, asks, DEBRIEF)
    told = talk(area="Newcastle", gender="woman", nationality="rest-of-eu")
    await keep_record(session, worker.asker, shift.id, done(told), DEBRIEF)
    counted = await sums(session, pool)
    assert {
        key[1:]: counted[key] for key in counted if key[1] in {"area", "gender", "nationality"}
    } == {
        ("area", "Newcastle"): 1,
        ("gender", "woman"): 1,
        ("nationality", "rest-of-eu"): 1,
    }
    wrong = done(talk(gender="Ruby", nationality="Ruby"))
    with pytest.raises(WrongRecord) as refused:
        await keep_record(session, worker.asker, shift.id, wrong, DEBRIEF)
    assert [reason.code for reason in refused.value.reasons] == ["unknown-band", "unknown-band"]


async def test_only_who_sat_there_keeps_a_record_in_its_time(
    session: AsyncSession, pool: ExamplePool, held: tuple[Planned, Worker]
) -> None:
    shift, worker = held
    other = await a_worker(session, pool.id, pool.coordinator)
    refused: dict[str, Any] = {}
    reads = Asker(worker.id, worker.asker.project_id, worker.asker.roles, frozenset({"read"}))
    tries = {
        "other": (other.asker, DEBRIEF),
        "reader": (reads, DEBRIEF),
        "early": (worker.asker, TUESDAY_19 - timedelta(seconds=1)),
        "late": (worker.asker, TUESDAY_19 + timedelta(days=14, hours=2)),
    }
    for name, (asker, at) in tries.items():
        with pytest.raises((NotFound, NotAllowed, RecordTooEarly, RecordTooLate)) as error:
            await keep_record(session, asker, shift.id, done(), at)
        refused[name] = error.value.code
    assert refused == {
        "other": "not-found",
        "reader": "not-allowed",
        "early": "record-too-early",
        "late": "record-too-late",
    }
