from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_write
from protocols.favourites.errors import EnoughFavourites
from protocols.favourites.models import FavouriteAnswer, RecentAnswer

MOST_KEPT = 50
MOST_RECENT = 20


async def keep_at_hand(session: AsyncSession, asker: Asker, urn: str, now: datetime) -> None:
    """Keep an answer at hand; twice changes nothing.

    What somebody likes is theirs alone: the audit, which their project reads, says nothing of it.
    """
    require_write(asker)
    kept = await session.scalar(
        select(func.count()).where(FavouriteAnswer.person_id == asker.person_id)
    )
    if (kept or 0) >= MOST_KEPT:
        raise EnoughFavourites
    row = insert(FavouriteAnswer).values(person_id=asker.person_id, urn=urn, kept_at=now)
    await session.execute(row.on_conflict_do_nothing())


async def put_away(session: AsyncSession, asker: Asker, urn: str) -> None:
    """Keep an answer at hand no longer."""
    require_write(asker)
    mine = FavouriteAnswer.person_id == asker.person_id
    await session.execute(delete(FavouriteAnswer).where(mine, FavouriteAnswer.urn == urn))


async def was_used(session: AsyncSession, asker: Asker, urn: str, now: datetime) -> None:
    """Remember for the person alone that they used an answer, and forget what they used before."""
    row = insert(RecentAnswer).values(person_id=asker.person_id, urn=urn, at=now)
    await session.execute(
        row.on_conflict_do_update(index_elements=["person_id", "urn"], set_={"at": now})
    )
    mine = RecentAnswer.person_id == asker.person_id
    last = (
        select(RecentAnswer.urn)
        .where(mine)
        .order_by(RecentAnswer.at.desc(), RecentAnswer.urn)
        .limit(MOST_RECENT)
    )
    await session.execute(delete(RecentAnswer).where(mine, RecentAnswer.urn.not_in(last)))


async def forget_choices(session: AsyncSession, person_id: UUID) -> None:
    """Erase what somebody who leaves kept at hand and used lately."""
    for table in (FavouriteAnswer, RecentAnswer):
        await session.execute(delete(table).where(table.person_id == person_id))
