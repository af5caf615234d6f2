from sqlalchemy import desc, literal, select, union_all
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


async def at_hand(session: AsyncSession, asker: Asker) -> tuple[list[str], list[str]]:
    """Name both in one question: what the asker keeps at hand, and what they used last."""
    kept = select(
        literal("kept").label("why"), FavouriteAnswer.urn.label("urn"), FavouriteAnswer.kept_at
    ).where(FavouriteAnswer.person_id == asker.person_id)
    used = select(literal("used"), RecentAnswer.urn, RecentAnswer.at).where(
        RecentAnswer.person_id == asker.person_id
    )
    both = union_all(kept, used).order_by(desc("kept_at"), "urn")
    found: dict[str, list[str]] = {"kept": [], "used": []}
    for why, urn, _ in await session.execute(both):
        found[why].append(urn)
    return found["kept"], found["used"]
