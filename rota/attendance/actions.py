"""A seat holder says, at home, how it goes: here, late, busy, over, did not happen, debriefed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound, Reason
from federation.feeds.actions import append
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_write
from federation.pools.models import Channel, Pool
from protocols.acknowledgement.queries import lacking
from rota.attendance.errors import (
    HasBegun,
    MeetsPeople,
    NotBegunYet,
    NotCheckedIn,
    SessionOver,
    TextsNotRead,
)
from rota.attendance.models import Attendance, CheckIn
from rota.attendance.rules import (
    COMES,
    MAY_CHECK_IN,
    late_until,
    require_debrief,
    require_its_time,
    require_why_not,
)
from rota.attendance.standing import settle_session
from rota.bookings.rules import READ_FIRST
from rota.claims.models import Claim
from rota.shifts.clock import wind
from rota.shifts.models import Seat, Shift

ATTENDED, LATE, MISSED = "shift.attended", "shift.late", "shift.missed"

HeldSeats = Select[UUID, str, Shift, str | None]


@dataclass(frozen=True, slots=True)
class Held:
    """A held seat in front of the people who write, with its shift and the pool's host."""

    claim_id: UUID
    role: str
    shift: Shift
    host: str | None


async def check_in(
    session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime, *, busy: bool = False
) -> None:
    """Say that one is there, which begins the session; twice is once, the first time stands."""
    require_write(asker)
    held = await _held_by(session, asker, shift_id, COMES)
    shift = held.shift
    require_its_time(shift.starts, shift.ends, shift.briefing_minutes, now)
    if shift.cancelled_at is not None:
        raise SessionOver
    await _require_texts_read(session, asker, shift)
    await arrive(session, held, now)
    if held.role in MAY_CHECK_IN:
        await begin(session, held, now, busy=busy)
    await _write_down(session, asker, held, "checked-in", now)
    if held.role in MAY_CHECK_IN:
        await _tell(session, held, now)


async def _require_texts_read(session: AsyncSession, asker: Asker, shift: Shift) -> None:
    """Ask for the texts that are live now: what has changed since sign-up is read first."""
    texts = await lacking(session, [asker.person_id], pool_id=shift.pool_id)
    missing = texts[asker.person_id]
    if missing:
        raise TextsNotRead(
            reasons=tuple(
                Reason("text-not-read", READ_FIRST % {"name": text.title}) for text in missing
            )
        )


async def say_busy(
    session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime, *, busy: bool
) -> None:
    """Say that all who are there are occupied, or free again."""
    require_write(asker)
    held = await _held_by(session, asker, shift_id)
    await change(session, shift_id, {"busy": busy})
    await _write_down(session, asker, held, "said-busy" if busy else "said-free", now)
    await _tell(session, held, now)


async def end_session(session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime) -> None:
    """Close a session before its time: from now on nobody is there."""
    require_write(asker)
    held = await _held_by(session, asker, shift_id)
    await change(session, shift_id, {"ended_at": now})
    await leave_all(session, shift_id, now)
    await _write_down(session, asker, held, "ended-session", now)
    await _tell(session, held, now)


async def say_done(session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime) -> None:
    """Say that messages are answered or work is done, as late as that is.

    Coordinators say it for their own project's people, who may have told them.
    """
    require_write(asker)
    held = await one_held(session, seats_held().where(Shift.id == shift_id, _speaks_for(asker)))
    await _require_work(session, held.shift, now)
    await begin(session, held, now, busy=False)
    await change(session, shift_id, {"ended_at": now})
    await _write_down(session, asker, held, "said-done", now)
    await _tell(session, held, now)


def _speaks_for(asker: Asker) -> ColumnElement[bool]:
    if not asker.has("coordinator"):
        return Handle.person_id == asker.person_id
    own_people = Handle.person_id.is_not(None) & (Handle.project_id == asker.project_id)
    return or_(Handle.person_id == asker.person_id, own_people)


async def _require_work(session: AsyncSession, shift: Shift, now: datetime) -> None:
    kind = await session.scalar(select(Channel.kind).where(Channel.id == shift.channel_id))
    if kind == "session":
        raise MeetsPeople
    if shift.cancelled_at is not None:
        raise SessionOver
    if now < shift.starts:
        raise NotBegunYet


async def say_late(
    session: AsyncSession, asker: Asker, shift_id: UUID, minutes: int, now: datetime
) -> None:
    """Say when one will be there; the others on the session see it."""
    require_write(asker)
    held = await _held_by(session, asker, shift_id)
    until = late_until(minutes, now)
    shift = held.shift
    require_its_time(shift.starts, shift.ends, shift.briefing_minutes, now)
    await be_late(session, held, until)
    await _write_down(session, asker, held, "said-late", now)
    if held.host is not None:
        said = {"claim": str(held.claim_id), "until": until.isoformat()}
        await append(session, "private", held.host, LATE, said, now=now)


async def say_did_not_happen(
    session: AsyncSession, asker: Asker, shift_id: UUID, reason: str, now: datetime
) -> None:
    """Say that a session did not take place, and for which of a few reasons."""
    require_write(asker)
    held = await _held_by(session, asker, shift_id)
    shift = held.shift
    require_why_not(reason, shift.starts, shift.ends, shift.briefing_minutes, now)
    await miss(session, held, reason, now)
    await _write_down(session, asker, held, "said-did-not-happen", now, {"reason": reason})
    if held.host is None:
        await settle_session(session, shift, now)
        return
    said = {"claim": str(held.claim_id), "reason": reason, "at": now.isoformat()}
    await append(session, "private", held.host, MISSED, said, now=now)


