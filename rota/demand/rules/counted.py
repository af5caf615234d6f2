"""What one project has counted in a pool, laid out by hour of the week."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from rota.demand.rules.estimates import WEEK_HOURS, Seen
from rota.records.rules.lists import TALKED, TURNED_AWAY

Hours = Mapping[int, float]
Counts = Mapping[tuple[UUID, int, str, str], int]
"""By channel, hour of the week, language and kind."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Who wrote, and for how long somebody was there, by channel; of so many weeks."""

    weeks: int
    opened: Mapping[UUID, Hours]
    closed: Mapping[UUID, Hours]
    counts: Counts

    def seen(self, channels: Collection[UUID], language: str | None = None) -> list[Seen]:
        """Lay channels side by side: an hour on two of them is two hours."""
        written: dict[tuple[int, str], int] = defaultdict(int)
        for (channel, hour, tag, kind), count in self.counts.items():
            if channel in channels and language in {None, tag}:
                written[hour, kind] += count
        opened, closed = (
            [
                sum(table.get(key, {}).get(hour, 0.0) for key in channels)
                for hour in range(WEEK_HOURS)
            ]
            for table in (self.opened, self.closed)
        )
        return [
            Seen(written[hour, TALKED], written[hour, TURNED_AWAY], opened[hour], closed[hour])
            for hour in range(WEEK_HOURS)
        ]

    def by_language(self, channels: Collection[UUID]) -> dict[str, dict[str, int]]:
        """Add up by kind who wrote in which language."""
        found: dict[str, dict[str, int]] = defaultdict(lambda: {TALKED: 0, TURNED_AWAY: 0})
        for (channel, _, tag, kind), count in self.counts.items():
            if channel in channels:
                found[tag][kind] += count
        return dict(found)
