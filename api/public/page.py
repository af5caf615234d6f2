"""The public page: plain HTML that needs no script, for people in a hurry on any phone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from api.dates import clock, day_name, hours, zone_name
from api.languages.catalogues import translated_in
from api.languages.reading import reading_in
from api.languages.templates import I18N, choices, speak
from api.public.linked_data import linked_data
from rota.open_hours.queries import PublicHours
from rota.open_hours.rules.hours import CONFIRMED, OpenHours
from rota.open_hours.rules.language_names import language_name

WEEKS_SHOWN = timedelta(weeks=4)
LINKS = ("https://", "http://", "tel:", "mailto:")

_templates = speak(
    Environment(
        loader=PackageLoader("api.public"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[I18N],
    )
)


@dataclass(frozen=True, slots=True)
class Row:
    """One stretch of open hours in words."""

    times: str
    channel: str
    languages: str
    theme: str | None
    planned: bool


def moment(at: datetime, zone: ZoneInfo, today: date, language: str) -> str:
    """Write when something happens: only the time if it is today."""
    day, time = at.astimezone(zone).date(), clock(at, zone)
    if day == today:
        return time
    return translated_in(
        language, "%(time)s on %(day)s", time=time, day=day_name(day, today, language)
    )


def row(open_hours: OpenHours, channels: dict[str, str], zone: ZoneInfo, language: str) -> Row:
    """Write one stretch of open hours."""
    return Row(
        hours(open_hours.start, open_hours.end, zone, language),
        channels.get(open_hours.channel, open_hours.channel),
        ", ".join(language_name(tag, language) for tag in open_hours.languages),
        open_hours.theme,
        open_hours.status != CONFIRMED,
    )


def days(
    found: PublicHours, zone: ZoneInfo, now: datetime, language: str
) -> list[tuple[str, list[Row]]]:
    """Group four weeks of open hours by the local day of their start."""
    shown = [each for each in found.hours if each.start < now + WEEKS_SHOWN]
    today = now.astimezone(zone).date()
    return [
        (
            day_name(day, today, language),
            [row(each, found.channels, zone, language) for each in group],
        )
        for day, group in groupby(shown, lambda each: each.start.astimezone(zone).date())
    ]


def _now(found: PublicHours, zone: ZoneInfo, today: date, language: str) -> dict[str, Any]:
    until, coming, due = found.now.until, found.next, found.answered_by
    return {
        "open": found.now.open,
        "busy": found.now.busy,
        "channels": ", ".join(found.channels.get(slug, slug) for slug in found.now.channels),
        "until": until and moment(until, zone, today, language),
        "next": coming and row(coming, found.channels, zone, language),
        "next_day": coming and day_name(coming.start.astimezone(zone).date(), today, language),
        "answered_by": due and moment(due, zone, today, language),
    }


def page(found: PublicHours, now: datetime, language: str, channel: str | None = None) -> bytes:
    """Write the page as it stands in this minute."""
    zone = ZoneInfo(found.zone)
    today = now.astimezone(zone).date()
    ways = [
        (way.name, way.text, way.address, way.address.startswith(LINKS)) for way in found.elsewhere
    ]
    names = [language_name(tag, language) for tag in found.by_message]
    with reading_in(language):
        written = _templates.get_template("open.html").render(
            name=found.name,
            slug=found.slug,
            only=channel,
            choices=choices(channel=channel),
            zone=zone_name(found.zone, language),
            now=_now(found, zone, today, language),
            ways=ways,
            days=days(found, zone, now, language),
            by_message=[name[:1].upper() + name[1:] for name in names],
            linked_data=Markup(linked_data(found, now)),  # noqa: S704 -- it is JSON without <
            as_of=found.as_of and moment(found.as_of, zone, today, language),
        )
    return written.encode()
