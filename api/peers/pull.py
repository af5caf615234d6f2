"""Reading everything that a partner says: recalls first, each page proven, then applied once."""

import asyncio
from collections.abc import Awaitable, Collection, Coroutine, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.applying import (
    Reader,
    begin_anew,
    hear_pools,
    look_ahead,
    replay_parked,
    take_in,
)
from api.peers.client import (
    Listed,
    PartnerClient,
    PartnerRefusedError,
    PartnerUnreachableError,
)
from api.peers.recalling import apply_recalls
from api.peers.wire import FeedLine, FeedList, News
from api.peers.withheld import take_note
from database.session import door
from federation.feeds.cursors import actions as cursors
from federation.feeds.cursors import quiet, recalls_aside
from federation.feeds.errors import AnotherEpoch, FeedTrouble
from federation.feeds.models import FeedCursor
from federation.feeds.queries import POOL_HOURS, POOL_SHIFTS, PRIVATE
from federation.feeds.rules import chain, heads
from federation.feeds.rules.heads import HEAD_LIVES, Page, Place
from federation.feeds.rules.lean import LeanPage, whole
from federation.feeds.rules.standing import told
from federation.partners.actions import heard, locked
from federation.partners.documents.actions import renew_document
from federation.partners.models import Partner
from federation.partners.queries import speaking_partner
from federation.partners.rules.handshake import SPEAKING
from federation.pools.models import Pool
from rota.open_hours.heard import forget_unlisted

LIST_HOLDS = HEAD_LIVES / 4
"""A quiet partner's heads are asked for anew long before they would look frozen."""


class Given(NamedTuple):
    """A page that is here already, and how far the reader was when it was asked for."""

    at: tuple[str, int]
    page: LeanPage | Page


async def pull(reader: Reader, client: PartnerClient, node_id: str) -> None:
    """Read what is new in all feeds of one partner; trouble in one of them stops no other."""
    listed = client.listed
    places = await _places(reader, listed, node_id)
    word = told(listed.told.name, places) if listed and places else None
    polled = await client.poll(word) if word is not None else await client.feeds()
    if listed and places and isinstance(polled, News):
        stood = {line.id: seq for line, (seq, _) in zip(listed.told.feeds, places, strict=True)}
        parked = await _note_quiet(reader, node_id, stood.keys() - polled.pages.keys())
        if not polled.pages and not parked:
            return
        await _read_news(reader, client, node_id, polled, stood)
    elif isinstance(polled, FeedList):
        await _read_all(reader, client, node_id, polled)
    # what came too early has often arrived in the same pull
    await replay_parked(reader, node_id)


async def _places(
    reader: Reader, listed: Listed | None, node_id: str
) -> list[tuple[int, str]] | None:
    """Say where we stand in each feed of a list; None where the list is to be asked for anew.

    From time to time it is, although it is known: every feed's head is signed anew.
    """
    if listed is None or reader.clock() >= listed.until:
        return None
    lines = [(line.id, line.epoch) for line in listed.told.feeds]
    return await quiet.places_in(reader.engine, node_id, lines)


async def _note_quiet(reader: Reader, node_id: str, feed_ids: Collection[UUID]) -> bool:
    """Note that these feeds stand as they did; tell whether events wait that can be tried again."""
    now = reader.clock()
    found = await quiet.nothing_new(reader.engine, node_id, feed_ids, reader.apply, now=now)
    if not found.spoke:
        async with door(reader.engine) as session:
            await heard(session, node_id=node_id, now=now)
    return found.parked


async def _read_news(
    reader: Reader,
    client: PartnerClient,
    node_id: str,
    news: News,
    stood: Mapping[UUID, int],
) -> None:
    """Take the pages of feeds with news."""
    lines = client.listed.told.feeds if client.listed else []
    await _each(
        _read_feed(
            reader, client, node_id, line, Given((line.epoch, stood[line.id]), news.pages[line.id])
        )
        for line in lines
        if line.id in news.pages
    )


async def _read_all(reader: Reader, client: PartnerClient, node_id: str, listed: FeedList) -> None:
    """Read each feed of a list to its end, and remember the list for the polls that follow."""
    async with door(reader.engine) as session:
        await heard(session, node_id=node_id, now=reader.clock())
        partner = await locked(session, node_id)
        if partner.state not in SPEAKING:
            # somebody has ended it while the list was on its way
            return
        await take_note(session, partner, listed.granted, listed.withheld, now=reader.clock())
        pools = [line.subject for line in listed.feeds if line.kind in {POOL_HOURS, POOL_SHIFTS}]
        await forget_unlisted(session, node_id, pools)
        await recalls_aside.try_again(session, node_id)
        other = listed.document_version != partner.document_version
    if other:
        text = await client.document()
        async with door(reader.engine) as session:
            await renew_document(
                session, node_id=node_id, text=text, now=reader.clock(), shown_by_itself=True
            )
    client.listed = None
    believed = await hear_pools(reader, node_id, listed.pools)
    if listed.pools:
        # what it said as a host before that was believed comes before what it has said since
        await replay_parked(reader, node_id)
    lines = listed.feeds if believed else await _of_believed_hosts(reader, node_id, listed)
    await _each(_read_feed(reader, client, node_id, line) for line in lines)
    if listed.name and believed:
        client.listed = Listed(listed, reader.clock() + LIST_HOLDS)


