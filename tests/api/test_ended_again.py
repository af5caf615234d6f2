"""What was revoked, blocked, taken away or erased after a backup is so after the restore as well.

Each is really done, then undone as a backup undoes it, then read back from the list.
"""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.ended import AGAIN, _since_the_backup
from api.ended_lines import Listed
from database.ids import new_id
from database.outbox import OutboxRow
from federation.audit.rules import ENDED, NOTE_ENDED, Ended
from federation.second_steps.models import RecoveryCode
from protocols.comments.models import ItemComment
from rota.calendar.models import CalendarAddress
from rota.record_keeping.actions import (
    delete_old_records,
    deletions_of,
    keeping_of,
    set_keeping,
)
from rota.record_keeping.rules import Settings
from rota.records.actions import erase_record, keep_record
from rota.records.errors import RecordTooLate
from rota.records.models import SessionRecord
from tests.api.ending_access import an_address_that_was_seen, recovery_codes
from tests.api.ending_place import LATER, Act, Place
from tests.api.ending_sessions import records_whose_time_was_over
from tests.api.ending_texts import a_comment
from tests.api.endings import CASES
from tests.rota.records.world import DEBRIEF, a_lead, done, hour_sums, sums, talk
from tests.rota.world import (
    TUESDAY_19,
    a_pool,
    a_project,
    a_worker,
    everything,
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.fixture
async def place(session: AsyncSession) -> Place:
    pool = await a_pool(session, await a_project(session))
    return Place(session, pool, await a_worker(session, pool.id, pool.coordinator))


async def in_tables(session: AsyncSession, tables: list[str]) -> dict[str, list[Any]]:
    found = await everything(session)
    return {name: found[name] for name in tables}


async def noted(session: AsyncSession) -> list[Ended]:
    rows = await session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == NOTE_ENDED))
    return [msgspec.convert(payload, Ended) for payload in rows]


async def done_and_undone(place: Place, act: Act, tables: list[str]) -> tuple[Ended, Any]:
    """Do it, and put the database back as it was before, as a backup does."""
    before = await in_tables(place.session, tables)
    backup = await place.session.begin_nested()
    await act()
    after = await in_tables(place.session, tables)
    [ended] = await noted(place.session)
    await backup.rollback()
    place.session.expire_all()
    assert await in_tables(place.session, tables) == before
    assert (before == after) == (not tables)
    return ended, after


@pytest.mark.parametrize("which", CASES, ids=lambda which: which[1])
async def test_what_was_ended_is_ended_again(place: Place, which: tuple[str, str]) -> None:
    arrange, tables = CASES[which]
    ended, after = await done_and_undone(place, await arrange(place), tables)
    assert (ended.subject, ended.verb) == which
    await AGAIN[which](place.session, ended, LATER)
    assert await in_tables(place.session, tables) == after
    # what is ended already, and what the backup has never known, does no harm
    await AGAIN[which](place.session, ended, LATER)
    assert await in_tables(place.session, tables) == after


async def test_an_address_that_others_have_seen_opens_nothing_after_a_restore(
    place: Place,
) -> None:
    ended, _ = await done_and_undone(place, await an_address_that_was_seen(place), [])
    await AGAIN["calendar_address", ended.verb](place.session, ended, LATER)
    addresses = await place.session.scalars(select(CalendarAddress))
    assert [(one.revoked_at, one.body, one.etag) for one in addresses] == [(LATER, b"", "")]


async def test_erased_words_stay_erased_and_their_comment_open(place: Place) -> None:
    ended, _ = await done_and_undone(place, await a_comment(place), [])
    await AGAIN["item", ended.verb](place.session, ended, LATER)
    [comment] = await place.session.scalars(
        select(ItemComment).execution_options(populate_existing=True)
    )
    assert (comment.said, comment.author_id, comment.resolved_at) == (None, None, None)


