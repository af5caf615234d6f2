"""Writing this node's feeds. Lock order everywhere: person, shift, feed rows, then other work.

A feed's row is locked after the pokes of its readers. What a change of texts asks for by one name
(`follow-recalls`, `texts-changed`) is asked for only when nothing more is said in any feed.

In one transaction append to a pool's or project's feed before private ones, and to private ones in
the order of their node ids (`telling` does): then two transactions never wait in a circle.
"""

import hashlib
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, cast, false, func, select, true, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from database import outbox
from database.ids import new_id
from federation.audit.actions import SYSTEM, record
from federation.feeds import queries
from federation.feeds.errors import EventTooLarge, RecallTooLarge
from federation.feeds.models import Feed, FeedEvent, FeedRecall
from federation.feeds.rules import chain
from federation.partners.actions import POKE, STATE_HOURS
from federation.partners.rules.canonical import canonical

SALT_BYTES = 16
LARGEST_EVENT = 2**18
LARGEST_RECALL = 2**16
"""As long as a recall may be with its signature: a feed's pages carry all of them, for ever."""
LARGEST_RECALLS = 2**20
"""As much as all long recalls of a feed may be together; a page is at most twice that."""
FOLLOWED_BY = {queries.POOL_SHIFTS: (queries.POOL_HOURS, STATE_HOURS)}
"""Feeds from which another one follows, with the work that writes it, where anybody reads it."""
ALWAYS_FITS = 2**12
"""As long as a recall may be whatever else was recalled: something can always be withdrawn."""


