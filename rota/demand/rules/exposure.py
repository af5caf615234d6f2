"""For how long somebody was there to be written to, by hour of the local week."""

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from federation.errors import Reason
from rota.coverage.rules import DAYS, HOUR, HOURS, Span, mondays, pieces
from rota.shifts.rules.patterns import Timing

MOST_WEEKS = 26
SHARE_PLACES = 4
HOW_MANY = "Leave out 1 to %(number)s weeks at once."
WHY_LEFT_OUT = {
    "campaign": "a campaign",
    "holidays": "holidays",
    "outage": "an outage",
    "other": "something else",
}


def wrong_weeks(weeks: int, reason: str) -> tuple[Reason, ...]:
    """Give every reason why weeks cannot be left out."""
    checks = {
        Reason("how-many-weeks", HOW_MANY % {"number": MOST_WEEKS}): (1 <= weeks <= MOST_WEEKS),
        Reason("unknown-reason-for-weeks", "Choose from the list why."): reason in WHY_LEFT_OUT,
    }
    return tuple(each for each, holds in checks.items() if not holds)


def mondays_left_out(weeks: Iterable[tuple[date, int]]) -> frozenset[date]:
    """List the Mondays of all weeks left out, each given by its first one and how many follow."""
    return frozenset(
        monday + timedelta(weeks=number) for monday, count in weeks for number in range(count)
    )


def mondays_between(first: date, until: date) -> frozenset[date]:
    """List the weeks from a Monday to another one, which is not among them."""
    return frozenset(mondays(first, (until - first).days // DAYS))


def latest_weeks(until: date, number: int, left_out: Container[date]) -> frozenset[date]:
    """Choose the last so many weeks before a Monday that are not left out."""
    found, monday = set[date](), until
    while len(found) < number:
        monday -= timedelta(weeks=1)
        if monday not in left_out:
            found.add(monday)
    return frozenset(found)


def runs(weeks: Iterable[date]) -> list[tuple[date, date]]:
    """Write weeks that follow one another as one, from its first day to the one after its last."""
    found: list[tuple[date, date]] = []
    for monday in sorted(weeks):
        until = monday + timedelta(weeks=1)
        if found and found[-1][1] == monday:
            found[-1] = (found[-1][0], until)
        else:
            found.append((monday, until))
    return found


class Sat(NamedTuple):
    """A session on which own people sat: on how many of the seats that somebody held.

    Of one from an old table no seats are known, and both numbers are 0.
    """

    starts: datetime
    ends: datetime
    own: int
    held: int
    was_open: bool


class Stretch(NamedTuple):
    """Time in which own people were there, and what share of those who write came to them."""

    starts: datetime
    ends: datetime
    share: float


@dataclass(frozen=True, slots=True)
class TimeThere:
    """When a project's people sat on a channel's sessions: while it was open, and else."""

    opened: list[Stretch] = field(default_factory=list)
    closed: list[Stretch] = field(default_factory=list)


def laid_together(sat: Collection[Sat]) -> TimeThere:
    """Lay a channel's sessions together: whoever writes meets each of its seats alike.

    What an old table says twice beside the rota is told by the rota, which knows of seats.
    """
    changes = [(one.starts, 1, one) for one in sat] + [(one.ends, -1, one) for one in sat]
    changes.sort(key=lambda change: change[0])
    found = TimeThere()
    own = held = there = are_open = 0
    for (at, sign, one), (until, _, _) in pairwise(changes):
        own, held = own + sign * one.own, held + sign * one.held
        there, are_open = there + sign, are_open + sign * one.was_open
        if there and at < until:
            stretch = Stretch(at, until, own / held if held else 1.0)
            (found.opened if are_open else found.closed).append(stretch)
    return found


def hours_of_week(
    spans: Iterable[Span], zone: str, weeks: Container[date] | None = None
) -> dict[int, float]:
    """Add up hours by hour of the week, as clocks truly went; of certain weeks, or of all."""
    return shared_hours((Stretch(start, end, 1.0) for start, end in spans), zone, weeks)


def shared_hours(
    stretches: Iterable[Stretch], zone: str, weeks: Container[date] | None = None
) -> dict[int, float]:
    """Add up hours by hour of the week, each by the share of it that was one's own."""
    clock = ZoneInfo(zone)
    found: dict[int, float] = {}
    for start, end, share in stretches:
        for local, length in pieces(start, end, clock):
            day = local.date()
            if weeks is None or day - timedelta(days=day.weekday()) in weeks:
                hour = day.weekday() * HOURS + local.hour
                found[hour] = found.get(hour, 0.0) + share * (length / HOUR)
    return found


def covered_shares(
    spans: Iterable[Span], whole: Iterable[Span], zone: str, weeks: Container[date]
) -> list[float | None]:
    """Say what share of each hour of the week is covered; None of one that the weeks never have."""
    there, all_of_it = (hours_of_week(each, zone, weeks) for each in (spans, whole))
    return [
        round(there.get(hour, 0.0) / all_of_it[hour], SHARE_PLACES) if hour in all_of_it else None
        for hour in range(DAYS * HOURS)
    ]


def hours_of_series(monday: date, timing: Timing, zone: str) -> dict[int, float]:
    """Lay a series into a week, to see in which hours of the pool's clock it usually is.

    Its length is read off the wall: a night in which clocks change is in the same hours as others.
    """
    day = monday + timedelta(days=timing.weekday)
    starts = datetime.combine(day, timing.starts, ZoneInfo(timing.zone)).astimezone(ZoneInfo(zone))
    on_the_wall = starts.replace(tzinfo=UTC)
    length = timedelta(minutes=timing.minutes)
    return hours_of_week([(on_the_wall, on_the_wall + length)], "UTC")
