"""What all nodes must say alike when every line is mended: nothing lost, nothing done twice."""

from collections import Counter
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import msgspec
from sqlalchemy import select

from database.session import door
from federation.audit.models import AuditEntry
from federation.feeds.models import Feed, FeedCursor, FeedEvent, FeedReader, SetAsideEvent
from federation.feeds.queries import PROJECT_RELEASES, readable_feeds
from federation.handing.errors import HandedOver
from federation.handing.models import PoolHanding, PoolWait
from federation.restoring.queries import is_restoring, was_restored
from protocols.recalls.models import Recall
from protocols.releases.models import Release
from tests.federation.chaos.node import GREETING, ShakenNode
from tests.federation.chaos.trio import Trio


async def apart(trio: Trio) -> list[str]:
    """Name all that one node has said and another has not heard, or heard twice."""
    found = []
    for node in trio.shaken:
        found += await _unfinished(node)
    for writer, reader in permutations(trio.shaken, 2):
        whom = f"{writer.name} to {reader.name}"
        found += [f"{whom}: {each}" for each in await _unread(writer, reader)]
        found += [f"{whom}: {each}" for each in await _greetings(writer, reader)]
        found += [f"{whom}: {each}" for each in await _texts(writer, reader)]
    hosts = {node.name: await trio.hosted(node) for node in trio.shaken}
    if set(hosts.values()) != {(trio.host.id, max(term for _host, term in hosts.values()))}:
        found.append(f"the pool has several hosts, or none: {hosts}")
    return found


async def _unfinished(node: ShakenNode) -> list[str]:
    async with door(node.engine) as session:
        aside = await session.scalars(
            select(SetAsideEvent).where(SetAsideEvent.detail != HandedOver.code)
        )
        found = [f"{node.name} has set aside {one.kind}: {one.why} {one.detail}" for one in aside]
        if await is_restoring(session):
            found.append(f"{node.name} never ends its restore")
        waits = (PoolWait.answered_at.is_(None), PoolWait.given_up_at.is_(None))
        unheard = await session.scalars(select(PoolWait.node_id).where(*waits))
        found += [f"{node.name} still waits for what {one} holds" for one in unheard]
        accepted = PoolHanding.state == "accepted"
        if await session.scalar(select(PoolHanding.pool_id).where(accepted)):
            found.append(f"{node.name} has agreed to host and never does")
    return found


@dataclass(frozen=True)
class _Place:
    epoch: str
    seq: int
    hash: bytes


async def _unread(writer: ShakenNode, reader: ShakenNode) -> list[str]:
    """Hold a reader's places to the ends of the feeds, and what the writer believes of them."""
    async with door(writer.engine) as session:
        feeds = list(await readable_feeds(session, reader.id))
        readers = await session.scalars(select(FeedReader).where(FeedReader.node_id == reader.id))
        believed = {one.feed_id: one for one in readers}
    async with door(reader.engine) as session:
        cursors = {
            one.feed_id: one
            for one in await session.scalars(
                select(FeedCursor).where(FeedCursor.node_id == writer.id)
            )
        }
    found = []
    for feed in feeds:
        cursor = cursors.get(feed.id)
        if cursor is None or cursor.trouble or _place(cursor) != _place(feed):
            found.append(
                f"{feed.kind} ends at {feed.seq}, read {cursor and (cursor.seq, cursor.trouble)}"
            )
        told = believed.get(feed.id)
        if told is not None and told.epoch == feed.epoch and told.seq > feed.seq:
            found.append(f"{feed.kind} ends at {feed.seq}, believed read up to {told.seq}")
    return found


def _place(one: Feed | FeedCursor) -> _Place:
    return _Place(one.epoch, one.seq, one.hash)


async def _greetings(writer: ShakenNode, reader: ShakenNode) -> list[str]:
    """Hold what was heard to what was said: each once, in order, and none missing."""
    said = [one["n"] for one in await _said(writer, reader)]
    async with door(reader.engine) as session:
        heard = [
            facts["n"]
            for facts in await session.scalars(
                select(AuditEntry.facts)
                .where(AuditEntry.subject == GREETING, AuditEntry.actor == writer.id)
                .order_by(AuditEntry.id)
            )
        ]
    twice = [number for number, times in Counter(heard).items() if times > 1]
    found = [f"greeting {number} was heard more than once" for number in twice]
    if [number for number in heard if number in said] != said:
        found.append(f"said {said}, heard {heard}")
    return found


async def _said(writer: ShakenNode, reader: ShakenNode) -> list[dict[str, Any]]:
    async with door(writer.engine) as session:
        rows = await session.scalars(
            select(FeedEvent.payload)
            .join(Feed, (Feed.id == FeedEvent.feed_id) & (Feed.epoch == FeedEvent.epoch))
            .where(Feed.subject == reader.id, FeedEvent.kind == GREETING)
            .order_by(FeedEvent.seq)
        )
        return [msgspec.json.decode(payload or b"") for payload in rows]


async def _texts(owner: ShakenNode, reader: ShakenNode) -> list[str]:
    """Hold a reader's releases and withdrawals to the owner's, byte for byte."""
    found = []
    async with door(owner.engine) as session:
        feeds = {feed.kind for feed in await readable_feeds(session, reader.id)}
    if PROJECT_RELEASES not in feeds:
        # homes may not know yet that they share a pool
        return []
    for kind in (Release, Recall):
        async with door(owner.engine) as session:
            rows = await session.scalars(select(kind.manifest).where(kind.node_id.is_(None)))
            ours, forgets = set(rows), await was_restored(session)
        async with door(reader.engine) as session:
            rows = await session.scalars(select(kind.manifest).where(kind.node_id == owner.id))
            theirs = set(rows)
        if ours - theirs:
            found.append(f"{len(ours - theirs)} of {kind.__name__} never arrived")
        if theirs - ours and not forgets:
            found.append(f"{len(theirs - ours)} of {kind.__name__} are nobody's")
    return found
