"""Leaving a note for the next session's people, and erasing it; the host hands it on."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound
from federation.feeds.actions import append, erase_content
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_write
from federation.pools.models import Pool, PoolMember
from federation.pools.stated import Moment
from federation.projects.models import Project
from rota.attendance.rules import COMES
from rota.claims.models import Claim
from rota.handover.errors import EnoughNotes, NoteTooLate, WrongNote
from rota.handover.models import HandoverNote
from rota.handover.rules import LASTS, may_write_until, wrong_note
from rota.shifts.clock import wind_open_sessions
from rota.shifts.models import Seat, Shift

WRITTEN, ERASED = "handover.written", "handover.erased"
MOST = 3

Sat = Select[UUID, Shift, str | None]


class NoteWritten(msgspec.Struct, frozen=True):
    """A home's worker has left a note after their session."""

    note: UUID
    claim: UUID
    text: str
    at: Moment


class NoteErased(msgspec.Struct, frozen=True):
    """A note is taken back."""

    note: UUID


async def leave_note(
    session: AsyncSession, asker: Asker, shift_id: UUID, text: str, now: datetime
) -> UUID:
    """Leave a note for the people of the next session on this channel."""
    require_write(asker)
    claim_id, shift, host = await _one(
        session, _sat().where(Shift.id == shift_id, Handle.person_id == asker.person_id)
    )
    briefing = shift.starts - timedelta(minutes=shift.briefing_minutes)
    if not briefing <= now < may_write_until(shift.ends, shift.debrief_minutes):
        raise NoteTooLate
    wrong = wrong_note(text)
    if wrong:
        raise WrongNote(reasons=wrong)
    note_id = new_id()
    seq = None
    if await _count(session, claim_id, now) >= MOST:
        raise EnoughNotes
    await record(
        session,
        actor=asker.person_id,
        verb="left-handover-note",
        subject="shift",
        subject_id=shift_id,
        now=now,
        facts={"note": str(note_id)},
    )
    if host is None:
        await _follow(session, shift, now)
    else:
        said = {
            "note": str(note_id),
            "claim": str(claim_id),
            "text": text.strip(),
            "at": now.isoformat(),
        }
        seq = await append(session, "private", host, WRITTEN, said, now=now)
    await _keep(session, note_id, shift_id, claim_id, text, now, seq=seq)
    return note_id


def _sat() -> Sat:
    """Begin to look for who sat, or sits, on a worker's seat of a session."""
    return (
        select(Claim.id, Shift, Pool.host)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .where(Claim.state == "held", Seat.role.in_(COMES))
    )


async def _one(session: AsyncSession, wanted: Sat) -> tuple[UUID, Shift, str | None]:
    row = (await session.execute(wanted.with_for_update(of=Shift, key_share=True))).first()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


async def _count(session: AsyncSession, claim_id: UUID, now: datetime) -> int:
    counted = await session.scalar(
        select(func.count()).where(HandoverNote.claim_id == claim_id, HandoverNote.expires_at > now)
    )
    return counted or 0


async def _keep(
    session: AsyncSession,
    note_id: UUID,
    shift_id: UUID,
    claim_id: UUID,
    text: str,
    at: datetime,
    *,
    seq: int | None = None,
) -> None:
    row = insert(HandoverNote).values(
        id=note_id,
        shift_id=shift_id,
        claim_id=claim_id,
        text=text.strip(),
        written_at=at,
        expires_at=at + LASTS,
        seq=seq,
    )
    await session.execute(row.on_conflict_do_nothing())


async def _follow(session: AsyncSession, shift: Shift, now: datetime) -> None:
    """Let those be told who sit on the next session and may read it now."""
    next_ones = (Shift.channel_id == shift.channel_id) & (Shift.starts >= shift.ends)
    await wind_open_sessions(session, next_ones, now)


