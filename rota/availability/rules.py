"""When a person can work: weekly wishes in local time become spans of UTC."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from federation.errors import Reason
from rota.shifts.rules.local_times import known_zone

MINUTES_A_WEEK = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Weekly:
    """A wish as a person enters it: a weekday (Monday 0), a local time, a length, a preference."""

    weekday: int
    starts: time
    minutes: int
    zone: str
    preference: int


@dataclass(frozen=True, slots=True)
class Window:
    """A span of UTC in which a person can work; preference 0 if needed, 1 can, 2 prefers."""

    begins: datetime
    ends: datetime
    preference: int


@dataclass(slots=True)
class Calendar:
    """What home knows of one person's time in a period; it never leaves home as it is."""

    available: list[Window] = field(default_factory=list)
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    trainings: list[tuple[str, date, date]] = field(default_factory=list)


def wrong_wishes(wishes: Iterable[Weekly]) -> tuple[Reason, ...]:
    """Give every reason why these cannot be weekly times; an unknown zone is refused at once."""
    found: dict[Reason, None] = {}
    for wish in wishes:
        known_zone(wish.zone)
        checks = {
            Reason("wrong-weekday", "The weekday is a number from 0, Monday, to 6, Sunday."): (
                wish.weekday in range(7)
            ),
            Reason("wrong-length", "A weekly time takes at least one minute and at most a week."): (
                0 < wish.minutes <= MINUTES_A_WEEK
            ),
            Reason("wrong-preference", "A preference is 0 if needed, 1 can, or 2 prefers."): (
                wish.preference in range(3)
            ),
        }
        found |= {reason: None for reason, holds in checks.items() if not holds}
    return tuple(found)


def windows(weekly: Iterable[Weekly], first: date, last: date) -> list[Window]:
    """Spread weekly wishes over the days `first` to `last` (both included), in order of start.

    The end is meant in local time too: 17:00 to 22:00 ends at 22:00 on the day of a clock change.
    """
    spread = [
        window
        for wish in weekly
        for day in _days(wish.weekday, first, last)
        if (window := _on(wish, day)).begins < window.ends
    ]
    return sorted(spread, key=lambda window: (window.begins, window.ends))


def _days(weekday: int, first: date, last: date) -> Iterator[date]:
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    while day <= last:
        yield day
        day += timedelta(weeks=1)


def _on(wish: Weekly, day: date) -> Window:
    zone = ZoneInfo(wish.zone)
    begins = datetime.combine(day, wish.starts, zone)
    # wall-clock arithmetic: both ends are what a clock on the wall shows
    ends = begins + timedelta(minutes=wish.minutes)
    return Window(begins.astimezone(UTC), ends.astimezone(UTC), wish.preference)


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
