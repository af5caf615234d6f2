"""What a host does with the words of a home: claims, cancels, answers to proposals."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound, NotHereYet, Reason
from federation.feeds.actions import append
from federation.handing.queries import waits_for_contents
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.pools.stated import Moment
from federation.pools.terms import in_term_around
from federation.projects.models import Project
from rota.bookings.queries import wish_for
from rota.claims.errors import SeatTaken
from rota.claims.models import CancelledClaim, Claim
from rota.claims.queries import lock_claim
from rota.seats.actions import host_reasons, lock_shift_of, settle
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import TOO_LATE
from rota.sign_up.moved import Told, tell_homes
from rota.sign_up.replacing import look_at_exchange

RECEIPT = "netreach-receipt+jws"
Sign = Callable[[dict[str, Any]], str]

WITHDRAWN = Reason("withdrawn", "The worker has withdrawn this request.")
NO_SUCH_SEAT = Reason("no-such-seat", "The node that plans this session no longer knows it.")


class ClaimRequested(msgspec.Struct, frozen=True):
    """Home has reserved a worker's time and asks for the seat."""

    claim: UUID
    seat: UUID
    handle: UUID
    answer_by: Moment


class ClaimCancelled(msgspec.Struct, frozen=True):
    """Home gives a seat back or withdraws its request."""

    claim: UUID


class ProposalAnswered(msgspec.Struct, frozen=True):
    """Home's yes or no to a proposal; the reason stays at home.

    A yes is for the time from `begins` to `ends`, meetings included, which older nodes do not say.
    """

    claim: UUID
    yes: bool
    begins: Moment | None = None
    ends: Moment | None = None

    def means(self, claim: Claim, begins: datetime, ends: datetime) -> bool:
        """Tell whether a yes is for the time that the seat now takes."""
        if self.begins is None or self.ends is None:
            return claim.moved_at is None
        return (self.begins, self.ends) == (begins, ends)


async def receive_claim(
    session: AsyncSession,
    home: str,
    payload: dict[str, Any],
    now: datetime,
    sign: Sign,
    barred: tuple[Reason, ...] = (),
) -> None:
    """Grant or refuse a partner's claim, once, and answer with a signed receipt.

    What was decided before stands, also where the partner is `barred` from wishing for more.
    """
    asked = msgspec.convert(payload, ClaimRequested)
    handle = await handle_of(session, asked.handle, home)
    try:
        shift = await lock_shift_of(session, asked.seat)
    except NotFound:
        await _refuse_unknown(session, home, asked.claim, now)
        return
    await only_in_pool(session, handle, shift)
    claim = await session.get(Claim, asked.claim)
    if claim is not None and claim.handle_id != handle.id:
        raise NotFound
    if claim is None:
        reasons = barred or await _reasons(session, asked, handle, shift, now)
        claim = await _enter(session, asked, handle, reasons, now)
        if claim.state == "held":
            # a refusal changes nothing that partners can see
            await settle(session, shift, now)
        await record(
            session,
            actor=home,
            verb="answer-claim",
            subject="claim",
            subject_id=claim.id,
            now=now,
            facts={"seat": str(asked.seat), "state": claim.state},
        )
    if claim.state == "proposed":
        # its shift was moved, and home answers for the new time before it is told anything
        return
    await answer_claim(session, home, claim, now, sign)


async def _refuse_unknown(session: AsyncSession, home: str, claim_id: UUID, now: datetime) -> None:
    """Free a worker who waits for a seat that was lost with a backup's time."""
    said = {
        "claim": str(claim_id),
        "state": "refused",
        "reasons": [NO_SUCH_SEAT._asdict()],
        "receipt": None,
    }
    await append(session, "private", home, "claim.answered", said, now=now)


async def _enter(
    session: AsyncSession,
    asked: ClaimRequested,
    handle: Handle,
    reasons: tuple[Reason, ...],
    now: datetime,
) -> Claim:
    claim = Claim(
        id=asked.claim,
        seat_id=asked.seat,
        handle_id=handle.id,
        state="refused" if reasons else "held",
        origin="worker",
        decided_here=True,
        answer_by=asked.answer_by,
        made_at=now,
        reasons=[reason._asdict() for reason in reasons],
        ended_at=now if reasons else None,
    )
    session.add(claim)
    await session.flush()
    return claim


async def _reasons(
    session: AsyncSession, asked: ClaimRequested, handle: Handle, shift: Shift, now: datetime
) -> tuple[Reason, ...]:
    if await session.get(CancelledClaim, asked.claim) is not None:
        return (WITHDRAWN,)
    if now >= asked.answer_by:
        return (TOO_LATE,)
    try:
        return await host_reasons(session, shift, asked.seat, handle, now)
    except SeatTaken as taken:
        return (Reason(taken.code, taken.sentence),)


