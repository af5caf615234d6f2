"""Reading everything that a partner says: recalls first, each page proven, then applied once."""

from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.peers.client import (
    Clock,
    Listed,
    PartnerClient,
    PartnerRefusedError,
    PartnerUnreachableError,
)
from api.peers.events import APPLY, RECALLS, Apply, ApplyRecall
from api.peers.wire import FeedLine, FeedList, News
from database.session import door
from federation.errors import NotHereYet, Refusal
from federation.feeds.cursors import actions as cursors
from federation.feeds.errors import AnotherEpoch, FeedTrouble
from federation.feeds.models import FeedCursor
from federation.feeds.queries import PRIVATE
from federation.feeds.rules import chain, heads
from federation.feeds.rules.chain import WireEvent
from federation.feeds.rules.heads import HEAD_LIVES, Head, Page, Place
from federation.feeds.rules.lean import LeanPage, whole
from federation.feeds.rules.standing import told
from federation.partners.actions import heard, locked, renew_document
from federation.partners.models import Partner
from federation.partners.queries import speaking_partner
from federation.partners.rules.canonical import admit
from federation.partners.sender import Sender

POISON = (
    Refusal,
    msgspec.ValidationError,
    IntegrityError,
    DataError,
    ValueError,
    TypeError,
    LookupError,
)
"""What an event's own content can cause; a lost connection or a deadlock is not among it."""

LIST_HOLDS = HEAD_LIVES / 4
"""A quiet partner's heads are asked for anew long before they would look frozen."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What reading needs: our database and id, what to do with events, and a clock."""

    engine: AsyncEngine
    node_id: str
    clock: Clock
    apply: Mapping[str, Apply] = field(default_factory=lambda: APPLY)
    apply_recall: Mapping[str, ApplyRecall] = field(default_factory=lambda: RECALLS)


async def pull(reader: Reader, client: PartnerClient, node_id: str) -> None:
    """Read what is new in all feeds of one partner; trouble in one of them stops no other."""
    polled = await _poll(reader, client, node_id)
    if isinstance(polled, News):
        await _read_news(reader, client, node_id, polled)
    else:
        await _read_all(reader, client, node_id, polled)
    # what came too early has often arrived in the same pull
    await _replay_parked(reader, node_id)


async def _poll(reader: Reader, client: PartnerClient, node_id: str) -> News | FeedList:
    """Ask one question about all feeds if we know where we stand in each, else for the list.

    From time to time the list is asked for although it is known: every feed's head is signed anew.
    """
    listed = client.listed
    if listed is not None and reader.clock() < listed.until:
        async with door(reader.engine) as session:
            places = await cursors.places_in(session, node_id, _told(listed.told))
        word = told(listed.told.name, places) if places is not None else None
        if word is not None:
            return await client.poll(word)
    return await client.feeds()


def _told(listed: FeedList) -> list[tuple[UUID, str]]:
    return [(line.id, line.epoch) for line in listed.feeds]


async def _read_news(reader: Reader, client: PartnerClient, node_id: str, news: News) -> None:
    """Take the pages of feeds with news, and the word that all others stand as they did."""
    listed = client.listed.told.feeds if client.listed else []
    async with door(reader.engine) as session:
        await heard(session, node_id=node_id, now=reader.clock())
        silent = [line.id for line in listed if line.id not in news.pages]
        await cursors.nothing_new(session, node_id, silent, now=reader.clock())
    await _each(
        _read_feed(reader, client, node_id, line, news.pages[line.id])
        for line in listed
        if line.id in news.pages
    )


async def _read_all(reader: Reader, client: PartnerClient, node_id: str, listed: FeedList) -> None:
    """Read each feed of a list to its end, and remember the list for the polls that follow."""
    async with door(reader.engine) as session:
        await heard(session, node_id=node_id, now=reader.clock())
        partner = await locked(session, node_id)
        partner.they_grant = listed.granted
        newer = listed.document_version > partner.document_version
    if newer:
        text = await client.document()
        async with door(reader.engine) as session:
            await renew_document(session, node_id=node_id, text=text, now=reader.clock())
    client.listed = None
    await _each(_read_feed(reader, client, node_id, line) for line in listed.feeds)
    if listed.name:
        client.listed = Listed(listed, reader.clock() + LIST_HOLDS)


