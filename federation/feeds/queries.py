"""Which partner may read which feed, and one page of it. Nothing is filtered out of a chain."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    collate,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.feeds.models import Feed, FeedEvent, FeedReader, FeedRecall
from federation.feeds.rules.chain import WireEvent, written
from federation.feeds.rules.heads import name_of_recalls, recalls_hash
from federation.grants.queries import granted
from federation.partners.models import Partner
from federation.partners.rules.capabilities import OPEN_HOURS, RELEASES, SHIFTS
from federation.partners.rules.encoding import text_of
from federation.partners.rules.handshake import JOINED
from federation.pools.models import Pool

PRIVATE = "private"
POOL_SHIFTS = "pool/shifts"
POOL_HOURS = "pool/open-hours"
PROJECT_RELEASES = "project/releases"
PAGE_EVENTS = 100
PAGE_BYTES = 2**20 - 2**15
"""A page's recalls and events; the rest up to 1 MiB is for the head and what surrounds them."""


def _may_read() -> ColumnElement[bool]:
    """State as SQL, over Feed and Partner, which joined partner is a feed's audience."""
    return and_(
        Partner.state == JOINED,
        or_(
            and_(Feed.kind == PRIVATE, Feed.subject == Partner.node_id),
            and_(Feed.kind == POOL_SHIFTS, granted(SHIFTS, Feed.subject)),
            and_(Feed.kind == POOL_HOURS, _hears_hours(Feed.subject)),
            and_(Feed.kind == PROJECT_RELEASES, granted(RELEASES, Feed.subject)),
        ),
    )


