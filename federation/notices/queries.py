from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.models import Notice
from federation.permissions.rules import Asker

MOST_SHOWN = 50


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
