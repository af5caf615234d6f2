"""Moves that a host makes: a seat is kept for a handle until its home has said yes or no."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound, Reason
from federation.feeds.actions import append
from federation.people.models import Handle
from federation.pools.terms import in_term
from federation.projects.models import Project
from rota.bookings.actions import book, home_reasons, lock_person
from rota.bookings.queries import wish_for
from rota.calendar.actions import calendar_changed
from rota.claims.errors import ClaimRefused
from rota.claims.models import Claim
from rota.claims.queries import lock_claim
from rota.seats.actions import host_reasons, lock_shift_of, settle
from rota.shifts.models import Seat
from rota.sign_up.actions import BEFORE_BRIEFING, TOO_LATE
from rota.sign_up.moved import decide_moved
from rota.sign_up.notices import tell_answer, tell_offered
from rota.waiting.models import WaitingEntry

LONGEST_PROPOSAL = timedelta(hours=72)


async def propose(
    session: AsyncSession,
    claim_id: UUID,
    seat_id: UUID,
    handle_id: UUID,
    now: datetime,
    *,
    origin: str,
    within: timedelta = LONGEST_PROPOSAL,
    asks_worker: bool = False,
) -> Claim:
    """Keep a seat for a handle and ask its home; `seat_may` decides under the shift's lock.

    The same claim id again is the same proposal, so a repeated job changes nothing. With
    `asks_worker` home's yes is the worker's own; else home decides by its rule alone.
    """
    shift = await lock_shift_of(session, seat_id)
    made = await session.get(Claim, claim_id)
    if made is not None:
        return made
    handle = await session.get_one(Handle, handle_id)
    if handle.pool_id != shift.pool_id:
        raise NotFound
    reasons = await host_reasons(session, shift, seat_id, handle, now)
    briefing = shift.starts - timedelta(minutes=shift.briefing_minutes)
    answer_by = min(now + within, briefing - BEFORE_BRIEFING)
    if answer_by <= now:
        reasons = (*reasons, TOO_LATE)
    if reasons:
        raise ClaimRefused(reasons=reasons)
    claim = Claim(
        id=claim_id,
        seat_id=seat_id,
        handle_id=handle_id,
        state="proposed",
        origin=origin,
        decided_here=True,
        answer_by=answer_by,
        made_at=now,
    )
    session.add(claim)
    await settle(session, shift, now)
    await _ask_home(session, claim, handle, now, asks_worker=asks_worker)
    await record(
        session,
        actor=SYSTEM,
        verb="propose-seat",
        subject="claim",
        subject_id=claim.id,
        now=now,
        facts={"seat": str(seat_id), "origin": origin},
    )
    return claim


async def _ask_home(
    session: AsyncSession, claim: Claim, handle: Handle, now: datetime, *, asks_worker: bool
) -> None:
    expiry = {"claim": str(claim.id)}
    await put(session, "claim-expiry", expiry, now=now, key=str(claim.id), due=claim.answer_by)
    if handle.person_id is not None and asks_worker:
        await tell_offered(session, handle.person_id, claim.id, now)
        return
    if handle.person_id is not None:
        await put(session, "decide-proposal", expiry, now=now, key=str(claim.id))
        return
    home = await session.scalar(select(Project.node).where(Project.id == handle.project_id))
    said: dict[str, Any] = {
        "claim": str(claim.id),
        "seat": str(claim.seat_id),
        "handle": str(claim.handle_id),
        "origin": claim.origin,
        "answer_by": claim.answer_by.isoformat(),
    }
    if asks_worker:
        said["asks_worker"] = True
    said = await in_term(session, handle.pool_id, said)
    await append(session, "private", str(home), "claim.proposed", said, now=now)


async def _is_offer(session: AsyncSession, claim: Claim) -> bool:
    """Tell whether a proposal was made to somebody in line; a moved shift asks for it again."""
    if claim.origin != "cover" or claim.moved_at is not None:
        return False
    entry = select(WaitingEntry.id).where(WaitingEntry.claim_id == claim.id)
    return await session.scalar(entry) is not None


async def decide_proposal(
    session: AsyncSession, claim_id: UUID, now: datetime, *, worker_agrees: bool = False
) -> None:
    """Let home decide a proposal of its own node: `worker_may`, then held or refused.

    What was offered to somebody who waits is decided only once they agree.
    """
    claim = await session.get(Claim, claim_id, populate_existing=True)
    if claim is None or claim.state != "proposed" or not claim.decided_here:
        return
    handle = await session.get_one(Handle, claim.handle_id)
    if handle.person_id is None:
        return
    person = await lock_person(session, handle.person_id)
    shift = await lock_shift_of(session, claim.seat_id)
    await lock_claim(session, claim)
    if claim.state != "proposed":
        return
    if not worker_agrees and await _is_offer(session, claim):
        return
    seat = await session.get_one(Seat, claim.seat_id)
    if claim.moved_at is not None:
        await decide_moved(session, person, claim, shift, seat.role, now)
        return
    reasons: tuple[Reason, ...] = await home_reasons(
        session, person, shift, seat.role, now, automatic=claim.origin == "plan"
    )
    if now >= claim.answer_by:
        reasons = (*reasons, TOO_LATE)
    if reasons:
        claim.state, claim.ended_at = "refused", now
        claim.reasons = [reason._asdict() for reason in reasons]
    else:
        claim.state = "held"
        await session.flush()
        await book(session, person.id, claim.id, wish_for(shift, seat.role).stay)
    await settle(session, shift, now)
    await tell_answer(session, person.id, claim, now)
    await calendar_changed(session, person.id, now)
    await record(
        session,
        actor=SYSTEM,
        verb="decide-proposal",
        subject="claim",
        subject_id=claim.id,
        now=now,
        facts={"state": claim.state},
    )
