"""Reads when somebody is busy out of a calendar file, and nothing else.

Lines that say what an entry is about never reach the parser. Whatever cannot be understood about a
time refuses the whole file: an entry that is left out would be taken for free time.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Component

from rota.busy_times.errors import NoCalendar, TooMuch, Unreadable
from rota.shifts.rules.local_times import wall_instant
from rota.shifts.rules.spans import Span, joined

MOST_ENTRIES = 20_000
MOST_OCCURRENCES = 20_000
MOST_A_DAY = 24
KEPT_PARTS = frozenset({"VCALENDAR", "VEVENT", "VFREEBUSY", "VTIMEZONE", "STANDARD", "DAYLIGHT"})
KEPT_LINES = frozenset(
    {
        "VERSION", "PRODID", "X-WR-TIMEZONE", "TZID", "TZOFFSETFROM", "TZOFFSETTO",
        "UID", "SEQUENCE", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE",
        "EXDATE", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "FREEBUSY",
    }
)  # fmt: skip
FREE = (
    ("STATUS", "CANCELLED"),
    ("TRANSP", "TRANSPARENT"),
    ("X-MICROSOFT-CDO-BUSYSTATUS", "FREE"),
)
DAY = timedelta(days=1)
SLICE = timedelta(weeks=3)


def busy_in(raw: bytes, zone: str, begins: datetime, ends: datetime) -> list[Span]:
    """Give the times between two instants at which somebody is busy; floating ones are in `zone`.

    Letters that are not UTF-8 are read past: they stand in titles, which are not looked at.
    """
    text = _times_only(raw.decode("utf-8-sig", errors="replace"))
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        found = [each for calendar in calendars for each in _all_of(calendar, zone, begins, ends)]
    except Unreadable:
        raise
    except MemoryError as error:
        raise TooMuch from error
    except Exception as error:
        # the parser's own errors are many, and all say that a time cannot be understood
        raise Unreadable from error
    clipped = [Span(max(one.start, begins), min(one.end, ends)) for one in joined(found)]
    return [one for one in clipped if one.start < one.end]


def _times_only(text: str) -> str:
    """Keep the lines that speak of times, and the parts that they stand in."""
    lines = list(_unfolded(text))
    words = [line.strip().upper() for line in lines if line.strip()]
    if not words or words[0] != "BEGIN:VCALENDAR" or words[-1] != "END:VCALENDAR":
        raise NoCalendar
    kept, left_out, entries = list[str](), 0, 0
    for line in lines:
        name, _, value = line.partition(":")
        name, value = name.partition(";")[0].strip().upper(), value.strip().upper()
        if name == "BEGIN":
            entries += 1
            left_out += bool(left_out) or value not in KEPT_PARTS
        if not left_out and (name in {"BEGIN", "END"} or name in KEPT_LINES):
            kept.append(line)
        if name == "END":
            left_out -= bool(left_out)
        if name == "RRULE" and _times_a_day(value) > MOST_A_DAY:
            raise TooMuch
    if entries > MOST_ENTRIES:
        raise TooMuch
    return "\r\n".join([*kept, ""])


def _times_a_day(rule: str) -> int:
    """Count how often a rule repeats on one day, as far as its words can make it."""
    parts = dict(part.partition("=")[::2] for part in rule.replace(" ", "").split(";"))
    at_least = {"HOURLY": 24, "MINUTELY": 24 * 60, "SECONDLY": 24 * 60 * 60}
    times = at_least.get(parts.get("FREQ", ""), 1)
    for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(parts.get(part, "").split(","))
    return times


def _unfolded(text: str) -> Iterator[str]:
    """Join what was folded over several lines; any end of line will do."""
    parts = list[str]()
    for line in re.split(r"\r\n|\r|\n", text):
        if line[:1] in {" ", "\t"} and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield "".join(parts)
        parts = [line]
    yield "".join(parts)


def _all_of(calendar: Component, zone: str, begins: datetime, ends: datetime) -> Iterator[Span]:
    events = recurring_ical_events.of(calendar)
    seen = 0
    # a floating time is looked for as if it were UTC, and may be a day off
    begins, ends = begins - DAY, ends + DAY
    while begins < ends:
        # in slices, so that what repeats without end is noticed before it fills the memory
        occurrences = events.between(begins, min(begins + SLICE, ends))
        seen += len(occurrences)
        if seen > MOST_OCCURRENCES:
            raise TooMuch
        yield from _taken((one for one in occurrences if not _free(one)), zone)
        begins += SLICE
    for part in calendar.walk("VFREEBUSY"):
        for period in _periods(part):
            seen += 1
            if seen > MOST_OCCURRENCES:
                raise TooMuch
            yield period


def _free(event: Component) -> bool:
    return any(str(event.get(name, "")).strip().upper() == value for name, value in FREE)


def _taken(events: Iterable[Component], zone: str) -> Iterator[Span]:
    for event in events:
        start, end = (_instant(_value(event, name), zone) for name in ("DTSTART", "DTEND"))
        if start < end:
            yield Span(start, end)


def _value(event: Component, name: str) -> Any:
    return getattr(event[name], "dt", None)


def _instant(value: Any, zone: str) -> datetime:
    """Turn what a calendar calls a time into UTC: a day begins at midnight where the person is."""
    if not isinstance(value, datetime):
        if not isinstance(value, date):
            raise Unreadable
        return wall_instant(datetime.combine(value, time()), zone)
    if value.tzinfo is None:
        return wall_instant(value, zone)
    return value.astimezone(UTC)


def _periods(part: Component) -> Iterator[Span]:
    listed = part.get("FREEBUSY", [])
    for period in listed if isinstance(listed, list) else [listed]:
        if str(period.params.get("FBTYPE", "BUSY")).upper() == "FREE":
            continue
        start, end = (moment.astimezone(UTC) for moment in (period.start, period.end))
        if start < end:
            yield Span(start, end)
