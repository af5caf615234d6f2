"""A seat holder keeps the record of their session; each keeping replaces the one before."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, update
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
from rota.records.rules.drafts import (
    MOST_CONTACTS,
    WRITTEN_UNTIL,
    Contact,
    Draft,
    full_hour,
    holds_contact,
    with_contact,
    wrong_record,
)

ERASED = "erased-session-record"


class Where(NamedTuple):
    """Where a record is counted: its place among the sums, its day, and by which clock hours go."""

    place: Place
    day: date
    zone: str


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
    await _change(session, asker, seen, change(seen.draft), now)


async def add_contact(
    session: AsyncSession, asker: Asker, shift_id: UUID, new: Contact, mark: UUID, now: datetime
) -> None:
    """Add a contact that came by a form with a mark; what comes twice by the same one is one.

    A line may break after something was kept and before that was said: then it is sent again. Of
    two people alike that two devices tell of, each counts.
    """
    seen = await _held(session, asker, shift_id, now)
    marks = seen.kept.marks if seen.kept else []
    if mark in marks and holds_contact(seen.draft, new):
        return
    await _change(session, asker, seen, with_contact(seen.draft, new), now)
    of_claim = SessionRecord.claim_id == seen.sat.claim_id
    known = [*marks, mark][-MOST_CONTACTS:]
    await session.execute(update(SessionRecord).where(of_claim).values(marks=known))


async def _change(
    session: AsyncSession, asker: Asker, seen: RecordSeen, draft: Draft, now: datetime
) -> None:
    wrong = wrong_record(draft, seen.allowed, seen.draft)
    if wrong:
        raise WrongRecord(reasons=wrong)
    where = _now_at(seen, now)
    counted = _counted_at(seen.kept, seen.sat.pool) if seen.kept else where
    await _store(session, seen.sat, where, draft, now)
    await _count(session, counted, seen.draft, where, draft)
    await _write_down(session, asker, "kept-session-record", seen.sat.shift.id, now)


async def erase_record(session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime) -> None:
    """Erase one's own record of a session, also from the sums, and over a restore."""
    seen = await _held(session, asker, shift_id, now)
    await session.execute(delete(SessionRecord).where(SessionRecord.claim_id == seen.sat.claim_id))
    if seen.kept:
        await _uncount(session, _counted_at(seen.kept, seen.sat.pool), seen.draft)
    claim = {"claim": str(seen.sat.claim_id)}
    await _write_down(session, asker, ERASED, shift_id, now, claim)


async def erase_again(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Erase a record that a backup has brought back."""
    row = (
        await session.execute(
            select(SessionRecord, Pool)
            .join(Pool, Pool.id == SessionRecord.pool_id)
            .where(SessionRecord.claim_id == UUID(ended.facts["claim"]))
        )
    ).one_or_none()
    # the backup may be older than the record
    if row is None:
        return
    old, pool = row
    before = (await drafts_of(session, [old]))[old.id]
    await session.execute(delete(SessionRecord).where(SessionRecord.id == old.id))
    await _uncount(session, _counted_at(old, pool), before)


async def _held(session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime) -> RecordSeen:
    """Find one's record as it is, while nobody else changes it."""
    require_write(asker)
    await hold_counts(session, asker.project_id, shared=True)
    seen = await record_seen(session, asker, shift_id, locked=True)
    await _require_its_time(session, seen, now)
    return seen


async def _require_its_time(session: AsyncSession, seen: RecordSeen, now: datetime) -> None:
    shift, owner = seen.sat.shift, seen.sat.project
    # of a session that was held, a host may say late that it is at another time
    if now < shift.starts and seen.kept is None:
        raise RecordTooEarly
    if now >= shift.ends + WRITTEN_UNTIL:
        raise RecordTooLate
    # of a record that was deleted only the sums are left: a second one would be counted twice
    day = seen.kept.day if seen.kept else local_day(shift.starts, owner.zone)
    gone = await deleted_until(session, owner.id)
    over = last_day_to_delete(now, owner.zone, seen.settings.keep_days)
    if day <= max(over, gone or over):
        raise RecordTooLate


async def _store(
    session: AsyncSession, sat: Sat, where: Where, draft: Draft, now: datetime
) -> None:
    facts_kept: dict[str, Any] = {
        "pool_id": where.place.pool_id,
        "channel_id": where.place.channel_id,
        "day": where.day,
        "zone": where.zone,
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
        shift_id=sat.shift.id,
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


def _now_at(seen: RecordSeen, now: datetime) -> Where:
    """Say where a record is kept: by its session, or where it is while that is yet to come."""
    sat = seen.sat
    if seen.kept and now < sat.shift.starts:
        return _counted_at(seen.kept, sat.pool)
    day = local_day(sat.shift.starts, sat.project.zone)
    place = Place(sat.project.id, sat.pool.id, sat.channel.id, day.replace(day=1))
    return Where(place, day, sat.pool.zone)


def _counted_at(kept: SessionRecord, pool: Pool) -> Where:
    place = Place(kept.project_id, kept.pool_id, kept.channel_id, kept.day.replace(day=1))
    return Where(place, kept.day, kept.zone or pool.zone)


async def _count(
    session: AsyncSession, counted: Where, before: Draft, where: Where, after: Draft
) -> None:
    if (counted.place, counted.zone) != (where.place, where.zone):
        await _uncount(session, counted, before)
        before = Draft()
    zone = where.zone
    await change_sums(session, where.place, facts(before), facts(after))
    await change_hours(session, where.place, hours(before, zone), hours(after, zone))


async def _uncount(session: AsyncSession, counted: Where, before: Draft) -> None:
    await _count(session, counted, before, counted, Draft())


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
