import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from federation.projects.errors import SlugUnfit, UnknownZone

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


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
