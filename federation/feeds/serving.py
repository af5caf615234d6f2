"""Answering partners' polls and pulls: signed pages, and note of how far each reader has come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds import queries
from federation.feeds.errors import AnotherEpoch
from federation.feeds.models import Feed, FeedReader
from federation.feeds.rules import heads
from federation.feeds.rules.standing import Standing, recalls_name
from federation.partners.keys import NodeKeys
from federation.partners.rules.encoding import text_of


async def serve_page(
    session: AsyncSession,
    *,
    keys: NodeKeys,
    node_id: str,
    feed_id: UUID,
    after: tuple[str, int] | None,
    known_recalls: str,
    now: datetime,
) -> heads.Page:
    """Answer a partner's pull, and note what it has confirmed by asking for what follows."""
    feed = await queries.readable_feed(session, node_id, feed_id)
    epoch, seq = after or (feed.epoch, 0)
    if epoch != feed.epoch:
        raise AnotherEpoch
    page = await _page(session, keys, feed, seq, known_recalls, now=now)
    confirmed = {feed.id: (feed, min(seq, feed.seq), known_recalls)}
    await _note_reader(session, node_id, confirmed, now=now)
    return page


async def serve_news(
    session: AsyncSession,
    *,
    keys: NodeKeys,
    node_id: str,
    listed: Sequence[Feed],
    standing: Standing,
    now: datetime,
) -> dict[UUID, heads.Page]:
    """Give a page of every feed in which there is something new; none where there is nothing.

    A partner polls all its feeds with this one question, as large as one page; what does not fit
    is in the next answer.
    """
    hashes = await queries.recalls_hashes(session, listed)
    same_recalls = recalls_name(hashes) == standing.recalls
    news: dict[UUID, heads.Page] = {}
    confirmed: dict[UUID, tuple[Feed, int, str | None]] = {}
    room = queries.PAGE_BYTES
    for feed, seq, recalls in zip(listed, standing.sequences, hashes, strict=True):
        confirmed[feed.id] = (feed, min(seq, feed.seq), recalls if same_recalls else None)
        recalled = not same_recalls and recalls != heads.recalls_hash(())
        if room > 0 and (seq != feed.seq or recalled):
            known = recalls if same_recalls else ""
            page = await _page(session, keys, feed, seq, known, room=room, now=now)
            news[feed.id] = page
            room -= len(msgspec.json.encode(page))
    await _note_reader(session, node_id, confirmed, now=now)
    return news


async def _page(
    session: AsyncSession,
    keys: NodeKeys,
    feed: Feed,
    seq: int,
    known_recalls: str,
    *,
    room: int = queries.PAGE_BYTES,
    now: datetime,
) -> heads.Page:
    statements, recalls_hash = await queries.recalls(session, feed)
    told = None if known_recalls == recalls_hash else statements
    room -= sum(map(len, told or ()))
    events, reached = await queries.read_page(session, feed, seq, room=room)
    head = heads.Head(
        feed=str(feed.id),
        epoch=feed.epoch,
        seq=events[-1].seq if events else feed.seq,
        hash=text_of(feed.hash if reached is None else reached),
        last=feed.seq,
        recalls_hash=recalls_hash,
        at=now,
        expires=now + heads.HEAD_LIVES,
    )
    return heads.Page(
        head=keys.sign("head", msgspec.to_builtins(head), purpose=heads.PURPOSE),
        recalls=told,
        events=events,
    )


async def _note_reader(
    session: AsyncSession,
    node_id: str,
    confirmed: Mapping[UUID, tuple[Feed, int, str | None]],
    *,
    now: datetime,
) -> None:
    """Write how far a reader is, only where it changed: most polls find nothing new.

    `confirmed` has each feed's sequence and recalls; None where it is not known which it has.
    """
    rows = await session.scalars(
        select(FeedReader).where(
            FeedReader.node_id == node_id, FeedReader.feed_id.in_(list(confirmed))
        )
    )
    known = {row.feed_id: (row.epoch, row.seq, row.recalls_hash) for row in rows}
    for feed, seq, recalls in confirmed.values():
        before = known.get(feed.id)
        had = before[2] if before else ""
        new = (feed.epoch, seq, had if recalls is None else recalls[:64])
        if before != new:
            await _write_reader(session, node_id, feed.id, new, now=now)


async def _write_reader(
    session: AsyncSession, node_id: str, feed_id: UUID, new: tuple[str, int, str], *, now: datetime
) -> None:
    stands = {"epoch": new[0], "seq": new[1], "recalls_hash": new[2], "at": now}
    row = insert(FeedReader).values(feed_id=feed_id, node_id=node_id, **stands)
    await session.execute(
        row.on_conflict_do_update(index_elements=["feed_id", "node_id"], set_=stands)
    )
