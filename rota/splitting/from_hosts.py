"""What a home does when a host has divided a shift on which somebody of ours has a seat."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.audit.actions import record
from federation.errors import NotFound, NotHereYet
from federation.feeds.actions import append
from federation.pools.stated import Moment
from federation.pools.terms import Term
from rota.bookings.actions import lock_person
from rota.claims.errors import ClaimRefused
from rota.claims.models import Claim
from rota.claims.queries import claim_at_host, lock_claim
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import await_answer
from rota.sign_up.from_hosts import Verify
from rota.splitting.actions import divide_booking, tell_divided


class ClaimSplit(msgspec.Struct, frozen=True):
    """A claim of ours continues in another one, on a seat of the second part."""

    claim: UUID
    part: UUID
    seat: UUID
    answer_by: Moment
    term: Term | None = None


async def receive_split(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime, _verify: Verify
) -> None:
    """Divide somebody's time as the host has divided the shift, and ask for a receipt.

    The part is asked for like any claim, and is held already at the host. A seat that was given
    back meanwhile was given back whole.
    """
    split = msgspec.convert(payload, ClaimSplit)
    if await session.get(Claim, split.part) is not None:
        return
    claim, person_id = await claim_at_host(session, split.claim, host)
    first, seat, second = await _parts(session, claim, split.seat)
    await lock_person(session, person_id)
    await lock_claim(session, claim)
    kept = claim.state in {"requested", "held"}
    part = Claim(
        id=split.part,
        seat_id=seat.id,
        handle_id=claim.handle_id,
        state="requested" if kept else "released",
        origin=claim.origin,
        decided_here=False,
        answer_by=split.answer_by,
        made_at=now,
        asked_by=claim.asked_by,
        ended_at=None if kept else now,
    )
    session.add(part)
    await session.flush()
    if not kept:
        await _give_up(session, host, part.id, now)
        return
    try:
        async with session.begin_nested():
            await divide_booking(session, person_id, claim.id, part.id, seat.role, first, second)
    except ClaimRefused:
        # in the time that was given back for a moment something else was taken
        part.state, part.ended_at = "released", now
        await _give_up(session, host, part.id, now)
    else:
        await _ask(session, host, part, now)
        await _say_for_which_time(session, second, now)
    await tell_divided(session, person_id, now)
    await record(
        session, actor=host, verb="split-claim", subject="claim", subject_id=claim.id, now=now
    )


async def _ask(session: AsyncSession, host: str, part: Claim, now: datetime) -> None:
    said = {
        "claim": str(part.id),
        "seat": str(part.seat_id),
        "handle": str(part.handle_id),
        "answer_by": part.answer_by.isoformat(),
    }
    await append(session, "private", host, "claim.requested", said, now=now)
    await await_answer(session, part, now)


async def _say_for_which_time(session: AsyncSession, second: Shift, now: datetime) -> None:
    """Answer also a move that was heard of before the part: the host waits for that one's yes."""
    about = {"shift": str(second.id)}
    await put(session, "follow-move", about, now=now, key=str(second.id))


async def _give_up(session: AsyncSession, host: str, part: UUID, now: datetime) -> None:
    cancelled = {"claim": str(part)}
    await append(session, "private", host, "claim.cancelled", cancelled, now=now)


async def _parts(session: AsyncSession, claim: Claim, seat_id: UUID) -> tuple[Shift, Seat, Shift]:
    """Find both parts; the host states the first before the second, so one known is both known."""
    first = await session.scalar(
        select(Shift).join(Seat, Seat.shift_id == Shift.id).where(Seat.id == claim.seat_id)
    )
    row = (
        await session.execute(
            select(Seat, Shift).join(Shift, Shift.id == Seat.shift_id).where(Seat.id == seat_id)
        )
    ).one_or_none()
    if row is None or first is None:
        raise NotHereYet
    seat, second = row
    if second.pool_id != first.pool_id:
        raise NotFound
    return first, seat, second
