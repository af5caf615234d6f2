"""Single records are there for the days that a project states, and then only their sums."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed
from rota.record_keeping.actions import (
    delete_old_records,
    deletions_of,
    keeping_of,
    set_keeping,
)
from rota.record_keeping.errors import WrongSettings
from rota.record_keeping.rules import Settings, last_day_to_delete, usual_settings
from rota.record_sums.models import HourSum, RecordSum
from rota.records.actions import erase_record, keep_record
from rota.records.models import RecordedContact, SessionRecord
from tests.rota.records.world import DEBRIEF, a_lead, done, hour_sums, sums, talk, turned_away
from tests.rota.world import ExamplePool


@pytest.mark.parametrize(
    ("jurisdiction", "days"),
    [
        *((name, 365) for name in ("netherlands", "Netherlands", "The Netherlands", "nl", "NL")),
        *((name, 365) for name in ("nederland", "Țările de Jos", "romania", "România", "ro")),
        *((name, 730) for name in ("england-and-wales", "Scotland", "no", "", "new-netherlands")),
    ],
)
def test_a_jurisdiction_is_known_however_it_is_written(jurisdiction: str, days: int) -> None:
    assert usual_settings(jurisdiction).keep_days == days


async def test_records_go_when_their_days_are_over_and_sums_stay(
    session: AsyncSession, pool: ExamplePool
) -> None:
    shift, worker = await a_lead(session, pool)
    await keep_record(session, worker.asker, shift.id, done(talk(), turned_away()), DEBRIEF)
    await set_keeping(session, pool.coordinator, Settings(30), DEBRIEF)
    counted = await sums(session, pool), await hour_sums(session, pool)
    # 5 January and 30 days: there to the end of 4 February
    await delete_old_records(session, datetime(2027, 2, 4, 23, 59, tzinfo=UTC))
    kept = await session.scalars(select(SessionRecord).where(SessionRecord.shift_id == shift.id))
    assert len(kept.all()) == 1
    over = datetime(2027, 2, 5, tzinfo=UTC)
    await delete_old_records(session, over)
    left = [
        *await session.scalars(select(SessionRecord.id).where(SessionRecord.pool_id == pool.id)),
        *await session.scalars(select(RecordedContact.id)),
    ]
    assert left == []
    assert (await sums(session, pool), await hour_sums(session, pool)) == counted
    shown = await deletions_of(session, pool.coordinator)
    assert [(each.at, each.last_day, each.records, each.contacts) for each in shown] == [
        (over, date(2027, 1, 5), 1, 2)
    ]
    entries = await session.execute(
        select(AuditEntry.at, AuditEntry.actor, AuditEntry.subject_id, AuditEntry.facts).where(
            AuditEntry.verb == "deleted-old-records"
        )
    )
    told = {
        "deletion": str(shown[0].id),
        "last_day": "2027-01-05",
        "records": 1,
        "contacts": 2,
    }
    assert [tuple(row) for row in entries] == [
        (over, "system", pool.coordinator.project_id, told),
    ]
    # the next run finds nothing, and says nothing
    await delete_old_records(session, over + timedelta(hours=1))
    assert len(await deletions_of(session, pool.coordinator)) == 1


@pytest.mark.parametrize(
    ("now", "zone", "last"),
    [
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "Europe/London", date(2027, 3, 26)),
        (datetime(2027, 3, 28, 22, 59, tzinfo=UTC), "Europe/London", date(2027, 3, 26)),
        (datetime(2027, 3, 28, 23, 0, tzinfo=UTC), "Europe/London", date(2027, 3, 27)),
        (datetime(2027, 10, 31, 23, 59, tzinfo=UTC), "Europe/London", date(2027, 10, 29)),
        (datetime(2027, 10, 31, 21, 59, tzinfo=UTC), "Europe/Bucharest", date(2027, 10, 29)),
        (datetime(2027, 10, 31, 22, 0, tzinfo=UTC), "Europe/Bucharest", date(2027, 10, 30)),
    ],
)
def test_a_day_ends_at_its_own_midnight_when_clocks_change(
    now: datetime, zone: str, last: date
) -> None:
    assert last_day_to_delete(now, zone, keep_days=1) == last


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        (Settings(0), ["keep-days"]),
        (Settings(1097), ["keep-days"]),
        (Settings(30, ("",)), ["areas"]),
        (Settings(30, ("x" * 61,)), ["areas"]),
        (Settings(30, ("Gateshead", "07700 900123")), ["area-personal"]),
        (Settings(30, ("Gateshead", "Ruby Fox")), ["area-perhaps-a-name"]),
        (Settings(30, ("Ruby Fox, 07700 900123",)), ["area-personal"]),
    ],
)
async def test_settings_beyond_their_bounds_are_refused(
    session: AsyncSession, pool: ExamplePool, settings: Settings, codes: list[str]
) -> None:
    with pytest.raises(WrongSettings) as refused:
        await set_keeping(session, pool.coordinator, settings, DEBRIEF)
    assert refused.value.code == "wrong-record-keeping"
    assert [reason.code for reason in refused.value.reasons] == codes
    assert await keeping_of(session, pool.coordinator) == Settings(730)


async def test_of_what_was_taken_back_no_sum_says_that_it_was(
    session: AsyncSession, pool: ExamplePool
) -> None:
    other, colleague = await a_lead(session, pool)
    await keep_record(session, colleague.asker, other.id, done(talk(language="ro")), DEBRIEF)
    shift, worker = await a_lead(session, pool)
    await keep_record(session, worker.asker, shift.id, done(talk(language="nl")), DEBRIEF)
    await erase_record(session, worker.asker, shift.id, DEBRIEF)
    counted = await sums(session, pool), await hour_sums(session, pool)
    await delete_old_records(session, DEBRIEF)
    assert (await sums(session, pool), await hour_sums(session, pool)) == counted
    rows = [
        *await session.scalars(select(RecordSum.value).where(RecordSum.dimension == "language")),
        *await session.scalars(select(HourSum.language)),
    ]
    assert rows == ["ro", "ro"]
    # what is counted there later is counted from nought
    await keep_record(session, worker.asker, shift.id, done(talk(language="nl")), DEBRIEF)
    assert (await sums(session, pool))["2027-01", "language", "nl"] == 1


async def test_a_place_that_could_be_a_name_is_one_once_somebody_says_so(
    session: AsyncSession, pool: ExamplePool
) -> None:
    towns = Settings(30, ("Castle Ward", "Gateshead", "Milton Keynes"))
    await set_keeping(session, pool.coordinator, towns, DEBRIEF, places=True)
    assert await keeping_of(session, pool.coordinator) == towns
    # what stands there is not asked about again
    later = replace(towns, keep_days=60)
    await set_keeping(session, pool.coordinator, later, DEBRIEF)
    assert await keeping_of(session, pool.coordinator) == later
    number = Settings(30, ("07700 900123",))
    with pytest.raises(WrongSettings):
        await set_keeping(session, pool.coordinator, number, DEBRIEF, places=True)


async def test_only_coordinators_set_and_see_what_is_kept(
    session: AsyncSession, pool: ExamplePool
) -> None:
    _, worker = await a_lead(session, pool)
    for attempt in (
        set_keeping(session, worker.asker, Settings(30), DEBRIEF),
        keeping_of(session, worker.asker),
        deletions_of(session, worker.asker),
    ):
        with pytest.raises(NotAllowed):
            await attempt
