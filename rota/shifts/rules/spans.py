from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from rota.shifts.errors import EndBeforeStart, NaiveTime
from rota.shifts.rules.local_times import known_zone


class Span(NamedTuple):
    """Time from `start`, included, to `end`, excluded; both in UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """Give the time that truly passes; clock times of one zone would subtract wrongly."""
        return self.end - self.start


def span(start: datetime, end: datetime) -> Span:
    """Take two aware times of any zone; refuse naive ones, and an end before the start."""
    if start.utcoffset() is None or end.utcoffset() is None:
        raise NaiveTime
    made = Span(start.astimezone(UTC), end.astimezone(UTC))
    if made.end <= made.start:
        raise EndBeforeStart
    return made


def overlap(one: Span, other: Span) -> bool:
    """Tell whether they share time; back to back they do not."""
    return one.start < other.end and other.start < one.end


def joined(spans: Iterable[Span]) -> list[Span]:
    """Give the union, in order: what overlaps or touches becomes one span."""
    union: list[Span] = []
    for each in sorted(spans):
        if union and each.start <= union[-1].end:
            union[-1] = Span(union[-1].start, max(union[-1].end, each.end))
        else:
            union.append(each)
    return union


def local_day(instant: datetime, zone: str) -> date:
    """Give the day on which this instant falls in that zone, whatever the zone of who asks."""
    if instant.utcoffset() is None:
        raise NaiveTime
    return instant.astimezone(known_zone(zone)).date()
