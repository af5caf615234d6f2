"""What somebody reads who looks at a device over its owner's shoulder."""

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Component
from icalendar.parser import unescape_backslash


@dataclass(frozen=True, slots=True)
class Glanced:
    """One entry as a screen shows it; no title where the feed gives none, no reminder without."""

    begins: datetime
    ends: datetime
    title: str | None
    reminder: str | None


@dataclass(frozen=True, slots=True)
class Glance:
    """A calendar's name as a screen shows it, and the entries to come."""

    name: str
    entries: tuple[Glanced, ...]


def glance(body: bytes, now: datetime, most: int) -> Glance:
    """Read a feed back, so that nothing is left out that stands in it; what is over is."""
    calendar = Calendar.from_ical(body)
    coming = [each for each in calendar.walk("VEVENT") if each.decoded("DTEND") > now]
    coming.sort(key=lambda each: each.decoded("DTSTART"))
    # the library knows no type for this name, and leaves it as it is written
    name = unescape_backslash(str(calendar["NAME"]))
    return Glance(name, tuple(_glanced(each) for each in coming[:most]))


def _glanced(event: Component) -> Glanced:
    alarms = event.walk("VALARM")
    return Glanced(
        event.decoded("DTSTART"),
        event.decoded("DTEND"),
        _line(event, "SUMMARY"),
        _line(alarms[0], "DESCRIPTION") if alarms else None,
    )


def _line(part: Component, name: str) -> str | None:
    return str(part[name]) if name in part else None
