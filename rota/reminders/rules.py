"""When somebody is reminded of tomorrow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """The day that somebody is to be reminded of now, and since what moment."""

    day: date
    since: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A seat that somebody holds: when its time begins, and since when they know of it."""

    begins: datetime
    known_since: datetime


def turn(now: datetime, zone: ZoneInfo, at: time) -> Turn | None:
    """Tell whether today's time for a reminder has come, on the person's own clock."""
    today = now.astimezone(zone).date()
    since = datetime.combine(today, at, zone).astimezone(UTC)
    return Turn(today + A_DAY, since) if now >= since else None


def has_tomorrow(turn: Turn, zone: ZoneInfo, seats: Iterable[Held]) -> bool:
    """Tell whether there is something tomorrow that was not taken only just now."""
    return any(
        seat.begins.astimezone(zone).date() == turn.day and seat.known_since < turn.since
        for seat in seats
    )