async def _each(readings: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Read one feed after another; the first failed request is raised when all have been read."""
    failure: Exception | None = None
    for reading in readings:
        try:
            await reading
        except (PartnerUnreachableError, PartnerRefusedError) as error:
            failure = failure or error
    if failure is not None:
        raise failure


async def _read_feed(
    reader: Reader,
    client: PartnerClient,
    node_id: str,
    line: FeedLine,
    first: LeanPage | None = None,
) -> None:
    """Read one feed to its end; trouble is written down and nothing of that page is applied."""
    cursor_id = None
    try:
        async with door(reader.engine) as session:
            cursor = await _cursor(session, reader, node_id, line)
            cursor_id = cursor.id
        while await _read_page(reader, client, node_id, cursor_id, first):
            first = None
    except FeedTrouble as trouble:
        structlog.get_logger().warning("feed trouble", node=node_id, code=trouble.code)
        if cursor_id is not None:
            async with door(reader.engine) as session:
                await cursors.note_trouble(session, cursor_id, trouble, now=reader.clock())


async def _cursor(
    session: AsyncSession, reader: Reader, node_id: str, line: FeedLine
) -> FeedCursor:
    if line.kind == PRIVATE and line.subject != reader.node_id:
        raise FeedTrouble("The partner offers a private feed that is meant for somebody else.")
    return await cursors.cursor_for(
        session,
        node_id=node_id,
        feed_id=line.id,
        kind=line.kind,
        subject=line.subject,
        epoch=line.epoch,
    )


async def _read_page(
    reader: Reader, client: PartnerClient, node_id: str, cursor_id: Any, given: LeanPage | None
) -> bool:
    """Fetch (unless it is given), prove and apply one page; tell whether more follows."""
    async with door(reader.engine) as session:
        cursor = await session.get_one(FeedCursor, cursor_id)
        partner = await speaking_partner(session, node_id)
        if partner is None:
            return False
    before = cursors.place_of(cursor)
    page, begun = (whole(given), False) if given else await _fetch(client, cursor, before)
    head = heads.read_head(page.head, partner.keys["head"], before, now=reader.clock())
    start = before
    if begun and head.epoch != before.epoch:
        beginning = chain.beginning(cursor.feed_id, head.epoch)
        start = Place(feed=before.feed, epoch=head.epoch, seq=0, hash=beginning)
    await _apply_recalls(reader, partner, cursor, page, head)
    reached = heads.prove(page, head, start)
    if page.events:
        await _apply_events(reader, partner, cursor, start, page)
    else:
        await _note_nothing_new(reader, cursor, reached, page)
    return reached.seq < head.last


async def _fetch(client: PartnerClient, cursor: FeedCursor, place: Place) -> tuple[Page, bool]:
    """Ask for what follows; where the epoch has changed, for the new one's beginning."""
    try:
        return await client.page(place, cursor.feed_id, cursor.recalls_hash), False
    except PartnerRefusedError as refusal:
        if refusal.code != AnotherEpoch.code:
            raise
    return await client.page(None, cursor.feed_id, cursor.recalls_hash), True


async def _apply_recalls(
    reader: Reader, partner: Partner, cursor: FeedCursor, page: Page, head: Head
) -> None:
    """Apply recalls in a transaction of their own, so that nothing in the page can hold them up."""
    statements = heads.recalls_of(page, head, cursor.recalls_hash)
    if statements is None:
        return
    apply = reader.apply_recall.get(cursor.kind, _no_recall)
    now = reader.clock()
    async with door(reader.engine) as session:
        for statement in statements:
            try:
                async with session.begin_nested():
                    await apply(session, _sender(partner, cursor), statement, now)
            except POISON as error:
                structlog.get_logger().warning("bad recall", error=type(error).__name__)
        locked_cursor = await session.get_one(FeedCursor, cursor.id, with_for_update=True)
        locked_cursor.recalls_hash = head.recalls_hash


async def _apply_events(
    reader: Reader, partner: Partner, cursor: FeedCursor, start: Place, page: Page
) -> None:
    """Apply a proven page event by event, until somebody else turns out to have been faster.

    Each event and the cursor's step over it are one transaction: a page as one would hold the locks
    of many shifts at once, and wait for people in a circle.
    """
    at, place = cursors.place_of(cursor), start
    for event in page.events:
        seq, reached = chain.follow(place.hash, epoch=place.epoch, seq=place.seq, events=[event])
        place = Place(feed=place.feed, epoch=place.epoch, seq=seq, hash=reached)
        async with door(reader.engine) as session:
            here = await cursors.still_at(session, cursor.id, at)
            if here is None:
                return
            sender = _sender(partner, here)
            await _apply_event(reader, session, sender, here, event, epoch=place.epoch)
            cursors.advance(here, place, page.head, now=reader.clock())
        at = place


async def _note_nothing_new(reader: Reader, cursor: FeedCursor, reached: Place, page: Page) -> None:
    """Remember that the partner has just confirmed where we are."""
    async with door(reader.engine) as session:
        here = await cursors.still_at(session, cursor.id, cursors.place_of(cursor))
        if here is not None:
            cursors.advance(here, reached, page.head, now=reader.clock())


async def _apply_event(
    reader: Reader,
    session: AsyncSession,
    sender: Sender,
    cursor: FeedCursor,
    event: WireEvent,
    *,
    epoch: str,
) -> None:
    if event.payload is None:
        return
    now = reader.clock()
    apply = reader.apply.get(event.kind)
    why, detail = cursors.UNKNOWN, ""
    if apply is not None:
        try:
            async with session.begin_nested():
                await apply(session, sender, admit(event.payload.encode()), now)
        except NotHereYet as early:
            why, detail = cursors.UNKNOWN, early.code
        except POISON as error:
            why, detail = cursors.BAD, _code(error)
        else:
            return
    await cursors.set_aside(session, cursor, event, epoch=epoch, why=why, detail=detail, now=now)


async def _replay_parked(reader: Reader, node_id: str) -> None:
    """Apply what came too early: before this node knew its kind, or what it speaks of."""
    async with door(reader.engine) as session:
        partner = await speaking_partner(session, node_id)
        waiting = await cursors.parked(session, node_id, frozenset(reader.apply))
    for event_id in waiting if partner else ():
        async with door(reader.engine) as session:
            await _replay(reader, session, partner, event_id)


async def _replay(
    reader: Reader, session: AsyncSession, partner: Partner | None, event_id: UUID
) -> None:
    found = await cursors.still_parked(session, event_id)
    if found is None or partner is None:
        return
    event, cursor = found
    try:
        async with session.begin_nested():
            content, sender = admit(event.payload), _sender(partner, cursor)
            await reader.apply[event.kind](session, sender, content, reader.clock())
    except NotHereYet:
        return
    except POISON as error:
        event.why, event.detail, event.payload = cursors.BAD, _code(error), b""
    else:
        await session.delete(event)


async def _no_recall(_: AsyncSession, __: Sender, ___: str, ____: datetime) -> None:
    """Take note only: nothing on this node can be recalled by this kind of feed."""


def _sender(partner: Partner, cursor: FeedCursor) -> Sender:
    return Sender(
        node_id=partner.node_id,
        name=partner.name,
        feed_kind=cursor.kind,
        subject=cursor.subject,
    )


def _code(error: Exception) -> str:
    """Say what was wrong without quoting the event."""
    return error.code if isinstance(error, Refusal) else type(error).__name__
