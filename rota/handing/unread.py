"""What a pool's new host has never read of it, as the old one sees when the two have parted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, and_, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.models import Feed, FeedEvent, FeedReader
from federation.feeds.queries import PRIVATE
from federation.people.models import Handle
from federation.pools.models import Pool
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.handing.leaving import CONTENTS
from rota.shifts.models import Seat, Shift


async def claims_never_told(session: AsyncSession, node_id: str, now: datetime) -> list[UUID]:
    """List our people's claims in pools that a node hosts, and has read nothing of."""
    said = cast(func.convert_from(FeedEvent.payload, "UTF8"), JSONB)
    same = and_(
        FeedReader.feed_id == Feed.id,
        FeedReader.epoch == Feed.epoch,
        FeedReader.node_id == node_id,
    )
    unread = (
        select(cast(said["pool"].astext, Uuid))
        .join(Feed, and_(Feed.id == FeedEvent.feed_id, Feed.epoch == FeedEvent.epoch))
        .outerjoin(FeedReader, same)
        .where(
            Feed.kind == PRIVATE,
            Feed.subject == node_id,
            FeedEvent.kind == CONTENTS,
            FeedEvent.payload.is_not(None),
            FeedEvent.seq > func.coalesce(FeedReader.seq, 0),
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
