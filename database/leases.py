"""Leasing work from the outbox and settling it, one statement each: partners are read all day.

Each statement is a transaction by itself. What was done is done again if it is not settled, so that
nothing has to hold two of them together.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from database.rows import fetch_rows

LEASE = """
WITH open AS (
    SELECT * FROM unnest($1::text[], $2::int[], $3::boolean[]) AS open(kind, seconds, again)
), found AS (
    SELECT work.id, open.seconds
    FROM outbox AS work JOIN open USING (kind)
    WHERE work.due <= $4 AND (work.leased_until IS NULL OR work.leased_until <= $4)
        AND (work.last_error IS NULL OR open.again)
    ORDER BY open.seconds, work.due, work.id
    LIMIT 1
    FOR UPDATE OF work SKIP LOCKED
), taken AS (
    UPDATE outbox AS work
    SET leased_until = $4 + found.seconds * interval '1 second', attempts = work.attempts + 1
    FROM found WHERE work.id = found.id
    RETURNING work.id, work.kind, work.key, work.payload, work.asked, work.attempts, work.last_error
)
SELECT taken.*, next.due
FROM (
    SELECT min(greatest(work.due, work.leased_until)) AS due
    FROM outbox AS work JOIN open USING (kind)
    WHERE (work.last_error IS NULL OR open.again) AND work.id NOT IN (SELECT id FROM taken)
) AS next
LEFT JOIN taken ON true
"""
DONE = "DELETE FROM outbox WHERE id = $1 AND asked = $2 RETURNING id"
ASKED_ANEW = """
UPDATE outbox SET leased_until = NULL, last_error = NULL WHERE id = $1 RETURNING due
"""
AGAIN = """
UPDATE outbox
SET leased_until = NULL, last_error = NULL, attempts = 0,
    due = CASE WHEN asked = $2 THEN $3 ELSE least(due, $3) END
WHERE id = $1
RETURNING due
"""
FAILED = "UPDATE outbox SET leased_until = $2, due = $3, last_error = $4 WHERE id = $1"
LONGEST_WAIT = timedelta(minutes=1)


class Open(NamedTuple):
    """A kind for which there is a hand: how long it may take, and whether what failed may begin."""

    seconds: int
    again: bool


class Work(NamedTuple):
    """A piece of work that is leased; `last_error` says why it failed the last time."""

    id: UUID
    kind: str
    key: str
    payload: dict[str, Any]
    asked: int
    attempts: int
    last_error: str | None


class Look(NamedTuple):
    """What a look into the outbox found, and when the next piece falls due or its lease ends."""

    work: Work | None
    next_due: datetime | None


async def lease(engine: AsyncEngine, kinds: Mapping[str, Open], now: datetime) -> Look:
    """Take the work that is due longest, for its time; a crash gives it back by itself.

    What is done soon goes before what takes long. Of what fell due together the first that was
    asked for comes first.
    """
    seconds = [one.seconds for one in kinds.values()]
    again = [one.again for one in kinds.values()]
    ((*found, due),) = await fetch_rows(engine, LEASE, list(kinds), seconds, again, now)
    return Look(Work(*found) if found[0] else None, due)


async def done(engine: AsyncEngine, work: Work) -> datetime | None:
    """Forget finished work, unless it was asked for again meanwhile: then tell when it is due."""
    if await fetch_rows(engine, DONE, work.id, work.asked):
        return None
    return _due(await fetch_rows(engine, ASKED_ANEW, work.id))


async def again(engine: AsyncEngine, work: Work, due: datetime) -> datetime | None:
    """Put finished work back until later, or until what was asked for meanwhile; tell which.

    No other worker is woken by it: each looks by itself before long.
    """
    return _due(await fetch_rows(engine, AGAIN, work.id, work.asked, due))


async def failed(
    engine: AsyncEngine,
    work: Work,
    error: str,
    *,
    now: datetime,
    random: Random,
    rests_until: datetime | None = None,
) -> datetime:
    """Put failed work back until later, and tell until when.

    Who has asked for rest gets it, and a little more. Such work stays leased meanwhile: being asked
    for once more does not bring it forward.
    """
    due = now + wait_after(work.attempts, random)
    if rests_until is not None:
        due = max(due, now + (rests_until - now) * random.uniform(1, 1.1))
    leased = due if rests_until is not None else None
    await fetch_rows(engine, FAILED, work.id, leased, due, error[:200])
    return due


def wait_after(attempts: int, random: Random) -> timedelta:
    """Wait each time longer, up to a minute: a partner may return at any time.

    Half of it is drawn, so that what failed together does not come back together.
    """
    longest = min(timedelta(seconds=2 ** min(attempts, 10) / 2), LONGEST_WAIT)
    return longest * random.uniform(0.5, 1)


def _due(rows: list[Any]) -> datetime | None:
    """Read when it falls due; None where somebody else has settled it since its lease ended."""
    return rows[0]["due"] if rows else None
