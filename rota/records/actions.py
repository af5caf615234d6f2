"""A seat holder keeps the record of their session; each keeping replaces the one before."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.audit.rules import Ended
from federation.permissions.rules import Asker, require_write
from federation.pools.models import Pool
from rota.record_keeping.queries import deleted_until, hold_counts
from rota.record_keeping.rules import last_day_to_delete, local_day
from rota.record_sums.actions import Place, change_hours, change_sums
from rota.records.errors import RecordTooEarly, RecordTooLate, WrongRecord
from rota.records.models import RecordedContact, SessionRecord
from rota.records.queries import RecordSeen, Sat, drafts_of, record_seen
from rota.records.rules.counting import facts, hours
from rota.records.rules.drafts import WRITTEN_UNTIL, Contact, Draft, full_hour, wrong_record

ERASED = "erased-session-record"


async def keep_record(
    session: AsyncSession, asker: Asker, shift_id: UUID, draft: Draft, now: datetime
) -> None:
    """Keep what was counted of a session; all of it is right, or nothing is stored."""
    await change_record(session, asker, shift_id, lambda _: draft, now)


async def change_record(
    session: AsyncSession,
    asker: Asker,
    shift_id: UUID,
    change: Callable[[Draft], Draft],
    now: datetime,
) -> None:
    """Make one's record another one; two changes at once follow each other, and none is lost."""
    seen = await _held(session, asker, shift_id, now)
    draft = change(seen.draft)
    wrong = wrong_record(draft, seen.allowed, seen.draft)
    if wrong:
        raise WrongRecord(reasons=wrong)
    await _store(session, seen.sat, draft, now)
    await _count(session, _place(seen.sat), seen.sat.pool.zone, seen.draft, draft)
    await _write_down(session, asker, "kept-session-record", shift_id, now)


async def erase_record(session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime) -> None:
    """Erase one's own record of a session, also from the sums, and over a restore."""
    seen = await _held(session, asker, shift_id, now)
    await session.execute(delete(SessionRecord).where(SessionRecord.claim_id == seen.sat.claim_id))
    await _count(session, _place(seen.sat), seen.sat.pool.zone, seen.draft, Draft())
    claim = {"claim": str(seen.sat.claim_id)}
    await _write_down(session, asker, ERASED, shift_id, now, claim)


async def erase_again(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Erase a record that a backup has brought back."""
    row = (
        await session.execute(
            select(SessionRecord, Pool.zone)
            .join(Pool, Pool.id == SessionRecord.pool_id)
            .where(SessionRecord.claim_id == UUID(ended.facts["claim"]))
        )
    ).one_or_none()
    # the backup may be older than the record
    if row is None:
        return
    old, zone = row
    before = (await drafts_of(session, [old]))[old.id]
    place = Place(old.project_id, old.pool_id, old.channel_id, old.day.replace(day=1))
    await session.execute(delete(SessionRecord).where(SessionRecord.id == old.id))
    await _count(session, place, zone, before, Draft())


async def _held(session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime) -> RecordSeen:
    """Find one's record as it is, while nobody else changes it."""
    require_write(asker)
    await hold_counts(session, asker.project_id, shared=True)
    seen = await record_seen(session, asker, shift_id, locked=True)
    await _require_its_time(session, seen, now)
    return seen


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


def _place(sat: Sat) -> Place:
    month = local_day(sat.shift.starts, sat.project.zone).replace(day=1)
    return Place(sat.project.id, sat.pool.id, sat.channel.id, month)


async def _count(
    session: AsyncSession, place: Place, zone: str, before: Draft, after: Draft
) -> None:
    await change_sums(session, place, facts(before), facts(after))
    await change_hours(session, place, hours(before, zone), hours(after, zone))


async def _write_down(
    session: AsyncSession,
    asker: Asker,
    verb: str,
    shift_id: UUID,
    now: datetime,
    about: dict[str, str] | None = None,
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="shift",
        subject_id=shift_id,
        now=now,
        facts=about,
    )
