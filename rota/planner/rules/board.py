"""The scenario made ready for counting: whole ticks, indexes, and who fits where."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from fractions import Fraction
from math import ceil, floor
from typing import Self
from zoneinfo import ZoneInfo

from rota.planner.rules.scenario import Busy, Minimum, Scenario, Shift, Training, Worker
from rota.planner.rules.weeks import HOUR, MINUTE, Calendar, Moment, moment, monday


class Kind(IntEnum):
    """What a seat asks of its holder; seats of one kind on one shift are alike."""

    STAFF = 0  # lead and second: they count in the minimum and speak for the shift
    EXTRA = 1  # observer and trainee: a worker's seat that opens nothing
    ON_CALL = 2


KIND_OF = {
    "lead": Kind.STAFF,
    "second": Kind.STAFF,
    "observer": Kind.EXTRA,
    "trainee": Kind.EXTRA,
    "supervisor": Kind.ON_CALL,
}
WORKERS_KINDS = (Kind.STAFF, Kind.EXTRA)

Place = tuple[int, int, Kind]  # person, shift, kind: who sits where
Span = tuple[Moment, Moment]


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """A shift with its days and weeks worked out."""

    id: str
    channel: str
    start: Moment
    end: Moment
    brief: Moment
    leave: Moment  # the debrief's end
    start_day: date
    first_day: date  # of the briefing
    last_day: date  # of the debrief's end
    weeks: tuple[tuple[date, int], ...]
    seats: tuple[tuple[Kind, str], ...]
    minimum: Minimum
    languages: tuple[str, ...]
    wanted: tuple[str, ...]
    trainings: tuple[str, ...]
    series: str | None
    demand: Fraction
    week: date  # the Monday of the week in which the shift counts
    rooms: tuple[int, ...]  # seats of each kind

    @classmethod
    def of(cls, shift: Shift, calendar: Calendar) -> Self:
        """Work out a shift's days and weeks."""
        start, end = moment(shift.start), moment(shift.end)
        brief = start - round(shift.briefing_minutes * MINUTE)
        leave = end + round(shift.debrief_minutes * MINUTE)
        return cls(
            id=shift.id,
            channel=shift.channel,
            start=start,
            end=end,
            brief=brief,
            leave=leave,
            start_day=calendar.day(start),
            first_day=calendar.day(brief),
            last_day=calendar.day_of_end(leave),
            weeks=calendar.split(brief, leave),
            seats=tuple((KIND_OF[seat.role], seat.id) for seat in shift.seats),
            minimum=shift.minimum,
            languages=tuple(dict.fromkeys(shift.languages)),
            wanted=tuple(dict.fromkeys(shift.wanted_languages)),
            trainings=tuple(dict.fromkeys(shift.trainings)),
            series=shift.series,
            demand=shift.demand,
            week=monday(calendar.day(start)),
            rooms=tuple(sum(KIND_OF[seat.role] is kind for seat in shift.seats) for kind in Kind),
        )

    @property
    def weight(self) -> Fraction:
        """What the open shift is worth: demand times minutes."""
        return self.demand * Fraction(self.end - self.start, MINUTE)

    def span(self, kind: Kind) -> Span:
        """Give the time that a seat takes: workers come to the meetings, supervisors do not."""
        return (self.start, self.end) if kind is Kind.ON_CALL else (self.brief, self.leave)

    def room(self, kind: Kind) -> int:
        """Count the seats of a kind."""
        return self.rooms[kind]

    def needed(self, kind: Kind) -> int:
        """Count the people of a kind without whom the shift stays closed."""
        needs = {Kind.STAFF: self.minimum.workers, Kind.ON_CALL: self.minimum.supervisors}
        return needs.get(kind, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Booked:
    """A worker's seat that is no part of the plan, with its days and weeks worked out."""

    brief: Moment
    leave: Moment
    first_day: date
    last_day: date
    weeks: tuple[tuple[date, int], ...]

    @classmethod
    def of(cls, span: Busy, calendar: Calendar) -> Self:
        """Work out the days and weeks of a seat."""
        brief, leave = moment(span.start), moment(span.end)
        return cls(
            brief,
            leave,
            calendar.day(brief),
            calendar.day_of_end(leave),
            calendar.split(brief, leave),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """A worker's own limits, times and trainings in the board's units."""

    id: str
    project: str
    roles: frozenset[str]
    languages: frozenset[str]
    week_ticks: int
    week_shifts: int
    rest: int
    trainings: Mapping[str, tuple[Training, ...]]  # by name
    windows: tuple[tuple[Moment, Moment, int], ...]  # as given: start, end, preference
    available: tuple[Span, ...]  # touching windows joined
    busy: tuple[Span, ...]
    offers: dict[str, int] | None  # shift to preference, for another node's people
    booked: tuple[Booked, ...]
    booked_ticks: Mapping[date, int]  # of each week
    booked_shifts: Mapping[date, int]

    @classmethod
    def of(cls, worker: Worker, calendar: Calendar) -> Self:
        """Read a worker as the scenario gives them."""
        windows = sorted(
            (moment(each.start), moment(each.end), each.preference)
            for each in worker.available or ()
        )
        trainings: dict[str, tuple[Training, ...]] = {}
        for each in worker.trainings or ():
            trainings[each.name] = (*trainings.get(each.name, ()), each)
        booked = tuple(Booked.of(each, calendar) for each in worker.booked)
        ticks: Counter[date] = Counter()
        for one in booked:
            ticks.update(dict(one.weeks))
        return cls(
            id=worker.id,
            project=worker.project,
            roles=frozenset(worker.roles),
            languages=frozenset(worker.languages),
            week_ticks=floor(worker.hours_per_week * HOUR),
            week_shifts=worker.shifts_per_week,
            rest=ceil(worker.rest_hours * HOUR),
            trainings=trainings,
            windows=tuple(windows),
            available=joined((start, end) for start, end, _ in windows),
            busy=joined(
                (moment(each.start), moment(each.end))
                for each in (*(worker.busy or ()), *worker.booked)
            ),
            offers=None
            if worker.can_take is None
            else {each.shift: each.preference for each in worker.can_take},
            booked=booked,
            booked_ticks=ticks,
            booked_shifts=Counter(monday(one.first_day) for one in booked),
        )

    def has_role(self, kind: Kind) -> bool:
        """Tell whether they may hold seats of this kind at all."""
        return ("supervisor" if kind is Kind.ON_CALL else "worker") in self.roles

    def ticks_left(self, week: date) -> int:
        """Give how much they can work in a week beside what they have elsewhere."""
        return max(0, self.week_ticks - self.booked_ticks.get(week, 0))

    def shifts_left(self, week: date) -> int:
        """Give how many shifts they can have in a week beside those elsewhere."""
        return max(0, self.week_shifts - self.booked_shifts.get(week, 0))


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sort spans and make those that touch or overlap one."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return tuple(whole)


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """One scenario's people and sessions, by index."""

    scenario: Scenario
    calendar: Calendar
    sessions: tuple[Session, ...]
    people: tuple[Person, ...]
    fixed: tuple[tuple[str, Place], ...]  # seat id and who holds it
    at_once: int
    before: tuple[int | None, ...] = field(default=())  # the series' shift before each shift

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """Make a checked scenario ready."""
        calendar = Calendar(ZoneInfo(scenario.zone))
        sessions = tuple(Session.of(shift, calendar) for shift in scenario.shifts)
        person = {worker.id: index for index, worker in enumerate(scenario.workers)}
        seat = {
            name: (index, kind)
            for index, session in enumerate(sessions)
            for kind, name in session.seats
        }
        return cls(
            scenario=scenario,
            calendar=calendar,
            sessions=sessions,
            people=tuple(Person.of(worker, calendar) for worker in scenario.workers),
            fixed=tuple(
                (each.seat, (person[each.worker], *seat[each.seat])) for each in scenario.fixed
            ),
            at_once=scenario.supervisor_sessions_at_once,
            before=_before(sessions),
        )

    def fixed_places(self, people: Iterable[int]) -> tuple[Place, ...]:
        """List the places that stay, of these people."""
        kept = frozenset(people)
        return tuple(place for _, place in self.fixed if place[0] in kept)


def _before(sessions: tuple[Session, ...]) -> tuple[int | None, ...]:
    series: dict[str, list[int]] = defaultdict(list)
    order = sorted(
        range(len(sessions)), key=lambda index: (sessions[index].start, sessions[index].id)
    )
    found: list[int | None] = [None] * len(sessions)
    for index in order:
        name = sessions[index].series
        if name is not None:
            found[index] = series[name][-1] if series[name] else None
            series[name].append(index)
    return tuple(found)
