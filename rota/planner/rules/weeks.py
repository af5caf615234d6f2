"""Days and weeks as people in the pool's zone live them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1) // TICK
HOUR = 60 * MINUTE

Moment = int  # ticks since the epoch: whole numbers make every sum exact


def moment(when: datetime) -> Moment:
    """Count a time in ticks, whatever its offset."""
    return (when - EPOCH) // TICK


def instant(ticks: Moment) -> datetime:
    """Give the time, in UTC, of a number of ticks."""
    return EPOCH + ticks * TICK


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where a moment lies in local days and ISO weeks."""

    zone: ZoneInfo

    def local(self, ticks: Moment) -> datetime:
        """Read the clock on the zone's wall."""
        return instant(ticks).astimezone(self.zone)

    def day(self, ticks: Moment) -> date:
        """Find the local day."""
        return self.local(ticks).date()

    def day_of_end(self, ticks: Moment) -> date:
        """Find the day of an end: at midnight, the day that ends."""
        return self.day(ticks - 1)

    def day_start(self, day: date) -> Moment:
        """Find when a local day begins."""
        return moment(datetime.combine(day, time.min, self.zone))

    def split(self, start: Moment, end: Moment) -> tuple[tuple[date, int], ...]:
        """How much of a span lies in each ISO week, a week being named by its Monday."""
        parts = []
        while start < end:
            week = monday(self.day(start))
            turn = min(end, self.day_start(week + timedelta(days=7)))
            parts.append((week, turn - start))
            start = turn
        return tuple(parts)


def monday(day: date) -> date:
    """Find the first day of the day's ISO week."""
    return day - timedelta(days=day.weekday())
