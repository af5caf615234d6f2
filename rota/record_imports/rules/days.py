"""Days as people have written them; whether a day or a month comes first is asked."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale

from federation.errors import Reason
from rota.record_imports.rules.columns import plain
from rota.record_imports.rules.hours import A_DAY, NOT_AN_HOUR, Clock, read_clock

FIRST_YEAR, THIS_CENTURY, SHORT_YEAR = 2000, 2000, 100
MONTHS = 12
Order = Literal["day-first", "month-first"]
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
SKIPPED = Reason("no-such-hour", "The clock was put forward over this hour, so it never was.")
TOO_LONG = Reason(
    "longer-than-a-day",
    "With the hour that came twice, its session was longer than a day. Write when it really ended.",
)


class Moment(NamedTuple):
    """A span of true time, of which the end may not be told."""

    starts: datetime
    ends: datetime | None


def day_and_clock(cell: str) -> tuple[str, str]:
    """Take apart a cell in which a program has written a day and a time."""
    found = _AFTER_DAY.fullmatch(cell)
    # two times are no day and a time
    if found is None or read_clock(found[1]) is not NOT_AN_HOUR:
        return cell, ""
    return found[1].rstrip(","), found[2]


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


def placed(day: date, clock: Clock, zone: str) -> Moment | Reason:
    """Say when that was by the clocks of a zone; of an hour that came twice the first one."""
    starts = _utc(day, clock.starts, zone)
    if starts is None:
        return SKIPPED
    if clock.ends is None:
        return Moment(starts, None)
    ends = _utc(day if clock.ends > clock.starts else day + A_DAY, clock.ends, zone)
    if ends and ends - starts > A_DAY:
        return TOO_LONG
    # a session may end at an hour that clocks skip: nobody was there in it
    return Moment(starts, ends if ends and ends > starts else None)


def _utc(day: date, at: time, zone: str) -> datetime | None:
    clock = ZoneInfo(zone)
    local = datetime.combine(day, at, clock)
    true = local.astimezone(UTC)
    same = true.astimezone(clock).replace(tzinfo=None) == local.replace(tzinfo=None)
    return true if same else None
