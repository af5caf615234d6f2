from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.rows import fetch_rows
from federation.errors import NotFound
from federation.pools.models import Pool
from rota.calendar.feeds.source import SOURCE, quarter_of
from rota.calendar.models import CalendarAddress

ASKED = f"""
SELECT asked.*, address.id, address.revoked_at, address.last_used_on, address.etag,
       source.is IS NOT NULL AS allowed,
       address.built_on = asked.day AND address.built_from = source.is AS fresh,
       CASE WHEN address.etag = asked.held THEN NULL ELSE address.body END AS body
FROM unnest($1::bytea[], $2::text[], $3::date[], $4::text[])
    AS asked(secret_hash, held, day, quarter)
JOIN calendar_address AS address ON address.secret_hash = asked.secret_hash
LEFT JOIN person_calendar AS calendar ON calendar.person_id = address.person_id
CROSS JOIN LATERAL (SELECT {SOURCE} AS is) AS source
"""  # noqa: S608 -- nothing of it is input
"""One look-up by the unique index for each address; no text where the device has it already."""


class AskedFeed(NamedTuple):
    """An address, by its secret's hash, the tag of the text that the device has, and when."""

    secret_hash: bytes
    held: str
    day: date
    quarter: str


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """What stands behind an address; no body where the asker has it; not `fresh`: write it anew.

    Not `allowed`: its owner no longer has the role that it needs.
    """

    id: UUID
    etag: str
    body: bytes | None
    allowed: bool
    fresh: bool
    revoked_at: datetime | None
    last_used_on: date | None


def asked_feed(secret_hash: bytes, held: str, now: datetime) -> AskedFeed:
    """Ask for a feed as it is now."""
    return AskedFeed(secret_hash, held, now.date(), quarter_of(now))


async def feeds_by_secret(
    engine: AsyncEngine, asked: Sequence[AskedFeed]
) -> dict[AskedFeed, FoundFeed]:
    """Look up feeds by their secrets' hashes; revoked ones too, for their devices to be wiped."""
    rows = await fetch_rows(engine, ASKED, *(list(each) for each in zip(*asked, strict=True)))
    return {
        AskedFeed(bytes(row["secret_hash"]), row["held"], row["day"], row["quarter"]): FoundFeed(
            row["id"],
            row["etag"],
            row["body"],
            row["allowed"],
            bool(row["fresh"]),
            row["revoked_at"],
            row["last_used_on"],
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Address:
    """What a person may see of an own address; the secret itself is not kept."""

    id: UUID
    label: str
    name: str
    title: str
    made_at: datetime
    last_used_on: date | None
    shows: str
    pool: str | None
    level: str
    alarm_minutes: int | None
    weeks: int


_OWN = (
    select(
        CalendarAddress.id,
        CalendarAddress.label,
        CalendarAddress.name,
        CalendarAddress.title,
        CalendarAddress.made_at,
        CalendarAddress.last_used_on,
        CalendarAddress.shows,
        Pool.slug,
        CalendarAddress.level,
        CalendarAddress.alarm_minutes,
        CalendarAddress.weeks,
    )
    .outerjoin(Pool, Pool.id == CalendarAddress.pool_id)
    .where(CalendarAddress.revoked_at.is_(None))
)


async def addresses_of(session: AsyncSession, person_id: UUID) -> list[Address]:
    """List a person's live addresses, oldest first."""
    rows = await session.execute(
        _OWN.where(CalendarAddress.person_id == person_id).order_by(
            CalendarAddress.made_at, CalendarAddress.id
        )
    )
    return [Address(*row) for row in rows]


async def address_of(session: AsyncSession, person_id: UUID, address_id: UUID) -> Address:
    """Find a live address of this person; anybody else's is not found."""
    own = (CalendarAddress.id == address_id) & (CalendarAddress.person_id == person_id)
    row = (await session.execute(_OWN.where(own))).one_or_none()
    if row is None:
        raise NotFound
    return Address(*row)
