"""What a host does with the words of a home about cover: asked for, withdrawn, taken."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound, Reason
from federation.feeds.telling import Telling
from federation.people.models import Handle
from federation.pools.stated import Moment
from federation.pools.terms import Term
from federation.projects.models import Project
from rota.claims.errors import ClaimRefused, SeatTaken
from rota.claims.models import CancelledClaim, Claim
from rota.claims.queries import lock_claim
from rota.cover.errors import CoverOver
from rota.cover.ladder import briefing_of, close_cover, open_cover, open_cover_of, state_cover
from rota.cover.models import CoverRequest
from rota.cover.take import after_replacing, lock_people, replace_holder
from rota.seats.actions import lock_shift_of
from rota.shifts.models import Shift
from rota.sign_up.actions import TOO_LATE
from rota.sign_up.from_homes import WITHDRAWN, Sign, answer_claim, handle_of, only_in_pool


class CoverAsked(msgspec.Struct, frozen=True):
    """A home asks others to take a seat that one of its people holds."""

    cover: UUID
    claim: UUID
    term: Term | None = None


class CoverWithdrawn(msgspec.Struct, frozen=True):
    """A home asks nobody any more; the seat stays with its holder."""

    cover: UUID


class CoverTaken(msgspec.Struct, frozen=True):
    """A home has reserved a worker's time to take over a seat, and asks for it."""

    cover: UUID
    claim: UUID
    seat: UUID
    handle: UUID
    answer_by: Moment
    term: Term | None = None


async def receive_asked(
    session: AsyncSession,
    home: str,
    payload: dict[str, Any],
    now: datetime,
    _sign: Sign,
    barred: tuple[Reason, ...] = (),
) -> None:
    """Open the ladder for a seat that a partner's worker holds; else say that it is over."""
    asked = msgspec.convert(payload, CoverAsked)
    claim = await _claim_of(session, asked.claim, home)
    shift = await lock_shift_of(session, claim.seat_id)
    await lock_claim(session, claim)
    known = await session.get(CoverRequest, asked.cover)
    if known is not None and not _is_copy(known, claim):
        if known.claim_id != claim.id:
            raise NotFound
        return
    if barred or not await _may_open(session, claim, shift, now):
        await _say_over(session, claim, shift, asked.cover, now)
        return
    await open_cover(session, shift, claim, "asked", now, cover_id=asked.cover, actor=home)


def _is_copy(known: CoverRequest, claim: Claim) -> bool:
    """Tell whether this is what an earlier host told all members: somebody here waits to take it.

    Whoever waits for a coordinator's yes keeps it as this node becomes the host.
    """
    told = known.claim_id is None and not known.decided_here
    return told and known.seat_id == claim.seat_id


async def _may_open(session: AsyncSession, claim: Claim, shift: Shift, now: datetime) -> bool:
    """Tell whether the seat is still theirs, asked for by nobody else, and it is not too late."""
    already = await open_cover_of(session, claim.seat_id)
    late = now >= briefing_of(shift) or shift.cancelled_at is not None
    return claim.state == "held" and already is None and not late


async def _say_over(
    session: AsyncSession, claim: Claim, shift: Shift, cover_id: UUID, now: datetime
) -> None:
    handle = await session.get_one(Handle, claim.handle_id)
    over = CoverRequest(
        id=cover_id,
        seat_id=claim.seat_id,
        claim_id=claim.id,
        project_id=handle.project_id,
        kind="asked",
        step="own-project",
        state="lapsed",
        decided_here=True,
        until=now,
        opened_at=now,
        closed_at=now,
    )
    over = await session.merge(over)
    await session.flush()
    await state_cover(session, over, shift, now)


