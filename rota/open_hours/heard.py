"""The other side of a pool's hours: what a partner has said of them, published on this node.

No more is known here of such a pool; what it was last said to be is shown with its time.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Text, and_, cast, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from federation.errors import NotFound
from federation.feeds.models import FeedCursor
from federation.feeds.queries import POOL_HOURS
from federation.partners.models import Partner
from federation.partners.rules.handshake import ENDED, WORDS_TO_TYPE
from federation.pools.models import Pool
from federation.pools.rules import free_slug
from rota.open_hours.errors import NoSuchPool
from rota.open_hours.models import HeardHours
from rota.open_hours.queries import PublicHours, is_silent, ways_of
from rota.open_hours.rules.now import CLOSED, next_hours, open_elsewhere, open_now
from rota.open_hours.rules.planned import still_told
from rota.open_hours.stated import StatedOpenHours
from rota.shifts.rules.local_times import known_zone

STRANGERS = (ENDED, WORDS_TO_TYPE)
"""States in which nothing is shown of a partner; one that is frozen is silent."""


async def receive_open_hours(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep what a partner says of when its own pool is open, in place of what it said before."""
    stated = msgspec.convert(payload, StatedOpenHours)
    known_zone(stated.zone)
    somebody_elses = select(Pool.id).where(Pool.id == stated.pool, Pool.host.is_distinct_from(host))
    if await session.scalar(somebody_elses) is not None:
        raise NotFound
    row = insert(HeardHours).values(
        pool_id=stated.pool,
        node_id=host,
        slug=await _slug(session, stated),
        content=msgspec.to_builtins(stated),
        # so that it also rises where it was forgotten in between
        revision=int(now.timestamp()),
        heard_at=now,
    )
    changed = {name: row.excluded[name] for name in ("slug", "content", "heard_at")}
    kept = await session.scalar(
        row.on_conflict_do_update(
            index_elements=[HeardHours.pool_id],
            set_=changed | {"revision": HeardHours.revision + 1},
            where=HeardHours.node_id == host,
        ).returning(HeardHours.pool_id)
    )
    if kept is None:
        raise NotFound


async def _slug(session: AsyncSession, stated: StatedOpenHours) -> str:
    """Keep the address that people know, unless another pool of this node has taken it."""
    known = await session.scalar(select(HeardHours.slug).where(HeardHours.pool_id == stated.pool))
    wanted = known or stated.slug
    pools = select(Pool.slug).where(Pool.id != stated.pool, Pool.slug.startswith(wanted))
    heard = select(HeardHours.slug).where(
        HeardHours.pool_id != stated.pool, HeardHours.slug.startswith(wanted)
    )
    return free_slug(wanted, set(await session.scalars(pools.union(heard))))


async def forget_unlisted(session: AsyncSession, node_id: str, listed: Collection[str]) -> None:
    """Forget the hours of pools that a partner shows no longer; `listed` are those it does."""
    await session.execute(
        delete(HeardHours).where(
            HeardHours.node_id == node_id, cast(HeardHours.pool_id, Text).not_in(listed)
        )
    )


async def sweep_heard(session: AsyncSession) -> None:
    """Forget what partners have told with whom it has ended: nobody sees it any more."""
    ended = select(Partner.node_id).where(Partner.state == ENDED)
    await session.execute(delete(HeardHours).where(HeardHours.node_id.in_(ended)))


async def heard_hours(
    connection: AsyncConnection,
    slug: str,
    now: datetime,
    until: datetime,
    *,
    channel: str | None = None,
) -> PublicHours | None:
    """Read what a partner has told of a pool, if it has, on one channel or on all."""
    row = (
        await connection.execute(
            select(HeardHours.content, FeedCursor.checked_at)
            .join(Partner, Partner.node_id == HeardHours.node_id)
            .outerjoin(
                FeedCursor,
                and_(
                    FeedCursor.node_id == HeardHours.node_id,
                    FeedCursor.kind == POOL_HOURS,
                    FeedCursor.subject == cast(HeardHours.pool_id, Text),
                ),
            )
            .where(HeardHours.slug == slug, Partner.state.not_in(STRANGERS))
        )
    ).one_or_none()
    if row is None:
        return None
    stated = msgspec.convert(row.content, StatedOpenHours)
    return _as_told(stated, slug, row.checked_at, now, until, channel)


def _as_told(
    stated: StatedOpenHours,
    slug: str,
    as_of: datetime | None,
    now: datetime,
    until: datetime,
    channel: str | None,
) -> PublicHours:
    """Put what was told into the form of all public hours, as it stands now."""
    named = {each.slug: each.name for each in stated.channels if channel in {None, each.slug}}
    if channel is not None and not named:
        raise NoSuchPool
    told = still_told((each.as_hours() for each in stated.hours), now)
    hours = [each for each in told if each.channel in named and each.start < until]
    confirmed = [each for each in hours if each.status == "confirmed"]
    there = {each.channel: each.busy for each in stated.open if each.channel in named}
    running = {each.channel for each in confirmed if each.start <= now}
    busy = {slug: is_busy for slug, is_busy in there.items() if slug in running}
    view = CLOSED if is_silent(as_of, now) else open_now(busy, confirmed, now)
    due = stated.answered_by
    return PublicHours(
        id=stated.pool,
        slug=slug,
        name=stated.name,
        zone=stated.zone,
        channels=named,
        now=view,
        next=next_hours(confirmed, view, now),
        hours=hours,
        answered_by=due if due and due > now else None,
        elsewhere=open_elsewhere(ways_of(stated.elsewhere, stated.zone), now),
        as_of=as_of,
        by_message=tuple(stated.by_message),
    )
