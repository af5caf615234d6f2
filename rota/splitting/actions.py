"""A shift becomes two, so that a part of a seat can be given; who holds a seat holds both parts.

Locks in the usual order: everybody of this node who sits there, the shift, its claims, the feeds.
Nobody is asked again: the two parts take the time that the whole took, and no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.base import Base
from database.ids import new_id
from database.outbox import put
from federation.audit.actions import record
from federation.feeds.actions import append
from federation.feeds.telling import Telling, tell
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.terms import term_of
from federation.projects.models import Project
from federation.restoring.queries import refuse_while_restoring
from rota.bookings.actions import book, move_booking
from rota.bookings.queries import wish_for
from rota.calendar.actions import calendar_changed
from rota.claims.models import Claim
from rota.cover.ladder import close_cover, open_cover_of
from rota.seats.actions import settle
from rota.seats.queries import KEEPS_A_SEAT
from rota.shifts.models import Seat, Shift
from rota.sign_up.moved import lock_sitters
from rota.splitting.errors import CannotSplit, ChangedMeanwhile
from rota.splitting.rules import Whole, may_split
from rota.swaps.models import SwapOffer
from rota.swaps.stating import offer_stated
from rota.timetable.queries import shift_to_change

TEXT = "There is a change in your plan: a session of yours has been divided. You keep both parts."
ANSWERED_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Sitter:
    """Whoever holds a seat of the whole, with their claim on its second part once it is made."""

    claim: Claim
    seat: Seat
    person_id: UUID | None
    home: str | None


async def split_shift(
    session: AsyncSession, asker: Asker, shift_id: UUID, at: datetime, now: datetime
) -> UUID:
    """Divide a shift to come at a moment; it keeps its id as the first part. Gives the second's."""
    await refuse_while_restoring(session)
    shift = await shift_to_change(session, asker, shift_id)
    locked = await lock_sitters(session, [shift_id])
    await session.refresh(shift, with_for_update={"key_share": True})
    sitters = await _sitters(session, shift_id)
    if not {each.person_id for each in sitters} - {None} <= locked.keys():
        raise ChangedMeanwhile
    asked = any(each.claim.state == "proposed" for each in sitters)
    whole = Whole(shift.starts, shift.ends, shift.cancelled_at is not None, asked)
    reasons = may_split(whole, at, now)
    if reasons:
        raise CannotSplit(reasons=reasons)
    second, parts = await _divide(session, shift, at, now)
    kept = [await _keep_both(session, each, parts, shift, second, now) for each in sitters]
    tellings = [
        *await _end_offers(session, list(parts), now),
        *await _covers(session, list(parts), shift, now),
        *await _homes(session, kept, shift, now),
    ]
    for part in (shift, second):
        await settle(session, part, now)
    # private feeds come last
    await tell(tellings)
    await put(session, "offers", {}, now=now, key="all")
    await record(
        session,
        actor=asker.person_id,
        verb="split-shift",
        subject="shift",
        subject_id=shift_id,
        now=now,
        facts={"second": str(second.id), "at": at.isoformat()},
    )
    return second.id


async def _sitters(session: AsyncSession, shift_id: UUID) -> list[Sitter]:
    rows = await session.execute(
        select(Claim, Seat, Handle.person_id, Project.node)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .where(Seat.shift_id == shift_id, Claim.state.in_(KEEPS_A_SEAT), Claim.decided_here)
        .order_by(Claim.id)
        .with_for_update(of=Claim, key_share=True)
        .execution_options(populate_existing=True)
    )
    return [Sitter(claim, seat, person, home) for claim, seat, person, home in rows]


def _copied(row: Base, **changed: Any) -> dict[str, Any]:
    """Copy all columns of a row but its id: a column that is added later is not forgotten."""
    names = [column.key for column in inspect(type(row)).column_attrs]
    return {name: getattr(row, name) for name in names} | {"id": new_id()} | changed


