"""Every possible plan of a tiny scenario, measured by the contract's own words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise, product

from rota.planner.rules.check import opened, violations
from rota.planner.rules.scenario import Scenario, Shift, Worker

Holds = dict[str, str]
Worth = tuple[Fraction, Fraction, Fraction]
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)


def every_plan(scenario: Scenario) -> Iterator[Holds]:
    fixed = {each.seat: each.worker for each in scenario.fixed}
    seats = [seat.id for shift in scenario.shifts for seat in shift.seats]
    choices = [
        [fixed[seat]] if seat in fixed else [None, *(w.id for w in scenario.workers)]
        for seat in seats
    ]
    for people in product(*choices):
        holds = {seat: who for seat, who in zip(seats, people, strict=True) if who is not None}
        if next(violations(scenario, holds), None) is None:
            yield holds


def best(scenario: Scenario) -> Worth:
    """The best open, then the least unfairness, then the most wishes."""
    value, unfair, wished = max(
        (open_value, -unfairness, wishes)
        for open_value, unfairness, wishes in (
            worth(scenario, holds) for holds in every_plan(scenario)
        )
    )
    return value, -unfair, wished


def worth(scenario: Scenario, holds: Holds) -> Worth:
    shifts = opened(scenario, holds)
    value = sum((each.demand * _hours(each.start, each.end) * 60 for each in shifts), Fraction(0))
    return value, _unfairness(scenario, holds), Fraction(_wishes(scenario, holds, shifts))


def _hours(start: datetime, end: datetime) -> Fraction:
    return Fraction((end - start) // TICK, HOUR // TICK)


def worked(scenario: Scenario, holds: Holds) -> dict[str, Fraction]:
    hours = {project.id: Fraction(0) for project in scenario.projects}
    projects = {worker.id: worker.project for worker in scenario.workers}
    for shift in scenario.shifts:
        meetings = (shift.briefing_minutes + shift.debrief_minutes) / 60
        for seat in shift.seats:
            if seat.role != "supervisor" and seat.id in holds:
                length = _hours(shift.start, shift.end) + meetings
                hours[projects[holds[seat.id]]] += length
    return hours


def _unfairness(scenario: Scenario, holds: Holds) -> Fraction:
    hours = worked(scenario, holds)
    days = (scenario.until - scenario.from_).days
    shares = [
        hours[each.id] / (each.hours_offered_per_week * days / 7)
        for each in scenario.projects
        if each.hours_offered_per_week
    ]
    return max(shares) - min(shares) if shares else Fraction(0)


def _wishes(scenario: Scenario, holds: Holds, shifts: list[Shift]) -> int:
    workers = {worker.id: worker for worker in scenario.workers}
    total = 0
    for shift in scenario.shifts:
        for seat in shift.seats:
            if seat.id in holds:
                worker = workers[holds[seat.id]]
                total += _preference(worker, shift, meetings=seat.role != "supervisor")
        team = [holds.get(s.id) for s in shift.seats if s.role in {"lead", "second"}]
        spoken = {tag for who in team if who for tag in workers[who].languages}
        total += len(spoken & set(shift.wanted_languages)) if shift in shifts else 0
    return total + _stays(scenario, holds)


def _preference(worker: Worker, shift: Shift, *, meetings: bool) -> int:
    if worker.can_take is not None:
        return next(each.preference for each in worker.can_take if each.shift == shift.id)
    start = shift.start - timedelta(minutes=float(shift.briefing_minutes) * meetings)
    end = shift.end + timedelta(minutes=float(shift.debrief_minutes) * meetings)
    windows = worker.available or ()
    return min(each.preference for each in windows if each.start < end and start < each.end)


def _stays(scenario: Scenario, holds: Holds) -> int:
    total = 0
    for name in {shift.series for shift in scenario.shifts if shift.series is not None}:
        mine = [shift for shift in scenario.shifts if shift.series == name]
        mine.sort(key=lambda shift: (shift.start.astimezone(UTC), shift.id))
        for one, following in pairwise(mine):
            before = _workers(one, holds)
            total += sum(1 for who in _workers(following, holds) if who in before)
    return total


def _workers(shift: Shift, holds: Holds) -> list[str]:
    return [
        holds[seat.id] for seat in shift.seats if seat.role != "supervisor" and seat.id in holds
    ]
