from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_role
from protocols.history.rules.written import Written
from protocols.items.actions import AUTHORS
from protocols.items.models import Item
from protocols.items.queries import item_of, written_of
from protocols.lived_reviews.models import LivedReview
from protocols.lived_reviews.rules import Reviewed, reviewed_words


async def lived_review_took_place(session: AsyncSession, item_id: UUID, written: Written) -> bool:
    """Tell whether exactly these words were reviewed by somebody with lived experience."""
    query = select(
        exists().where(LivedReview.item_id == item_id, LivedReview.words == reviewed_words(written))
    )
    return bool(await session.scalar(query))


async def lived_reviews_of(session: AsyncSession, asker: Asker, item_id: UUID) -> list[Reviewed]:
    """List the reviews of a text of the asker's own project, newest first."""
    require_role(asker, *AUTHORS)
    item = await item_of(session, asker, item_id)
    return await reviews_of(session, asker, item, await written_of(session, item))


async def reviews_of(
    session: AsyncSession, asker: Asker, item: Item, written: Written
) -> list[Reviewed]:
    """List the reviews of a text that the caller has looked up for its asker."""
    words = reviewed_words(written)
    named = asker.has("coordinator")
    found = await session.scalars(
        select(LivedReview)
        .where(LivedReview.item_id == item.id)
        .order_by(LivedReview.at.desc(), LivedReview.id.desc())
    )
    return [
        Reviewed(one.id, one.at, one.words == words, one.who if named else None) for one in found
    ]