async def _divide(
    session: AsyncSession, shift: Shift, at: datetime, now: datetime
) -> tuple[Shift, dict[UUID, UUID]]:
    """Make the second part with seats of its own; gives it, and which seat continues which."""
    changed = {"starts": at, "briefing_minutes": 0, "open": False, "exception_at": now}
    # of its series, with which it ends, though not the session of the day: that is the first part
    second = Shift(**_copied(shift, **changed, pattern_day=None))
    shift.ends, shift.debrief_minutes, shift.exception_at = at, 0, now
    session.add(second)
    await session.flush()
    seats = await session.scalars(select(Seat).where(Seat.shift_id == shift.id).order_by(Seat.id))
    parts = {}
    for seat in seats.all():
        part = Seat(**_copied(seat, shift_id=second.id, state="open", watched=False))
        session.add(part)
        parts[seat.id] = part.id
    await session.flush()
    return second, parts


async def _keep_both(
    session: AsyncSession,
    sitter: Sitter,
    parts: dict[UUID, UUID],
    first: Shift,
    second: Shift,
    now: datetime,
) -> tuple[Sitter, Claim]:
    """Give a holder the second part as well; of this node's people, the time is divided alike."""
    copy = _copied(
        sitter.claim, seat_id=parts[sitter.seat.id], receipt=None, made_at=now, instead_of=None
    )
    part = Claim(**copy)
    session.add(part)
    await session.flush()
    if sitter.person_id is not None:
        role, claim = sitter.seat.role, sitter.claim.id
        await divide_booking(session, sitter.person_id, claim, part.id, role, first, second)
        await tell_divided(session, sitter.person_id, now)
    return sitter, part


async def divide_booking(
    session: AsyncSession,
    person_id: UUID,
    claim_id: UUID,
    part_id: UUID,
    role: str,
    first: Shift,
    second: Shift,
) -> None:
    """Divide somebody's time, who is locked by the caller: to the minute what it was before."""
    await move_booking(session, claim_id, wish_for(first, role).stay)
    await book(session, person_id, part_id, wish_for(second, role).stay)


async def tell_divided(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Tell a holder of this node, in words that may be read over a shoulder."""
    await notify(session, person_id=person_id, code="shift-divided", text=TEXT, now=now)
    await calendar_changed(session, person_id, now)


async def _end_offers(session: AsyncSession, seats: Sequence[UUID], now: datetime) -> list[Telling]:
    """End offers of the whole: nobody agreed on a part of it."""
    offers = await session.scalars(
        select(SwapOffer)
        .where(SwapOffer.seat_id.in_(seats), SwapOffer.state == "open")
        .order_by(SwapOffer.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    ended = offers.all()
    for offer in ended:
        offer.state, offer.ended_at = "lapsed", now
    await session.flush()
    return [telling for offer in ended for telling in await offer_stated(session, offer, now)]


async def _covers(
    session: AsyncSession, seats: Sequence[UUID], shift: Shift, now: datetime
) -> list[Telling]:
    """Have requests for cover of the whole withdrawn; who asked may ask for the part they mean."""
    found = [await open_cover_of(session, seat) for seat in seats]
    return [
        (
            await session.scalar(select(Project.node).where(Project.id == cover.project_id)) or "",
            partial(close_cover, session, cover, shift, "withdrawn", now),
        )
        for cover in found
        if cover is not None
    ]


async def _homes(
    session: AsyncSession, kept: Sequence[tuple[Sitter, Claim]], shift: Shift, now: datetime
) -> list[Telling]:
    """Have other homes told which claim of theirs continues in which."""
    until = (now + ANSWERED_WITHIN).isoformat()
    term = await term_of(session, shift.pool_id)
    said = [
        (
            sitter.home,
            {
                "claim": str(sitter.claim.id),
                "part": str(part.id),
                "seat": str(part.seat_id),
                "answer_by": until,
                "term": term,
            },
        )
        for sitter, part in kept
        if sitter.home
    ]
    return [
        (home, partial(append, session, "private", home, "claim.split", each, now=now))
        for home, each in said
    ]
