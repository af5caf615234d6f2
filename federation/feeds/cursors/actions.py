"""Reading a partner's feeds: how far we are, what was set aside, and why a feed is not read now."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import SYSTEM, record
from federation.feeds.errors import FeedTrouble, Fork, Rollback, TooMuchSetAside
from federation.feeds.models import FeedCursor, SetAsideEvent
from federation.feeds.rules import chain
from federation.feeds.rules.chain import WireEvent
from federation.feeds.rules.heads import Place, begins_ahead, signer_of
from federation.partners.models import Partner
from federation.partners.rules.document import signers
from federation.partners.rules.handshake import SPEAKING
from federation.partners.rules.signatures import known_keys

MOST_FEEDS = 500
BAD = "bad"
UNKNOWN = "unknown-kind"
LONGEST_KIND = 100
WAITS_FOR = timedelta(days=90)
"""How long something of a known kind waits for what it speaks of."""
NOWHERE = "00000000-0000-0000-0000-000000000000"
"""The epoch of a reader who believes in no place: every epoch is later."""


class Room(NamedTuple):
    """What one partner may leave here that is not applied: in all its feeds, in all epochs."""

    events: int
    bytes: int


ROOM = Room(events=5_000, bytes=2**25)
"""Far more than a night of honest mistakes, and no more than a small server can bear."""


async def cursor_for(
    session: AsyncSession,
    *,
    node_id: str,
    feed_id: UUID,
    kind: str,
    subject: str,
    epoch: str,
    now: datetime,
) -> FeedCursor:
    """Find or begin the reading of a feed; a feed never changes what it is about.

    A list is not signed: no epoch from the future is believed because it stands there.
    """
    epoch = NOWHERE if begins_ahead(epoch, now) else epoch
    fresh = insert(FeedCursor).values(
        id=new_id(),
        node_id=node_id,
        feed_id=feed_id,
        kind=kind,
        subject=subject,
        epoch=epoch,
        seq=0,
        hash=chain.beginning(feed_id, epoch),
        recalls_hash="",
    )
    made = await session.scalar(fresh.on_conflict_do_nothing().returning(FeedCursor.id))
    if made is not None:
        await _refuse_too_many(session, node_id)
    cursor = (
        await session.scalars(
            select(FeedCursor).where(FeedCursor.node_id == node_id, FeedCursor.feed_id == feed_id)
        )
    ).one()
    if (cursor.kind, cursor.subject) != (kind, subject):
        raise FeedTrouble("The partner says that this feed is now about something else.")
    return cursor


async def _refuse_too_many(session: AsyncSession, node_id: str) -> None:
    mine = FeedCursor.node_id == node_id
    if (await session.scalar(select(func.count()).where(mine)) or 0) > MOST_FEEDS:
        raise FeedTrouble("The partner offers more feeds than any node needs.")


async def still_at(session: AsyncSession, cursor_id: UUID, place: Place) -> FeedCursor | None:
    """Lock a cursor, if nobody has read on since the page was asked for, or ended it meanwhile."""
    cursor = await session.scalar(
        select(FeedCursor)
        .join(Partner, Partner.node_id == FeedCursor.node_id)
        .where(FeedCursor.id == cursor_id, Partner.state.in_(SPEAKING))
        .with_for_update(of=FeedCursor)
        .execution_options(populate_existing=True)
    )
    return cursor if cursor is not None and place_of(cursor) == place else None


def place_of(cursor: FeedCursor) -> Place:
    """Say how far a cursor is."""
    return Place(feed=str(cursor.feed_id), epoch=cursor.epoch, seq=cursor.seq, hash=cursor.hash)


def advance(cursor: FeedCursor, place: Place, head: str, *, now: datetime) -> None:
    """Move on, in the transaction that applied the events up to there."""
    cursor.epoch, cursor.seq, cursor.hash = place.epoch, place.seq, place.hash
    cursor.head, cursor.checked_at = head, now
    cursor.trouble = cursor.trouble_head = None


async def begin_anew(
    session: AsyncSession, cursor_id: UUID, trouble: FeedTrouble, *, now: datetime
) -> bool:
    """Believe no more in a place to which a key has led that was lost since; tell whether so.

    Who had the key may have led us into a history, or an epoch, from which nothing leads back.
    """
    if not isinstance(trouble, Fork | Rollback):
        return False
    cursor = await session.get_one(
        FeedCursor, cursor_id, with_for_update=True, populate_existing=True
    )
    partner = await session.get_one(Partner, cursor.node_id)
    if cursor.head is None or signer_of(cursor.head) in known_keys(signers(partner.keys, "head")):
        return False
    cursor.epoch, cursor.seq, cursor.head = NOWHERE, 0, None
    cursor.hash = chain.beginning(cursor.feed_id, NOWHERE)
    facts = {"node": cursor.node_id, "because": trouble.code}
    await record(
        session,
        actor=SYSTEM,
        verb="began-anew",
        subject="feed-cursor",
        subject_id=cursor_id,
        now=now,
        facts=facts,
    )
    return True


# built once: it is asked after each pull
_PARKED = (
    select(SetAsideEvent.id)
    .join(FeedCursor, SetAsideEvent.cursor_id == FeedCursor.id)
    .where(
        FeedCursor.node_id == bindparam("node", type_=Text()),
        SetAsideEvent.why == UNKNOWN,
        SetAsideEvent.kind == any_(bindparam("kinds", type_=ARRAY(Text()))),
    )
    .order_by(FeedCursor.id, SetAsideEvent.epoch, SetAsideEvent.seq)
)


async def note_trouble(
    session: AsyncSession, cursor_id: UUID, trouble: FeedTrouble, *, now: datetime
) -> None:
    """Keep why a feed was not read; it is tried again, and heals by itself if it proves itself."""
    cursor = await session.get_one(
        FeedCursor, cursor_id, with_for_update=True, populate_existing=True
    )
    if cursor.trouble != trouble.code:
        await record(
            session,
            actor=SYSTEM,
            verb=trouble.code,
            subject="feed-cursor",
            subject_id=cursor_id,
            now=now,
            facts={"node": cursor.node_id, "epoch": cursor.epoch, "seq": cursor.seq},
        )
    cursor.trouble, cursor.trouble_head = trouble.code, trouble.head


async def set_aside(
    session: AsyncSession,
    cursor: FeedCursor,
    event: WireEvent,
    *,
    epoch: str,
    why: str,
    detail: str,
    room: Room = ROOM,
    now: datetime,
) -> None:
    """Keep that an event was not applied, and go on: it stops nothing else, while there is room.

    Only what waits is kept whole; a text that was refused may say too much of somebody. No version
    has a kind whose name is that long: it waits for nothing.
    """
    if len(event.kind) > LONGEST_KIND:
        why, detail = BAD, "ValidationError"
    payload = (event.payload or "").encode() if why == UNKNOWN else b""
    await _require_room(session, cursor.node_id, room, len(payload))
    row = insert(SetAsideEvent).values(
        id=new_id(),
        cursor_id=cursor.id,
        epoch=epoch,
        seq=event.seq,
        # a NUL cannot be stored
        kind=event.kind[:LONGEST_KIND].replace("\0", "\N{REPLACEMENT CHARACTER}"),
        payload=payload,
        why=why,
        detail=detail[:200],
        at=now,
    )
    await session.execute(row.on_conflict_do_nothing())


async def _require_room(session: AsyncSession, node_id: str, room: Room, length: int) -> None:
    if not await has_room(session, node_id, room, length):
        raise TooMuchSetAside


async def has_room(session: AsyncSession, node_id: str, room: Room, length: int = 0) -> bool:
    """Tell whether one more thing of a partner can be set aside."""
    kept = func.count(), func.coalesce(func.sum(func.octet_length(SetAsideEvent.payload)), 0)
    query = select(*kept).join(FeedCursor, SetAsideEvent.cursor_id == FeedCursor.id)
    events, size = (await session.execute(query.where(FeedCursor.node_id == node_id))).one()
    return bool(events < room.events and size + length <= room.bytes)


async def parked(session: AsyncSession, node_id: str, kinds: frozenset[str]) -> list[UUID]:
    """List the parked events whose kinds this version knows, in the order in which they came."""
    found = await session.scalars(_PARKED, {"node": node_id, "kinds": sorted(kinds)})
    return list(found)


async def forget_if_late(
    session: AsyncSession, event: SetAsideEvent, cursor: FeedCursor, now: datetime
) -> bool:
    """Forget a known kind that has waited as long as feeds remember; tell whether so.

    Else what never comes true would fill a partner's room for good.
    """
    if event.at > now - WAITS_FOR:
        return False
    facts = {"node": cursor.node_id, "kind": event.kind, "seq": event.seq}
    await session.delete(event)
    await record(
        session,
        actor=SYSTEM,
        verb="forgot-parked",
        subject="feed-cursor",
        subject_id=cursor.id,
        now=now,
        facts=facts,
    )
    return True


async def parked_of_kind(session: AsyncSession, node_id: str, kind: str) -> list[bytes]:
    """Give what a partner has said of one kind and waits here."""
    found = await session.scalars(
        select(SetAsideEvent.payload)
        .join(FeedCursor, SetAsideEvent.cursor_id == FeedCursor.id)
        .where(
            FeedCursor.node_id == node_id,
            SetAsideEvent.why == UNKNOWN,
            SetAsideEvent.kind == kind,
        )
    )
    return list(found)


async def still_parked(
    session: AsyncSession, event_id: UUID
) -> tuple[SetAsideEvent, FeedCursor] | None:
    """Lock a parked event, if nobody else has applied it meanwhile."""
    row = (
        await session.execute(
            select(SetAsideEvent, FeedCursor)
            .join(FeedCursor, SetAsideEvent.cursor_id == FeedCursor.id)
            .join(Partner, Partner.node_id == FeedCursor.node_id)
            .where(
                SetAsideEvent.id == event_id,
                SetAsideEvent.why == UNKNOWN,
                Partner.state.in_(SPEAKING),
            )
            .with_for_update(of=SetAsideEvent)
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None
