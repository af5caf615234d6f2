from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.rows import fetch_rows
from rota.calendar.models import CalendarAddress

# one look-up by the unique index for each asked address; no text where the device has it already
ASKED = """
SELECT asked.secret_hash, asked.held, asked.day,
       address.id, address.revoked_at, address.last_used_on, address.etag,
       address.built_on IS NOT DISTINCT FROM asked.day
           AND address.built_from IS NOT DISTINCT FROM calendar.revision::text AS fresh,
       CASE WHEN address.etag = asked.held THEN NULL ELSE address.body END AS body
FROM unnest($1::bytea[], $2::text[], $3::date[]) AS asked(secret_hash, held, day)
JOIN calendar_address AS address ON address.secret_hash = asked.secret_hash
LEFT JOIN person_calendar AS calendar ON calendar.person_id = address.person_id
"""


class AskedFeed(NamedTuple):
    """An address, by its secret's hash, the tag of the text that the device has, and the day."""

    secret_hash: bytes
    held: str
    day: date


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """What stands behind an address; no body where the asker has it; not `fresh`: write it anew."""

    id: UUID
    etag: str
    body: bytes | None
    fresh: bool
    revoked_at: datetime | None
    last_used_on: date | None


async def feeds_by_secret(
    engine: AsyncEngine, asked: Sequence[AskedFeed]
) -> dict[AskedFeed, FoundFeed]:
    """Look up feeds by their secrets' hashes; revoked ones too, for their devices to be wiped."""
    rows = await fetch_rows(
        engine,
        ASKED,
        [each.secret_hash for each in asked],
        [each.held for each in asked],
        [each.day for each in asked],
    )
    return {
        AskedFeed(bytes(row["secret_hash"]), row["held"], row["day"]): FoundFeed(
            row["id"],
            row["etag"],
            row["body"],
            row["fresh"],
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


async def addresses_of(session: AsyncSession, person_id: UUID) -> list[Address]:
    """List a person's live addresses, oldest first."""
    rows = await session.execute(
        select(
            CalendarAddress.id,
            CalendarAddress.label,
            CalendarAddress.name,
            CalendarAddress.title,
            CalendarAddress.made_at,
            CalendarAddress.last_used_on,
        )
        .where(CalendarAddress.person_id == person_id, CalendarAddress.revoked_at.is_(None))
        .order_by(CalendarAddress.made_at, CalendarAddress.id)
    )
    return [Address(*row) for row in rows]
