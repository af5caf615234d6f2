"""Claims at a pool's new host: others' are kept as the old one had them, our own follow them.

An end wins, on whichever side it is known.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.errors import Reason
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.restoring.queries import was_restored
from rota.bookings.actions import book, free
from rota.bookings.queries import wish_for
from rota.calendar.actions import calendar_changed
from rota.claims.errors import ClaimRefused, SeatTaken
from rota.claims.models import Claim
from rota.claims.queries import ENDED, LIVE
from rota.claims.wake import wake
from rota.consent.models import Consent
from rota.handing.contents import told_of
from rota.handing.moves import follow_moves
from rota.handing.stated import HandedClaim
from rota.handing.under_way import end_wish
from rota.seats.actions import host_reasons, lock_shift_of, settle
from rota.shifts.models import Seat, Shift
from rota.sign_up.notices import ENDED as TOLD_ENDED
from rota.sign_up.notices import tell_answer


async def take(
    session: AsyncSession, pool_id: UUID, claims: Sequence[HandedClaim], now: datetime
) -> None:
    """Keep all claims, those that are over first, so that no seat has two holders meanwhile."""
    if await was_restored(session):
        await follow_moves(session, pool_id, now, shorter_only=True)
    people = await _people(session, pool_id)
    seats = set(
        await session.scalars(
            select(Seat.id).join(Shift, Shift.id == Seat.shift_id).where(Shift.pool_id == pool_id)
        )
    )
    known = [each for each in claims if each.handle in people and each.seat in seats]
    for said in sorted(known, key=lambda each: (each.state not in ENDED, each.made_at, each.claim)):
        if people[said.handle] is None:
            await _keep(session, said, now)
        else:
            await _bring_in_line(session, said, people, now)
    await decide_here(session, pool_id, now)


async def _people(session: AsyncSession, pool_id: UUID) -> Mapping[UUID, UUID | None]:
    """Know of each handle of the pool who that is, if it is somebody of this node."""
    rows = await session.execute(
        select(Handle.id, Handle.person_id).where(Handle.pool_id == pool_id)
    )
    return dict(rows.all())


async def _keep(session: AsyncSession, said: HandedClaim, now: datetime) -> None:
    """Keep a claim of another node's people; this node's own receipt takes the old one's place."""
    facts = {
        "state": said.state,
        "decided_here": True,
        "answer_by": said.answer_by,
        "moved_at": said.moved_at,
        "receipt": None,
        "ended_at": now if said.state in ENDED else None,
    }
    row = insert(Claim).values(
        id=said.claim,
        seat_id=said.seat,
        handle_id=said.handle,
        origin=said.origin,
        made_at=said.made_at,
        reasons=[],
        **facts,
    )
    same = (Claim.seat_id == said.seat) & (Claim.handle_id == said.handle)
    await session.execute(
        row.on_conflict_do_update(index_elements=[Claim.id], set_=facts, where=same)
    )
    if said.state == "proposed":
        await _expire(session, said, now)


async def _expire(session: AsyncSession, said: HandedClaim, now: datetime) -> None:
    about, key = {"claim": str(said.claim)}, str(said.claim)
    await put(session, "claim-expiry", about, now=now, key=key, due=said.answer_by)


async def _bring_in_line(
    session: AsyncSession, said: HandedClaim, people: Mapping[UUID, UUID | None], now: datetime
) -> None:
    """Let home and host, which are one from now on, know the same of a claim of our own people."""
    claim = await session.get(Claim, said.claim, populate_existing=True)
    if claim is None:
        if said.state == "proposed":
            await _keep(session, said, now)
            await _decide_later(session, said, now)
        elif said.state == "held" and await was_restored(session):
            await _enter_forgotten(session, said, people[said.handle], now)
        return
    if claim.state not in LIVE:
        return
    if said.state in ENDED:
        await _end(session, claim, said.state, people[said.handle], now)
    elif said.moved_at is not None:
        claim.state, claim.moved_at, claim.answer_by = "proposed", said.moved_at, said.answer_by
        await _expire(session, said, now)
        await _decide_later(session, said, now)
    elif claim.state == "requested" or said.state == "held":
        # home has said yes already, and keeps the time
        claim.state = "held"
    else:
        claim.answer_by = said.answer_by
        await _expire(session, said, now)
    await session.flush()


async def _enter_forgotten(
    session: AsyncSession, said: HandedClaim, person_id: UUID | None, now: datetime
) -> None:
    """Let somebody have what they got since the backup, as the old host knows, where they can."""
    row = await session.execute(
        select(Shift, Seat.role)
        .join(Seat, Seat.shift_id == Shift.id)
        .where(Seat.id == said.seat, Shift.ends > now, Shift.cancelled_at.is_(None))
    )
    found = row.one_or_none()
    if found is None or person_id is None:
        return
    shift, role = found
    await _keep(session, said, now)
    try:
        async with session.begin_nested():
            await book(session, person_id, said.claim, wish_for(shift, role).stay)
    except ClaimRefused:
        over = {"state": "released", "ended_at": now}
        await session.execute(update(Claim).where(Claim.id == said.claim).values(over))
    else:
        await calendar_changed(session, person_id, now)


async def _decide_later(session: AsyncSession, said: HandedClaim, now: datetime) -> None:
    about = {"claim": str(said.claim)}
    await put(session, "decide-proposal", about, now=now, key=str(said.claim))


async def _end(
    session: AsyncSession, claim: Claim, state: str, person_id: UUID | None, now: datetime
) -> None:
    was_held = claim.state == "held"
    claim.state, claim.ended_at = state, now
    await free(session, claim.id)
    await session.flush()
    if person_id is None:
        return
    if was_held:
        await notify(session, person_id=person_id, code="claim-ended", text=TOLD_ENDED, now=now)
    await calendar_changed(session, person_id, now)
    await wake(session, claim.id)


async def decide_here(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """Decide from now on of the seats of our own people as well, and need no receipt for them."""
    seats = select(Seat.id).join(Shift, Shift.id == Seat.shift_id).where(told_of(pool_id, now))
    await session.execute(
        update(Claim).where(Claim.seat_id.in_(seats)).values(decided_here=True, receipt=None)
    )


async def decide_own_wishes(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """Decide what our own people had asked of the old host, and it had not heard."""
    rows = await session.execute(
        select(Claim, Handle)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .outerjoin(Consent, (Consent.claim_id == Claim.id) & (Consent.state != "given"))
        .where(
            Shift.pool_id == pool_id,
            Shift.ends > now,
            Claim.state == "requested",
            Handle.person_id.is_not(None),
            Consent.claim_id.is_(None),
        )
        .order_by(Claim.made_at, Claim.id)
    )
    for claim, handle in rows.all():
        if claim.instead_of is not None:
            await end_wish(session, claim, now)
        else:
            await _decide(session, claim, handle, now)


async def _decide(session: AsyncSession, claim: Claim, handle: Handle, now: datetime) -> None:
    shift = await lock_shift_of(session, claim.seat_id)
    try:
        reasons = await host_reasons(session, shift, claim.seat_id, handle, now)
    except SeatTaken as taken:
        reasons = (Reason(taken.code, taken.sentence),)
    claim.state = "refused" if reasons else "held"
    if reasons:
        claim.ended_at = now
        claim.reasons = [reason._asdict() for reason in reasons]
        await free(session, claim.id)
    await settle(session, shift, now)
    if handle.person_id is not None:
        await tell_answer(session, handle.person_id, claim, now)
        await calendar_changed(session, handle.person_id, now)
    await wake(session, claim.id)