async def receive_withdrawn(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime, _sign: Sign
) -> None:
    """Stop asking, unless somebody has the seat by now; either way the home is told how it is."""
    withdrawn = msgspec.convert(payload, CoverWithdrawn)
    cover = await session.get(CoverRequest, withdrawn.cover)
    if cover is None or cover.claim_id is None:
        raise NotFound
    await _claim_of(session, cover.claim_id, home)
    shift = await lock_shift_of(session, cover.seat_id)
    still = await open_cover_of(session, cover.seat_id)
    if still is not None and still.id == cover.id and still.kind == "asked":
        await close_cover(session, still, shift, "withdrawn", now, actor=home)
        return
    await session.refresh(cover)
    await state_cover(session, cover, shift, now)


async def receive_taken(
    session: AsyncSession,
    home: str,
    payload: dict[str, Any],
    now: datetime,
    sign: Sign,
    barred: tuple[Reason, ...] = (),
) -> None:
    """Give the seat to a partner's worker or refuse, once, and answer with a signed receipt."""
    taken = msgspec.convert(payload, CoverTaken)
    handle = await handle_of(session, taken.handle, home)
    cover = await session.get(CoverRequest, taken.cover)
    if cover is not None and cover.seat_id != taken.seat:
        raise NotFound
    if cover is not None:
        await lock_goer(session, cover)
    shift = await lock_shift_of(session, taken.seat)
    await only_in_pool(session, handle, shift)
    claim = await session.get(Claim, taken.claim)
    if claim is not None and claim.handle_id != handle.id:
        raise NotFound
    if claim is not None:
        await answer_claim(session, home, claim, now, sign)
        return
    claim = Claim(
        id=taken.claim,
        seat_id=taken.seat,
        handle_id=handle.id,
        state="requested",
        origin="cover",
        decided_here=True,
        answer_by=taken.answer_by,
        made_at=now,
    )
    answer = partial(answer_claim, session, home, claim, now, sign)
    await _decide(session, taken, claim, handle, shift, now, (home, answer), barred)
    await record(
        session,
        actor=home,
        verb="answer-claim",
        subject="claim",
        subject_id=claim.id,
        now=now,
        facts={"seat": str(taken.seat), "cover": str(taken.cover), "state": claim.state},
    )


async def _decide(
    session: AsyncSession,
    taken: CoverTaken,
    claim: Claim,
    handle: Handle,
    shift: Shift,
    now: datetime,
    answer: Telling,
    barred: tuple[Reason, ...],
) -> None:
    try:
        await _require_open_way(session, taken, now, barred)
        cover = await replace_holder(session, shift, taken.cover, claim, handle, now)
    except (CoverOver, SeatTaken, ClaimRefused) as refusal:
        said = refusal.reasons or (Reason(refusal.code, refusal.sentence),)
        claim.state, claim.ended_at = "refused", now
        claim.reasons = [reason._asdict() for reason in said]
        session.add(claim)
        await session.flush()
        await answer[1]()
        return
    await after_replacing(session, shift, cover, claim, now, answer=answer)


async def _require_open_way(
    session: AsyncSession, taken: CoverTaken, now: datetime, barred: tuple[Reason, ...]
) -> None:
    if barred:
        raise ClaimRefused(reasons=barred)
    if await session.get(CancelledClaim, taken.claim) is not None:
        raise ClaimRefused(reasons=(WITHDRAWN,))
    if now >= taken.answer_by:
        raise ClaimRefused(reasons=(TOO_LATE,))


async def lock_goer(session: AsyncSession, cover: CoverRequest) -> None:
    """Lock who would be freed, where this is their home; before the shift, as everywhere."""
    goes = await session.scalar(
        select(Handle.person_id)
        .join(Claim, Claim.handle_id == Handle.id)
        .where(Claim.id == cover.claim_id)
    )
    if goes is not None:
        await lock_people(session, goes, None)


async def _claim_of(session: AsyncSession, claim_id: UUID, home: str) -> Claim:
    """Find a claim of which this node decides and that is this home's; any other is not found."""
    claim = await session.scalar(
        select(Claim)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .where(Claim.id == claim_id, Claim.decided_here, Project.node == home)
    )
    if claim is None:
        raise NotFound
    return claim
