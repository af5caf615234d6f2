"""The three things that a plan is measured by, in the solver's whole numbers."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any

from rota.planner.rules.board import WORKERS_KINDS, Kind, Place
from rota.planner.rules.measures import offered_hours, open_shifts, ticks_given, wishes
from rota.planner.rules.model import Model
from rota.planner.rules.person_limits import weighted
from rota.planner.rules.scaling import scaled
from rota.planner.rules.weeks import HOUR


@dataclass(frozen=True, slots=True)
class Objective:
    """What to make largest or smallest, and how its numbers become true values."""

    expression: Any
    measure: Callable[[Collection[Place]], int]  # the whole number that a plan reaches
    unit: Fraction
    slack: Fraction
    largest: bool = True

    def bound(self, whole: float) -> Fraction:
        """Give the solver's bound as a true bound on the exact value."""
        step = self.unit * Fraction(round(whole))
        return step + self.slack if self.largest else step - self.slack


def opening(model: Model) -> Objective:
    """Weigh the open shifts by demand times minutes."""
    weights = [model.board.sessions[where].weight for where in model.opens]
    scale = scaled(weights, [1] * len(weights))
    worth = dict(zip(model.opens, scale.coefficients, strict=True))

    def measure(places: Collection[Place]) -> int:
        return sum(worth.get(where, 0) for where in open_shifts(model.board, places))

    expression = weighted([*model.opens.values()], scale.coefficients)
    return Objective(expression, measure, scale.unit, scale.slack)


def unfairness(model: Model) -> Objective | None:
    """Set the most given for what was offered against the least; alone, nobody is unfair."""
    offered = offered_hours(model.board)
    if len(offered) <= 1:
        return None
    given = {name: _ticks(model, name) for name in offered}
    unit = gcd(*(ticks for items in given.values() for ticks, _ in items)) or 1
    most = [sum(ticks for ticks, _ in given[name]) // unit for name in offered]
    rates = [Fraction(unit, HOUR) / hours for hours in offered.values()]
    scale = scaled(rates, most)
    rate = dict(zip(offered, scale.coefficients, strict=True))
    top = max(rate[name] * times for name, times in zip(offered, most, strict=True))
    highest = model.solver.new_int_var(0, top, "")
    lowest = model.solver.new_int_var(0, top, "")
    for name, times in zip(offered, most, strict=True):
        hours = model.solver.new_int_var(0, times, "")
        seats = [seat for _, seat in given[name]]
        model.solver.add(weighted(seats, [ticks // unit for ticks, _ in given[name]]) == hours)
        model.solver.add(rate[name] * hours <= highest)
        model.solver.add(rate[name] * hours >= lowest)

    def measure(places: Collection[Place]) -> int:
        ticks = ticks_given(model.board, places)
        shares = [rate[name] * (ticks[name] // unit) for name in rate]
        return max(shares) - min(shares)

    return Objective(highest - lowest, measure, scale.unit, scale.slack, largest=False)


def _ticks(model: Model, project: str) -> list[tuple[int, Any]]:
    people, sessions = model.board.people, model.board.sessions
    return [
        (sessions[where].leave - sessions[where].brief, seat)
        for (who, where, kind), seat in model.seats.items()
        if kind is not Kind.ON_CALL and people[who].project == project
    ]


def wishing(model: Model) -> Objective:
    """Add up preferences, wanted languages and people who stay with their series."""
    liked = [
        (model.fits[who][where][kind], seat) for (who, where, kind), seat in model.seats.items()
    ]
    more = [(1, each) for each in (*_wanted(model), *_stayed(model))]
    terms = [(worth, variable) for worth, variable in (*liked, *more) if worth]
    expression = weighted([variable for _, variable in terms], [worth for worth, _ in terms])

    def measure(places: Collection[Place]) -> int:
        return wishes(model.board, model.fits, places)

    return Objective(expression, measure, Fraction(1), Fraction())


def _wanted(model: Model) -> list[Any]:
    spoken = []
    for where, opened in model.opens.items():
        for tag in model.board.sessions[where].wanted:
            speakers = model.speakers(where, tag)
            if speakers:
                heard = model.solver.new_bool_var("")
                model.solver.add_implication(heard, opened)
                model.solver.add_bool_or([*speakers, ~heard])
                spoken.append(heard)
    return spoken


def _stayed(model: Model) -> list[Any]:
    """Mark who holds a worker's seat in a series' shift and in the one before it."""
    marks = []
    for where, before in enumerate(model.board.before):
        if before is None:
            continue
        earlier = _by_person(model, before)
        for who, seats in _by_person(model, where).items():
            if who in earlier:
                stayed = model.solver.new_bool_var("")
                model.solver.add_bool_or([*seats, ~stayed])
                model.solver.add_bool_or([*earlier[who], ~stayed])
                marks.append(stayed)
    return marks


def _by_person(model: Model, where: int) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for kind in WORKERS_KINDS:
        for who in model.at.get((where, kind), ()):
            found.setdefault(who, []).append(model.seats[who, where, kind])
    return found
