"""A feed is written by the first request after a change, and kept for all that follow.

Who changes a plan never waits for who reads it: readers take turns at the rows of the person's
addresses. What a feed is written from is read before or together with what it says, never after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from rota.calendar.feeds.open_seats import seats_to_take
from rota.calendar.feeds.own_seats import plan_of, told_seats
from rota.calendar.feeds.pool_sessions import sessions_of_pool
from rota.calendar.feeds.shift_entries import told_shifts
from rota.calendar.feeds.source import SOURCE, quarter_of
from rota.calendar.models import CalendarAddress
from rota.calendar.rules.ical import etag_of
from rota.calendar.rules.personal import SECOND, Entry, Words, personal_calendar, stamp_of
from rota.calendar.rules.wanted import POOL, ROTA

_ADDRESS = CalendarAddress.metadata.tables[CalendarAddress.__tablename__]

ADDRESSES = (
    select(*(column for column in _ADDRESS.c if column.name != "body"))
    .where(
        _ADDRESS.c.person_id.in_(
            select(_ADDRESS.c.person_id).where(_ADDRESS.c.id == bindparam("address_id"))
        ),
        _ADDRESS.c.revoked_at.is_(None),
    )
    .order_by(_ADDRESS.c.id)
    .with_for_update(key_share=True)
)
"""All addresses of one person that work: what one device is told, others must not contradict."""

SOURCE_NOW = text(
    f"SELECT {SOURCE} FROM calendar_address AS address "  # noqa: S608 -- nothing of it is input
    "LEFT JOIN person_calendar AS calendar ON calendar.person_id = address.person_id "
    "CROSS JOIN (SELECT CAST(:quarter AS text) AS quarter) AS asked WHERE address.id = :address_id"
)


@dataclass(frozen=True, slots=True)
class Written:
    """A feed as it stands, with the tag of its text."""

    etag: str
    body: bytes


async def write_feed(session: AsyncSession, address_id: UUID, now: datetime) -> Written | None:
    """Write a feed if nobody has since its last change, in a constant number of statements.

    None where the address is revoked, or its owner has lost the role that it needs.
    """
    addresses = (await session.execute(ADDRESSES, {"address_id": address_id})).all()
    address = next((each for each in addresses if each.id == address_id), None)
    if address is None:
        return None
    asked = {"address_id": address_id, "quarter": quarter_of(now)}
    source: str | None = await session.scalar(SOURCE_NOW, asked)
    if source is None:
        return None
    if (address.built_from, address.built_on) == (source, now.date()):
        return Written(address.etag, await _kept(session, address_id))
    entries = await _entries(session, address, _after_words(addresses), now)
    return await _keep(session, address, entries, source, now)


async def _entries(
    session: AsyncSession, address: Row[Any], after: datetime | None, now: datetime
) -> list[Entry]:
    if address.shows == ROTA:
        return await told_seats(session, await plan_of(session, address.person_id, now), after)
    if address.shows == POOL:
        shifts = await sessions_of_pool(session, address.pool_id, address.weeks, now)
    else:
        shifts = await seats_to_take(session, address.person_id, address.weeks, now)
    return await told_shifts(session, address.id, shifts, max(now, after or now), now)


def _after_words(addresses: Sequence[Row[Any]]) -> datetime | None:
    """Give the second after devices were last told of new words, which a move has to follow."""
    worded = [each.worded_at for each in addresses if each.worded_at is not None]
    return max(worded) + SECOND if worded else None


async def _keep(
    session: AsyncSession, address: Row[Any], entries: Sequence[Entry], source: str, now: datetime
) -> Written:
    words = Words(
        address.name,
        address.title,
        address.level,
        address.alarm_minutes,
        address.worded_at,
        own=address.shows == ROTA,
    )
    body = personal_calendar(words, entries)
    written = Written(etag_of(body), body)
    changes: dict[str, Any] = {"built_from": source, "built_on": now.date()}
    if written.etag != address.etag:
        stamps = [stamp_of(each, words) for each in entries]
        if address.stamped_at is not None:
            stamps.append(address.stamped_at)
        changes |= {"etag": written.etag, "body": body, "stamped_at": max(stamps, default=None)}
    await session.execute(update(_ADDRESS).where(_ADDRESS.c.id == address.id).values(changes))
    return written


async def _kept(session: AsyncSession, address_id: UUID) -> bytes:
    body = await session.scalar(select(_ADDRESS.c.body).where(_ADDRESS.c.id == address_id))
    return bytes(body or b"")
