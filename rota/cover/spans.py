"""Who is away for several days: others are asked for each seat in them, every shift by itself."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_write
from federation.pools.models import Channel, Pool
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.cover.actions import LIVE_COVER, ask_for
from rota.cover.errors import NotHeld, TooLateToAsk
from rota.cover.ladder import briefing_of
from rota.cover.models import CoverRequest
from rota.cover.rules import Step, first_step
from rota.shifts.models import Seat, Shift

COVER_ASK = "cover-ask"


@dataclass(frozen=True, slots=True)
class SeatInSpan:
    """A seat to come that somebody holds, and the request for cover that stands for it."""

    claim_id: UUID
    role: str
    shift: Shift
    channel: str
    pool: str
    asked: CoverRequest | None

    def would_ask(self, now: datetime) -> Step | None:
        """Tell who would be asked first; None once its briefing has begun, which is too late."""
        briefing = briefing_of(self.shift)
        return first_step(now, briefing) if now < briefing else None


async def seats_in_span(
    session: AsyncSession, asker: Asker, begins: datetime, ends: datetime, now: datetime
) -> Sequence[SeatInSpan]:
    """List the asker's own seats whose time, meetings included, touches a span; not what began."""
    stands = and_(CoverRequest.claim_id == Claim.id, CoverRequest.state.in_(LIVE_COVER))
    rows = await session.execute(
        select(Claim.id, Seat.role, Shift, Channel.name, Pool.name, CoverRequest)
        .join(Booking, Booking.claim_id == Claim.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Channel, Channel.id == Shift.channel_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .outerjoin(CoverRequest, stands)
        .where(
            Booking.person_id == asker.person_id,
            Claim.state == "held",
            Shift.cancelled_at.is_(None),
            Shift.starts > now,
            Booking.during.overlaps(Range(begins, ends)),
        )
        .order_by(Shift.starts, Claim.id)
    )
    return [SeatInSpan(*row) for row in rows]


async def ask_for_cover_between(
    session: AsyncSession, asker: Asker, begins: datetime, ends: datetime, now: datetime
) -> list[UUID]:
    """Have others asked for each seat that the asker holds in a span; gives the claims.

    What has begun stays as it was, and the time between two shifts is nobody's to cover. Each is
    asked for after the commit, in a transaction of its own, so that locks stay in their order.
    """
    require_write(asker)
    seats = await seats_in_span(session, asker, begins, ends, now)
    wanted = [seat.claim_id for seat in seats if seat.asked is None and seat.would_ask(now)]
    for claim_id in wanted:
        asked = {"claim": str(claim_id), "actor": str(asker.person_id)}
        await put(session, COVER_ASK, asked, now=now, key=str(claim_id))
    return wanted


async def ask_when_away(session: AsyncSession, claim_id: UUID, actor: UUID, now: datetime) -> None:
    """Ask others for one of the seats of somebody who is away; too late is nobody's fault here."""
    claim = await session.get(Claim, claim_id)
    person_id = await session.scalar(
        select(Handle.person_id)
        .join(Claim, Claim.handle_id == Handle.id)
        .where(Claim.id == claim_id)
    )
    if claim is not None and person_id is not None:
        with suppress(NotHeld, TooLateToAsk):
            await ask_for(session, claim, person_id, actor, now)
