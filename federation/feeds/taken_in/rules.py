"""How much of one partner a node takes in, whatever it is: what it says becomes rows here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from federation.feeds.rules.chain import WireEvent

WITHIN = timedelta(days=90)
"""As long as a feed's words are kept before they are folded."""
RECALL = "recall"
"""Stands for all withdrawals: no kind of event has this name."""
RECALLS, RECALL_BYTES = 50_000, 2**25
"""Withdrawals of one partner within 90 days that change something here; they are kept for ever."""
OTHER = "other"
"""Stands for all kinds that this version does not know: their names are for the partner to make."""


class Amount(NamedTuple):
    """How many events of a kind, and how many bytes they had."""

    events: int
    bytes: int


@dataclass(frozen=True)
class Measure:
    """What is taken in within 90 days: events of each kind, and bytes of all kinds together."""

    events: int
    bytes: int
    events_of: Mapping[str, int] = field(default_factory=dict)
    """Where a kind is said far more often than others."""

    def holds(self, taken: Mapping[str, Amount]) -> bool:
        """Tell whether this much may be taken in."""
        return sum(each.bytes for each in taken.values()) <= self.bytes and all(
            each.events <= self.events_of.get(kind, self.events) for kind, each in taken.items()
        )


def week_of(now: datetime) -> date:
    """Give the Monday of a moment's week: what is said is summed up by weeks."""
    today = now.astimezone(UTC).date()
    return today - timedelta(days=today.weekday())


def amounts(events: Sequence[WireEvent], known: Collection[str]) -> dict[str, Amount]:
    """Sum events up by their kinds."""
    found: dict[str, Amount] = {}
    for event in events:
        kind = event.kind if event.kind in known else OTHER
        had = found.get(kind, Amount(0, 0))
        found[kind] = Amount(had.events + 1, had.bytes + len(event.payload or ""))
    return found


def together(one: Mapping[str, Amount], other: Mapping[str, Amount]) -> dict[str, Amount]:
    """Add two sums."""
    nothing = Amount(0, 0)
    return {
        kind: Amount(
            one.get(kind, nothing).events + other.get(kind, nothing).events,
            one.get(kind, nothing).bytes + other.get(kind, nothing).bytes,
        )
        for kind in one.keys() | other.keys()
    }