async def say_debriefed(session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime) -> None:
    """Say that one has had the debrief; this stays at home."""
    require_write(asker)
    held = await _held_by(session, asker, shift_id, COMES)
    ended = select(CheckIn.ended_at).where(CheckIn.shift_id == shift_id)
    require_debrief(held.shift.ends, await session.scalar(ended), now)
    await _attend(session, held, {"debriefed_at": now}, keep="debriefed_at")
    await _write_down(session, asker, held, "debriefed", now)


def seats_held(roles: tuple[str, ...] = MAY_CHECK_IN) -> HeldSeats:
    """Begin to look for held seats of these roles."""
    return (
        select(Claim.id, Seat.role, Shift, Pool.host)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .where(Claim.state == "held", Seat.role.in_(roles))
    )


async def one_held(session: AsyncSession, wanted: HeldSeats) -> Held:
    """Find one held seat with its shift locked, or nothing."""
    row = (await session.execute(wanted.with_for_update(of=Shift, key_share=True))).first()
    if row is None:
        raise NotFound
    return Held(*row)


async def _held_by(
    session: AsyncSession, asker: Asker, shift_id: UUID, roles: tuple[str, ...] = MAY_CHECK_IN
) -> Held:
    return await one_held(
        session,
        seats_held(roles).where(Shift.id == shift_id, Handle.person_id == asker.person_id),
    )


async def arrive(session: AsyncSession, held: Held, at: datetime) -> None:
    """Keep that somebody came; who left may come back."""
    await _attend(session, held, {"arrived_at": at, "left_at": None}, keep="arrived_at")


async def be_late(session: AsyncSession, held: Held, until: datetime) -> None:
    """Keep when somebody says they will be there."""
    await _attend(session, held, {"late_until": until})


async def _attend(
    session: AsyncSession, held: Held, facts: dict[str, Any], *, keep: str = ""
) -> None:
    """Keep a seat holder's part; what is named by `keep` stays as it was first said."""
    row = insert(Attendance).values(claim_id=held.claim_id, shift_id=held.shift.id, **facts)
    changed: dict[str, Any] = dict(facts)
    if keep:
        changed[keep] = func.coalesce(getattr(Attendance, keep), row.excluded[keep])
    await session.execute(
        row.on_conflict_do_update(index_elements=[Attendance.claim_id], set_=changed)
    )


async def begin(session: AsyncSession, held: Held, at: datetime, *, busy: bool) -> None:
    """Begin a session, or open again one that was closed too soon."""
    row = insert(CheckIn).values(
        id=new_id(), shift_id=held.shift.id, claim_id=held.claim_id, at=at, busy=busy
    )
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[CheckIn.shift_id],
            set_={"busy": busy, "ended_at": None, "did_not_happen": None},
        )
    )


async def change(session: AsyncSession, shift_id: UUID, facts: dict[str, Any]) -> None:
    """Change how a session stands that somebody has begun."""
    changed = await session.scalar(
        update(CheckIn).where(CheckIn.shift_id == shift_id).values(**facts).returning(CheckIn.id)
    )
    if changed is None:
        raise NotCheckedIn


async def leave_all(session: AsyncSession, shift_id: UUID, at: datetime) -> None:
    """Write down that all who were there have gone with the session's end."""
    await session.execute(
        update(Attendance)
        .where(
            Attendance.shift_id == shift_id,
            Attendance.arrived_at.is_not(None),
            Attendance.left_at.is_(None),
        )
        .values(left_at=func.greatest(at, Attendance.arrived_at))
    )


async def miss(session: AsyncSession, held: Held, reason: str, at: datetime) -> None:
    """Keep that a session did not take place; one that somebody has begun did."""
    row = insert(CheckIn).values(
        id=new_id(),
        shift_id=held.shift.id,
        claim_id=held.claim_id,
        at=at,
        ended_at=at,
        did_not_happen=reason,
    )
    kept = await session.scalar(
        row.on_conflict_do_update(
            index_elements=[CheckIn.shift_id],
            # its first moment stays: other nodes know it by having ended as it began
            set_={"did_not_happen": reason},
            where=CheckIn.did_not_happen.is_not(None),
        ).returning(CheckIn.id)
    )
    if kept is None:
        raise HasBegun
    await seen_by_public(session, held.shift.pool_id)


async def seen_by_public(session: AsyncSession, pool_id: UUID) -> None:
    """Let the public pages of this node see what has changed."""
    await session.execute(update(Pool).where(Pool.id == pool_id).values(revision=Pool.revision + 1))


async def _write_down(
    session: AsyncSession,
    asker: Asker,
    held: Held,
    verb: str,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="shift",
        subject_id=held.shift.id,
        now=now,
        facts=facts,
    )
    await wind(session, held.shift.id, now)


async def _tell(session: AsyncSession, held: Held, now: datetime) -> None:
    """Let the public pages see it: settle it as the host, or tell the host of the pool."""
    if held.host is None:
        await settle_session(session, held.shift, now)
        return
    await seen_by_public(session, held.shift.pool_id)
    kept = (
        await session.execute(
            select(CheckIn.at, CheckIn.busy, CheckIn.ended_at, Attendance.arrived_at)
            .outerjoin(Attendance, Attendance.claim_id == held.claim_id)
            .where(CheckIn.shift_id == held.shift.id)
        )
    ).one()
    said = {
        "claim": str(held.claim_id),
        "at": kept.at.isoformat(),
        "busy": kept.busy,
        "ended_at": kept.ended_at and kept.ended_at.isoformat(),
        "arrived_at": kept.arrived_at and kept.arrived_at.isoformat(),
    }
    await append(session, "private", held.host, ATTENDED, said, now=now)
