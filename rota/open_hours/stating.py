"""The host's side of a pool's hours: said whole whenever they change, to partners that see no more.

Everything said before is erased then: a feed keeps one statement, and a newcomer reads only that.
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.actions import LARGEST_EVENT, append, erase_earlier
from federation.feeds.queries import POOL_HOURS, hears_hours, last_said
from federation.partners.rules.canonical import canonical
from federation.pools.models import Pool
from rota.open_hours.queries import public_hours
from rota.open_hours.rules.planned import still_told
from rota.open_hours.stated import (
    STATED,
    NamedChannel,
    OpenChannel,
    StatedOpenHours,
    stretch_of,
)

LOOK_AGAIN = timedelta(minutes=1)
"""Hours change by time alone: nobody checks in, a session ends."""
AHEAD = timedelta(days=85)
"""Twelve weeks, and the rest of a day: so a day goes by before time alone adds something."""
MOST = 2000


async def state_hours(session: AsyncSession, pool_id: UUID, now: datetime) -> datetime | None:
    """Say a pool's hours, if they have changed; tell when to look again, while anybody hears."""
    pool = await session.get(Pool, pool_id)
    if pool is None or pool.host is not None or not await hears_hours(session, pool_id):
        return None
    minute = now.replace(second=0, microsecond=0)
    said = await _to_say(session, pool, minute)
    if said != await _said(session, pool_id, minute):
        told = msgspec.to_builtins(said)
        seq = await append(session, POOL_HOURS, str(pool_id), STATED, told, now=now)
        await erase_earlier(session, POOL_HOURS, str(pool_id), seq)
    return now + LOOK_AGAIN


async def forget_said(session: AsyncSession, pool_id: UUID) -> None:
    """Let hours be said anew although they are the same: somebody hears them who did not."""
    await erase_earlier(session, POOL_HOURS, str(pool_id))


async def _said(session: AsyncSession, pool_id: UUID, now: datetime) -> StatedOpenHours | None:
    """Give what was said last, without what time alone has taken from it."""
    raw = await last_said(session, POOL_HOURS, str(pool_id))
    if raw is None:
        return None
    said = msgspec.json.decode(raw, type=StatedOpenHours)
    left = still_told((each.as_hours() for each in said.hours), now)
    return msgspec.structs.replace(said, hours=[stretch_of(each) for each in left])


async def _to_say(session: AsyncSession, pool: Pool, minute: datetime) -> StatedOpenHours:
    until = minute.replace(hour=0, minute=0) + AHEAD
    found = await public_hours(await session.connection(), pool.slug, minute, until)
    said = StatedOpenHours(
        pool=pool.id,
        slug=pool.slug,
        name=pool.name,
        zone=pool.zone,
        channels=[
            NamedChannel(slug=slug, name=name) for slug, name in sorted(found.channels.items())
        ],
        hours=[stretch_of(each) for each in found.hours[:MOST]],
        open=[
            OpenChannel(channel=channel, busy=channel in found.now.busy_channels)
            for channel in found.now.channels
        ],
        answered_by=found.answered_by,
        elsewhere=pool.elsewhere,
        by_message=list(found.by_message),
    )
    return _fitting(said)


def _fitting(said: StatedOpenHours) -> StatedOpenHours:
    """Say the soonest hours only, where all of them are longer than an event may be."""
    while len(canonical(msgspec.to_builtins(said))) > LARGEST_EVENT and said.hours:
        soonest = said.hours[: len(said.hours) * 3 // 4]
        said = msgspec.structs.replace(said, hours=soonest)
    return said
