"""From a recurring rule in local time to the sessions that it means.

A pattern gives two clock times: when it starts, and `minutes` later on the same clock, when it
ends. Both are read off the wall on each day by itself. So a night shift of 22:00 to 06:00 ends at
06:00 also when clocks change in between: it then takes seven or nine true hours, and the 06:00
shift that follows leaves neither gap nor overlap. What people work is the true length of the span.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta, weekday
from dateutil.rrule import MONTHLY, WEEKLY, rrule
from dateutil.rrule import weekday as nth_weekday

from federation.errors import Reason
from rota.shifts.errors import NoSuchLocalTime, WrongPattern
from rota.shifts.rules.holidays import holiday_on, known_region
from rota.shifts.rules.local_times import instant, known_zone
from rota.shifts.rules.spans import Span, span

LONGEST_MINUTES = 24 * 60
MOST_WEEKS = 52
MOST_PAUSES = 50
ONCE, WEEKLY_REPEATS, MONTHLY_REPEATS = "once", "weekly", "monthly"
NTHS = (1, 2, 3, 4, -1)
RUN, SKIP = "run", "skip"
LEFT_OUT = (PAUSED, CLOCK_CHANGES) = ("Pause", "The clock changes")
"""Why a day has no session, apart from holidays, which have names of their own."""

MANY_PAUSES = "A pause ends after it begins; there are at most %(number)s."


@dataclass(frozen=True, slots=True)
class Pause:
    """Days without sessions, the first and the last included."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The part of a pattern that decides when; `last_day` is included, or there is none.

    It repeats every few weeks, or on the `nth` such weekday of each month (-1 is the last), or is
    meant once, on its first day. On public holidays of its region it runs, or skips the day.
    """

    weekday: int
    starts: time
    minutes: int
    zone: str
    first_day: date
    last_day: date | None = None
    every_weeks: int = 1
    repeats: str = WEEKLY_REPEATS
    nth: int | None = None
    pauses: tuple[Pause, ...] = ()
    holidays: str = RUN
    holiday_region: str | None = None


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
class Skipped:
    """A day of the rhythm without a session: in a pause, on a holiday, or as somebody has said."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody has said about such a day."""

    starts: time
    minutes: int


Answers = Mapping[date, Answer | None]
"""What holds on days on which the clock jumps; None where no session takes place."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """What a pattern means within some days, what it leaves out, and what it leaves open."""

    found: list[Occurrence] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def wrong_values(timing: Timing) -> tuple[Reason, ...]:
    """Give every reason why this can be no pattern, apart from its zone."""
    last_day = timing.last_day or timing.first_day
    checks = {
        Reason("wrong-weekday", "The weekday is a number from 0, Monday, to 6, Sunday."): (
            0 <= timing.weekday <= 6  # noqa: PLR2004 -- the sentence beside it explains it
        ),
        Reason("wrong-length", "A shift takes at least one minute and at most 24 hours."): (
            0 < timing.minutes <= LONGEST_MINUTES
        ),
        Reason("wrong-interval", "A pattern repeats every week, or every 2 to 52 weeks."): (
            1 <= timing.every_weeks <= MOST_WEEKS
        ),
        Reason("wrong-nth", "Of a month it is the first to fourth such weekday, or the last."): (
            (timing.nth in NTHS) if timing.repeats == MONTHLY_REPEATS else timing.nth is None
        ),
        Reason("wrong-rhythm", "A pattern is meant once, weekly or monthly."): (
            timing.repeats in {ONCE, WEEKLY_REPEATS, MONTHLY_REPEATS}
        ),
        Reason("end-before-start", "The last day must not come before the first."): (
            last_day >= timing.first_day
        ),
        Reason("wrong-pause", MANY_PAUSES % {"number": MOST_PAUSES}): (
            len(timing.pauses) <= MOST_PAUSES
            and all(pause.first_day <= pause.last_day for pause in timing.pauses)
        ),
        Reason("holidays-where", "Say for which region's holidays the sessions are left out."): (
            timing.holidays == RUN or (timing.holidays == SKIP and bool(timing.holiday_region))
        ),
    }
    return tuple(reason for reason, holds in checks.items() if not holds)


def checked(timing: Timing) -> Timing:
    """Refuse a pattern that could never be followed, with all reasons at once."""
    known_zone(timing.zone)
    if timing.holiday_region:
        known_region(timing.holiday_region)
    if wrong := wrong_values(timing):
        raise WrongPattern(reasons=wrong)
    return timing


def days(timing: Timing, since: date, until: date) -> Iterator[date]:
    """Give the days of the rhythm from `since`, included, to `until`, excluded; pauses included.

    Intervals count from its first day that is such a weekday, so that a pattern over two weeks
    begins at once and not in its second week.
    """
    last = min(until - timedelta(days=1), timing.last_day or date.max)
    first = max(timing.first_day, since)
    if first > last:
        return
    if timing.repeats == ONCE:
        if since <= timing.first_day:
            yield timing.first_day
        return
    rule = _monthly(timing, first, last) if timing.nth else _weekly(timing, since, last)
    for found in rule.xafter(datetime.combine(first, time()), inc=True):
        yield found.date()


def _weekly(timing: Timing, since: date, last: date) -> rrule:
    first = timing.first_day + relativedelta(weekday=weekday(timing.weekday))
    step = timedelta(weeks=timing.every_weeks)
    first += max((since - first) // step, 0) * step
    return rrule(
        WEEKLY,
        interval=timing.every_weeks,
        dtstart=datetime.combine(first, time()),
        until=datetime.combine(last, time()),
    )


def _monthly(timing: Timing, first: date, last: date) -> rrule:
    return rrule(
        MONTHLY,
        byweekday=nth_weekday(timing.weekday, timing.nth),
        dtstart=datetime.combine(first.replace(day=1), time()),
        until=datetime.combine(last, time()),
    )


def occurrence(day: date, starts: time, minutes: int, zone: str) -> Occurrence:
    """Read both clock times of one day; either may not exist."""
    wall = datetime.combine(day, starts.replace(tzinfo=None))
    return Occurrence(
        day, span(instant(wall, zone), instant(wall + timedelta(minutes=minutes), zone))
    )


def why_skipped(day: date, timing: Timing) -> str | None:
    """Say why a day of the rhythm has no session, if it has none."""
    if any(pause.first_day <= day <= pause.last_day for pause in timing.pauses):
        return PAUSED
    if timing.holidays == SKIP and timing.holiday_region:
        return holiday_on(day, timing.holiday_region)
    return None


def occurrences(
    timing: Timing, since: date, until: date, answers: Answers | None = None
) -> Occurrences:
    """Work out the sessions from `since` to `until`, and ask where a clock time does not exist."""
    checked(timing)
    result, said = Occurrences(), answers or {}
    for day in days(timing, since, until):
        if why := why_skipped(day, timing):
            result.skipped.append(Skipped(day, why))
            continue
        answer = said.get(day, Answer(timing.starts, timing.minutes))
        if answer is None:
            result.skipped.append(Skipped(day, CLOCK_CHANGES))
            continue
        try:
            result.found.append(occurrence(day, answer.starts, answer.minutes, timing.zone))
        except NoSuchLocalTime as asked:
            result.questions.append(Question(day, asked.code, asked.sentence))
    return result
