import re
from collections.abc import Collection
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from federation.projects.errors import ProjectUnfit, SlugUnfit, UnknownZone

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")

LONGEST_NAME = 200
MOST_LANGUAGES = 50
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def require_fit(names: Collection[str], languages: Collection[str]) -> None:
    """Refuse what a partner would not read (`pools.stated`)."""
    named = all(name.strip() and len(name) <= LONGEST_NAME for name in names)
    spoken = len(languages) <= MOST_LANGUAGES and all(map(_TAG.fullmatch, languages))
    if not (named and spoken):
        raise ProjectUnfit


def require_slug(slug: str) -> str:
    """Accept a short name that is fit for an address."""
    if not SLUG.fullmatch(slug):
        raise SlugUnfit
    return slug


def require_zone(zone: str) -> str:
    """Accept the name of a time zone that is known here."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone from error
    return zone
