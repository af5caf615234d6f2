"""Work to do after a commit: messages to partners, mail, jobs. One mechanism for all of it.

A row is leased for a short time instead of being locked while it is worked on, so that an action
may ask for the same work again without waiting for the network.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id

CHANNEL = "netreach_outbox"
LONGEST_WAIT = timedelta(minutes=1)


class OutboxRow(Base, kw_only=True):
    """One piece of work: `kind` names who does it, `key` keeps a second asking from doubling it."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("kind", "key"), Index(None, "due"))

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    kind: Mapped[str]
    key: Mapped[str]
    payload: Mapped[dict[str, Any]]
    due: Mapped[datetime]
    asked: Mapped[int]
    attempts: Mapped[int]
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str | None]


async def put(
    session: AsyncSession,
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    key: str | None = None,
    due: datetime | None = None,
) -> None:
    """Ask for work after this transaction commits; the same kind and key are one piece of work.

    Asked again while it is being worked on, it is done once more afterwards.
    """
    row_id = new_id()
    row = insert(OutboxRow).values(
        id=row_id,
        kind=kind,
        key=key or str(row_id),
        payload=payload,
        due=due or now,
        asked=1,
        attempts=0,
    )
    await session.execute(
        row.on_conflict_do_update(
            constraint="uq_outbox_kind_key",
            set_={
                "payload": row.excluded.payload,
                "due": func.least(OutboxRow.due, row.excluded.due),
                "asked": OutboxRow.asked + 1,
                "attempts": 0,
            },
        )
    )
    await session.execute(text(f"SELECT pg_notify('{CHANNEL}', '')"))


async def lease(
    session: AsyncSession, kinds: Sequence[str], *, now: datetime, seconds: int
) -> OutboxRow | None:
    """Take the work that is due longest, for `seconds`; a crash gives it back by itself."""
    free = or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until <= now)
    row = await session.scalar(
        select(OutboxRow)
        .where(OutboxRow.due <= now, OutboxRow.kind.in_(kinds), free)
        .order_by(OutboxRow.due)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is not None:
        row.leased_until = now + timedelta(seconds=seconds)
        row.attempts += 1
        await session.flush()
    return row


async def done(session: AsyncSession, row_id: UUID, asked: int) -> None:
    """Forget finished work, unless it was asked for again meanwhile."""
    mine = OutboxRow.id == row_id
    await session.execute(delete(OutboxRow).where(mine, OutboxRow.asked == asked))
    await session.execute(update(OutboxRow).where(mine).values(leased_until=None))


async def failed(session: AsyncSession, row: OutboxRow, error: str, *, now: datetime) -> None:
    """Put failed work back, each time later, up to a minute: a partner may return at any time."""
    wait = min(timedelta(seconds=2 ** min(row.attempts, 10) / 2), LONGEST_WAIT)
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row.id)
        .values(leased_until=None, due=now + wait, last_error=error[:200])
    )


async def next_due(session: AsyncSession, kinds: Sequence[str]) -> datetime | None:
    """Tell when the next piece of work falls due or its lease ends."""
    waits_until = func.greatest(OutboxRow.due, OutboxRow.leased_until)
    earliest: datetime | None = await session.scalar(
        select(func.min(waits_until)).where(OutboxRow.kind.in_(kinds))
    )
    return earliest
