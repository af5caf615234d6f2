"""Days in the sentences of rules, which have them in English, read again."""

import re
from datetime import date
from typing import NamedTuple

from babel import Locale

from api.languages.catalogues import SOURCE

ENGLISH = Locale(SOURCE)
MONTHS = [ENGLISH.months["format"]["wide"][at] for at in range(1, 13)]
WEEKDAYS = [ENGLISH.days["format"]["wide"][at] for at in range(7)]
A_DAY = re.compile(
    rf"(?:(?P<weekday>{'|'.join(WEEKDAYS)}) )?(?P<day>\d\d?) (?P<month>{'|'.join(MONTHS)})"
    r"(?: (?P<year>\d{4}))?(?P<rest>, \d\d:\d\d)?"
)
OLD_DAY = re.compile(rf"\b0\d (?:{'|'.join(MONTHS)})\b")
"""As days were once written; notices are kept as they were written."""
ANY_YEAR = range(2000, 2028)
"""In these every day of a month is every day of a week."""


class ReadDay(NamedTuple):
    """A day, whether its weekday and year were said, and the time behind it."""

    day: date
    weekday: bool
    year: bool
    rest: str


def read_day(text: str) -> ReadDay | None:
    """Read a day; where no year is said, it is one in which the day has its weekday."""
    found = A_DAY.fullmatch(text)
    if found is None:
        return None
    weekday, said = found["weekday"], found["year"]
    for year in [int(said)] if said else ANY_YEAR:
        try:
            day = date(year, MONTHS.index(found["month"]) + 1, int(found["day"]))
        except ValueError:
            continue
        if weekday in {None, WEEKDAYS[day.weekday()]}:
            return ReadDay(day, weekday is not None, said is not None, found["rest"] or "")
    return None
