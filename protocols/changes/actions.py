from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put

TEXTS_CHANGED = "texts-changed"
FOLLOW_RECALLS = "follow-recalls"


async def texts_changed(session: AsyncSession, now: datetime) -> None:
    """Say after the commit that who has read what, or what there is to read, is not as before.

    What that means for shifts is for others to work out: nothing here knows of them.
    """
    await put(session, TEXTS_CHANGED, {}, now=now, key="all")


async def follow_recalls_of(session: AsyncSession, urn: str, now: datetime) -> None:
    """Have what this node derived from an item withdrawn with it, in whatever order both came."""
    await put(session, FOLLOW_RECALLS, {"urn": urn}, now=now, key=urn)
