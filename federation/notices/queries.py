from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.models import Notice
from federation.permissions.rules import Asker

MOST_SHOWN = 50


async def unseen_notices(session: AsyncSession, asker: Asker) -> list[Notice]:
    """List what the asker has not yet seen, newest first; nobody else's is ever listed."""
    rows = await session.scalars(
        select(Notice)
        .where(Notice.person_id == asker.person_id, Notice.seen_at.is_(None))
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(MOST_SHOWN)
    )
    return list(rows)
