"""What a home does with the words of a host: answers to claims, proposals, claims that ended."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.audit.actions import record
from federation.errors import NotFound, NotHereYet, Refusal
from federation.feeds.actions import append
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.pools.stated import Moment
from federation.pools.terms import Term
from federation.restoring.queries import is_restoring, was_restored
from rota.bookings.actions import book, free, home_reasons, lock_person
from rota.bookings.queries import wish_for
from rota.calendar.actions import calendar_changed
from rota.claims.models import Claim
from rota.claims.queries import LIVE, claim_at_host, lock_claim
from rota.claims.wake import wake
from rota.reentry.models import ReentryFinding
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import TOO_LATE, await_answer
from rota.sign_up.notices import tell_answer, tell_ended, tell_offered

PLAN = "plan"
Verify = Callable[[str], dict[str, Any]]


class BadReceipt(Refusal):
    """A host's receipt does not say what its answer says, or is not signed by its pinned key."""

    code = "bad-receipt"
    title = "The host's receipt does not fit its answer."


class StatedReason(msgspec.Struct, frozen=True):
    """One of a host's reasons for its no, shown to the worker as it is."""

    code: Annotated[str, msgspec.Meta(max_length=80)]
    text: Annotated[str, msgspec.Meta(max_length=500)]


class ClaimAnswered(msgspec.Struct, frozen=True):
    """The host's word on a claim, with its receipt when it is held."""

    claim: UUID
    state: Literal["held", "refused"]
    reasons: list[StatedReason]
    receipt: str | None
    term: Term | None = None


class ClaimProposed(msgspec.Struct, frozen=True):
    """The host keeps a seat for a handle of ours and asks."""

    claim: UUID
    seat: UUID
    handle: UUID
    origin: Literal["coordinator", "plan", "cover"]
    answer_by: Moment
    asks_worker: bool = False
    term: Term | None = None


class ClaimEnded(msgspec.Struct, frozen=True):
    """The host has ended a claim: a shift was cancelled, or a proposal lapsed."""

    claim: UUID
    state: Literal["refused", "lapsed", "released"]


async def receive_answer(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime, verify: Verify
) -> None:
    """Confirm what the host granted, or free the worker; after its end nothing changes a claim."""
    answer = msgspec.convert(payload, ClaimAnswered)
    try:
        claim, person_id = await claim_at_host(session, answer.claim, host)
    except NotFound:
        if not await _was_forgotten(session, answer.claim):
            raise
        if answer.state == "held":
            said = {"claim": str(answer.claim)}
            await append(session, "private", host, "claim.cancelled", said, now=now)
        return
    await lock_person(session, person_id)
    await lock_claim(session, claim)
    if claim.state == "held" and answer.state == "held":
        # a pool's new host signs anew what the old one had granted
        check_receipt(answer.receipt, claim, verify)
        claim.receipt = answer.receipt
    if claim.state != "requested":
        return
    if answer.state == "held":
        check_receipt(answer.receipt, claim, verify)
        claim.state, claim.receipt = "held", answer.receipt
    else:
        claim.state, claim.ended_at = "refused", now
        claim.reasons = msgspec.to_builtins(answer.reasons)
        await free(session, claim.id)
    await session.flush()
    await tell_answer(session, person_id, claim, now)
    await calendar_changed(session, person_id, now)
    await wake(session, claim.id)
    await record(
        session,
        actor=host,
        verb="receive-answer",
        subject="claim",
        subject_id=claim.id,
        now=now,
        facts={"state": claim.state},
    )


async def _was_forgotten(session: AsyncSession, claim_id: UUID) -> bool:
    """Tell whether a claim may have been lost with a backup's time.

    What a host knows of it, it says before a restore is over. One that it granted only afterwards
    is in nobody's plan.
    """
    known = await session.scalar(select(Claim.id).where(Claim.id == claim_id))
    if known is not None or not await was_restored(session):
        return False
    if await is_restoring(session):
        raise NotHereYet
    # under a handle that nobody here knows it is a coordinator's to decide
    left = select(exists().where(ReentryFinding.claim_id == claim_id))
    return not await session.scalar(left)


async def _never_heard_of(session: AsyncSession, claim_id: UUID) -> bool:
    """Tell whether a claim was never here; while this node restores, it may have been forgotten."""
    known = exists().where(Claim.id == claim_id)
    if await session.scalar(select(known)):
        return False
    if await is_restoring(session):
        raise NotHereYet
    return True


