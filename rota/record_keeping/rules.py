"""How long single records are kept (guidance 4.5): a stated time, then only sums."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale

from federation.errors import Reason
from federation.screen.rules import WORDS, findings
from protocols.search_words.rules import words_of

MOST_DAYS, MOST_AREAS, LONGEST_AREA = 1096, 200, 60
USUAL_DAYS = {"NL": 365, "RO": 365}
"""By jurisdiction, where a project has said nothing."""
SPOKEN = ("en", "nl", "ro")
"""Languages in which a jurisdiction may be named."""
ELSEWHERE_DAYS = 730
KEEP_DAYS = "Keep records for 1 to %(number)s days."
MANY_AREAS = "At most %(number)s areas of at most %(limit)s characters."
PERSONAL = "Area %(number)s looks like %(what)s, not like a town."
PERHAPS_A_NAME = (
    "Area %(number)s could be somebody's name. If it is not, say that all of these are places."
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project records beyond what all do, and how long it keeps single records."""

    keep_days: int
    areas: tuple[str, ...] = ()
    asks_gender: bool = False
    asks_nationality: bool = False
    keeps_notes: bool = False


def usual_settings(jurisdiction: str) -> Settings:
    """Give what holds where a project has said nothing."""
    return Settings(_days_by_name().get(_plain(jurisdiction), ELSEWHERE_DAYS))


@cache
def _days_by_name() -> dict[str, int]:
    """Give the usual days by every way in which somebody may have written a jurisdiction."""
    names = {
        _plain(name): days
        for country, days in USUAL_DAYS.items()
        for name in (country, *(Locale(tag).territories[country] for tag in SPOKEN))
    }
    return names | {f"the-{name}": days for name, days in names.items()}


def _plain(written: str) -> str:
    """Leave out capitals, accents, and whether words are joined by spaces or hyphens."""
    return "-".join(words_of(written))


def wrong_settings(
    settings: Settings, before: Collection[str] = (), *, places: bool = False
) -> tuple[Reason, ...]:
    """Give every reason why these settings cannot hold.

    A town may be called as somebody is: then a coordinator has said that all are `places`, or it
    was one of the areas `before`.
    """
    wrong = []
    if not 1 <= settings.keep_days <= MOST_DAYS:
        wrong.append(Reason("keep-days", KEEP_DAYS % {"number": MOST_DAYS}))
    if len(settings.areas) > MOST_AREAS or any(
        not 1 <= len(area) <= LONGEST_AREA for area in settings.areas
    ):
        wrong.append(Reason("areas", MANY_AREAS % {"number": MOST_AREAS, "limit": LONGEST_AREA}))
        return tuple(wrong)
    known = settings.areas if places else before
    return (*wrong, *_personal(settings.areas, known))


def _personal(areas: Iterable[str], known: Collection[str]) -> Iterable[Reason]:
    for number, area in enumerate(areas, 1):
        kinds = {one.kind for one in findings(area)}
        for kind in sorted(kinds - {"name"}):
            yield Reason("area-personal", PERSONAL % {"number": number, "what": WORDS[kind]})
        if kinds == {"name"} and area not in known:
            yield Reason("area-perhaps-a-name", PERHAPS_A_NAME % {"number": number})


def local_day(moment: datetime, zone: str) -> date:
    """Give the day on which something was, by a project's own calendar."""
    return moment.astimezone(ZoneInfo(zone)).date()


def last_day_to_delete(now: datetime, zone: str, keep_days: int) -> date:
    """Give the last day whose records have been kept for as many whole local days as was said.

    A record of day D is there until the end of day D + `keep_days`, whatever clocks did meanwhile.
    """
    return local_day(now, zone) - timedelta(days=keep_days + 1)
