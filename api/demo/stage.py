"""One node as the demo's story sees it, and waiting until two nodes agree."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine
from tenacity import (
    AsyncRetrying,
    RetryError,
    retry_if_exception_type,
    stop_after_delay,
    wait_fixed,
)

from api.demo.cast import Troupe
from api.settings import Settings
from database.outbox import OutboxRow
from database.session import door
from federation.feeds.models import FeedCursor
from federation.feeds.queries import readable_feeds
from federation.partners.keys import Node
from federation.permissions.rules import Asker

LONGEST_WAIT_SECONDS = 120
LOOK_AGAIN_SECONDS = 0.1
STANDING_WORK = ("pull", "sweep")
"""What is never done with; all other work is, once it has succeeded and is due later if at all."""


class StuckError(Exception):
    """The nodes have not come to agree in time."""


@dataclass
class Stage:
    """A running node with its database, keys, and who is on it."""

    settings: Settings
    engine: AsyncEngine
    node: Node
    troupes: tuple[Troupe, ...]
    askers: dict[str, Asker] = field(default_factory=dict)
    people: dict[tuple[str, str], UUID] = field(default_factory=dict)
    reviewers: dict[str, Asker] = field(default_factory=dict)


def clock() -> datetime:
    """Read the clock, for each step of the story anew."""
    return datetime.now(UTC)


async def wait_until(happened: Callable[[], Awaitable[bool]], what: str) -> None:
    """Look again and again until something has happened; say what, if it does not."""
    tries = AsyncRetrying(
        stop=stop_after_delay(LONGEST_WAIT_SECONDS),
        wait=wait_fixed(LOOK_AGAIN_SECONDS),
        retry=retry_if_exception_type(StuckError),
    )
    try:
        async for attempt in tries:
            with attempt:
                if not await happened():
                    raise StuckError(what)
    except RetryError as error:
        raise StuckError(f"This did not happen in {LONGEST_WAIT_SECONDS} s: {what}.") from error


async def wait_until_agreed(one: Stage, other: Stage) -> None:
    """Wait until both have done their work and read all that the other has said.

    Looked at twice, with nothing said in between: the first look takes a while, in which what was
    read can have made new work where there was none.
    """

    async def agreed() -> bool:
        before = await _places(one, other), await _places(other, one)
        return (
            await _at_rest(one, other)
            and await _at_rest(one, other)
            and before == (await _places(one, other), await _places(other, one))
        )

    await wait_until(agreed, "both nodes have read what the other said")


async def _at_rest(one: Stage, other: Stage) -> bool:
    return (
        await _has_read(one, other)
        and await _has_read(other, one)
        and await is_idle(one)
        and await is_idle(other)
    )


async def is_idle(stage: Stage) -> bool:
    """Tell whether a node has done all that its people's changes ask for."""
    begun = or_(
        OutboxRow.due <= clock(), OutboxRow.leased_until.is_not(None), OutboxRow.attempts > 0
    )
    async with door(stage.engine) as session:
        waiting = await session.scalar(
            select(func.count())
            .select_from(OutboxRow)
            .where(OutboxRow.kind.not_in(STANDING_WORK), begun)
        )
    return waiting == 0


async def _has_read(reader: Stage, writer: Stage) -> bool:
    said = await _places(writer, reader)
    async with door(reader.engine) as session:
        rows = await session.execute(
            select(FeedCursor.feed_id, FeedCursor.epoch, FeedCursor.seq).where(
                FeedCursor.node_id == writer.node.node_id
            )
        )
        heard = {feed_id: (epoch, seq) for feed_id, epoch, seq in rows}
    return all(heard.get(feed_id) == place for feed_id, place in said.items())


async def _places(writer: Stage, reader: Stage) -> dict[UUID, tuple[str, int]]:
    """Say how far each feed is that a node writes for the other."""
    async with door(writer.engine) as session:
        feeds = await readable_feeds(session, reader.node.node_id)
        return {feed.id: (feed.epoch, feed.seq) for feed in feeds}
