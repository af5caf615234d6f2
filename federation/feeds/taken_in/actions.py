"""Keeping count of what one partner makes this node keep, and stopping where it is too much."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database import outbox
from federation.feeds.cursors import recalls_aside
from federation.feeds.errors import TooManyRecalls, TooMuchTakenIn
from federation.feeds.models import FeedCursor, TakenIn
from federation.feeds.rules.chain import WireEvent
from federation.feeds.rules.heads import Place
from federation.feeds.taken_in.queries import taken_in
from federation.feeds.taken_in.rules import (
    RECALL,
    RECALL_BYTES,
    RECALLS,
    WITHIN,
    Amount,
    Measure,
    amounts,
    together,
    week_of,
)
from federation.partners.actions import PULL, locked, may_partner, note
from federation.permissions.rules import Asker


async def require_measure(
    session: AsyncSession,
    node_id: str,
    events: Sequence[WireEvent],
    *,
    known: Collection[str],
    measure: Measure,
    now: datetime,
) -> None:
    """Refuse a page with which a partner would go beyond what this node takes in."""
    before = await taken_in(session, node_id, now)
    if not measure.holds(together(before, amounts(events, known))):
        raise TooMuchTakenIn


async def note_taken_in(
    session: AsyncSession,
    cursor_id: UUID,
    start: Place,
    events: Sequence[WireEvent],
    *,
    known: Collection[str],
    now: datetime,
) -> None:
    """Count what of a page was read, up to where the cursor has come."""
    here = await session.get_one(FeedCursor, cursor_id, populate_existing=True)
    if here.epoch != start.epoch:
        return
    read = [event for event in events if event.seq <= here.seq]
    theirs = TakenIn.node_id == here.node_id
    await session.execute(delete(TakenIn).where(theirs, TakenIn.week <= week_of(now - WITHIN)))
    # in one order, so that two who count never wait for one another in a circle
    for kind, amount in sorted(amounts(read, known).items()):
        await _add(session, here.node_id, kind, amount, now)


async def count_recall(session: AsyncSession, node_id: str, statement: str, now: datetime) -> None:
    """Count a withdrawal that changes something here, or refuse it where there were too many."""
    await _add(session, node_id, RECALL, Amount(1, len(statement)), now)
    recalls = (await taken_in(session, node_id, now))[RECALL]
    if recalls.events > RECALLS or recalls.bytes > RECALL_BYTES:
        raise TooManyRecalls


async def _add(
    session: AsyncSession, node_id: str, kind: str, amount: Amount, now: datetime
) -> None:
    row = insert(TakenIn).values(
        node_id=node_id,
        kind=kind,
        week=week_of(now),
        events=amount.events,
        bytes=amount.bytes,
    )
    await session.execute(
        row.on_conflict_do_update(
            index_elements=["node_id", "kind", "week"],
            set_={
                "events": TakenIn.events + row.excluded.events,
                "bytes": TakenIn.bytes + row.excluded.bytes,
            },
        )
    )


async def take_in_more(session: AsyncSession, *, asker: Asker, node_id: str, now: datetime) -> None:
    """Take in as much again of a partner, once somebody has heard why it says so much."""
    may_partner(asker)
    await locked(session, node_id)
    await session.execute(delete(TakenIn).where(TakenIn.node_id == node_id))
    await recalls_aside.try_again(session, node_id)
    await note(session, asker, "took-in-more", now=now, node_id=node_id)
    await outbox.put(session, PULL, {"node_id": node_id}, now=now, key=node_id)
