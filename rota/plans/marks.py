"""What tells how far a plan is: one look-up for all who wait for one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from database.rows import fetch_rows

MARKS = """
SELECT id, md5(concat_ws(' ', state, stop, progress::text)) AS mark
FROM pool_plan WHERE id = ANY($1::uuid[])
"""


async def marks_of_plans(engine: AsyncEngine, plans: Sequence[UUID]) -> dict[UUID, str]:
    """Mark each plan by its state and the best that was found so far."""
    return {row["id"]: row["mark"] for row in await fetch_rows(engine, MARKS, list(plans))}
