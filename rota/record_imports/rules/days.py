"""Days and hours as people have written them; whether a day or a month comes first is asked."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale

from federation.errors import Reason
from rota.record_imports.rules.columns import plain

FIRST_YEAR, THIS_CENTURY, SHORT_YEAR = 2000, 2000, 100
MONTHS, NOON, HOURS = 12, 12, 24
Order = Literal["day-first", "month-first"]
A_DAY = timedelta(days=1)
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*(?:([ap])\.?m\.?|h|u|uur|hrs?|ora)?"
_ONE_TIME = re.compile(_CLOCK, re.IGNORECASE)
_SPAN = re.compile(
    rf"{_CLOCK}\s*(?:-|\u2013|\u2014|to|tot|until|pana la|până la)\s*{_CLOCK}", re.IGNORECASE
)
_AFTER_DAY = re.compile(
    r"(.*?\d)(?:[T ]+|, *)(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?)", re.IGNORECASE
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/., ]*([^\W\d_]+)[-/., ]*(\d{4}|\d{2})")
_MONTH_NAMED = re.compile(r"([^\W\d_]+)[. ]*(\d{1,2})(?:st|nd|rd|th)?[, ]+(\d{4})")

NOT_A_DAY = Reason("not-a-day", "It has no day that can be read. Write days as 2024-03-31.")
ASK_ORDER = Reason(
    "day-or-month", "Day and month could be either way round. Say above which comes first."
)
NOT_AN_HOUR = Reason("not-an-hour", "Its hour cannot be read. Write hours as 19:30.")
SKIPPED = Reason("no-such-hour", "The clock was put forward over this hour, so it never was.")


class Clock(NamedTuple):
    """A time of day, and the one until which a session lasted where that is told."""

    starts: time
    ends: time | None = None


class Moment(NamedTuple):
    """A span of true time, of which the end may not be told."""

    starts: datetime
    ends: datetime | None


def day_and_clock(cell: str) -> tuple[str, str]:
    """Take apart a cell in which a program has written a day and a time."""
    found = _AFTER_DAY.fullmatch(cell)
    return (found[1].rstrip(","), found[2]) if found else (cell, "")


def needs_order(cells: Iterable[str]) -> bool:
    """Tell whether some day could be read in two ways."""
    return any(read_day(day_and_clock(cell)[0], None) is ASK_ORDER for cell in cells)


def read_day(cell: str, order: Order | None) -> date | Reason:
    """Read a day; the order is what somebody has said of the file, None if nobody has."""
    if found := _YEAR_FIRST.fullmatch(cell):
        return _day(found[1], found[2], found[3])
    if found := _NUMBERS.fullmatch(cell):
        return _in_order(found[1], found[2], found[3], order)
    if found := _DAY_NAMED.fullmatch(cell):
        return _day(found[3], _month_names().get(plain(found[2]), ""), found[1])
    if found := _MONTH_NAMED.fullmatch(cell):
        return _day(found[3], _month_names().get(plain(found[1]), ""), found[2])
    return NOT_A_DAY


def _in_order(first: str, second: str, year: str, order: Order | None) -> date | Reason:
    both = int(first) <= MONTHS and int(second) <= MONTHS
    if order is None and both and int(first) != int(second):
        return ASK_ORDER
    if order is None:
        order = "month-first" if int(second) > MONTHS else "day-first"
    return _day(year, second, first) if order == "day-first" else _day(year, first, second)


def _day(year: str, month: str, day: str) -> date | Reason:
    whole = int(year)
    if whole < SHORT_YEAR:
        whole += THIS_CENTURY
    try:
        found = date(whole, int(month), int(day))
    except ValueError:
        return NOT_A_DAY
    return found if found.year >= FIRST_YEAR else NOT_A_DAY


@cache
def _month_names() -> dict[str, str]:
    """Give the months as they are called in English, Dutch and Romanian, and called for short."""
    found: dict[str, str] = {}
    for language in ("en", "nl", "ro"):
        for forms in Locale(language).months.values():
            for names in forms.values():
                found |= {plain(name): str(month) for month, name in names.items()}
    return {name: month for name, month in found.items() if len(name) > 1} | {"sept": "9"}


def read_clock(cell: str) -> Clock | Reason:
    """Read a time of day, or from when to when."""
    if found := _ONE_TIME.fullmatch(cell):
        starts = _time(*found.groups())
        return Clock(starts) if starts else NOT_AN_HOUR
    if found := _SPAN.fullmatch(cell):
        # 7-9 pm: both of the evening
        half = found[3] or found[6]
        starts, ends = _time(found[1], found[2], half), _time(found[4], found[5], found[6])
        return Clock(starts, ends) if starts and ends and starts != ends else NOT_AN_HOUR
    return NOT_AN_HOUR


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    whole = int(hour)
    if half and not 1 <= whole <= NOON:
        return None
    if half:
        whole = whole % NOON + (NOON if half.lower() == "p" else 0)
    try:
        return time(whole % HOURS if whole == HOURS else whole, int(minute or 0))
    except ValueError:
        return None


def placed(day: date, clock: Clock, zone: str) -> Moment | Reason:
    """Say when that was by the clocks of a zone; of an hour that came twice the first one."""
    starts = _utc(day, clock.starts, zone)
    if starts is None:
        return SKIPPED
    if clock.ends is None:
        return Moment(starts, None)
    ends = _utc(day if clock.ends > clock.starts else day + A_DAY, clock.ends, zone)
    # a session may end at an hour that clocks skip: nobody was there in it
    return Moment(starts, ends if ends and ends > starts else None)


def _utc(day: date, at: time, zone: str) -> datetime | None:
    clock = ZoneInfo(zone)
    local = datetime.combine(day, at, clock)
    true = local.astimezone(UTC)
    same = true.astimezone(clock).replace(tzinfo=None) == local.replace(tzinfo=None)
    return true if same else None
