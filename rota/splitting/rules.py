"""Where a shift may be divided, and what its two parts take of people's time: in sum the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from federation.errors import Reason

SHORTEST_PART = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Whole:
    """What of a shift decides whether it can be divided."""

    starts: datetime
    ends: datetime
    cancelled: bool
    asked: bool
    """Whether somebody has been asked for a seat and has not answered yet."""


def may_split(whole: Whole, at: datetime, now: datetime) -> tuple[Reason, ...]:
    """Give every reason why a shift cannot be divided at this moment; none means yes."""
    return tuple(_reasons(whole, at, now))


def _reasons(whole: Whole, at: datetime, now: datetime) -> Iterator[Reason]:
    if whole.cancelled:
        yield Reason("shift-cancelled", "This session has been cancelled.")
    if whole.starts <= now:
        yield Reason("already-started", "This session has begun. The past stays as it was.")
    if not whole.starts + SHORTEST_PART <= at <= whole.ends - SHORTEST_PART:
        yield Reason(
            "outside-shift", "Choose a time within the session, 15 minutes from either end or more."
        )
    if whole.asked:
        yield Reason(
            "answer-awaited",
            "Somebody has been asked for a seat of this session. Wait for the answer first.",
        )


def moment_within(starts: datetime, ends: datetime, zone: str, clock: time) -> datetime | None:
    """Find when a clock in this zone shows a time during a shift; of two such moments the first."""
    local = ZoneInfo(zone)
    first = starts.astimezone(local).date()
    days = (first + timedelta(days=n) for n in range(3))
    moments = (
        datetime.combine(day, clock.replace(fold=fold), local).astimezone(UTC)
        for day in days
        for fold in (0, 1)
    )
    shown = (
        each for each in moments if each.astimezone(local).time() == clock and starts < each < ends
    )
    return next(shown, None)
