"""What a changed rule means for shifts that stand already: which move, which stay, which end."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from rota.shifts.rules.patterns import (
    MONTHLY_REPEATS,
    Occurrence,
    Occurrences,
    Question,
    Skipped,
    Timing,
    days,
)
from rota.shifts.rules.spans import Span


@dataclass(frozen=True, slots=True)
class Standing:
    """A shift to come of a series; an `exception` was changed or called off by itself."""

    shift_id: UUID
    day: date
    span: Span
    exception: bool


@dataclass(frozen=True, slots=True)
class Division:
    """What becomes of each standing shift, and the days for which there is none yet.

    Whoever stays, by exception or for want of a clock time, counts as the shift of `day`.
    """

    moves: list[tuple[Standing, Occurrence]] = field(default_factory=list)
    stays: list[tuple[Standing, date]] = field(default_factory=list)
    ends: list[Standing] = field(default_factory=list)
    fresh: list[Occurrence] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def divide(standing: Iterable[Standing], meant: Occurrences, timing: Timing) -> Division:
    """Pair standing shifts with the new rule's sessions: by day, then within a week or month."""
    result, left = Division(), {each.day: each for each in meant.found}
    asked = {question.day for question in meant.questions}
    waiting = sorted(standing, key=lambda each: (each.day, each.shift_id))
    for keyed in (_same_day, _period_of(timing)):
        waiting = _pair(waiting, left, keyed, result)
    for each in waiting:
        if each.exception or each.day in asked:
            result.stays.append((each, each.day))
        else:
            result.ends.append(each)
    result.fresh.extend(left.values())
    return result


Key = Callable[[date], object]


def _same_day(day: date) -> object:
    return day


def _period_of(timing: Timing) -> Key:
    if timing.repeats == MONTHLY_REPEATS:
        return lambda day: (day.year, day.month)
    return lambda day: day.isocalendar()[:2]


def _pair(
    waiting: Sequence[Standing], left: dict[date, Occurrence], key: Key, result: Division
) -> list[Standing]:
    """Pair what has the same key, in order of days; gives those who found nobody."""
    offered: dict[object, deque[date]] = defaultdict(deque)
    for day in sorted(left):
        offered[key(day)].append(day)
    alone = []
    for each in waiting:
        days_left = offered[key(each.day)]
        if not days_left:
            alone.append(each)
            continue
        found = left.pop(days_left.popleft())
        if each.exception:
            result.stays.append((each, found.day))
        else:
            result.moves.append((each, found))
    return alone


def from_day(timing: Timing, before: Timing, since: date) -> Timing:
    """Let a changed rule begin at `since` without losing its turn, as every second week has one."""
    begins = since
    if timing.every_weeks > 1 and timing.every_weeks == before.every_weeks:
        horizon = since + timedelta(weeks=timing.every_weeks + 1)
        for day in days(replace(before, last_day=None), since, horizon):
            monday = day - timedelta(days=day.weekday())
            begins = monday + timedelta(days=timing.weekday)
            if begins < since:
                begins += timedelta(weeks=timing.every_weeks)
            break
    return replace(timing, first_day=begins)
