"""The three things that a plan is measured by, in the solver's whole numbers."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from rota.planner.rules.board import WORKERS_KINDS, Kind, Place
from rota.planner.rules.measures import offered_hours, open_shifts, ticks_given, wishes
from rota.planner.rules.model import Model
from rota.planner.rules.program import Variable, Weighted
from rota.planner.rules.scaling import scaled
from rota.planner.rules.weeks import HOUR


@dataclass(frozen=True, slots=True)
class Objective:
    """What to make largest or smallest, and how its numbers become true values."""

    aim: Weighted
    measure: Callable[[Collection[Place]], int]  # the whole number that a plan reaches
    unit: Fraction
    slack: Fraction

    @property
    def largest(self) -> bool:
        """Tell whether more is better."""
        return self.aim.largest

    def bound(self, whole: int) -> Fraction:
        """Give the solver's bound as a true bound on the exact value."""
        step = self.unit * whole
        return step + self.slack if self.largest else step - self.slack


def opening(model: Model) -> Objective:
    """Weigh the open shifts by demand times minutes."""
    weights = [model.board.sessions[where].weight for where in model.opens]
    scale = scaled(weights, [1] * len(weights))
    worth = dict(zip(model.opens, scale.coefficients, strict=True))

    def measure(places: Collection[Place]) -> int:
        return sum(worth.get(where, 0) for where in open_shifts(model.board, places))

    aim = Weighted.of(zip(model.opens.values(), scale.coefficients, strict=True))
    return Objective(aim, measure, scale.unit, scale.slack)


def unfairness(model: Model, elsewhere: Mapping[str, int] | None = None) -> Objective | None:
    """Set the most given for what was offered against the least; alone, nobody is unfair.

    `elsewhere` is what each project gives on sessions that the model leaves alone.
    """
    offered = offered_hours(model.board)
    if len(offered) <= 1:
        return None
    given = {name: _ticks(model, name) for name in offered}
    beside = {name: (elsewhere or {}).get(name, 0) for name in offered}
    unit = gcd(*beside.values(), *(ticks for items in given.values() for ticks, _ in items)) or 1
    most = [(beside[name] + sum(ticks for ticks, _ in given[name])) // unit for name in offered]
    rates = [Fraction(unit, HOUR) / hours for hours in offered.values()]
    scale = scaled(rates, most)
    rate = dict(zip(offered, scale.coefficients, strict=True))
    top = max(rate[name] * times for name, times in zip(offered, most, strict=True))
    program = model.program
    highest, lowest = program.new(0, top), program.new(0, top)
    for name, times in zip(offered, most, strict=True):
        hours, base = program.new(0, times), beside[name] // unit
        seats = [seat for _, seat in given[name]]
        lengths = [ticks // unit for ticks, _ in given[name]]
        program.add([*seats, hours], [*lengths, -1], low=-base, high=-base)
        program.add([hours, highest], [rate[name], -1], high=0)
        program.add([hours, lowest], [rate[name], -1], low=0)

    def measure(places: Collection[Place]) -> int:
        ticks = ticks_given(model.board, places)
        shares = [rate[name] * (ticks[name] // unit) for name in rate]
        return max(shares) - min(shares)

    aim = Weighted((highest, lowest), (1, -1), largest=False)
    return Objective(aim, measure, scale.unit, scale.slack)


def _ticks(model: Model, project: str) -> list[tuple[int, Variable]]:
    people, sessions = model.board.people, model.board.sessions
    mine = frozenset(model.sessions)
    return [
        (sessions[where].leave - sessions[where].brief, seat)
        for (who, where, kind), seat in model.seats.items()
        if kind is not Kind.ON_CALL and people[who].project == project and where in mine
    ]


def wishing(model: Model) -> Objective:
    """Add up preferences, wanted languages and people who stay with their series."""
    liked = [
        (model.fits[who][where][kind], seat) for (who, where, kind), seat in model.seats.items()
    ]
    more = [(1, each) for each in (*_wanted(model), *_stayed(model))]
    terms = [(variable, worth) for worth, variable in (*liked, *more) if worth]

    def measure(places: Collection[Place]) -> int:
        return wishes(model.board, model.fits, places)

    return Objective(Weighted.of(terms), measure, Fraction(1), Fraction())


def _wanted(model: Model) -> list[Variable]:
    spoken = []
    for where, opened in model.opens.items():
        for tag in model.board.sessions[where].wanted:
            speakers = model.speakers(where, tag)
            if speakers:
                heard = model.program.new()
                model.program.implies(heard, opened)
                model.program.either(speakers, [heard])
                spoken.append(heard)
    return spoken


def _stayed(model: Model) -> list[Variable]:
    """Mark who holds a worker's seat in a series' shift and in the one before it."""
    marks = []
    for where, before in enumerate(model.board.before):
        if before is None:
            continue
        earlier = _by_person(model, before)
        for who, seats in _by_person(model, where).items():
            if who in earlier:
                stayed = model.program.new()
                model.program.either(seats, [stayed])
                model.program.either(earlier[who], [stayed])
                marks.append(stayed)
    return marks


def _by_person(model: Model, where: int) -> dict[int, list[Variable]]:
    found: dict[int, list[Variable]] = {}
    for kind in WORKERS_KINDS:
        for who in model.at.get((where, kind), ()):
            found.setdefault(who, []).append(model.seats[who, where, kind])
    return found
