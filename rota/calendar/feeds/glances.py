"""A feed as others see it on a device: read back from the very bytes that the device is given."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from rota.calendar.feeds.actions import write_feed
from rota.calendar.queries import Address, address_of
from rota.calendar.rules.glance import Glance, glance
from rota.calendar.rules.personal import Entry, Words, personal_calendar
from rota.calendar.rules.wanted import POOL, ROTA

MOST_SHOWN = 5
FOLLOWS_TITLE = {POOL: "2/3"}
"""What stands behind the title of an entry that is only an example."""


async def glance_at(
    session: AsyncSession, person_id: UUID, address_id: UUID, now: datetime
) -> tuple[Glance, bool]:
    """Show what others see of one's own address, and whether the entries are only an example."""
    own = await address_of(session, person_id, address_id)
    written = await write_feed(session, address_id, now)
    body = personal_calendar(Words(), []) if written is None else written.body
    seen = glance(body, now, MOST_SHOWN)
    return (seen, False) if seen.entries else (glance(_example(own, now), now, MOST_SHOWN), True)


def _example(own: Address, now: datetime) -> bytes:
    begins = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    ends, says = begins + timedelta(hours=2), FOLLOWS_TITLE.get(own.shows, "")
    entry = Entry(str(uuid4()), begins, ends, 0, now, says=says)
    words = Words(own.name, own.title, own.level, own.alarm_minutes, own=own.shows == ROTA)
    return personal_calendar(words, [entry])