_EVENT = (
    insert(FeedEvent)
    .values(
        feed_id=bindparam("event_feed"),
        epoch=bindparam("event_epoch"),
        seq=bindparam("event_seq"),
        kind=bindparam("event_kind"),
        at=bindparam("event_at"),
        salt=bindparam("event_salt"),
        payload=bindparam("event_payload"),
        digest=bindparam("event_digest"),
        hash=bindparam("event_hash"),
    )
    .returning(FeedEvent.feed_id, FeedEvent.seq, FeedEvent.hash)
    .cte("event")
)
GROWN = update(Feed).where(Feed.id == _EVENT.c.feed_id).values(seq=_EVENT.c.seq, hash=_EVENT.c.hash)
LOCKED = (
    select(Feed)
    .where(Feed.kind == bindparam("kind"), Feed.subject == bindparam("subject"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
"""Built once: whoever changes something of the same pool waits until these are done."""


async def append(
    session: AsyncSession,
    feed_kind: str,
    subject: str,
    event_kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
) -> int:
    """Say something to a feed's audience, in the transaction of the change; give its sequence."""
    raw = canonical(payload)
    if len(raw) > LARGEST_EVENT:
        raise EventTooLarge
    feed = await _feed_with_lock(session, feed_kind, subject, now=now)
    salt = secrets.token_bytes(SALT_BYTES)
    digest = chain.digest_of(salt, raw)
    seq, at = feed.seq + 1, chain.written(now)
    reached = chain.link(
        feed.hash, epoch=feed.epoch, seq=seq, kind=event_kind, at=at, digest=digest
    )
    connection = await session.connection()
    await connection.execute(
        GROWN,
        {
            "event_feed": feed.id,
            "event_epoch": feed.epoch,
            "event_seq": seq,
            "event_kind": event_kind,
            "event_at": now,
            "event_salt": salt,
            "event_payload": raw,
            "event_digest": digest,
            "event_hash": reached,
        },
    )
    return seq


async def hold(session: AsyncSession, feed_kind: str, subject: str, *, now: datetime) -> None:
    """Lock a feed in which something may be said only after private feeds have been written."""
    await _feed_with_lock(session, feed_kind, subject, now=now)


async def recall(
    session: AsyncSession, feed_kind: str, subject: str, statement: str, *, now: datetime
) -> None:
    """Add a signed recall to a feed: from now on every page carries it before its events."""
    if len(statement) > LARGEST_RECALL:
        raise RecallTooLarge
    feed = await _feed_with_lock(session, feed_kind, subject, now=now)
    if len(statement) > ALWAYS_FITS:
        await _require_room(session, feed, len(statement))
    row = insert(FeedRecall).values(
        id=new_id(),
        feed_id=feed.id,
        digest=hashlib.sha256(statement.encode()).digest(),
        statement=statement,
        at=now,
    )
    await session.execute(row.on_conflict_do_nothing())


async def _require_room(session: AsyncSession, feed: Feed, length: int) -> None:
    lengths = select(func.sum(func.length(FeedRecall.statement)))
    known = await session.scalar(lengths.where(FeedRecall.feed_id == feed.id))
    if (known or 0) + length > LARGEST_RECALLS:
        raise RecallTooLarge


async def erase(session: AsyncSession, feed_id: UUID, epoch: str, seq: int) -> None:
    """Erase an event's content; what stays proves only that there was one."""
    await session.execute(
        update(FeedEvent)
        .where(FeedEvent.feed_id == feed_id, FeedEvent.epoch == epoch, FeedEvent.seq == seq)
        .values(salt=None, payload=None)
    )


async def erase_content(
    session: AsyncSession, feed_kind: str, subject: str, event_kind: str, seq: int
) -> None:
    """Erase what was said in one event, in whatever epoch it was; readers skip what is left."""
    feed = select(Feed.id).where(Feed.kind == feed_kind, Feed.subject == subject)
    await session.execute(
        update(FeedEvent)
        .where(FeedEvent.feed_id.in_(feed), FeedEvent.kind == event_kind, FeedEvent.seq == seq)
        .values(salt=None, payload=None)
    )


async def erase_earlier(
    session: AsyncSession, feed_kind: str, subject: str, seq: int | None = None
) -> None:
    """Erase what a feed said before an event that says the whole of it anew, or is yet to come."""
    feed = select(Feed.id).where(Feed.kind == feed_kind, Feed.subject == subject)
    earlier = FeedEvent.seq < seq if seq is not None else true()
    await session.execute(
        update(FeedEvent)
        .where(FeedEvent.feed_id == feed.scalar_subquery(), FeedEvent.payload.is_not(None), earlier)
        .values(salt=None, payload=None)
    )


async def erase_about(
    session: AsyncSession, event_kind: str, about: dict[str, str], feed_kind: str | None = None
) -> None:
    """Erase what events of a kind say of something, in all epochs of all feeds, or of one kind.

    Whoever has not read them never will; the chains stay proven.
    """
    said = cast(func.convert_from(FeedEvent.payload, "UTF8"), JSONB)
    # only what is of the kind is read as JSON
    named = case((FeedEvent.kind == event_kind, said.contains(about)), else_=false())
    within = select(Feed.id).where(Feed.kind == feed_kind) if feed_kind else select(Feed.id)
    await session.execute(
        update(FeedEvent)
        .where(
            FeedEvent.feed_id.in_(within),
            FeedEvent.kind == event_kind,
            FeedEvent.payload.is_not(None),
            named,
        )
        .values(salt=None, payload=None)
        .execution_options(synchronize_session=False)
    )


async def begin_epoch(session: AsyncSession, feed_id: UUID, *, now: datetime) -> str:
    """Begin a feed anew after a restore: readers notice and read it from its start."""
    feed = await session.get_one(Feed, feed_id, with_for_update=True, populate_existing=True)
    feed.epoch, feed.seq = str(new_id()), 0
    feed.hash = chain.beginning(feed.id, feed.epoch)
    await session.flush()
    await record(
        session, actor=SYSTEM, verb="began-epoch", subject="feed", subject_id=feed_id, now=now
    )
    await _poke(session, await queries.audience(session, feed), now=now)
    return feed.epoch


async def _feed_with_lock(session: AsyncSession, kind: str, subject: str, *, now: datetime) -> Feed:
    """Lock a feed's row, made on first use; its lock is what keeps the sequence without gaps.

    The pokes are asked for before: whoever says something to a partner takes that partner's one
    outbox row first, so that a pool's and a private feed are never waited for in a circle.
    """
    follower, work = FOLLOWED_BY.get(kind, (kind, ""))
    audiences = await queries.audiences_of(session, kind, follower, subject)
    if work and audiences.get(follower):
        await outbox.put(session, work, {"subject": subject}, now=now, key=subject)
    audience = audiences.get(kind)
    if audience is None:
        feed_id, epoch = new_id(), str(new_id())
        fresh = insert(Feed).values(
            id=feed_id,
            kind=kind,
            subject=subject,
            epoch=epoch,
            seq=0,
            hash=chain.beginning(feed_id, epoch),
        )
        await session.execute(fresh.on_conflict_do_nothing())
        audience = await queries.audience_of(session, kind, subject) or []
    await _poke(session, audience, now=now)
    return (await session.scalars(LOCKED, {"kind": kind, "subject": subject})).one()


async def _poke(session: AsyncSession, audience: list[str], *, now: datetime) -> None:
    for node_id in audience:
        await outbox.put(session, POKE, {"node_id": node_id}, now=now, key=node_id)