async def _of_believed_hosts(reader: Reader, node_id: str, listed: FeedList) -> list[FeedLine]:
    """Leave out pools that another node hosts as far as is believed here.

    What their next host says would be set aside for good, and is read once it can be believed: a
    key of the old host may not be known here yet.
    """
    async with door(reader.engine) as session:
        others = select(Pool.id).where(Pool.host.is_distinct_from(node_id))
        elsewhere = {str(pool_id) for pool_id in await session.scalars(others)}
    return [
        line for line in listed.feeds if line.kind != POOL_SHIFTS or line.subject not in elsewhere
    ]


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
    given: Given | None = None,
) -> None:
    """Read one feed to its end; trouble is written down and nothing of that page is applied."""
    cursor_id: UUID | None = None
    more = True
    try:
        async with door(reader.engine) as session:
            cursor = await _cursor(session, reader, node_id, line)
            cursor_id = cursor.id
        while more:
            given, more = await _read_page(reader, client, node_id, cursor_id, given)
    except FeedTrouble as trouble:
        structlog.get_logger().warning("feed trouble", node=node_id, code=trouble.code)
        if cursor_id is not None and await _in_trouble(reader, cursor_id, trouble):
            await _read_feed(reader, client, node_id, line)


async def _in_trouble(reader: Reader, cursor_id: UUID, trouble: FeedTrouble) -> bool:
    """Write down what is wrong, or tell that the feed is to be read anew."""
    now = reader.clock()
    async with door(reader.engine) as session:
        if await cursors.begin_anew(session, cursor_id, trouble, now=now):
            return True
        await cursors.note_trouble(session, cursor_id, trouble, now=now)
    return False


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
        now=reader.clock(),
    )


async def _read_page(
    reader: Reader, client: PartnerClient, node_id: str, cursor_id: Any, given: Given | None
) -> tuple[Given | None, bool]:
    """Fetch (unless it is given), prove and apply one page; give the next, or tell of none."""
    async with door(reader.engine) as session:
        cursor = await session.get_one(FeedCursor, cursor_id)
        partner = await speaking_partner(session, node_id)
        if partner is None:
            return None, False
    before = cursors.place_of(cursor)
    page, begun = await _page(client, cursor, before, given)
    head = heads.read_head(page.head, partner.keys["head"], before, now=reader.clock())
    start = before
    if begun and head.epoch != before.epoch:
        beginning = chain.beginning(cursor.feed_id, head.epoch)
        start = Place(feed=before.feed, epoch=head.epoch, seq=0, hash=beginning)
    await apply_recalls(reader, partner, cursor, page, head)
    if begun:
        await begin_anew(reader, partner, cursor)
    reached = heads.prove(page, head, start)
    following = None
    if reached.seq < head.last:
        # it is on its way while this one is applied
        asked = client.page(reached, cursor.feed_id, head.recalls_hash)
        following = asyncio.create_task(_on_its_way(reader, partner, asked))
    try:
        if page.events:
            await take_in(reader, partner, cursor, start, page, reached)
        else:
            await _note_nothing_new(reader, cursor, reached, page)
    except BaseException:
        if following is not None:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
        raise
    return (
        (Given((reached.epoch, reached.seq), await following), True) if following else (None, False)
    )


async def _on_its_way(reader: Reader, partner: Partner, asked: Awaitable[Page]) -> Page:
    page = await asked
    await look_ahead(reader, partner, page)
    return page


async def _page(
    client: PartnerClient, cursor: FeedCursor, before: Place, given: Given | None
) -> tuple[Page, bool]:
    """Take the page that is given, unless somebody else has read on since it was asked for."""
    if given is None or given.at != (before.epoch, before.seq):
        return await _fetch(client, cursor, before)
    return whole(given.page) if isinstance(given.page, LeanPage) else given.page, False


async def _fetch(client: PartnerClient, cursor: FeedCursor, place: Place) -> tuple[Page, bool]:
    """Ask for what follows; where the epoch has changed, for the new one's beginning."""
    try:
        return await client.page(place, cursor.feed_id, cursor.recalls_hash), False
    except PartnerRefusedError as refusal:
        if refusal.code != AnotherEpoch.code:
            raise
    return await client.page(None, cursor.feed_id, cursor.recalls_hash), True


async def _note_nothing_new(reader: Reader, cursor: FeedCursor, reached: Place, page: Page) -> None:
    """Remember that the partner has just confirmed where we are."""
    async with door(reader.engine) as session:
        here = await cursors.still_at(session, cursor.id, cursors.place_of(cursor))
        if here is not None:
            cursors.advance(here, reached, page.head, now=reader.clock())
