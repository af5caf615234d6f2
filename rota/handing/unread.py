"""What a pool's new host has never read of it, as the old one sees when the two have parted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.models import Feed, FeedEvent
from federation.feeds.queries import PRIVATE
from federation.feeds.said import said_beside_read
from federation.people.models import Handle
from federation.pools.models import Pool
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.handing.leaving import CONTENTS
from rota.shifts.models import Seat, Shift


async def claims_never_told(session: AsyncSession, node_id: str, now: datetime) -> list[UUID]:
    """List our people's claims in pools that a node hosts, and has read nothing of."""
    told = cast(func.convert_from(FeedEvent.payload, "UTF8"), JSONB)
    said, is_read = said_beside_read(node_id)
    unread = (
        select(cast(told["pool"].astext, Uuid))
        .select_from(said)
        .where(
            Feed.kind == PRIVATE,
            Feed.subject == node_id,
            FeedEvent.kind == CONTENTS,
            FeedEvent.payload.is_not(None),
            ~is_read,
        )
    )
    rows = await session.scalars(
        select(Claim.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(
            Pool.host == node_id,
            Pool.id.in_(unread),
            Handle.person_id.is_not(None),
            Claim.state.in_(LIVE),
            Shift.starts > now,
        )
        .order_by(Shift.starts, Claim.id)
    )
    return list(rows)
