"""Requests for cover as one asker may see them; a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool, PoolMember
from rota.claims.models import Claim
from rota.cover.actions import LIVE_COVER
from rota.cover.models import CoverRequest
from rota.cover.rules import OWN_PROJECT
from rota.shifts.models import Seat, Shift

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class CoverSeen:
    """A request with its seat and shift; `mine` where it is the asker's own seat."""

    cover: CoverRequest
    seat: Seat
    shift: Shift
    channel: Channel
    mine: bool

    @property
    def open(self) -> bool:
        """Tell whether somebody may take it now."""
        return self.cover.state == "open"


def _may_see(asker: Asker) -> ColumnElement[bool]:
    """Own people see their project's requests at once, partners from the second step on.

    A coordinator of the host, who plans the pool, sees every step.
    """
    seen = or_(CoverRequest.step != OWN_PROJECT, CoverRequest.project_id == asker.project_id)
    return or_(seen, Pool.host.is_(None)) if asker.has("coordinator") else seen


async def covers_seen(
    session: AsyncSession,
    asker: Asker,
    now: datetime,
    *,
    shifts: Sequence[UUID] | None = None,
    cover_id: UUID | None = None,
) -> list[CoverSeen]:
    """List the requests that stand, on some shifts or on all that have not begun."""
    query = (
        select(CoverRequest, Seat, Shift, Channel, Handle.person_id)
        .join(Seat, Seat.id == CoverRequest.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Channel, Channel.id == Shift.channel_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .join(
            PoolMember,
            and_(PoolMember.pool_id == Pool.id, PoolMember.project_id == asker.project_id),
        )
        .outerjoin(Claim, Claim.id == CoverRequest.claim_id)
        .outerjoin(Handle, Handle.id == Claim.handle_id)
        .where(
            CoverRequest.state.in_(LIVE_COVER),
            Shift.starts > now,
            Shift.cancelled_at.is_(None),
            or_(CoverRequest.kind == "asked", Seat.state == "open"),
            _may_see(asker),
        )
        .order_by(Shift.starts, CoverRequest.id)
        .limit(MOST_SHOWN)
    )
    if shifts is not None:
        query = query.where(Shift.id.in_(shifts))
    if cover_id is not None:
        query = query.where(CoverRequest.id == cover_id)
    rows = await session.execute(query)
    return [
        CoverSeen(cover, seat, shift, channel, person_id == asker.person_id)
        for cover, seat, shift, channel, person_id in rows
    ]


async def cover_seen(
    session: AsyncSession, asker: Asker, cover_id: UUID, now: datetime
) -> CoverSeen:
    """Find one request that the asker may see; any other is not found."""
    found = await covers_seen(session, asker, now, cover_id=cover_id)
    if not found:
        raise NotFound
    return found[0]
