"""At home: a worker waits for a seat, leaves the line, and answers when it is their turn."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound, Reason
from federation.feeds.actions import append
from federation.people.models import Handle, Person
from federation.permissions.rules import Asker, require_write
from federation.pools.models import Pool
from federation.pools.terms import in_term
from rota.bookings.actions import book, home_reasons, lock_person
from rota.bookings.queries import wish_for
from rota.claims.errors import ClaimRefused
from rota.claims.models import Claim
from rota.claims.queries import claim_acted_for, handle_for, lock_claim
from rota.consent.asking import ask_coordinators, needs_consent
from rota.consent.models import Consent
from rota.seats.actions import lock_shift_of
from rota.shifts.models import Seat, Shift
from rota.sign_up.proposals import decide_proposal
from rota.waiting.errors import NotWaiting, OfferEnded, SeatFree
from rota.waiting.line import IN_LINE, add_to_line, leave, require_room
from rota.waiting.models import WaitingEntry

FOR_GOOD = frozenset({"role-missing", "has-left", "already-started", "shift-cancelled"})
"""Reasons that no waiting changes; all others are asked again when the seat is offered."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A seat, and the handle that would wait for it."""

    seat: Seat
    shift: Shift
    pool: Pool
    handle: Handle
    person_id: UUID


async def wait_for_seat(
    session: AsyncSession, asker: Asker, seat_id: UUID, now: datetime, *, worker: str | None = None
) -> WaitingEntry:
    """Stand in the line for a seat that somebody has; a coordinator may put in their own people."""
    require_write(asker)
    wanted = await _wanted(session, asker, seat_id, worker)
    person = await lock_person(session, wanted.person_id)
    shift = await lock_shift_of(session, seat_id)
    await session.refresh(wanted.seat)
    if wanted.seat.state not in {"held", "proposed"}:
        raise SeatFree
    reasons = await home_reasons(session, person, shift, wanted.seat.role, now)
    if lasting := tuple(reason for reason in reasons if reason.code in FOR_GOOD):
        raise ClaimRefused(reasons=lasting)
    await require_room(session, seat_id)
    if wanted.pool.host is None:
        entry = await add_to_line(session, seat_id, wanted.handle, new_id(), now)
    else:
        entry = await _ask_host(session, wanted, wanted.pool.host, now)
    await _record(session, asker, "wait-for-seat", entry, now)
    return entry


