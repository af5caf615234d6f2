from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.rows import fetch_rows
from federation.notices.models import Notice
from federation.permissions.rules import Asker

MOST_SHOWN = 50
MARKS = """
SELECT person.id, concat_ws('-', count(notice.id) FILTER (WHERE notice.seen_at IS NULL),
    max(notice.at), max(notice.seen_at)) AS mark
FROM person LEFT JOIN notice ON notice.person_id = person.id
WHERE person.id = ANY($1::uuid[])
GROUP BY person.id
"""


EVERYTHING = true()


async def unseen_notices(
    session: AsyncSession, asker: Asker, stands: ColumnElement[bool] = EVERYTHING
) -> list[Notice]:
    """List what the asker has not yet seen and still `stands`, newest first, of nobody else."""
    rows = await session.scalars(
        select(Notice)
        .where(Notice.person_id == asker.person_id, Notice.seen_at.is_(None), stands)
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(MOST_SHOWN)
    )
    return list(rows)


def folded(notices: Sequence[Notice]) -> list[tuple[Notice, int]]:
    """Give the first of those that say the same, with how many they are, in their order.

    Those about two things stay apart, since each leads to its own.
    """
    found: dict[tuple[str, str, UUID | None], list[Notice]] = {}
    for each in notices:
        found.setdefault((each.code, each.text, each.about), []).append(each)
    return [(alike[0], len(alike)) for alike in found.values()]


async def marks_of_notices(engine: AsyncEngine, people: Sequence[UUID]) -> dict[UUID, str]:
    """Mark what each person has not seen: one look-up for all start pages that stay open.

    What came and was seen between two looks has changed it as well: a page may show it.
    """
    rows = await fetch_rows(engine, MARKS, list(people))
    return {row["id"]: row["mark"] for row in rows}
