"""What every calendar has in common (RFC 5545, RFC 7986), and nothing that tells whose it is.

No METHOD, since PUBLISH would demand an ORGANIZER (RFC 5546, 3.2.1); all times in UTC, no rules of
repetition; what is no longer so is left out, since clients replace all.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Timezone, TimezoneStandard, vText

PRODUCT = "-//calendar//calendar//EN"
REFRESH = timedelta(hours=4)


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


def written(calendar: Calendar) -> bytes:
    """Turn a calendar into bytes: CRLF, folded by whole characters at 75 octets."""
    if not calendar.subcomponents:
        calendar.add_component(utc_zone())
    return bytes(calendar.to_ical(sorted=False))


def etag_of(body: bytes) -> str:
    """Name these bytes: the same text has the same tag on every process."""
    return sha256(body).hexdigest()[:32]
