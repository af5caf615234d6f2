"""Days and times as people say them, on the clock of a zone and in a language."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names, get_timezone_name

from api.languages.catalogues import SOURCE, translated_in

DAYS = {"en": "EEEE d MMMM", "nl": "EEEE d MMMM", "ro": "EEEE, d MMMM"}
"""How a day is written without its year; a language that is added gets its own line."""


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Show a time of day; of one that comes twice also which of the two it is."""
    local = at.astimezone(zone)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{local:%H:%M} ({local:%Z})" if twice else f"{local:%H:%M}"


@lru_cache(maxsize=1024)
def day_name(day: date, today: date | None = None, language: str = SOURCE) -> str:
    """Write a day as people say it; with its year where that is not the year of `today`."""
    year = " y" if today is not None and day.year != today.year else ""
    return str(format_date(day, DAYS[language] + year, locale=language))


@lru_cache(maxsize=1024)
def day_and_month(day: date, language: str = SOURCE) -> str:
    """Write a day without its weekday and year."""
    return str(format_date(day, "d MMMM", locale=language))


@lru_cache(maxsize=1024)
def short_day(day: date, language: str = SOURCE) -> str:
    """Write a day with its month in a few letters, as the head of a table has room for."""
    return str(format_date(day, "d MMM", locale=language))


@lru_cache(maxsize=1024)
def full_date(day: date, language: str = SOURCE) -> str:
    """Write a day with its year."""
    return str(format_date(day, "d MMMM y", locale=language))


@lru_cache(maxsize=64)
def weekday_name(weekday: int, language: str = SOURCE) -> str:
    """Name a day of the week, counted from Monday."""
    return str(get_day_names("wide", "stand-alone", locale=language)[weekday])


@lru_cache(maxsize=64)
def short_weekday(weekday: int, language: str = SOURCE) -> str:
    """Name a day of the week in a few letters, as the head of a table has room for."""
    return str(get_day_names("abbreviated", "stand-alone", locale=language)[weekday])


@lru_cache(maxsize=64)
def month_name(day: date, language: str = SOURCE) -> str:
    """Name the month of a day."""
    return str(format_date(day, "LLLL", locale=language))


@lru_cache(maxsize=64)
def short_month(day: date, language: str = SOURCE) -> str:
    """Name the month of a day in a few letters, as a bar of a picture has room for."""
    return str(format_date(day, "LLL", locale=language))


@lru_cache(maxsize=64)
def full_month(day: date, language: str = SOURCE) -> str:
    """Name the month of a day with its year."""
    return str(format_date(day, "LLLL y", locale=language))


def date_at(at: datetime, zone: ZoneInfo, language: str = SOURCE) -> str:
    """Write the day of a moment, with its year, as the clock of a zone has it."""
    return full_date(at.astimezone(zone).date(), language)


def hours(start: datetime, end: datetime, zone: ZoneInfo, language: str = SOURCE) -> str:
    """Write from when to when; what ends after midnight says so."""
    starts, ends = clock(start, zone), clock(end, zone)
    first, last = (at.astimezone(zone).date() for at in (start, end))
    if ends == "00:00":
        return translated_in(language, "%(start)s to midnight", start=starts)
    if last > first:
        return translated_in(language, "%(start)s to %(end)s the next day", start=starts, end=ends)
    return translated_in(language, "%(start)s to %(end)s", start=starts, end=ends)


def moment(at: datetime, language: str = SOURCE) -> str:
    """Write a local time with its day, such as "Tuesday 5 January, 19:00"."""
    return f"{day_name(at.date(), language=language)}, {at:%H:%M}"


@lru_cache(maxsize=256)
def zone_name(zone: str, language: str = SOURCE) -> str:
    """Name a zone for people, and as computers know it."""
    return f"{get_timezone_name(ZoneInfo(zone), locale=language)} ({zone})"
