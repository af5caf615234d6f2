"""What a rota covers and who gives how much of it, in plain numbers.

Times are UTC spans that include their start and exclude their end; hours of the week are local.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
DAYS, HOURS = 7, 24
Span = tuple[datetime, datetime]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class WeekTable:
    """How much of each hour of the week is covered: rows from Monday, columns from midnight.

    A share from 0 to 1 of all such hours in the period; None where the period has no such hour.
    """

    shares: tuple[tuple[float | None, ...], ...]

    @property
    def uncovered(self) -> list[tuple[int, int]]:
        """List the hours of the week, as day and hour, in which nobody ever is there."""
        return [
            (day, hour)
            for day, row in enumerate(self.shares)
            for hour, share in enumerate(row)
            if share == 0
        ]


def week_table(spans: Iterable[Span], begins: datetime, ends: datetime, zone: str) -> WeekTable:
    """Measure each local hour of the week by the time it truly has, also when clocks change."""
    clock = ZoneInfo(zone)
    covered = _minutes(((max(start, begins), min(end, ends)) for start, end in spans), clock)
    whole = _minutes([(begins, ends)], clock)
    return WeekTable(
        tuple(
            tuple(
                round(covered.get((day, hour), 0) / whole[day, hour], 4)
                if whole.get((day, hour))
                else None
                for hour in range(HOURS)
            )
            for day in range(DAYS)
        )
    )


def _minutes(spans: Iterable[Span], clock: ZoneInfo) -> dict[tuple[int, int], float]:
    found: dict[tuple[int, int], float] = {}
    for start, end in spans:
        for local, length in pieces(start.astimezone(UTC), end.astimezone(UTC), clock):
            cell = local.weekday(), local.hour
            found[cell] = found.get(cell, 0) + length.total_seconds() / 60
    return found


def pieces(start: datetime, end: datetime, clock: ZoneInfo) -> Iterator[tuple[datetime, timedelta]]:
    """Cut a span wherever a local clock shows a full hour."""
    while start < end:
        local = start.astimezone(clock)
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        until = min(end, start + HOUR - into)
        # where a clock changes within the hour, the piece ends at the change
        if until.astimezone(clock).utcoffset() != local.utcoffset():
            until = _change(start, until, clock)
        yield local, until - start
        start = until


def _change(start: datetime, end: datetime, clock: ZoneInfo) -> datetime:
    """Find the minute in which a zone's offset changes; clocks change at full minutes."""
    before = start.astimezone(clock).utcoffset()
    minutes = int((end - start) / timedelta(minutes=1))
    low, high = 0, minutes
    while low < high:
        middle = (low + high) // 2
        at = (start + timedelta(minutes=middle)).astimezone(clock).utcoffset()
        low, high = (middle + 1, high) if at == before else (low, middle)
    changed = (start + timedelta(minutes=low)).replace(second=0, microsecond=0)
    return changed if start < changed < end else end


def received(given: Mapping[Key, float]) -> dict[Key, float]:
    """Say what each member receives: an equal share of what each of the others gives.

    In sum as much is received as is given; a pool of one gives to itself alone.
    """
    others = len(given) - 1
    if others < 1:
        return dict.fromkeys(given, 0.0)
    total = sum(given.values())
    return {member: (total - own) / others for member, own in given.items()}


def mondays(first: date, weeks: int) -> list[date]:
    """List the Mondays of so many weeks from the week of a day on."""
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(weeks=week) for week in range(weeks)]


def week_of(moment: datetime, zone: str) -> date:
    """Give the Monday of the local week in which something begins."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


def midnight(day: date, zone: str) -> datetime:
    """Give when a local day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
