"""Hours as people have written them; whether they are of the morning or the evening is asked."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from federation.errors import Reason

NOON, HOURS = 12, 24
HALF_A_DAY, A_DAY = timedelta(hours=12), timedelta(days=1)
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*(?:([ap])\.?m\.?|(h|u|uur|hrs?|ora))?"
_ONE_TIME = re.compile(_CLOCK, re.IGNORECASE)
_SPAN = re.compile(
    rf"{_CLOCK}\s*(?:-|\u2013|\u2014|to|tot|until|pana la|până la)\s*{_CLOCK}", re.IGNORECASE
)

NOT_AN_HOUR = Reason("not-an-hour", "Its hour cannot be read. Write hours as 19:30.")
ASK_HALF = Reason(
    "morning-or-evening",
    "Its hours could be of the morning or the evening. Write them as 11:00-13:00 or 23:00-01:00.",
)


class Clock(NamedTuple):
    """A time of day, and the one until which a session lasted where that is told."""

    starts: time
    ends: time | None = None


class _Written(NamedTuple):
    """One time of day as it stands in a cell."""

    hour: str
    minute: str | None
    half: str | None
    named: str | None
    """The word for hours that stands behind it, as beside times of 24 hours."""

    @property
    def of_24_hours(self) -> bool:
        """Tell whether no clock of twelve hours shows it."""
        return not 1 <= int(self.hour) <= NOON

    @property
    def in_full(self) -> bool:
        """Tell whether it is written as clocks of 24 hours show it."""
        return self.minute is not None or self.hour.startswith("0")

    def readings(self) -> Iterator[time]:
        """Give what it can mean beside a time of which the half of the day is told."""
        halves = [self.half] if self.half or self.of_24_hours else ["a", "p"]
        return (at for half in halves if (at := self.read(half)))

    def read(self, half: str | None) -> time | None:
        """Read it as of one half of the day, or as of 24 hours."""
        whole = int(self.hour)
        if half and not 1 <= whole <= NOON:
            return None
        if half:
            whole = whole % NOON + (NOON if half.lower() == "p" else 0)
        try:
            minute = int(self.minute or 0)
            return time(0) if (whole, minute) == (HOURS, 0) else time(whole, minute)
        except ValueError:
            return None


def read_clock(cell: str) -> Clock | Reason:
    """Read a time of day, or from when to when."""
    if found := _ONE_TIME.fullmatch(cell):
        one = _Written(*found.groups())
        starts = one.read(one.half)
        return Clock(starts) if starts else NOT_AN_HOUR
    if found := _SPAN.fullmatch(cell):
        sides = found.groups()
        middle = len(sides) // 2
        return _span(_Written(*sides[:middle]), _Written(*sides[middle:]))
    return NOT_AN_HOUR


def _span(first: _Written, last: _Written) -> Clock | Reason:
    if bool(first.half) != bool(last.half):
        return _with_one_half(first, last)
    starts, ends = first.read(first.half), last.read(last.half)
    if starts is None or ends is None or starts == ends:
        return NOT_AN_HOUR
    certain = first.half or _is_of_24_hours(first, last, starts, ends)
    return Clock(starts, ends) if certain else ASK_HALF


def _with_one_half(first: _Written, last: _Written) -> Clock | Reason:
    """Take the shorter of two readings: the other one is longer than half a day."""
    found = [(lasts(s, e), s, e) for s in first.readings() for e in last.readings() if s != e]
    if not found:
        return NOT_AN_HOUR
    how_long, starts, ends = min(found)
    told = (first.of_24_hours or last.of_24_hours) and ends > starts
    return Clock(starts, ends) if told or how_long < HALF_A_DAY else ASK_HALF


def _is_of_24_hours(first: _Written, last: _Written, starts: time, ends: time) -> bool:
    """Tell whether hours without am and pm can only be those of 24."""
    if ends > starts:
        in_full = first.in_full and last.in_full
        named = bool(first.named or last.named)
        return in_full or named or first.of_24_hours or last.of_24_hours
    if last.of_24_hours:
        return True
    # 20-10 is rather until ten in the evening than until the next morning
    short = (last.in_full and last.hour.startswith("0")) or lasts(starts, ends) <= HALF_A_DAY
    return first.of_24_hours and int(first.hour) > NOON and short


def lasts(starts: time, ends: time) -> timedelta:
    """Tell how long it is from one time of day to the next such other one."""
    between = datetime.combine(date.min, ends) - datetime.combine(date.min, starts)
    return between if ends > starts else between + A_DAY
