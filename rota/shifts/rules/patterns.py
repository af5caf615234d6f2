"""From a weekly rule in local time to the sessions that it means.

A pattern gives two clock times: when it starts, and `minutes` later on the same clock, when it
ends. Both are read off the wall on each day by itself. So a night shift of 22:00 to 06:00 ends at
06:00 also when clocks change in between: it then takes seven or nine true hours, and the 06:00
shift that follows leaves neither gap nor overlap. What people work is the true length of the span.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta, weekday
from dateutil.rrule import WEEKLY, rrule

from federation.errors import Reason
from rota.shifts.errors import NoSuchLocalTime, WrongPattern
from rota.shifts.rules.local_times import instant, known_zone
from rota.shifts.rules.spans import Span, span

LONGEST_MINUTES = 24 * 60
MOST_WEEKS = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """The part of a pattern that decides when; `last_day` is included, or there is none."""

    weekday: int
    starts: time
    minutes: int
    zone: str
    first_day: date
    last_day: date | None = None
    every_weeks: int = 1


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One session of a pattern; `day` is the local day of its start, and names it for good."""

    day: date
    span: Span


@dataclass(frozen=True, slots=True)
class Question:
    """A day on which the pattern's clock time does not exist: somebody has to say what holds."""

    day: date
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody has said about such a day."""

    starts: time
    minutes: int


@dataclass(frozen=True, slots=True)
class Occurrences:
    """What a pattern means within some days, and what it leaves open."""

    found: list[Occurrence] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def wrong_values(weekly: Weekly) -> tuple[Reason, ...]:
    """Give every reason why this can be no pattern, apart from its zone."""
    last_day = weekly.last_day or weekly.first_day
    checks = {
        Reason("wrong-weekday", "The weekday is a number from 0, Monday, to 6, Sunday."): (
            0 <= weekly.weekday <= 6  # noqa: PLR2004 -- the sentence beside it explains it
        ),
        Reason("wrong-length", "A shift takes at least one minute and at most 24 hours."): (
            0 < weekly.minutes <= LONGEST_MINUTES
        ),
        Reason("wrong-interval", "A pattern repeats every week, or every 2 to 52 weeks."): (
            1 <= weekly.every_weeks <= MOST_WEEKS
        ),
        Reason("end-before-start", "The last day must not come before the first."): (
            last_day >= weekly.first_day
        ),
    }
    return tuple(reason for reason, holds in checks.items() if not holds)


def checked(weekly: Weekly) -> Weekly:
    """Refuse a pattern that could never be followed, with all reasons at once."""
    known_zone(weekly.zone)
    if wrong := wrong_values(weekly):
        raise WrongPattern(reasons=wrong)
    return weekly


def days(weekly: Weekly, since: date, until: date) -> Iterator[date]:
    """Give the pattern's days from `since`, included, to `until`, excluded.

    Intervals count from its first day that is such a weekday, so that a pattern over two weeks
    begins at once and not in its second week.
    """
    if weekly.first_day >= until:
        return
    first = weekly.first_day + relativedelta(weekday=weekday(weekly.weekday))
    step = timedelta(weeks=weekly.every_weeks)
    first += max((since - first) // step, 0) * step
    last = min(until - timedelta(days=1), weekly.last_day or date.max)
    rule = rrule(
        WEEKLY,
        interval=weekly.every_weeks,
        dtstart=datetime.combine(first, time()),
        until=datetime.combine(last, time()),
    )
    for found in rule.xafter(datetime.combine(since, time()), inc=True):
        yield found.date()


def occurrence(day: date, starts: time, minutes: int, zone: str) -> Occurrence:
    """Read both clock times of one day; either may not exist."""
    wall = datetime.combine(day, starts.replace(tzinfo=None))
    return Occurrence(
        day, span(instant(wall, zone), instant(wall + timedelta(minutes=minutes), zone))
    )


def occurrences(
    weekly: Weekly, since: date, until: date, answers: dict[date, Answer] | None = None
) -> Occurrences:
    """Work out the sessions from `since` to `until`, and ask where a clock time does not exist."""
    checked(weekly)
    result = Occurrences()
    for day in days(weekly, since, until):
        said = (answers or {}).get(day, Answer(weekly.starts, weekly.minutes))
        try:
            result.found.append(occurrence(day, said.starts, said.minutes, weekly.zone))
        except NoSuchLocalTime as asked:
            result.questions.append(Question(day, asked.code, asked.sentence))
    return result
