"""Work to do after a commit: messages to partners, mail, jobs. One mechanism for all of it.

A row is leased for a short time instead of being locked while it is worked on, so that an action
may ask for the same work again without waiting for the network.
"""

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Index, UniqueConstraint, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id

CHANNEL = "netreach_outbox"


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


async def take_all(session: AsyncSession, kind: str) -> list[dict[str, Any]]:
    """Take all work of a kind out, the oldest first, to do it within this transaction.

    Whoever else takes it waits for the end of this transaction, and finds it done or still to do.
    """
    standing = (
        select(OutboxRow.id)
        .where(OutboxRow.kind == kind)
        .order_by(OutboxRow.id)
        .with_for_update()
        .cte()
    )
    taken = await session.execute(
        delete(OutboxRow)
        .where(OutboxRow.id == standing.c.id)
        .returning(OutboxRow.id, OutboxRow.payload)
    )
    return [payload for _, payload in sorted(taken.all(), key=itemgetter(0))]


async def hurry(session: AsyncSession, kinds: Sequence[str], key: str, *, now: datetime) -> None:
    """Try at once what has failed so far: whoever it is for has just shown up."""
    waiting = (
        select(OutboxRow.id)
        .where(
            OutboxRow.kind.in_(kinds),
            OutboxRow.key == key,
            OutboxRow.last_error.is_not(None),
            OutboxRow.due > now,
        )
        # who holds one is asking for it anew
        .with_for_update(skip_locked=True)
    )
    sooner = await session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(waiting.scalar_subquery()))
        .values(due=now, attempts=0)
        .returning(OutboxRow.id)
    )
    if sooner.all():
        await session.execute(text(f"SELECT pg_notify('{CHANNEL}', '')"))
