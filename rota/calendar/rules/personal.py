"""A personal rota as iCalendar (RFC 5545, RFC 7986): own time from briefing to debrief, in UTC.

No organiser, attendee, place, address or host appears; no METHOD, since PUBLISH would demand an
ORGANIZER (RFC 5546, 3.2.1); no alarm. A seat that is given up is left out: clients replace all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vText

PRODUCT = "-//calendar//calendar//EN"
REFRESH = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: when, under which permanent UID, and how often its time has changed."""

    uid: str
    begins: datetime
    ends: datetime
    sequence: int
    changed_at: datetime


def told(
    before: Entry, begins: datetime, ends: datetime, at: datetime, *, shown: bool = True
) -> Entry:
    """Move an event or show it again: SEQUENCE rises by one, LAST-MODIFIED rises; else all stays.

    `at` is when it happened, as far as is known, and later than what any device was told before.
    """
    if shown and (before.begins, before.ends) == (begins, ends):
        return before
    # the text holds whole seconds, and a client may skip what did not rise
    later = max(at, before.changed_at + timedelta(seconds=1))
    return Entry(before.uid, begins, ends, before.sequence + 1, later)


class Line(vText):
    """TEXT as RFC 5545 escapes it; the library's own turns a backslash before N into a new line."""

    def to_ical(self) -> bytes:
        """Escape backslash, semicolon and comma; a line has no others."""
        kept = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return kept.encode()


def frame(name: str) -> Calendar:
    """Begin a calendar: its name for every client, and how seldom it needs to be read again."""
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT)
    # given as plain text, the library would not escape the comma in a name
    calendar.add("NAME", Line(name))
    calendar.add("X-WR-CALNAME", Line(name))
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT4H")
    return calendar


def utc_zone() -> Timezone:
    """Give an eventless calendar the one component that it needs to be valid (RFC 5545, 3.6)."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("TZID", "UTC")
    standard.add("DTSTART", datetime(1970, 1, 1))  # noqa: DTZ001 -- local by definition
    standard.add("TZOFFSETFROM", timedelta(0))
    standard.add("TZOFFSETTO", timedelta(0))
    standard.add("TZNAME", "UTC")
    zone.add_component(standard)
    return zone


def event(entry: Entry, title: str) -> Event:
    """Write one event; its stamps come from the row, so that unchanged text stays the same."""
    made = Event()
    made.add("UID", entry.uid)
    made.add("DTSTAMP", entry.changed_at.astimezone(UTC))
    made.add("LAST-MODIFIED", entry.changed_at.astimezone(UTC))
    made.add("SEQUENCE", entry.sequence)
    made.add("DTSTART", entry.begins.astimezone(UTC))
    made.add("DTEND", entry.ends.astimezone(UTC))
    made.add("SUMMARY", Line(title))
    made.add("STATUS", "CONFIRMED")
    made.add("TRANSP", "OPAQUE")
    return made


def written(calendar: Calendar) -> bytes:
    """Turn a calendar into bytes: CRLF, folded by whole characters at 75 octets."""
    if not calendar.subcomponents:
        calendar.add_component(utc_zone())
    return bytes(calendar.to_ical(sorted=False))


@lru_cache(maxsize=20_000)
def _event_text(entry: Entry, title: str) -> bytes:
    """Write one event, and keep its text: of a hundred events most claims change one."""
    return bytes(event(entry, title).to_ical(sorted=False))


def personal_calendar(name: str, title: str, entries: Iterable[Entry]) -> bytes:
    """Write somebody's rota for one device, in the words that this person chose."""
    in_order = sorted(entries, key=lambda each: (each.begins, each.uid))
    events = b"".join(_event_text(entry, title) for entry in in_order)
    if not events:
        return written(frame(name))
    head, end, _ = bytes(frame(name).to_ical(sorted=False)).rpartition(b"END:VCALENDAR")
    return head + events + end + b"\r\n"


def etag_of(body: bytes) -> str:
    """Name these bytes: the same text has the same tag on every process."""
    return sha256(body).hexdigest()[:32]
