from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker
from protocols.favourites.models import FavouriteAnswer, RecentAnswer


async def favourites_of(session: AsyncSession, asker: Asker) -> list[str]:
    """Name the answers that the asker keeps at hand, the newest first; nobody asks for others."""
    query = (
        select(FavouriteAnswer.urn)
        .where(FavouriteAnswer.person_id == asker.person_id)
        .order_by(FavouriteAnswer.kept_at.desc(), FavouriteAnswer.urn)
    )
    return list(await session.scalars(query))


async def recent_of(session: AsyncSession, asker: Asker) -> list[str]:
    """Name the answers that the asker used last, the newest first."""
    query = (
        select(RecentAnswer.urn)
        .where(RecentAnswer.person_id == asker.person_id)
        .order_by(RecentAnswer.at.desc(), RecentAnswer.urn)
    )
    return list(await session.scalars(query))
