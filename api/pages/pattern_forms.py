"""The form of a recurring session, as people fill it in, and as the rules read it."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import msgspec

from api.bodies import require_plannable
from api.errors import CHARACTERS_AT_MOST, NUMBER_BETWEEN, InvalidRequest
from api.languages.reading import translated
from rota.shifts.keeping import staffing_of_pattern, timing_of
from rota.shifts.models import ShiftPattern
from rota.shifts.rules.patterns import Pause, Timing
from rota.shifts.rules.staffing import SEAT_ROLES, Staffing

MOST_SEATS = 10
LONGEST_TEXT = 100
DAY = timedelta(days=1)
BETWEEN = frozenset(("to", "tot", "en", "met", "până", "pana", "la", "-", "\N{EN DASH}"))
"""What people write between the first and the last day of a pause, in any of our languages."""
T = TypeVar("T")


class WantedForm(msgspec.Struct, kw_only=True):
    """Who is wanted for a session, in the words of a form; languages stand between commas."""

    lead: str = "1"
    second: str = "1"
    supervisor: str = "1"
    observer: str = "0"
    trainee: str = "0"
    briefing: str = "15"
    debrief: str = "15"
    languages: str = "en"
    wanted_languages: str = ""
    theme: str = ""
    ground_rules: str = ""
    demand: str = "1"
    minimum_workers: str = ""
    minimum_supervisors: str = ""


class PatternForm(WantedForm, kw_only=True):
    """How a session recurs, in the words of a form; `step` is to look at it or to save it."""

    step: str = "look"
    channel: str = ""
    series: str = ""
    since: str = ""
    repeats: str = "1"
    weekday: str = "1"
    nth: str = "1"
    first_day: str = ""
    last_day: str = ""
    starts: str = "19:00"
    ends: str = "21:00"
    zone: str = ""
    holidays: str = "run"
    holiday_region: str = ""
    pauses: str = ""


def read(field: str, text: str, reader: Callable[[str], T], help_text: str) -> T:
    """Read one field, or refuse it by its name."""
    try:
        return reader(text.strip())
    except ValueError as error:
        raise InvalidRequest(field, help_text) from error


def a_day(field: str, text: str) -> date:
    """Read a day that a calendar of ours can hold."""
    day = read(field, text, date.fromisoformat, "must be a date such as 2027-01-04.")
    require_plannable(field, day)
    return day


def a_number(field: str, text: str, most: int = 24 * 60) -> int:
    """Read a whole number from 0 to `most`."""
    number = read(field, text, int, "must be a number.")
    if not 0 <= number <= most:
        raise InvalidRequest(field, NUMBER_BETWEEN % {"least": 0, "limit": most})
    return number


def a_clock_time(field: str, text: str) -> time:
    """Read a time of day, to the minute."""
    said = read(field, text, time.fromisoformat, "must be a time such as 19:00.")
    return said.replace(second=0, microsecond=0, tzinfo=None)


def minutes_between(starts: time, ends: time) -> int:
    """Count from one clock time to the next such one: what ends earlier ends on the next day."""
    day = date(2000, 1, 1)
    passed = datetime.combine(day, ends) - datetime.combine(day, starts)
    return int((passed if passed > timedelta() else passed + DAY).total_seconds()) // 60


def words(text: str) -> tuple[str, ...]:
    """Read what stands between commas or spaces."""
    return tuple(text.replace(",", " ").split())


def staffing_in(form: WantedForm) -> Staffing:
    """Read who is wanted."""
    counts = {role: a_number(role, getattr(form, role) or "0", MOST_SEATS) for role in SEAT_ROLES}
    demand = read("demand", form.demand or "1", float, "must be a number.")
    if len(form.theme) > LONGEST_TEXT:
        raise InvalidRequest("theme", CHARACTERS_AT_MOST % {"number": LONGEST_TEXT})
    return Staffing(
        seats=tuple(role for role in SEAT_ROLES for _ in range(counts[role])),
        briefing_minutes=a_number("briefing", form.briefing or "0"),
        debrief_minutes=a_number("debrief", form.debrief or "0"),
        languages=words(form.languages),
        wanted_languages=words(form.wanted_languages),
        theme=form.theme.strip() or None,
        ground_rules=form.ground_rules.strip() or None,
        demand=demand,
        minimum_workers=_maybe("minimum_workers", form.minimum_workers),
        minimum_supervisors=_maybe("minimum_supervisors", form.minimum_supervisors),
    )


def _maybe(field: str, text: str) -> int | None:
    return a_number(field, text, MOST_SEATS) if text.strip() else None


def timing_in(form: PatternForm) -> Timing:
    """Read when it takes place."""
    first = a_day("first_day", form.first_day)
    starts, ends = a_clock_time("starts", form.starts), a_clock_time("ends", form.ends)
    once, monthly = form.repeats == "once", form.repeats == "monthly"
    weeks = 1 if once or monthly else a_number("repeats", form.repeats)
    return Timing(
        weekday=first.weekday() if once else a_number("weekday", form.weekday, 6),
        starts=starts,
        minutes=minutes_between(starts, ends),
        zone=form.zone,
        first_day=first,
        last_day=first if once else _last_day(form),
        every_weeks=weeks,
        repeats="once" if once else "monthly" if monthly else "weekly",
        nth=read("nth", form.nth, int, "must be a number.") if monthly else None,
        pauses=_pauses(form.pauses),
        holidays=form.holidays,
        holiday_region=form.holiday_region.strip() or None,
    )


def _last_day(form: PatternForm) -> date | None:
    return a_day("last_day", form.last_day) if form.last_day.strip() else None


def _pauses(text: str) -> tuple[Pause, ...]:
    lines = [[word for word in line.split() if word not in BETWEEN] for line in text.splitlines()]
    return tuple(
        Pause(a_day("pauses", days[0]), a_day("pauses", days[-1])) for days in lines if days
    )


def form_of(pattern: ShiftPattern) -> PatternForm:
    """Fill the form in with what holds now."""
    timing, staffing = timing_of(pattern), staffing_of_pattern(pattern)
    wanted = msgspec.structs.asdict(wanted_form(staffing))
    ends = datetime.combine(date(2000, 1, 1), timing.starts) + timedelta(minutes=timing.minutes)
    return PatternForm(
        **wanted,
        series=pattern.series,
        repeats=timing.repeats if timing.repeats != "weekly" else str(timing.every_weeks),
        weekday=str(timing.weekday),
        nth=str(timing.nth or 1),
        first_day=timing.first_day.isoformat(),
        last_day=timing.last_day.isoformat() if timing.last_day else "",
        starts=f"{timing.starts:%H:%M}",
        ends=f"{ends:%H:%M}",
        zone=timing.zone,
        holidays=timing.holidays,
        holiday_region=timing.holiday_region or "",
        pauses="\n".join(
            translated("%(first)s to %(last)s", first=each.first_day, last=each.last_day)
            for each in timing.pauses
        ),
    )


def wanted_form(staffing: Staffing) -> WantedForm:
    """Fill in who is wanted now."""
    seats = Counter(staffing.seats)
    return WantedForm(
        **{role: str(seats[role]) for role in SEAT_ROLES},
        briefing=str(staffing.briefing_minutes),
        debrief=str(staffing.debrief_minutes),
        languages=", ".join(staffing.languages),
        wanted_languages=", ".join(staffing.wanted_languages),
        theme=staffing.theme or "",
        ground_rules=staffing.ground_rules or "",
        demand=f"{staffing.demand:g}",
        minimum_workers=_said(staffing.minimum_workers),
        minimum_supervisors=_said(staffing.minimum_supervisors),
    )


def _said(number: int | None) -> str:
    return "" if number is None else str(number)
