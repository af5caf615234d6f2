"""How much searching is left, and how one search is bounded."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from fractions import Fraction
from time import monotonic
from typing import Any

from rota.planner.rules.board import Place
from rota.planner.rules.model import Model
from rota.planner.rules.objectives import Objective

WORKERS = 2  # eight on two cores were slower
LEAST = 0.25  # seconds that even the hastiest search gets: small plans are done in that
BUILDING = 40e-6  # seconds that a model takes for each seat that a person may take
STEADY = 0.1  # deterministic seconds that a second is worth when the plan must be repeatable
OVERTIME = 5  # seconds after which even a repeatable search is ended


@dataclass(slots=True)
class Budget:
    """One plan's time, shared by all of its searches."""

    seconds: float
    seed: int
    reproducible: bool
    clock: Callable[[], float] = monotonic
    started: float = field(init=False)
    searched: float = 0.0  # deterministic seconds

    def __post_init__(self) -> None:
        self.started = self.clock()

    def used(self) -> float:
        """Count what is gone; repeatable plans count only what repeats."""
        return self.searched / STEADY if self.reproducible else self.clock() - self.started

    def left(self) -> float:
        """Count the seconds that remain."""
        return max(0.0, self.seconds - self.used())

    def affords(self, seats: int, seconds: float) -> bool:
        """Tell whether a model of this size is built in time to be of use, and charge for it."""
        building = seats * BUILDING
        if building > max(LEAST, seconds):
            return False
        self.searched += building * STEADY
        return True

    def limit(self, parameters: Any, seconds: float, least: float) -> None:
        """Bound one search by the clock or, to be repeatable, by its work."""
        parameters.num_workers = WORKERS
        parameters.random_seed = self.seed
        allowed = max(least, seconds)
        if self.reproducible:
            parameters.interleave_search = True
            parameters.max_deterministic_time = allowed * STEADY
            allowed = max(least, self.started + self.seconds + OVERTIME - self.clock())
        parameters.max_time_in_seconds = allowed


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
    """Make the objective as good as the time allows, beginning from a plan."""
    from ortools.sat.python import cp_model

    model.hint(start)
    if objective.largest:
        model.solver.maximize(objective.expression)
    else:
        model.solver.minimize(objective.expression)
    solver: Any = cp_model.CpSolver()
    budget.limit(solver.parameters, seconds, least)
    status = solver.solve(model.solver)
    budget.searched += solver.deterministic_time
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Answer(None, None, optimal=False)
    return Answer(
        tuple(place for place, seat in model.seats.items() if solver.value(seat)),
        objective.bound(solver.best_objective_bound),
        status == cp_model.OPTIMAL,
    )