async def receive_cancel(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime, _sign: Sign
) -> None:
    """Give a seat back; remembered, so that a cancel wins also over a claim that comes later."""
    cancel = msgspec.convert(payload, ClaimCancelled)
    row = (
        await session.execute(
            select(Claim, Project.node)
            .join(Handle, Handle.id == Claim.handle_id)
            .join(Project, Project.id == Handle.project_id)
            .where(Claim.id == cancel.claim)
        )
    ).one_or_none()
    if row is not None and row[1] != home:
        raise NotFound
    await session.execute(
        insert(CancelledClaim).values(claim_id=cancel.claim, at=now).on_conflict_do_nothing()
    )
    if row is None:
        return
    claim: Claim = row[0]
    shift = await lock_shift_of(session, claim.seat_id)
    await lock_claim(session, claim)
    if claim.state == "requested":
        await look_at_exchange(session, claim.id, now)
    if claim.state in {"held", "proposed"}:
        claim.state, claim.ended_at = "released", now
        await settle(session, shift, now)
        await record(
            session, actor=home, verb="cancel-claim", subject="claim", subject_id=claim.id, now=now
        )


async def receive_proposal_answer(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime, sign: Sign
) -> None:
    """Turn home's yes into a held seat, unless the proposal has ended meanwhile."""
    answer = msgspec.convert(payload, ProposalAnswered)
    claim = await session.get(Claim, answer.claim)
    if claim is None:
        # a proposal that was made after the backup from which this node was restored
        if answer.yes:
            await _require_contents(session)
            await _refuse_unknown(session, home, answer.claim, now)
        return
    handle = await handle_of(session, claim.handle_id, home)
    shift = await lock_shift_of(session, claim.seat_id)
    await only_in_pool(session, handle, shift)
    await lock_claim(session, claim)
    if claim.state == "requested":
        # in an exchange, which both homes have to be asked about
        return
    seat = await session.get_one(Seat, claim.seat_id)
    stay = wish_for(shift, seat.role).stay
    if claim.state == "proposed":
        if answer.yes and not answer.means(claim, stay.begins, stay.ends):
            # the shift was moved meanwhile, and home will have heard of it and answer again
            return
        if answer.yes and now < claim.answer_by:
            claim.state = "held"
        else:
            claim.state, claim.ended_at = "refused" if not answer.yes else "lapsed", now
        await settle(session, shift, now)
        await record(
            session,
            actor=home,
            verb="answer-proposal",
            subject="claim",
            subject_id=claim.id,
            now=now,
            facts={"state": claim.state},
        )
    if claim.state == "lapsed" and claim.moved_at is not None:
        # home has not asked, it holds the seat still: to it a refusal would be no news
        await tell_homes(session, Told([(home, claim)]), now)
    elif answer.yes:
        await answer_claim(session, home, claim, now, sign)


async def _require_contents(session: AsyncSession) -> None:
    """Wait for what the host of a pool writes down that this node is about to host: it may know."""
    if await waits_for_contents(session, None):
        raise NotHereYet


async def handle_of(session: AsyncSession, handle_id: UUID, home: str) -> Handle:
    """Find a handle that this home has stated; anybody else's is not found."""
    handle = await session.scalar(
        select(Handle)
        .join(Project, Project.id == Handle.project_id)
        .where(Handle.id == handle_id, Project.node == home)
    )
    if handle is None:
        raise NotFound
    return handle


async def only_in_pool(session: AsyncSession, handle: Handle, shift: Shift) -> None:
    """Refuse a handle of another pool, and a shift of which another node decides."""
    host = await session.scalar(select(Pool.host).where(Pool.id == shift.pool_id))
    if handle.pool_id != shift.pool_id or host is not None:
        raise NotFound


async def answer_claim(
    session: AsyncSession, home: str, claim: Claim, now: datetime, sign: Sign
) -> None:
    """Append the answer; `receipt` outlives the connection, so it is signed by itself."""
    state = "held" if claim.state == "held" else "refused"
    if state == "held":
        receipt_of(claim, now, sign)
    said = {
        "claim": str(claim.id),
        "state": state,
        "reasons": claim.reasons,
        "receipt": claim.receipt if state == "held" else None,
    }
    said = await in_term_around(session, claim.handle_id, said)
    await append(session, "private", home, "claim.answered", said, now=now)


def receipt_of(claim: Claim, now: datetime, sign: Sign) -> str:
    """Give the host's signed word that a claim is held; once signed it stays."""
    if claim.receipt is None:
        claim.receipt = sign(
            {
                "kind": "claim-receipt",
                "claim": str(claim.id),
                "seat": str(claim.seat_id),
                "handle": str(claim.handle_id),
                "state": "held",
                "at": now.isoformat(),
            }
        )
    return claim.receipt
