from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database.rows import fetch_rows
from federation.pools.models import Pool
from federation.pools.slots.queries import current_workers, shown_slots
from federation.pools.slots.rules import Speaker, shown_languages
from rota.open_hours.errors import NoSuchPool
from rota.open_hours.fixed_slots.queries import languages_by_slot
from rota.open_hours.rules.hours import OpenHours, open_hours
from rota.open_hours.rules.now import (
    CLOSED,
    Now,
    OtherWay,
    WeeklyTime,
    answered_by,
    next_hours,
    now_view,
    open_elsewhere,
)
from rota.open_hours.rules.planned import with_planned
from rota.open_hours.sessions import (
    INBOX,
    SESSION,
    Window,
    known_of,
    sessions_begun,
    sessions_coming,
    times_of_inbox,
)
from rota.shifts.errors import UnknownZone
from rota.shifts.rules.local_times import known_zone

POOL_NAMED = select(*Pool.__table__.columns).where(Pool.slug == bindparam("slug"), ~Pool.example)
REVISIONS = """
SELECT slug, sum(revision)::bigint AS revision FROM (
    SELECT slug, revision FROM pool WHERE slug = ANY($1::text[]) AND NOT example
    UNION ALL
    SELECT heard_hours.slug, heard_hours.revision FROM heard_hours
    JOIN partner USING (node_id)
    WHERE heard_hours.slug = ANY($1::text[]) AND partner.state NOT IN ('words-to-type', 'ended')
) AS known GROUP BY slug
"""
HEARD_LATELY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class PublicHours:
    """All that anybody may know of a pool; `as_of` where its host is another node."""

    id: UUID
    slug: str
    name: str
    zone: str
    channels: dict[str, str]
    now: Now
    next: OpenHours | None
    hours: list[OpenHours]
    answered_by: datetime | None
    elsewhere: list[OtherWay]
    as_of: datetime | None
    by_message: tuple[str, ...] = ()
    """Languages in which messages are answered, though no hour is shown for them."""


class StoredTime(msgspec.Struct, frozen=True):
    """A regular time as kept with the pool: local clock times of one weekday, 0 is Monday."""

    weekday: int
    starts: time
    ends: time


class StoredWay(msgspec.Struct, frozen=True):
    """Another service as kept with the pool; fields that we do not know are ignored."""

    name: str
    text: str = ""
    address: str = ""
    zone: str | None = None
    hours: list[StoredTime] = []


async def revisions(engine: AsyncEngine, slugs: Sequence[str]) -> dict[str, int]:
    """Tell how often each pool's shifts or hours have changed: one look-up for all who ask."""
    rows = await fetch_rows(engine, REVISIONS, list(slugs))
    return {row["slug"]: row["revision"] for row in rows}


def _shown(
    host: str | None, stated: list[str] | None, workers: Sequence[Speaker], shown_from: int
) -> frozenset[str]:
    """Show what the host states; it alone knows all who speak. An older one states nothing."""
    if host is not None and stated is not None:
        return frozenset(stated)
    return shown_languages(workers, shown_from)


async def public_hours(
    connection: AsyncConnection,
    slug: str,
    now: datetime,
    until: datetime,
    *,
    channel: str | None = None,
) -> PublicHours:
    """Read what a pool publishes from `now` to `until`, on one channel or on all."""
    pool = (await connection.execute(POOL_NAMED, {"slug": slug})).one_or_none()
    if pool is None:
        raise NoSuchPool
    return await hours_of(connection, pool, now, until, channel=channel)


async def hours_of(
    connection: AsyncConnection,
    pool: Pool | Row[Any],
    now: datetime,
    until: datetime,
    *,
    channel: str | None = None,
) -> PublicHours:
    """Read what a pool that was found already publishes; an example publishes nothing.

    It takes six queries at most, however many shifts there are.
    """
    if pool.example:
        raise NoSuchPool
    channels, as_of = await known_of(connection, pool.id)
    named = {row.slug: row.name for row in channels if channel in {None, row.slug}}
    if channel is not None and not named:
        raise NoSuchPool
    slugs = {row.id: row.slug for row in channels if row.kind == SESSION and row.slug in named}
    workers = await current_workers(connection, pool.id)
    slots = tuple(await shown_slots(connection, pool.id, workers, hosted=pool.host is None))
    window = Window(pool.id, now, until)
    sessions = await sessions_begun(connection, window, slugs, slots)
    coming = await sessions_coming(
        connection, window, slugs, slots, with_planned=pool.publishes_planned
    )
    sessions += coming.confirmed
    inboxes = [row.id for row in channels if row.kind == INBOX]
    inbox = await times_of_inbox(connection, window, inboxes)
    shown = _shown(pool.host, pool.languages_shown, workers, pool.speakers_shown_from)
    by_slot = languages_by_slot(slots)
    hours = open_hours(sessions, shown, now, by_slot)
    # a host that is silent may have closed: then nothing is called open
    silent = pool.host is not None and is_silent(as_of, now)
    view = CLOSED if silent else now_view(sessions, hours, now)
    told = with_planned(hours, open_hours(coming.planned, shown, now, by_slot))
    in_hours = shown.union(*(each.languages for each in told))
    return PublicHours(
        id=pool.id,
        slug=pool.slug,
        name=pool.name,
        zone=pool.zone,
        channels=named,
        now=view,
        next=next_hours(hours, view, now),
        hours=told,
        answered_by=answered_by(inbox, now),
        elsewhere=open_elsewhere(ways_of(pool.elsewhere, pool.zone), now),
        as_of=as_of,
        by_message=tuple(tag for tag in pool.message_languages if tag not in in_hours),
    )


def is_silent(as_of: datetime | None, now: datetime) -> bool:
    """Tell whether a host has vouched for nothing lately: it may have closed."""
    return as_of is None or now - as_of > HEARD_LATELY


def ways_of(stored: list[dict[str, Any]], zone: str) -> Iterator[OtherWay]:
    """Read what coordinators have entered; an entry that cannot be read harms no other."""
    for each in stored:
        try:
            way = msgspec.convert(each, StoredWay)
            known_zone(way.zone or zone)
        except (msgspec.ValidationError, UnknownZone):
            continue
        hours = tuple(WeeklyTime(at.weekday, at.starts, at.ends) for at in way.hours)
        yield OtherWay(way.name, way.zone or zone, way.text, way.address, hours)
