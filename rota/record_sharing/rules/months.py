"""When a month is published: once, when no record of it can be written any more."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rota.record_keeping.rules import local_day

WAITING_DAYS = 15
"""Records are written until fourteen days after a session; one that began on the last day may end
a day later."""


def month_of(day: date) -> date:
    """Give the month of a day, by its first."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Give the month after one."""
    return month_of(month + timedelta(days=31))


def due_at(month: date, zone: str) -> datetime:
    """Say when a month is published: once the fifteenth day after its end is over there."""
    day = next_month(month) + timedelta(days=WAITING_DAYS)
    return datetime.combine(day, time(), ZoneInfo(zone))


def months_due(first: date, now: datetime, zone: str) -> Iterator[date]:
    """List the months from a first one on whose time to be published has come."""
    month = first
    while due_at(month, zone) <= now:
        yield month
        month = next_month(month)


def is_over(month: date, now: datetime, zone: str) -> bool:
    """Tell whether a month has ended by a zone's clocks."""
    return next_month(month) <= local_day(now, zone)
