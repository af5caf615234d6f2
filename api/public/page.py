"""The public page: plain HTML that needs no script, for people in a hurry on any phone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from api.dates import clock, day_name, hours, zone_name
from api.languages.catalogues import translated_in
from api.languages.reading import ASKED, reading_in
from api.languages.templates import I18N, choices, speak
from api.public.linked_data import linked_data
from api.settings import Settings
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


def _written(
    template: str, found: PublicHours, now: datetime, language: str, **more: object
) -> bytes:
    """Write what both pages say, and what only one of them does."""
    zone = ZoneInfo(found.zone)
    ways = [
        (way.name, way.text, way.address, way.address.startswith(LINKS)) for way in found.elsewhere
    ]
    names = [language_name(tag, language) for tag in found.by_message]
    shown = _templates.get_template(template).render(
        name=found.name,
        slug=found.slug,
        zone=zone_name(found.zone, language),
        now=_now(found, zone, now.astimezone(zone).date(), language),
        ways=ways,
        by_message=[name[:1].upper() + name[1:] for name in names],
        **more,
    )
    return shown.encode()


def _as_of(at: datetime, found: PublicHours, now: datetime, language: str) -> str:
    zone = ZoneInfo(found.zone)
    return moment(at, zone, now.astimezone(zone).date(), language)


def ways_on(settings: Settings, slug: str, channel: str | None) -> dict[str, str]:
    """Give the addresses by which these hours are kept, passed on, or left."""
    only = "?" + urlencode({"channel": channel}) if channel else ""
    address = f"{settings.base_url.rstrip('/')}/open/{slug}"
    whole = address + only
    return {
        "only": only,
        "whole": whole,
        "by_mail": f"mailto:?body={quote(whole, safe='')}",
        "subscribed": f"webcal://{address.partition('://')[2]}.ics{only}",
        "leave_to": settings.leave_to,
    }


def page(
    found: PublicHours, now: datetime, language: str, channel: str | None, settings: Settings
) -> bytes:
    """Write the page as it stands in this minute."""
    with reading_in(language):
        return _written(
            "open.html",
            found,
            now,
            language,
            choices=choices(channel=channel),
            days=days(found, ZoneInfo(found.zone), now, language),
            linked_data=Markup(linked_data(found, now)),  # noqa: S704 -- it is JSON without <
            as_of=found.as_of and _as_of(found.as_of, found, now, language),
            **ways_on(settings, found.slug, channel),
        )


def embedded(found: PublicHours, now: datetime, language: str, channel: str | None = None) -> bytes:
    """Write what stands in frames of other sites: it names its minute, since nothing renews it."""
    kept = {ASKED: language} | ({"channel": channel} if channel else {})
    with reading_in(language):
        as_of = _as_of(found.as_of or now, found, now, language)
        whole = f"/open/{found.slug}?{urlencode(kept)}"
        return _written("embedded.html", found, now, language, as_of=as_of, whole=whole)
