"""What is published of a pool: of one's own, of a host's, or of one that is only heard of."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from rota.open_hours.errors import NoSuchPool
from rota.open_hours.heard import heard_hours
from rota.open_hours.queries import PublicHours, public_hours


async def published_hours(
    connection: AsyncConnection,
    slug: str,
    now: datetime,
    until: datetime,
    *,
    channel: str | None = None,
) -> PublicHours:
    """Read what is known of a pool; where its host tells it in two ways, what is more current."""
    heard = await heard_hours(connection, slug, now, until, channel=channel)
    try:
        known = await public_hours(connection, slug, now, until, channel=channel)
    except NoSuchPool:
        if heard is None:
            raise
        return heard
    if heard is None or known.id != heard.id or not _later(heard.as_of, known.as_of):
        return known
    return heard


def _later(heard: datetime | None, known: datetime | None) -> bool:
    return heard is not None and (known is None or heard > known)
