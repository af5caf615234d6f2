"""One search: a model, an aim, a plan to begin from, and so many seconds."""

from collections.abc import Collection
from dataclasses import dataclass, field
from fractions import Fraction

from rota.planner.rules.board import Place
from rota.planner.rules.budget import LEAST, Budget
from rota.planner.rules.model import Model
from rota.planner.rules.objectives import Objective
from rota.planner.rules.solvers import (
    NOTHING,
    Found,
    evenly_weighted,
    search_by_cases,
    search_by_relaxing,
)

FIRST_TURN = 0.4  # of the time, for the first solver; the second has the rest
TRUSTED_TURN = 0.75  # of the time, if it has proved a like model before


@dataclass(frozen=True, slots=True)
class Answer:
    """What one search found and proved."""

    places: tuple[Place, ...] | None
    bound: Fraction | None
    optimal: bool


def search(
    model: Model,
    objective: Objective,
    budget: Budget,
    seconds: float,
    start: Collection[Place],
    *,
    least: float = LEAST,
) -> Answer:
    """Make the objective as good as the time allows, with CP-SAT alone."""
    limits = budget.limits(seconds, least)
    found = search_by_cases(model.program, objective.aim, model.hint(start), limits)
    budget.searched += found.work
    return _answer(model, objective, found)


def _answer(model: Model, objective: Objective, found: Found) -> Answer:
    return Answer(
        None if found.values is None else model.places(found.values),
        None if found.bound is None else objective.bound(found.bound),
        found.optimal,
    )


@dataclass(slots=True)
class Turns:
    """Both solvers in turn; who proved the last model best begins with the next."""

    budget: Budget
    order: list[str] = field(default_factory=lambda: ["cases", "relaxing"])
    proved: bool = False

    def search(
        self, model: Model, objective: Objective, seconds: float, start: Collection[Place]
    ) -> Answer:
        """Make the objective as good as the time allows, or prove that it is."""
        if self.budget.reproducible or not evenly_weighted(model.program, objective.aim):
            return search(model, objective, self.budget, seconds, start)
        until = self.budget.clock() + seconds
        best = NOTHING
        for share in (TRUSTED_TURN if self.proved else FIRST_TURN, 1.0):
            name = self.order[0 if best is NOTHING else 1]
            left = until - self.budget.clock()
            if left <= 0 and best is not NOTHING:
                break
            hint = model.hint(start) if best.values is None else dict(enumerate(best.values))
            length = max(LEAST, left * share)
            best = _better(objective, best, self._turn(name, model, objective, hint, length))
            if best.optimal:
                self.proved = True
                self.order = sorted(self.order, key=name.__ne__)
                break
        return _answer(model, objective, best)

    def _turn(
        self,
        name: str,
        model: Model,
        objective: Objective,
        hint: dict[int, int],
        seconds: float,
    ) -> Found:
        if name == "relaxing":
            return search_by_relaxing(model.program, objective.aim, seconds)
        limits = self.budget.limits(seconds, LEAST)
        return search_by_cases(model.program, objective.aim, hint, limits)


def _better(objective: Objective, one: Found, other: Found) -> Found:
    """Join what two searches found: the better plan, the nearer bound."""
    sign = 1 if objective.largest else -1
    bounds = [each.bound for each in (one, other) if each.bound is not None]
    bound = sign * min(sign * each for each in bounds) if bounds else None
    plans = [each.values for each in (one, other) if each.values is not None]
    if not plans:
        return Found(None, bound, optimal=False)
    values = max(plans, key=lambda each: sign * objective.aim.value(each))
    return Found(values, bound, optimal=objective.aim.value(values) == bound)
