"""For how long somebody was there to be written to, by hour of the local week."""

from collections.abc import Container, Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from federation.errors import Reason
from rota.coverage.rules import DAYS, HOUR, HOURS, Span, mondays, pieces

MOST_WEEKS = 26
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


def hours_of_week(
    spans: Iterable[Span], zone: str, weeks: Container[date] | None = None
) -> dict[int, float]:
    """Add up hours by hour of the week, as clocks truly went; of certain weeks, or of all."""
    clock = ZoneInfo(zone)
    found: dict[int, float] = {}
    for start, end in spans:
        for local, length in pieces(start, end, clock):
            day = local.date()
            if weeks is None or day - timedelta(days=day.weekday()) in weeks:
                hour = day.weekday() * HOURS + local.hour
                found[hour] = found.get(hour, 0.0) + length / HOUR
    return found
