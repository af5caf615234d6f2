"""A personal calendar at a secret address; each request looks it up, so a revoked one stops."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from litestar import get
from litestar.connection import Request
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.types import ASGIApp
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conditional import conditional, held_tags, ready
from api.parts import Now
from api.problems import MEDIA_TYPE, problem_of
from api.shared_lookup import SharedLookup
from database.session import door
from federation.access.rules import secret_hash
from federation.errors import Refusal
from rota.calendar.actions import note_use, revoke_lapsed
from rota.calendar.errors import CalendarRevoked, NoSuchCalendar
from rota.calendar.feeds.actions import write_feed
from rota.calendar.queries import AskedFeed, FoundFeed, asked_feed, feeds_by_secret
from rota.calendar.rules.ical import etag_of
from rota.calendar.rules.personal import Words, personal_calendar

CALENDAR = "text/calendar; charset=utf-8"
SUFFIX = ".ics"
TOMBSTONE_TIME = timedelta(days=60)
TOMBSTONE = personal_calendar(Words(), [])
TOMBSTONE_TAG = etag_of(TOMBSTONE)
HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
Lookup = SharedLookup[AskedFeed, FoundFeed]


def feeds_of(state: State) -> Lookup:
    """Give this process's look-up of addresses, one for its database."""
    found: Lookup | None = state.get("calendar_feeds")
    if found is None:
        engine: AsyncEngine = state.engine

        async def read(asked: Sequence[AskedFeed]) -> dict[AskedFeed, FoundFeed]:
            return await feeds_by_secret(engine, asked)

        found = state.calendar_feeds = SharedLookup(read)
    return found


@get("/calendar/{file:str}")
async def calendar(request: Request[Any, Any, State], file: FromPath[str], now: Now) -> ASGIApp:
    """Give the rota behind a secret address to whatever asks, in whatever media type it wishes."""
    held = held_tags(request.headers.get("if-none-match"))
    state = request.app.state
    if not file.endswith(SUFFIX):
        return _refused(NoSuchCalendar())
    secret = secret_hash(file.removesuffix(SUFFIX))
    asked = asked_feed(secret, held[0] if held else "", now)
    found = await feeds_of(state).get(asked)
    if found is not None and found.revoked_at is None and found.allowed and not found.fresh:
        found = await _written(state, asked, found, now)
    if found is None:
        return _refused(NoSuchCalendar())
    if found.revoked_at is not None:
        return _revoked(found.revoked_at, held, now)
    if not found.allowed:
        lapsing = partial(_lapse, state.engine, found.id, now)
        return conditional(TOMBSTONE, TOMBSTONE_TAG, held, CALENDAR, HEADERS, lapsing)
    first = found.last_used_on is None or found.last_used_on < now.date()
    noting = partial(_note_use, state.engine, found.id, now) if first else None
    return conditional(found.body, found.etag, held, CALENDAR, HEADERS, noting)


async def _written(
    state: State, asked: AskedFeed, found: FoundFeed, now: datetime
) -> FoundFeed | None:
    """Write a feed that is older than the plan; one revoked meanwhile is looked up again."""
    async with door(state.engine) as session:
        written = await write_feed(session, found.id, now)
    if written is None:
        return await feeds_of(state).get(asked)
    return replace(found, etag=written.etag, body=written.body)


def _revoked(revoked_at: datetime, held: list[str], now: datetime) -> ASGIApp:
    """Wipe devices with an empty calendar, since many keep what a refusal leaves; later be gone."""
    if now - revoked_at > TOMBSTONE_TIME:
        return _refused(CalendarRevoked())
    return conditional(TOMBSTONE, TOMBSTONE_TAG, held, CALENDAR, HEADERS)


def _refused(refusal: Refusal) -> ASGIApp:
    headers = {**HEADERS, "Cache-Control": "no-store", "Content-Type": MEDIA_TYPE}
    return ready(msgspec.json.encode(problem_of(refusal)), refusal.status, headers)


async def _note_use(engine: AsyncEngine, address_id: UUID, now: datetime) -> None:
    async with door(engine) as session:
        await note_use(session, address_id, now.date())


async def _lapse(engine: AsyncEngine, address_id: UUID, now: datetime) -> None:
    async with door(engine) as session:
        await revoke_lapsed(session, address_id, now)
