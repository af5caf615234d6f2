"""Public answers are built once per revision of the pool and minute, then served as they are.

Each request still learns the revision as it is now, so that a change shows at once whichever
process made it; requests that come together share that one look-up.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from litestar.types import ASGIApp
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conditional import conditional, held_tags
from api.observation import IN_FRAMES, WITH_SCRIPT
from api.public.answers import answer
from api.public.page import embedded, page
from api.settings import Settings
from api.shared_lookup import SharedLookup
from rota.calendar.rules.ical import etag_of
from rota.open_hours.errors import NoSuchPool
from rota.open_hours.published import published_hours
from rota.open_hours.queries import PublicHours, revisions
from rota.open_hours.rules.calendar import public_calendar

AHEAD = timedelta(weeks=12)
EMBEDDED = "/embedded"
MEDIA_TYPES = {
    "": "text/html; charset=utf-8",
    EMBEDDED: "text/html; charset=utf-8",
    ".json": "application/json",
    ".ics": "text/calendar; charset=utf-8",
}
HEADERS = {
    # kept by anybody, but asked about each time: a drop-out must show at once
    "Cache-Control": "public, no-cache",
    "Content-Security-Policy": WITH_SCRIPT,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
IN_LANGUAGES = HEADERS | {"Vary": "Accept-Language"}
HEADERS_OF_PAGES = {
    "": IN_LANGUAGES,
    EMBEDDED: IN_LANGUAGES | {"Content-Security-Policy": IN_FRAMES},
}
"""A page is in the language of its reader; data is the same for everybody."""


class Asked(NamedTuple):
    """A pool's short name, a form of answer, a channel if only that one, a page's language."""

    slug: str
    form: str
    channel: str | None
    language: str


def _page(found: PublicHours, now: datetime, asked: Asked, settings: Settings) -> bytes:
    return page(found, now, asked.language, asked.channel, settings)


def _embedded(found: PublicHours, now: datetime, asked: Asked, _settings: Settings) -> bytes:
    return embedded(found, now, asked.language, asked.channel)


def _json(found: PublicHours, _now: datetime, _asked: Asked, _settings: Settings) -> bytes:
    return msgspec.json.encode(answer(found))


def _calendar(found: PublicHours, _now: datetime, _asked: Asked, _settings: Settings) -> bytes:
    return public_calendar(found.id, found.name, found.channels, found.hours)


FORMS: dict[str, Callable[[PublicHours, datetime, Asked, Settings], bytes]] = {
    "": _page,
    EMBEDDED: _embedded,
    ".json": _json,
    ".ics": _calendar,
}


@dataclass(frozen=True, slots=True)
class Built:
    """One answer, ready to send, and for what revision and minute it was built."""

    revision: int
    minute: datetime
    etag: str
    whole: ASGIApp
    unchanged: ASGIApp

    def for_asker(self, if_none_match: str | None) -> ASGIApp:
        """Give the answer for somebody who holds these tags already, if any."""
        held = held_tags(if_none_match)
        return self.unchanged if self.etag in held or "*" in held else self.whole


class PublicAnswers:
    """Ready answers for the pools of this node, kept by one process."""

    def __init__(self, engine: AsyncEngine, settings: Settings) -> None:
        """Read from this database; nothing is built before it is asked for."""
        self._engine = engine
        self._settings = settings
        self._revisions: SharedLookup[str, int] = SharedLookup(self._read_revisions)
        self._built: dict[Asked, Built] = {}
        self._building = asyncio.Lock()

    async def _read_revisions(self, slugs: Sequence[str]) -> dict[str, int]:
        return await revisions(self._engine, slugs)

    async def get(self, asked: Asked, now: datetime) -> Built:
        """Give the answer that holds now; only pools and channels that exist are remembered."""
        revision = await self._revisions.get(asked.slug)
        if revision is None:
            raise NoSuchPool
        minute = now.replace(second=0, microsecond=0)
        built = self._fresh(asked, revision, minute)
        if built is None:
            async with self._building:
                built = self._fresh(asked, revision, minute) or await self._build(
                    asked, revision, minute
                )
        return built

    def _fresh(self, asked: Asked, revision: int, minute: datetime) -> Built | None:
        built = self._built.get(asked)
        # another request may have seen a later revision meanwhile
        if built and built.revision >= revision and built.minute >= minute:
            return built
        return None

    async def _build(self, asked: Asked, revision: int, minute: datetime) -> Built:
        async with self._engine.connect() as connection:
            found = await published_hours(
                connection, asked.slug, minute, minute + AHEAD, channel=asked.channel
            )
        body = FORMS[asked.form](found, minute, asked, self._settings)
        etag, media_type = etag_of(body), MEDIA_TYPES[asked.form]
        headers = HEADERS_OF_PAGES.get(asked.form, HEADERS)
        whole = conditional(body, etag, [], media_type, headers)
        unchanged = conditional(None, etag, [], media_type, headers)
        built = self._built[asked] = Built(revision, minute, etag, whole, unchanged)
        return built