def _hears_hours(pool: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Choose partners that are told a pool's hours: those that cannot see them in its shifts.

    Only those that say they know this kind: the list would be lost on all others. And only of
    pools that this node hosts: who has handed one over knows no more of it than others.
    """
    return and_(
        exists().where(cast(Pool.id, Text) == pool, Pool.host.is_(None)),
        granted(OPEN_HOURS, pool),
        not_(granted(SHIFTS, pool)),
        literal(POOL_HOURS) == any_(Partner.reads),
    )


MAY_READ = _may_read()
READABLE = select(Feed).join(Partner, MAY_READ).where(Partner.node_id == bindparam("node_id"))
IN_ORDER = (Feed.kind != PROJECT_RELEASES, Feed.kind == PRIVATE, Feed.id)
"""Releases first, because their recalls are urgent. Private feeds come last: they speak of shifts
that the pool's feed has told."""
AUDIENCE = select(Partner.node_id).join(Feed, MAY_READ).where(Feed.id == bindparam("feed_id"))
AUDIENCE_BY_NAME = (
    select(Feed.kind, func.array_remove(func.array_agg(Partner.node_id), null()).label("nodes"))
    .outerjoin(Partner, MAY_READ)
    .where(
        or_(Feed.kind == bindparam("kind"), Feed.kind == bindparam("other_kind")),
        Feed.subject == bindparam("subject"),
    )
    .group_by(Feed.id)
)
"""Built once: every append asks for its audience."""


async def readable_feeds(session: AsyncSession, node_id: str) -> Sequence[Feed]:
    """List the feeds that a partner may read, in their order."""
    found = await session.scalars(
        READABLE.order_by(*IN_ORDER),
        {"node_id": node_id},
    )
    return found.all()


async def feeds_with_reader(
    session: AsyncSession, node_id: str
) -> list[tuple[Feed, FeedReader | None, bool]]:
    """Give the feeds that a partner may read now, then those that it has read before."""
    of_partner = (FeedReader.feed_id == Feed.id) & (FeedReader.node_id == node_id)
    rows = await session.execute(
        select(Feed, FeedReader, MAY_READ)
        .select_from(Feed)
        .join(Partner, Partner.node_id == node_id)
        .outerjoin(FeedReader, of_partner)
        .where(or_(MAY_READ, FeedReader.node_id.is_not(None)))
        .order_by(not_(MAY_READ), *IN_ORDER)
    )
    return [(feed, reader, is_open) for feed, reader, is_open in rows]


async def readable_feed(session: AsyncSession, node_id: str, feed_id: UUID) -> Feed:
    """Give one feed; for a partner who is not its audience it does not exist."""
    feed = await session.scalar(READABLE.where(Feed.id == feed_id), {"node_id": node_id})
    if feed is None:
        raise NotFound
    return feed


async def audience_of(session: AsyncSession, kind: str, subject: str) -> list[str] | None:
    """Name the nodes that may read a feed, as `audience` does; None where there is no such feed."""
    return (await audiences_of(session, kind, kind, subject)).get(kind)


async def audiences_of(
    session: AsyncSession, kind: str, other_kind: str, subject: str
) -> dict[str, list[str]]:
    """Name who may read two feeds about one subject, in one look; a feed not begun has no entry."""
    both = {"kind": kind, "other_kind": other_kind, "subject": subject}
    rows = await session.execute(AUDIENCE_BY_NAME, both)
    return {row.kind: sorted(row.nodes) for row in rows}


async def hears_hours(session: AsyncSession, pool_id: UUID) -> bool:
    """Tell whether anybody is told a pool's hours, also before anything was said of them."""
    hears = Partner.state == JOINED, _hears_hours(literal(str(pool_id)))
    return await session.scalar(select(Partner.node_id).where(*hears).limit(1)) is not None


async def last_said(session: AsyncSession, kind: str, subject: str) -> bytes | None:
    """Give the last event of a feed, unless it was erased."""
    said: bytes | None = await session.scalar(
        select(FeedEvent.payload)
        .join(Feed, and_(Feed.id == FeedEvent.feed_id, Feed.epoch == FeedEvent.epoch))
        .where(Feed.kind == kind, Feed.subject == subject, FeedEvent.seq == Feed.seq)
    )
    return said


async def audience(session: AsyncSession, feed: Feed) -> list[str]:
    """Name the nodes that may read a feed, in the order in which they are poked."""
    found = await session.scalars(AUDIENCE, {"feed_id": feed.id})
    return sorted(found)


async def read_page(
    session: AsyncSession, feed: Feed, after: int, *, room: int = PAGE_BYTES
) -> tuple[list[WireEvent], bytes | None]:
    """Read the events after a place, at most 100 and 1 MiB, and the hash after the last."""
    rows = await session.execute(
        select(
            FeedEvent.seq,
            FeedEvent.kind,
            FeedEvent.at,
            FeedEvent.salt,
            FeedEvent.payload,
            FeedEvent.digest,
            FeedEvent.hash,
        )
        .where(
            FeedEvent.feed_id == feed.id,
            FeedEvent.epoch == feed.epoch,
            FeedEvent.seq > after,
            FeedEvent.seq <= feed.seq,
        )
        .order_by(FeedEvent.seq)
        .limit(PAGE_EVENTS)
    )
    events: list[WireEvent] = []
    size, reached = 0, None
    for row in rows:
        event = WireEvent(
            seq=row.seq,
            kind=row.kind,
            at=written(row.at),
            salt=None if row.salt is None else text_of(row.salt),
            payload=None if row.payload is None else row.payload.decode(),
            digest=text_of(row.digest),
        )
        size += len(msgspec.json.encode(event))
        if events and size > room:
            break
        events.append(event)
        reached = row.hash
    return events, reached


async def recalls(session: AsyncSession, feed: Feed) -> tuple[list[str], str]:
    """Give the complete set of a feed's recalls and the hash that names it."""
    found = await session.scalars(select(FeedRecall.statement).where(FeedRecall.feed_id == feed.id))
    statements = sorted(found)
    return statements, recalls_hash(statements)


async def recalls_hashes(session: AsyncSession, feeds: Sequence[Feed]) -> list[str]:
    """Name each feed's recalls, as `recalls` does, in one look."""
    return [name for _, name in await recalls_counted(session, feeds)]


async def recalls_counted(session: AsyncSession, feeds: Sequence[Feed]) -> list[tuple[int, str]]:
    """Tell of each feed how many recalls it has, and the hash that names them."""
    rows = await session.execute(
        select(FeedRecall.feed_id, FeedRecall.digest)
        .where(FeedRecall.feed_id.in_([feed.id for feed in feeds]))
        # by code point, as statements are sorted everywhere
        .order_by(FeedRecall.feed_id, collate(FeedRecall.statement, "C"))
    )
    digests: dict[UUID, list[bytes]] = {feed.id: [] for feed in feeds}
    for feed_id, digest in rows:
        digests[feed_id].append(digest)
    return [(len(digests[feed.id]), name_of_recalls(digests[feed.id])) for feed in feeds]


async def unconfirmed(session: AsyncSession, feed: Feed) -> list[str]:
    """Name the nodes that have not confirmed the latest recalls of a feed."""
    _, wanted = await recalls(session, feed)
    confirmed = await session.scalars(
        select(FeedReader.node_id).where(
            FeedReader.feed_id == feed.id, FeedReader.recalls_hash == wanted
        )
    )
    return sorted(set(await audience(session, feed)) - set(confirmed))