def check_receipt(receipt: str | None, claim: Claim, verify: Verify) -> None:
    """See that a receipt is the host's word that exactly this claim is held."""
    said = verify(receipt or "")
    expected = {
        "kind": "claim-receipt",
        "claim": str(claim.id),
        "seat": str(claim.seat_id),
        "handle": str(claim.handle_id),
        "state": "held",
    }
    if {name: said.get(name) for name in expected} != expected:
        raise BadReceipt


async def receive_proposal(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime, _verify: Verify
) -> None:
    """Decide a proposal with `worker_may`; the host learns yes or no, never why."""
    proposal = msgspec.convert(payload, ClaimProposed)
    known = await session.get(Claim, proposal.claim)
    if known is not None:
        await _answer_again(session, host, known, now)
        return
    person_id, seat, shift = await _our_seat(session, proposal, host)
    person = await lock_person(session, person_id)
    reasons = await home_reasons(
        session, person, shift, seat.role, now, automatic=proposal.origin == PLAN
    )
    if now >= proposal.answer_by:
        reasons = (*reasons, TOO_LATE)
    yes = "proposed" if proposal.asks_worker else "requested"
    claim = Claim(
        id=proposal.claim,
        seat_id=seat.id,
        handle_id=proposal.handle,
        state="refused" if reasons else yes,
        origin=proposal.origin,
        decided_here=False,
        answer_by=proposal.answer_by,
        made_at=now,
        reasons=[reason._asdict() for reason in reasons],
        ended_at=now if reasons else None,
    )
    session.add(claim)
    await session.flush()
    stay = wish_for(shift, seat.role).stay
    if claim.state == "proposed":
        await _ask_worker(session, host, person.id, claim, now)
        return
    if not reasons:
        await book(session, person.id, claim.id, stay)
        await await_answer(session, claim, now)
    said = {"claim": str(claim.id), "yes": not reasons}
    if not reasons:
        said |= {"begins": stay.begins.isoformat(), "ends": stay.ends.isoformat()}
    await append(session, "private", host, "proposal.answered", said, now=now)
    await record(
        session,
        actor=host,
        verb="decide-proposal",
        subject="claim",
        subject_id=claim.id,
        now=now,
        facts={"yes": not reasons},
    )


async def _answer_again(session: AsyncSession, host: str, claim: Claim, now: datetime) -> None:
    """Say once more what is here of a claim: a host that offers it anew has not heard it."""
    shift_id = await session.scalar(
        select(Shift.id)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(Seat.id == claim.seat_id, Pool.host == host)
    )
    if shift_id is None or claim.decided_here:
        return
    if claim.state in {"requested", "held"}:
        about = {"shift": str(shift_id)}
        await put(session, "follow-move", about, now=now, key=str(shift_id))
    elif claim.state not in LIVE:
        await append(session, "private", host, "claim.cancelled", {"claim": str(claim.id)}, now=now)


async def _ask_worker(
    session: AsyncSession, host: str, person_id: UUID, claim: Claim, now: datetime
) -> None:
    """Leave the yes to the worker, whose time stays free until then."""
    await await_answer(session, claim, now)
    await tell_offered(session, person_id, claim.id, now)
    await record(
        session, actor=host, verb="offer-seat", subject="claim", subject_id=claim.id, now=now
    )


async def receive_end(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime, _verify: Verify
) -> None:
    """Free a worker whose claim the host has ended, and tell them.

    A host that came back from a backup also ends what it had offered in a feed that is no more:
    of a claim that nobody here has heard of there is nothing to free.
    """
    ended = msgspec.convert(payload, ClaimEnded)
    if await _never_heard_of(session, ended.claim):
        return
    claim, person_id = await claim_at_host(session, ended.claim, host)
    await lock_person(session, person_id)
    await lock_claim(session, claim)
    if claim.state not in LIVE:
        return
    offered = claim.state == "proposed"
    claim.state, claim.ended_at = ended.state, now
    await free(session, claim.id)
    if not offered:
        # an offer that nobody answered was never in anybody's plan
        await tell_ended(session, person_id, claim, now)
    await session.flush()
    await calendar_changed(session, person_id, now)
    await record(
        session, actor=host, verb="receive-end", subject="claim", subject_id=claim.id, now=now
    )


async def _our_seat(
    session: AsyncSession, proposal: ClaimProposed, host: str
) -> tuple[UUID, Seat, Shift]:
    row = (
        await session.execute(
            select(Handle.person_id, Seat, Shift)
            .join(Pool, Pool.id == Handle.pool_id)
            .join(Shift, Shift.pool_id == Pool.id)
            .join(Seat, Seat.shift_id == Shift.id)
            .where(Handle.id == proposal.handle, Seat.id == proposal.seat, Pool.host == host)
        )
    ).one_or_none()
    if row is None or row[0] is None:
        raise NotHereYet
    return row[0], row[1], row[2]