async def test_recovery_codes_on_an_old_paper_let_nobody_in_after_a_restore(place: Place) -> None:
    ended, _ = await done_and_undone(place, await recovery_codes(place), [])
    assert len((await place.session.scalars(select(RecoveryCode))).all()) == 10
    await AGAIN["authenticator", ended.verb](place.session, ended, LATER)
    assert (await place.session.scalars(select(RecoveryCode))).all() == []


async def test_records_that_were_deleted_stay_so_where_they_are_kept_for_longer_again(
    place: Place,
) -> None:
    session, asker = place.session, place.coordinator
    shift, worker = await a_lead(session, place.pool)
    await keep_record(session, worker.asker, shift.id, done(talk()), DEBRIEF)
    later, other = await a_lead(session, place.pool, starts=TUESDAY_19 + WEEK)
    record = done(talk(at=later.starts))
    await keep_record(session, other.asker, later.id, record, DEBRIEF + WEEK)
    counted = await sums(session, place.pool), await hour_sums(session, place.pool)
    backup = await session.begin_nested()
    swept = DEBRIEF + WEEK + timedelta(hours=1)
    await set_keeping(session, asker, Settings(1), swept)
    await delete_old_records(session, swept)
    await set_keeping(session, asker, Settings(365), swept)
    ended = await noted(session)
    await backup.rollback()
    session.expire_all()
    for each in ended:
        await AGAIN[each.subject, each.verb](session, each, swept + DAY)
    left = await session.scalars(select(SessionRecord.shift_id))
    assert left.all() == [later.id]
    assert (await sums(session, place.pool), await hour_sums(session, place.pool)) == counted
    shown = await deletions_of(session, asker)
    assert [(each.at, each.last_day, each.records, each.contacts) for each in shown] == [
        (swept, DEBRIEF.date() + timedelta(days=5), 1, 1)
    ]
    assert await keeping_of(session, asker) == Settings(365)
    with pytest.raises(RecordTooLate):
        await keep_record(session, worker.asker, shift.id, done(talk()), swept + DAY)


async def test_what_was_listed_in_another_order_is_done_again_as_it_happened(
    place: Place,
) -> None:
    """The worker writes lines beside one another, and once more what it could not write."""
    session, asker = place.session, place.coordinator
    shift, worker = await a_lead(session, place.pool)
    other_shift, other = await a_lead(session, place.pool)
    await keep_record(session, worker.asker, shift.id, done(talk()), DEBRIEF)
    await keep_record(session, other.asker, other_shift.id, done(talk()), DEBRIEF)
    backup = await session.begin_nested()
    await set_keeping(session, asker, Settings(365), DEBRIEF + DAY)
    await erase_record(session, worker.asker, shift.id, DEBRIEF + DAY)
    await set_keeping(session, asker, Settings(1), DEBRIEF + 2 * DAY)
    await delete_old_records(session, DEBRIEF + 3 * DAY)
    tables = ["session_record", "record_deletion", "record_setting"]
    after = await in_tables(session, tables)
    counted = await sums(session, place.pool), await hour_sums(session, place.pool)
    lines = [Listed(*line) for line in enumerate(reversed(await noted(session)), start=1)]
    await backup.rollback()
    session.expire_all()
    for _, each in await _since_the_backup(session, lines):
        await AGAIN[each.subject, each.verb](session, each, DEBRIEF + 4 * DAY)
    assert await in_tables(session, tables) == after
    assert (await sums(session, place.pool), await hour_sums(session, place.pool)) == counted


async def test_a_backup_older_than_the_project_has_no_records_to_delete(place: Place) -> None:
    ended, _ = await done_and_undone(
        place, await records_whose_time_was_over(place), ["session_record"]
    )
    before = await everything(place.session)
    unknown = msgspec.structs.replace(ended, subject_id=new_id())
    await AGAIN["project", ended.verb](place.session, unknown, LATER)
    assert await everything(place.session) == before


def test_everything_that_ends_something_can_be_done_again() -> None:
    assert AGAIN.keys() == ENDED == CASES.keys()
