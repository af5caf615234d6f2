"""The public page: plain HTML that needs no script, for people in a hurry on any phone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_name
from jinja2 import Environment, PackageLoader, StrictUndefined

from rota.open_hours.queries import PublicHours
from rota.open_hours.rules.hours import OpenHours
from rota.open_hours.rules.language_names import language_name

WEEKS_SHOWN = timedelta(weeks=4)
LINKS = ("https://", "http://", "tel:", "mailto:")

_templates = Environment(
    loader=PackageLoader("api.public"), autoescape=True, undefined=StrictUndefined
)


@dataclass(frozen=True, slots=True)
class Row:
    """One stretch of open hours in words."""

    times: str
    channel: str
    languages: str
    theme: str | None


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Show a time of day; of one that comes twice also which of the two it is."""
    local = at.astimezone(zone)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{local:%H:%M} ({local:%Z})" if twice else f"{local:%H:%M}"


def day_name(day: date) -> str:
    """Write a day as people say it."""
    return str(format_date(day, "EEEE d MMMM", locale="en"))


def moment(at: datetime, zone: ZoneInfo, today: date) -> str:
    """Write when something happens: only the time if it is today."""
    day = at.astimezone(zone).date()
    return clock(at, zone) if day == today else f"{clock(at, zone)} on {day_name(day)}"


def row(hours: OpenHours, channels: dict[str, str], zone: ZoneInfo) -> Row:
    """Write one stretch; what ends after midnight says so."""
    starts, ends = clock(hours.start, zone), clock(hours.end, zone)
    first, last = (at.astimezone(zone).date() for at in (hours.start, hours.end))
    later = " the next day" if last > first and ends != "00:00" else ""
    return Row(
        f"{starts} to {'midnight' if ends == '00:00' else ends}{later}",
        channels.get(hours.channel, hours.channel),
        ", ".join(language_name(tag) for tag in hours.languages),
        hours.theme,
    )


def days(found: PublicHours, zone: ZoneInfo, now: datetime) -> list[tuple[str, list[Row]]]:
    """Group four weeks of open hours by the local day of their start."""
    shown = [each for each in found.hours if each.start < now + WEEKS_SHOWN]
    return [
        (day_name(day), [row(each, found.channels, zone) for each in group])
        for day, group in groupby(shown, lambda each: each.start.astimezone(zone).date())
    ]


def _now(found: PublicHours, zone: ZoneInfo, today: date) -> dict[str, Any]:
    until, coming, due = found.now.until, found.next, found.answered_by
    return {
        "open": found.now.open,
        "busy": found.now.busy,
        "channels": ", ".join(found.channels.get(slug, slug) for slug in found.now.channels),
        "until": until and moment(until, zone, today),
        "next": coming and row(coming, found.channels, zone),
        "next_day": coming and day_name(coming.start.astimezone(zone).date()),
        "answered_by": due and moment(due, zone, today),
    }


def page(found: PublicHours, now: datetime) -> bytes:
    """Write the page as it stands in this minute."""
    zone = ZoneInfo(found.zone)
    today = now.astimezone(zone).date()
    ways = [
        (way.name, way.text, way.address, way.address.startswith(LINKS)) for way in found.elsewhere
    ]
    return (
        _templates.get_template("open.html")
        .render(
            name=found.name,
            slug=found.slug,
            zone=found.zone,
            zone_name=get_timezone_name(zone, locale="en"),
            now=_now(found, zone, today),
            ways=ways,
            days=days(found, zone, now),
            as_of=found.as_of and moment(found.as_of, zone, today),
        )
        .encode()
    )
