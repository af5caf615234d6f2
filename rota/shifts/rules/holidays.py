"""Public holidays by region, named as ISO 3166 does: a country as `NL`, a part as `GB-SCT`."""

from datetime import date
from functools import lru_cache

from holidays import country_holidays, list_supported_countries

from rota.shifts.errors import UnknownRegion

LANGUAGE = "en_US"
BY_JURISDICTION = {
    "england-and-wales": "GB-ENG",
    "scotland": "GB-SCT",
    "northern-ireland": "GB-NIR",
    "ireland": "IE",
    "netherlands": "NL",
}
"""Where a project's jurisdiction tells its region; other regions are named by hand."""

NO_SUCH_REGION = "The holidays of “%(name)s” are not known. Use a code such as NL or GB-SCT."


@lru_cache(maxsize=1)
def _countries() -> dict[str, list[str]]:
    return dict(list_supported_countries(include_aliases=False))


def known_region(name: str) -> str:
    """Refuse a region whose holidays nobody has listed."""
    country, _, part = name.partition("-")
    if country not in _countries() or (part and part not in _countries()[country]):
        raise UnknownRegion(NO_SUCH_REGION % {"name": name[:20]})
    return name


@lru_cache(maxsize=500)
def _of_year(region: str, year: int, language: str) -> dict[date, str]:
    country, _, part = known_region(region).partition("-")
    return dict(country_holidays(country, subdiv=part or None, years=[year], language=language))


def holiday_on(day: date, region: str) -> str | None:
    """Name the public holiday of a day in this region, if it is one."""
    return _of_year(region, day.year, LANGUAGE).get(day)


def holiday_in(language: str, day: date, region: str) -> str | None:
    """Name it in a language; None where its list is not in that language, or the day is none."""
    country = known_region(region).partition("-")[0]
    if language not in _languages(country):
        return None
    return _of_year(region, day.year, language).get(day)


@lru_cache(maxsize=50)
def _languages(country: str) -> frozenset[str]:
    return frozenset(country_holidays(country).supported_languages)
