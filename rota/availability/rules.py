"""When a person can work: weekly and dated times on local clocks become spans of UTC."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from federation.errors import Reason
from rota.shifts.rules.local_times import known_zone, wall_instant

MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
DAYS_A_WEEK = 7
MOST_WEEKLY = 60
MOST_DATED = 400
FORTNIGHTLY = 2


@dataclass(frozen=True, slots=True)
class Weekly:
    """A wish as a person enters it: a weekday (Monday 0), a local time, a length, a preference.

    Every second week is counted from the first such weekday on or after `first_day`.
    """

    weekday: int
    starts: time
    minutes: int
    zone: str
    preference: int
    every_weeks: int = 1
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """What holds on one day instead of the weekly wishes; preference None: cannot work then."""

    day: date
    starts: time
    minutes: int
    zone: str
    preference: int | None


@dataclass(frozen=True, slots=True)
class Window:
    """A span of UTC in which a person can work; preference 0 if needed, 1 can, 2 prefers."""

    begins: datetime
    ends: datetime
    preference: int


@dataclass(slots=True)
class Calendar:
    """What home knows of one person's time in a period; it never leaves home as it is.

    `known` is false where a calendar of theirs could not be read for days: then nothing is planned.
    """

    available: list[Window] = field(default_factory=list)
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    busy: list[tuple[datetime, datetime]] = field(default_factory=list)
    known: bool = True
    trainings: list[tuple[str, date, date]] = field(default_factory=list)


def wrong_wishes(wishes: Sequence[Weekly]) -> tuple[Reason, ...]:
    """Give every reason why these cannot be weekly times; an unknown zone is refused at once."""
    found: dict[Reason, None] = {}
    if len(wishes) > MOST_WEEKLY:
        found[Reason("too-many-times", f"Enter at most {MOST_WEEKLY} weekly times.")] = None
    for wish in wishes:
        known_zone(wish.zone)
        checks = {
            Reason("wrong-weekday", "The weekday is a number from 0, Monday, to 6, Sunday."): (
                wish.weekday in range(DAYS_A_WEEK)
            ),
            Reason("wrong-length", "A weekly time takes at least one minute and at most a week."): (
                0 < wish.minutes <= MINUTES_A_WEEK
            ),
            Reason("wrong-preference", "A preference is 0 if needed, 1 can, or 2 prefers."): (
                wish.preference in range(3)
            ),
            Reason("wrong-weeks", "Say every week, or every second week and from which day on."): (
                wish.every_weeks == 1
                or (wish.every_weeks == FORTNIGHTLY and wish.first_day is not None)
            ),
        }
        found |= {reason: None for reason, holds in checks.items() if not holds}
    return tuple(found)


def wrong_dates(dated: Iterable[Dated]) -> tuple[Reason, ...]:
    """Give every reason why these cannot hold on a day; an unknown zone is refused at once."""
    found: dict[Reason, None] = {}
    for one in dated:
        known_zone(one.zone)
        checks = {
            Reason("wrong-length", "A time on a day takes at least one minute, at most a day."): (
                0 < one.minutes <= MINUTES_A_DAY
            ),
            Reason("wrong-preference", "A preference is 0 if needed, 1 can, or 2 prefers."): (
                one.preference is None or one.preference in range(3)
            ),
        }
        found |= {reason: None for reason, holds in checks.items() if not holds}
    return tuple(found)


def windows(weekly: Iterable[Weekly], first: date, last: date) -> list[Window]:
    """Spread weekly wishes over the days `first` to `last` (both included), in order of start.

    The end is meant in local time too: 17:00 to 22:00 ends at 22:00 on the day of a clock change.
    """
    spread = [
        Window(begins, ends, wish.preference)
        for wish in weekly
        for day in _days(wish, first, last)
        for begins, ends in true_span(day, wish.starts, wish.minutes, wish.zone)
    ]
    return _in_order(spread)


def available(
    weekly: Iterable[Weekly], dated: Sequence[Dated], first: date, last: date
) -> list[Window]:
    """Spread wishes over days, with what was entered for single days in their place.

    What begins before these days and reaches into them is among it. Of two entries for the same
    time, the one that says "cannot" holds.
    """
    added, cannot, entered = list[Window](), list[tuple[datetime, datetime]](), []
    for one in dated:
        for span in true_span(one.day, one.starts, one.minutes, one.zone):
            entered.append(span)
            if one.preference is None:
                cannot.append(span)
            elif first <= one.day <= last:
                added.append(Window(*span, one.preference))
    spread = [each for wish in weekly for each in windows([wish], _reaching(wish, first), last)]
    left = without(spread, entered)
    return _in_order([*left, *without(added, cannot)])


def without(spans: Iterable[Window], taken: Iterable[tuple[datetime, datetime]]) -> list[Window]:
    """Cut times out of windows; what is left keeps its preference."""
    left = list(spans)
    for cut_begins, cut_ends in taken:
        left = [
            replace(window, begins=begins, ends=ends)
            for window in left
            for begins, ends in (
                (window.begins, min(window.ends, cut_begins)),
                (max(window.begins, cut_ends), window.ends),
            )
            if begins < ends
        ]
    return left


def copied(dated: Iterable[Dated], month: date) -> list[Dated]:
    """Move what somebody could do in the month before into `month`: the second Tuesday stays one.

    What they could not do then says nothing about another month; a fifth Tuesday may be missing.
    """
    before = (month.replace(day=1) - timedelta(days=1)).replace(day=1)
    made = []
    for one in dated:
        if one.preference is None or one.day.replace(day=1) != before:
            continue
        day = _same_weekday(one.day, month)
        if day is not None:
            made.append(replace(one, day=day))
    return made


def _same_weekday(day: date, month: date) -> date | None:
    first = month.replace(day=1)
    days = (day.weekday() - first.weekday()) % DAYS_A_WEEK + (day.day - 1) // 7 * DAYS_A_WEEK
    found = first + timedelta(days=days)
    return found if found.month == first.month else None


def _in_order(spans: list[Window]) -> list[Window]:
    return sorted(spans, key=lambda window: (window.begins, window.ends))


def _days(wish: Weekly, first: date, last: date) -> Iterator[date]:
    begins = first if wish.first_day is None else max(first, wish.first_day)
    day = _on_or_after(begins, wish.weekday)
    if wish.first_day is not None:
        weeks = (day - _on_or_after(wish.first_day, wish.weekday)).days // DAYS_A_WEEK
        day += timedelta(weeks=-weeks % wish.every_weeks)
    while day <= last:
        yield day
        day += timedelta(weeks=wish.every_weeks)


def _reaching(wish: Weekly, first: date) -> date:
    """Give the first day on which a time begins that reaches into this one; it may take a week."""
    minutes = wish.starts.hour * 60 + wish.starts.minute + wish.minutes
    return first - timedelta(days=(minutes - 1) // MINUTES_A_DAY)


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % DAYS_A_WEEK)


def true_span(
    day: date, starts: time, minutes: int, zone: str
) -> Iterator[tuple[datetime, datetime]]:
    """Give the true span of a local one; none where the clock jumps over all of it."""
    wall = datetime.combine(day, starts)
    begins, ends = (wall_instant(each, zone) for each in (wall, wall + timedelta(minutes=minutes)))
    if begins < ends:
        yield begins, ends


def covering(spans: Iterable[Window], begins: datetime, ends: datetime) -> int | None:
    """Give the lowest preference over the windows that together cover a span; None if none do."""
    reached, lowest = begins, None
    for window in sorted(spans, key=lambda window: window.begins):
        if window.ends <= reached or window.begins >= ends:
            continue
        if window.begins > reached:
            return None
        reached = window.ends
        lowest = window.preference if lowest is None else min(lowest, window.preference)
        if reached >= ends:
            return lowest
    return None
