"""A month as a grid of parts of days: what it shows of somebody's time, and what painting changes.

The parts touch one another and fill a day, so that what is painted side by side is one time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rota.availability.rules import Dated, Weekly, Window, available, covering, true_span, without

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Span = tuple[datetime, datetime]


class Part(NamedTuple):
    """A part of a day on the clock; the night belongs to the day on which it begins."""

    name: str
    starts: time
    minutes: int


PARTS = (
    Part("morning", time(6), 6 * 60),
    Part("afternoon", time(12), 6 * 60),
    Part("evening", time(18), 4 * 60),
    Part("night", time(22), 8 * 60),
)
PART_NAMES = tuple(part.name for part in PARTS)


class Cell(NamedTuple):
    """One part of one day."""

    day: date
    part: str


@dataclass(frozen=True, slots=True)
class Painted:
    """What somebody changed in a grid: parts in which they can now work, and no longer can."""

    on: frozenset[Cell]
    off: frozenset[Cell]
    zone: str
    preference: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A part in which somebody can work: how gladly, or None where only in some of its hours."""

    preference: int | None


def shown_cells(
    weekly: Iterable[Weekly], dated: Sequence[Dated], days: Sequence[date], zone: str
) -> dict[Cell, Shown]:
    """Give the parts of these days in which somebody can work; all others are left out."""
    if not days:
        return {}
    windows = available(weekly, dated, days[0] - DAY, days[-1] + DAY)
    found = {}
    for each in (Cell(day, part.name) for day in days for part in PARTS):
        for begins, ends in _spans([each], zone):
            near = [one for one in windows if one.begins < ends and begins < one.ends]
            if near:
                found[each] = Shown(covering(near, begins, ends))
    return found


def repainted(
    weekly: Iterable[Weekly], dated: Sequence[Dated], painted: Painted
) -> tuple[list[Dated], list[Dated]]:
    """Give which entries for single days go and which come, so that what was painted holds.

    Of an entry that reaches beyond the painted parts, the rest stays; what the weekly times do not
    offer needs no entry that takes it away.
    """
    changed = list(_spans(painted.on | painted.off, painted.zone))
    near = _near(painted)
    offered = _offered(weekly, near)
    off = [each for each in painted.off if _touches(_spans([each], painted.zone), offered)]
    cells = [*_runs(painted.on, painted, painted.preference), *_runs(off, painted, None)]
    gone = [one for one in dated if _touches(_span_of(one), changed) or _moved(one, painted, near)]
    while True:
        new = _one_a_moment([*cells, *_kept(gone, changed, painted.zone)])
        moments = {(one.day, one.starts) for one in new}
        met = [one for one in dated if (one.day, one.starts) in moments and one not in gone]
        if not met:
            return gone, new
        gone += met


def _kept(gone: Sequence[Dated], changed: Sequence[Span], zone: str) -> Iterator[Dated]:
    """Write what is left of entries.

    A moment has one entry, the longest that begins at it; what could not be stays so in any case.
    """
    refused = [span for one in gone if one.preference is None for span in _span_of(one)]
    for one in gone:
        yield from _rests(one, [*changed, *(refused if one.preference is not None else [])], zone)


def _near(painted: Painted) -> tuple[date, date]:
    days = [cell.day for cell in painted.on | painted.off] or [date.min + 10 * DAY]
    return min(days) - 2 * DAY, max(days) + 2 * DAY


def _moved(one: Dated, painted: Painted, near: tuple[date, date]) -> bool:
    """Tell whether an entry was made where somebody lived before.

    It is written anew on today's clock: a moment of a day has one entry, on whichever clock.
    """
    return one.zone != painted.zone and near[0] <= one.day <= near[1]


def _spans(cells: Iterable[Cell], zone: str) -> Iterator[Span]:
    for day, name in cells:
        part = PARTS[PART_NAMES.index(name)]
        yield from true_span(day, part.starts, part.minutes, zone)


def _span_of(one: Dated) -> Iterator[Span]:
    return true_span(one.day, one.starts, one.minutes, one.zone)


def _touches(spans: Iterable[Span], others: Sequence[Span]) -> bool:
    return any(begins < until and since < ends for begins, ends in spans for since, until in others)


def _offered(weekly: Iterable[Weekly], near: tuple[date, date]) -> list[Span]:
    return [(window.begins, window.ends) for window in available(weekly, [], *near)]


def _rests(one: Dated, taken: Sequence[Span], zone: str) -> Iterator[Dated]:
    whole = [Window(begins, ends, 0) for begins, ends in _span_of(one)]
    for rest in without(whole, taken):
        begins, ends = (
            at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in (rest.begins, rest.ends)
        )
        # on another clock a day may have an hour more, and what is left end where it begins
        while begins < ends:
            length = min(ends - begins, DAY)
            yield Dated(begins.date(), begins.time(), length // MINUTE, zone, one.preference)
            begins += length


def _runs(cells: Iterable[Cell], painted: Painted, preference: int | None) -> Iterator[Dated]:
    """Write neighbours on one day as one time."""
    places = sorted((day, PART_NAMES.index(name)) for day, name in cells)
    runs: list[tuple[date, list[int]]] = []
    for day, place in places:
        if runs and runs[-1][0] == day and runs[-1][1][-1] == place - 1:
            runs[-1][1].append(place)
        else:
            runs.append((day, [place]))
    for day, run in runs:
        minutes = sum(PARTS[place].minutes for place in run)
        yield Dated(day, PARTS[run[0]].starts, minutes, painted.zone, preference)


def _one_a_moment(entries: Iterable[Dated]) -> list[Dated]:
    """Keep one entry where several begin at the same moment: the longest."""
    found: dict[tuple[date, time], Dated] = {}
    for one in sorted(entries, key=lambda one: one.minutes):
        found[one.day, one.starts] = one
    return sorted(found.values(), key=lambda one: (one.day, one.starts))
