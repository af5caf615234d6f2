"""Days and times as people say them, on the clock of a zone."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_name


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Show a time of day; of one that comes twice also which of the two it is."""
    local = at.astimezone(zone)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{local:%H:%M} ({local:%Z})" if twice else f"{local:%H:%M}"


@lru_cache(maxsize=512)
def day_name(day: date, today: date | None = None) -> str:
    """Write a day as people say it; with its year where that is not the year of `today`."""
    other_year = today is not None and day.year != today.year
    return str(format_date(day, "EEEE d MMMM y" if other_year else "EEEE d MMMM", locale="en"))


@lru_cache(maxsize=512)
def full_date(day: date) -> str:
    """Write a day with its year."""
    return str(format_date(day, "d MMMM y", locale="en"))


def date_at(at: datetime, zone: ZoneInfo) -> str:
    """Write the day of a moment, with its year, as the clock of a zone has it."""
    return full_date(at.astimezone(zone).date())


def hours(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Write from when to when; what ends after midnight says so."""
    starts, ends = clock(start, zone), clock(end, zone)
    first, last = (at.astimezone(zone).date() for at in (start, end))
    later = " the next day" if last > first and ends != "00:00" else ""
    return f"{starts} to {'midnight' if ends == '00:00' else ends}{later}"


def moment(at: datetime) -> str:
    """Write a local time with its day, such as "Tuesday 5 January, 19:00"."""
    return f"{day_name(at.date())}, {at:%H:%M}"


@lru_cache(maxsize=256)
def zone_name(zone: str) -> str:
    """Name a zone for people, and as computers know it."""
    return f"{get_timezone_name(ZoneInfo(zone), locale='en')} ({zone})"
