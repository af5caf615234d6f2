"""Opening hours as search engines read them: schema.org, in JSON-LD."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from rota.open_hours.queries import PublicHours
from rota.open_hours.rules.hours import CONFIRMED, OpenHours

AHEAD = timedelta(days=7)
LAST_MOMENT = time(23, 59, 59)


def linked_data(found: PublicHours, now: datetime) -> str:
    """Write a week of confirmed hours by channel, safe to stand within a page."""
    zone = ZoneInfo(found.zone)
    hours = [each for each in found.hours if each.status == CONFIRMED and each.start < now + AHEAD]
    told = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": found.name,
        "contactPoint": [
            _contact(name, [each for each in hours if each.channel == slug], zone)
            for slug, name in sorted(found.channels.items())
            if any(each.channel == slug for each in hours)
        ],
    }
    return msgspec.json.encode(told).decode().replace("<", "\\u003c")


def _contact(name: str, hours: list[OpenHours], zone: ZoneInfo) -> dict[str, Any]:
    languages = sorted({tag for each in hours for tag in each.languages})
    contact: dict[str, Any] = {"@type": "ContactPoint", "contactType": name}
    if languages:
        contact["availableLanguage"] = languages
    contact["hoursAvailable"] = [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": day.isoformat(),
            "validThrough": day.isoformat(),
            "opens": opens,
            "closes": closes,
        }
        for each in hours
        for day, opens, closes in _days(each, zone)
    ]
    return contact


def _days(hours: OpenHours, zone: ZoneInfo) -> Iterator[tuple[date, str, str]]:
    """Cut hours at local midnight: an opening belongs to one day."""
    start, end = hours.start.astimezone(zone), hours.end.astimezone(zone)
    day = start.date()
    while day <= end.date():
        opens = start.time() if day == start.date() else time()
        closes = end.time() if day == end.date() else LAST_MOMENT
        if opens < closes:
            yield day, opens.isoformat("seconds"), closes.isoformat("seconds")
        day += timedelta(days=1)
