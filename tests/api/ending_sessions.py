"""How what belongs to sessions ends for good: who may sit there, and what was recorded."""

from datetime import date, timedelta

from sqlalchemy import delete

from database.outbox import OutboxRow
from federation.audit.rules import NOTE_ENDED
from federation.pools.models import Pool
from federation.projects.models import Project
from rota.handover.actions import erase_note
from rota.handover.models import HandoverNote
from rota.passport.actions import attest_training, withdraw_training
from rota.passport.tools import grant_account, need_account, withdraw_account
from rota.record_erasing.actions import erase_own_records
from rota.record_keeping.actions import delete_old_records, set_keeping
from rota.record_keeping.rules import Settings
from rota.record_sharing.actions import share_counts, stop_sharing
from rota.records.actions import erase_record, keep_record
from rota.sign_up.actions import claim_seat
from tests.api.ending_place import LATER, Act, Place
from tests.rota.record_imports.world import taken
from tests.rota.records.world import DEBRIEF, a_lead, done, talk
from tests.rota.world import (
    NOW,
    a_shift,
)


async def a_training(place: Place) -> Act:
    training = await attest_training(
        place.session,
        place.coordinator,
        place.worker.id,
        "first-aid",
        date(2026, 6, 1),
        date(2027, 6, 1),
        NOW,
    )
    return lambda: withdraw_training(place.session, place.coordinator, training.id, LATER)


async def a_tool_account(place: Place) -> Act:
    channel, handle = place.pool.channel, place.worker.handle
    await need_account(place.session, place.coordinator, channel, "operator account", NOW)
    await grant_account(place.session, place.coordinator, channel, handle, NOW)
    return lambda: withdraw_account(place.session, place.coordinator, channel, handle, LATER)


async def a_note(place: Place) -> Act:
    shift = await a_shift(place.session, place.pool)
    claim = await claim_seat(place.session, place.worker.asker, shift.lead, NOW)
    note = HandoverNote(
        shift_id=shift.id,
        claim_id=claim.id,
        text="The tool was slow.",
        written_at=NOW,
        expires_at=LATER,
    )
    place.session.add(note)
    await place.session.flush()
    return lambda: erase_note(place.session, place.worker.asker, note.id, NOW)


async def shared_counts(place: Place) -> Act:
    pool = await place.session.get_one(Pool, place.pool.id)
    await share_counts(place.session, place.coordinator, pool, NOW)
    return lambda: stop_sharing(place.session, place.coordinator, pool, LATER)


async def a_shorter_keeping(place: Place) -> Act:
    long = Settings(700, ("Jarrow",), asks_gender=True, keeps_notes=True)
    await set_keeping(place.session, place.coordinator, long, NOW)
    await place.session.execute(delete(OutboxRow).where(OutboxRow.kind == NOTE_ENDED))
    short = Settings(30, ("Jarrow",))
    return lambda: set_keeping(place.session, place.coordinator, short, LATER)


async def records_whose_time_was_over(place: Place) -> Act:
    shift, worker = await a_lead(place.session, place.pool)
    await keep_record(place.session, worker.asker, shift.id, done(talk()), DEBRIEF)
    await set_keeping(place.session, place.coordinator, Settings(1), DEBRIEF)
    await place.session.execute(delete(OutboxRow).where(OutboxRow.kind == NOTE_ENDED))
    return lambda: delete_old_records(place.session, DEBRIEF + timedelta(days=3))


async def counted_sessions(place: Place) -> Act:
    shift, worker = await a_lead(place.session, place.pool)
    await keep_record(place.session, worker.asker, shift.id, done(talk()), DEBRIEF)
    await taken(place.session, place.pool)
    owner = await place.session.get_one(Project, place.coordinator.project_id)
    return lambda: erase_own_records(place.session, place.coordinator, owner.slug, LATER)


async def an_own_record(place: Place) -> Act:
    shift, worker = await a_lead(place.session, place.pool)
    await keep_record(place.session, worker.asker, shift.id, done(talk()), DEBRIEF)
    return lambda: erase_record(place.session, worker.asker, shift.id, DEBRIEF)
