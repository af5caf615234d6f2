"""A seat holder keeps the record of their session; each keeping replaces the one before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.permissions.rules import Asker, require_write
from rota.record_keeping.queries import deleted_until
from rota.record_keeping.rules import last_day_to_delete, local_day
from rota.record_sums.actions import Place, change_hours, change_sums
from rota.records.errors import RecordTooEarly, RecordTooLate, WrongRecord
from rota.records.models import RecordedContact, SessionRecord
from rota.records.queries import RecordSeen, Sat, record_seen
from rota.records.rules.counting import facts, hours
from rota.records.rules.drafts import WRITTEN_UNTIL, Contact, Draft, full_hour, wrong_record


async def keep_record(
    session: AsyncSession, asker: Asker, shift_id: UUID, draft: Draft, now: datetime
) -> None:
    """Keep what was counted of a session; all of it is right, or nothing is stored."""
    require_write(asker)
    seen = await record_seen(session, asker, shift_id, locked=True)
    await _require_its_time(session, seen, now)
    wrong = wrong_record(draft, seen.allowed)
    if wrong:
        raise WrongRecord(reasons=wrong)
    await _store(session, seen.sat, draft, now)
    await _count(session, seen.sat, seen.draft, draft)
    await _write_down(session, asker, "kept-session-record", shift_id, now)


async def erase_record(session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime) -> None:
    """Erase one's own record of a session, also from the sums."""
    require_write(asker)
    seen = await record_seen(session, asker, shift_id, locked=True)
    await _require_its_time(session, seen, now)
    await session.execute(delete(SessionRecord).where(SessionRecord.claim_id == seen.sat.claim_id))
    await _count(session, seen.sat, seen.draft, Draft())
    await _write_down(session, asker, "erased-session-record", shift_id, now)


async def _require_its_time(session: AsyncSession, seen: RecordSeen, now: datetime) -> None:
    shift, owner = seen.sat.shift, seen.sat.project
    if now < shift.starts:
        raise RecordTooEarly
    if now >= shift.ends + WRITTEN_UNTIL:
        raise RecordTooLate
    # of a record that was deleted only the sums are left: a second one would be counted twice
    day = local_day(shift.starts, owner.zone)
    gone = await deleted_until(session, owner.id)
    over = last_day_to_delete(now, owner.zone, seen.settings.keep_days)
    if day <= max(over, gone or over):
        raise RecordTooLate


async def _store(session: AsyncSession, sat: Sat, draft: Draft, now: datetime) -> None:
    facts_kept: dict[str, Any] = {
        "pace": draft.pace,
        "technical_trouble": draft.technical_trouble,
        "staff_abused": draft.staff_abused,
        "support": draft.support,
        "note": draft.note.strip() or None,
        "done": draft.done,
        "written_at": now,
    }
    row = insert(SessionRecord).values(
        id=new_id(),
        claim_id=sat.claim_id,
        project_id=sat.project.id,
        pool_id=sat.pool.id,
        channel_id=sat.channel.id,
        shift_id=sat.shift.id,
        day=local_day(sat.shift.starts, sat.project.zone),
        **facts_kept,
    )
    record_id = await session.scalar(
        row.on_conflict_do_update(
            index_elements=[SessionRecord.claim_id], set_=facts_kept
        ).returning(SessionRecord.id)
    )
    await session.execute(delete(RecordedContact).where(RecordedContact.record_id == record_id))
    if draft.contacts:
        await session.execute(insert(RecordedContact), _rows(record_id, draft.contacts))


def _rows(record_id: UUID | None, contacts: Sequence[Contact]) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "record_id": record_id,
            "position": position,
            "at": full_hour(contact.at),
            "kind": contact.kind,
            "language": contact.language,
            "familiarity": contact.familiarity,
            "minutes": contact.minutes,
            "topics": contact.topics,
            "outcome": contact.outcome,
            "signpost_id": contact.signpost,
            "unmet": contact.unmet,
            "area": contact.area,
            "gender": contact.gender,
            "nationality": contact.nationality,
        }
        for position, contact in enumerate(contacts)
    ]


async def _count(session: AsyncSession, sat: Sat, before: Draft, after: Draft) -> None:
    month = local_day(sat.shift.starts, sat.project.zone).replace(day=1)
    place = Place(sat.project.id, sat.pool.id, sat.channel.id, month)
    await change_sums(session, place, facts(before), facts(after))
    await change_hours(session, place, hours(before, sat.pool.zone), hours(after, sat.pool.zone))


async def _write_down(
    session: AsyncSession, asker: Asker, verb: str, shift_id: UUID, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="shift",
        subject_id=shift_id,
        now=now,
    )
