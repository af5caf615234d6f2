"""What a quiet partner costs: where we stand in its feeds, and that it had nothing to add.

Fifty partners are asked all day, so each of these is one statement, a transaction by itself.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from database.rows import fetch_rows

PLACES = "SELECT feed_id, epoch, seq, recalls_hash FROM feed_cursor WHERE node_id = $1"
# What waits for the partner's words is left to `heard`, which has more to do then.
NOTHING_NEW = """
WITH spoke AS (
    UPDATE partner SET last_heard_at = $2
    WHERE node_id = $1 AND state <> 'waiting-for-them'
    RETURNING node_id
), stands AS (
    UPDATE feed_cursor SET checked_at = $2
    WHERE node_id = $1 AND feed_id = ANY($3::uuid[]) AND trouble IS NULL
)
SELECT EXISTS (SELECT FROM spoke) AS spoke, EXISTS (
    SELECT FROM set_aside_event AS event
    JOIN feed_cursor AS cursor ON cursor.id = event.cursor_id
    WHERE cursor.node_id = $1 AND event.why = 'unknown-kind' AND event.kind = ANY($4::text[])
) AS parked
"""


class Quiet(NamedTuple):
    """Whether the partner is one that had spoken before, and whether parked events wait."""

    spoke: bool
    parked: bool


async def places_in(
    engine: AsyncEngine, node_id: str, listed: Sequence[tuple[UUID, str]]
) -> list[tuple[int, str]] | None:
    """Give sequence and recalls of each listed feed and epoch; None where one was never read."""
    rows = await fetch_rows(engine, PLACES, node_id)
    known = {(feed_id, epoch): (seq, recalls) for feed_id, epoch, seq, recalls in rows}
    if not known.keys() >= set(listed):
        return None
    return [known[line] for line in listed]


async def nothing_new(
    engine: AsyncEngine,
    node_id: str,
    feed_ids: Collection[UUID],
    kinds: Collection[str],
    *,
    now: datetime,
) -> Quiet:
    """Note that a partner has nothing to add to what we have read; what is in trouble stays so.

    Tells in the same look whether events of these kinds are parked.
    """
    rows = await fetch_rows(engine, NOTHING_NEW, node_id, now, list(feed_ids), list(kinds))
    return Quiet(*rows[0])
