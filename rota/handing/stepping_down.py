"""A host that is one no more becomes a home: it keeps what its people have, and grants nothing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.handing.parted import wait_for_nobody
from federation.people.models import Handle
from federation.pools.models import Pool
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.cover.models import CoverRequest
from rota.handing.contents import Entry, contents_of
from rota.handing.under_way import end_exchanges, lapse_own_proposals
from rota.reentry.actions import BEGIN_REENTRY
from rota.shifts.models import Seat, Shift
from rota.sign_up.from_homes import Sign, receipt_of
from rota.swaps.models import SwapOffer
from rota.waiting.models import WaitingEntry


def _coming_seats(pool_id: UUID, now: datetime) -> Select[UUID]:
    return (
        select(Seat.id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Shift.pool_id == pool_id, Shift.ends > now)
    )


def _own_handles(pool_id: UUID) -> Select[UUID]:
    return select(Handle.id).where(Handle.pool_id == pool_id, Handle.person_id.is_not(None))


async def stop_hosting(session: AsyncSession, pool: Pool, now: datetime, sign: Sign) -> list[Entry]:
    """As a host that is one no more be a home, as after a hand-over; gives what was known of it.

    What our own people hold gets a receipt: at the new host it stands where the seat is free.
    """
    # nothing is granted here: also a node that was just restored gives the pool up
    await session.execute(BEGIN_REENTRY)
    await end_exchanges(session, pool.id, now)
    await lapse_own_proposals(session, pool.id, now)
    held = await session.scalars(
        select(Claim).where(
            Claim.seat_id.in_(_coming_seats(pool.id, now)),
            Claim.handle_id.in_(_own_handles(pool.id)),
            Claim.decided_here,
            Claim.state == "held",
        )
    )
    for claim in held.all():
        receipt_of(claim, now, sign)
    await session.flush()
    entries = await contents_of(session, pool, now, sign)
    await become_a_home(session, pool.id, now)
    return entries


async def become_a_home(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """Keep what our own people have, as their home; what others have is told to the new host."""
    await wait_for_nobody(session, pool_id)
    seats, own = _coming_seats(pool_id, now), _own_handles(pool_id)
    coming = (Claim.seat_id.in_(seats), Claim.decided_here)
    moved = await session.scalars(
        update(Claim)
        .where(*coming, Claim.handle_id.in_(own), Claim.state == "proposed")
        .values(state="held", moved_at=None)
        .returning(Claim.seat_id)
    )
    asked = moved.all()
    await session.execute(
        update(Claim)
        .where(*coming, Claim.handle_id.not_in(own), Claim.state.in_(sorted(LIVE)))
        .values(state="released", ended_at=now)
    )
    await session.execute(update(Claim).where(*coming).values(decided_here=False))
    await _give_up_wishes(session, pool_id, own, now)
    for shift_id in await session.scalars(
        select(Seat.shift_id).where(Seat.id.in_(asked)).distinct().order_by(Seat.shift_id)
    ):
        about = {"shift": str(shift_id)}
        await put(session, "follow-move", about, now=now, key=str(shift_id))


async def _give_up_wishes(
    session: AsyncSession, pool_id: UUID, own: Select[UUID], now: datetime
) -> None:
    """Decide no more of cover, offers and lines: all go on elsewhere.

    Of others' wishes this node keeps what every member knows; seats that nobody has are looked at
    anew by the new host.
    """
    claims = select(Claim.id).where(Claim.handle_id.in_(own))
    all_seats = select(Seat.id).join(Shift, Shift.id == Seat.shift_id)
    here = all_seats.where(Shift.pool_id == pool_id)
    covers = (
        CoverRequest.seat_id.in_(here),
        CoverRequest.decided_here,
        CoverRequest.state == "open",
    )
    await session.execute(
        update(CoverRequest)
        .where(*covers, CoverRequest.kind == "vacated")
        .values(state="lapsed", closed_at=now)
    )
    await session.execute(
        update(CoverRequest)
        .where(*covers, CoverRequest.claim_id.not_in(claims))
        .values(claim_id=None, project_id=None)
    )
    await session.execute(update(CoverRequest).where(*covers).values(decided_here=False))
    offers = (SwapOffer.pool_id == pool_id, SwapOffer.decided_here, SwapOffer.state == "open")
    await session.execute(
        update(SwapOffer).where(*offers, SwapOffer.claim_id.not_in(claims)).values(claim_id=None)
    )
    await session.execute(update(SwapOffer).where(*offers).values(decided_here=False))
    line = (WaitingEntry.seat_id.in_(here), WaitingEntry.state.in_(("waiting", "offered")))
    await session.execute(
        update(WaitingEntry)
        .where(*line, (WaitingEntry.handle_id.not_in(own)) | (WaitingEntry.state == "offered"))
        .values(state="passed")
    )
