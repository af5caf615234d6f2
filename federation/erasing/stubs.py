"""What is left of a handle that was erased: its random id, for what rests on it to stay proven."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from federation.feeds.models import Feed, FeedCursor, FeedEvent, FeedReader, SetAsideEvent
from federation.feeds.queries import PRIVATE
from federation.people.models import Handle

STATED = ("handle.stated", "handle.renamed")
"""Kinds that name their handle by `id`; all others that speak of one name it by `handle`."""


def make_stub(handle: Handle, now: datetime) -> None:
    """Leave of a handle its id alone; claims and receipts that name it still prove themselves."""
    handle.display = f"erased {handle.id}"
    handle.roles, handle.languages = [], []
    handle.hours_per_week = handle.rest_hours = 0
    handle.shifts_per_week = 0
    handle.offers_hash = None
    handle.retired_at = handle.retired_at or now


async def erase_said(session: AsyncSession, handle: Handle) -> None:
    """Erase what this node has said of a handle, in all private feeds; the chain stays proven.

    What speaks of several people is erased once it was read: until then others need it.
    """
    private = select(Feed.id).where(Feed.kind == PRIVATE)
    said = cast(func.convert_from(FeedEvent.payload, "UTF8"), JSONB)
    named = or_(
        said["handle"].astext == str(handle.id),
        and_(FeedEvent.kind.in_(STATED), said["id"].astext == str(handle.id)),
    )
    read = exists().where(
        FeedReader.feed_id == FeedEvent.feed_id,
        or_(
            FeedReader.epoch > FeedEvent.epoch,
            and_(FeedReader.epoch == FeedEvent.epoch, FeedReader.seq >= FeedEvent.seq),
        ),
    )
    await session.execute(
        update(FeedEvent)
        .where(
            FeedEvent.feed_id.in_(private),
            FeedEvent.payload.is_not(None),
            or_(named, and_(read, _mentions(FeedEvent.payload, handle))),
        )
        .values(salt=None, payload=None)
        .execution_options(synchronize_session=False)
    )


async def forget_set_aside(session: AsyncSession, handle: Handle, node_id: str) -> None:
    """Forget what waited here of a handle."""
    cursors = select(FeedCursor.id).where(FeedCursor.node_id == node_id)
    await session.execute(
        delete(SetAsideEvent)
        .where(SetAsideEvent.cursor_id.in_(cursors), _mentions(SetAsideEvent.payload, handle))
        .execution_options(synchronize_session=False)
    )


def _mentions(payload: InstrumentedAttribute[Any], handle: Handle) -> ColumnElement[bool]:
    text = func.convert_from(payload, "UTF8")
    return or_(func.strpos(text, str(handle.id)) > 0, func.strpos(text, handle.display) > 0)
