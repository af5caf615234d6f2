"""What tells whether a pool's board has changed: one look-up for all who look at one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from database.rows import fetch_rows

MARKS = """
SELECT pool.id, pool.revision, count(pool_plan.id) FILTER (WHERE state = 'ordered') AS being_made
FROM pool LEFT JOIN pool_plan ON pool_plan.pool_id = pool.id
WHERE pool.id = ANY($1::uuid[])
GROUP BY pool.id
"""


def mark_of_board(revision: int, being_made: int) -> str:
    """Write a mark: the pool's revision, and of how many plans the answer is awaited."""
    return f"{revision}-{being_made}"


async def marks_of_boards(engine: AsyncEngine, pools: Sequence[UUID]) -> dict[UUID, str]:
    """Mark each pool's board as it stands: its shifts and seats, and whether a plan is made."""
    rows = await fetch_rows(engine, MARKS, list(pools))
    return {row["id"]: mark_of_board(row["revision"], row["being_made"]) for row in rows}