async def receive_note(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """As the host: keep a note that a home's worker has left; it is screened here once more."""
    said = msgspec.convert(payload, NoteWritten)
    wrong = wrong_note(said.text)
    if wrong:
        raise WrongNote(reasons=wrong)
    claim_id, shift, _host = await _one(
        session,
        _sat()
        .join(Project, Project.id == Handle.project_id)
        .where(Claim.id == said.claim, Claim.decided_here, Project.node == home),
    )
    if await _count(session, claim_id, now) >= MOST:
        raise EnoughNotes
    await _keep(session, said.note, shift.id, claim_id, said.text, min(said.at, now))
    await record(
        session,
        actor=home,
        verb="left-handover-note",
        subject="shift",
        subject_id=shift.id,
        now=now,
        facts={"note": str(said.note)},
    )
    await _follow(session, shift, now)


async def erase_note(session: AsyncSession, asker: Asker, note_id: UUID, now: datetime) -> None:
    """Erase a note: its writer may, and who plans the pool; it is gone for its readers as well."""
    require_write(asker)
    row = (
        await session.execute(
            select(HandoverNote, Handle.person_id, Shift, Pool.host)
            .join(Claim, Claim.id == HandoverNote.claim_id)
            .join(Handle, Handle.id == Claim.handle_id)
            .join(Shift, Shift.id == HandoverNote.shift_id)
            .join(Pool, Pool.id == Shift.pool_id)
            .where(HandoverNote.id == note_id)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    note, writer, shift, host = row
    plans = host is None and asker.has("coordinator") and await _takes_part(session, asker, shift)
    if writer != asker.person_id and not plans:
        raise NotFound
    await remove(session, note, host)
    await record(
        session,
        actor=asker.person_id,
        verb="erased-handover-note",
        subject="shift",
        subject_id=shift.id,
        now=now,
        facts={"note": str(note_id)},
    )
    if host is None:
        await _follow(session, shift, now)
    else:
        await append(session, "private", host, ERASED, {"note": str(note_id)}, now=now)


async def _takes_part(session: AsyncSession, asker: Asker, shift: Shift) -> bool:
    member = await session.scalar(
        select(PoolMember.id).where(
            PoolMember.pool_id == shift.pool_id, PoolMember.project_id == asker.project_id
        )
    )
    return member is not None


async def remove(session: AsyncSession, note: HandoverNote, host: str | None) -> None:
    """Erase a note, and what was said of it to the host."""
    if note.seq is not None and host is not None:
        await erase_content(session, "private", host, WRITTEN, note.seq)
    await session.execute(delete(HandoverNote).where(HandoverNote.id == note.id))


async def receive_erased(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """As the host: erase a note that was left from this home; a note that is gone is no error."""
    said = msgspec.convert(payload, NoteErased)
    row = (
        await session.execute(
            select(HandoverNote, Shift, Project.node)
            .join(Claim, Claim.id == HandoverNote.claim_id)
            .join(Handle, Handle.id == Claim.handle_id)
            .join(Project, Project.id == Handle.project_id)
            .join(Shift, Shift.id == HandoverNote.shift_id)
            .where(HandoverNote.id == said.note)
        )
    ).one_or_none()
    if row is None:
        return
    note, shift, node = row
    if node != home:
        raise NotFound
    await remove(session, note, None)
    await record(
        session,
        actor=home,
        verb="erased-handover-note",
        subject="shift",
        subject_id=shift.id,
        now=now,
        facts={"note": str(said.note)},
    )
    await _follow(session, shift, now)


async def erase_expired(session: AsyncSession, now: datetime) -> None:
    """Erase the notes whose time is over, with what partners could still read of them."""
    rows = await session.execute(
        select(HandoverNote, Pool.host)
        .join(Shift, Shift.id == HandoverNote.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(HandoverNote.expires_at <= now)
        .order_by(HandoverNote.id)
    )
    erased = [(note, host) for note, host in rows]
    for note, host in erased:
        await remove(session, note, host)
    if erased:
        await record(
            session,
            actor=SYSTEM,
            verb="erased-expired-notes",
            subject="handover_note",
            subject_id=None,
            now=now,
            facts={"notes": len(erased)},
        )