async def _wanted(session: AsyncSession, asker: Asker, seat_id: UUID, worker: str | None) -> Wanted:
    row = (
        await session.execute(
            select(Seat, Shift, Pool, Handle)
            .join(Shift, Shift.id == Seat.shift_id)
            .join(Pool, Pool.id == Shift.pool_id)
            .join(Handle, Handle.pool_id == Pool.id)
            .where(Seat.id == seat_id, handle_for(asker, worker))
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    seat, shift, pool, handle = row
    if handle.person_id is None:
        raise NotFound
    return Wanted(seat, shift, pool, handle, handle.person_id)


async def _ask_host(
    session: AsyncSession, wanted: Wanted, host: str, now: datetime
) -> WaitingEntry:
    already = await session.scalar(
        select(WaitingEntry).where(
            WaitingEntry.seat_id == wanted.seat.id,
            WaitingEntry.handle_id == wanted.handle.id,
            WaitingEntry.state.in_(IN_LINE),
        )
    )
    if already is not None:
        return already
    entry = WaitingEntry(
        id=new_id(),
        seat_id=wanted.seat.id,
        handle_id=wanted.handle.id,
        state="waiting",
        joined_at=now,
    )
    session.add(entry)
    await session.flush()
    said = {"entry": str(entry.id), "seat": str(entry.seat_id), "handle": str(entry.handle_id)}
    said = await in_term(session, wanted.handle.pool_id, said)
    await append(session, "private", host, "waiting.joined", said, now=now)
    return entry


async def stop_waiting(
    session: AsyncSession, asker: Asker, entry_id: UUID, now: datetime
) -> WaitingEntry:
    """Leave the line; an offer that has come by then is answered by itself."""
    require_write(asker)
    row = (
        await session.execute(
            select(WaitingEntry, Handle, Pool.host)
            .join(Handle, Handle.id == WaitingEntry.handle_id)
            .join(Pool, Pool.id == Handle.pool_id)
            .where(WaitingEntry.id == entry_id)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    entry, handle, host = row
    if handle.person_id is None or not asker.acts_for(handle.person_id, handle.project_id):
        raise NotFound
    await lock_person(session, handle.person_id)
    await lock_shift_of(session, entry.seat_id)
    await session.refresh(entry)
    if entry.state != "waiting":
        raise NotWaiting
    if host is None:
        await leave(session, entry, now)
    else:
        entry.state, entry.place = "left", None
        await session.flush()
        said = {"entry": str(entry.id)}
        await append(session, "private", host, "waiting.left", said, now=now)
    await _record(session, asker, "stop-waiting", entry, now)
    return entry


async def accept_offer(session: AsyncSession, asker: Asker, claim_id: UUID, now: datetime) -> Claim:
    """Say yes to a seat that is offered; home's rule is asked now.

    The host's was when it began to keep the seat.
    """
    require_write(asker)
    claim, person_id = await claim_acted_for(session, asker, claim_id)
    person = await lock_person(session, person_id)
    shift = await lock_shift_of(session, claim.seat_id)
    await lock_claim(session, claim)
    if claim.state != "proposed" or now >= claim.answer_by:
        raise OfferEnded
    claim.asked_by = asker.person_id
    await session.flush()
    pool = await session.get_one(Pool, shift.pool_id)
    if needs_consent(pool, asker, None):
        await _ask_coordinators(session, claim, person, shift, now)
    else:
        await say_yes(session, claim, person, shift, now)
    await record(
        session,
        actor=asker.person_id,
        verb="accept-offer",
        subject="claim",
        subject_id=claim.id,
        now=now,
        facts={"state": claim.state},
    )
    return claim


async def _ask_coordinators(
    session: AsyncSession, claim: Claim, person: Person, shift: Shift, now: datetime
) -> None:
    """Ask for the coordinator's yes; the host keeps the seat no longer than it said."""
    if await session.get(Consent, claim.id) is not None:
        return
    seat = await session.get_one(Seat, claim.seat_id)
    reasons = await home_reasons(session, person, shift, seat.role, now)
    if reasons:
        raise ClaimRefused(reasons=reasons)
    handle = await session.get_one(Handle, claim.handle_id)
    await ask_coordinators(session, claim, handle, claim.answer_by, now)


async def say_yes(
    session: AsyncSession, claim: Claim, person: Person, shift: Shift, now: datetime
) -> None:
    """Turn an offer into a seat, with the person, the shift and the claim locked."""
    if claim.decided_here:
        await decide_proposal(session, claim.id, now, worker_agrees=True)
        if claim.state == "refused":
            raise ClaimRefused(reasons=_reasons(claim))
        return
    seat = await session.get_one(Seat, claim.seat_id)
    reasons = await home_reasons(session, person, shift, seat.role, now)
    if reasons:
        raise ClaimRefused(reasons=reasons)
    claim.state = "requested"
    await session.flush()
    stay = wish_for(shift, seat.role).stay
    await book(session, person.id, claim.id, stay)
    host = await session.scalar(select(Pool.host).where(Pool.id == shift.pool_id))
    said = {
        "claim": str(claim.id),
        "yes": True,
        "begins": stay.begins.isoformat(),
        "ends": stay.ends.isoformat(),
    }
    await append(session, "private", str(host), "proposal.answered", said, now=now)


def _reasons(claim: Claim) -> tuple[Reason, ...]:
    return tuple(Reason(reason["code"], reason["text"]) for reason in claim.reasons)


async def _record(
    session: AsyncSession, asker: Asker, verb: str, entry: WaitingEntry, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="waiting",
        subject_id=entry.id,
        now=now,
        facts={"seat": str(entry.seat_id)},
    )
