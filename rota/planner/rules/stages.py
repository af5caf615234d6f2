"""Open first, then fairness, then wishes: each without losing any of the one before."""

from collections.abc import Callable, Collection
from fractions import Fraction
from functools import partial

from msgspec import Struct

from rota.planner.rules.alone import all_alone
from rota.planner.rules.board import Board, Place
from rota.planner.rules.budget import Budget, search
from rota.planner.rules.eligibility import Fits, seats_of
from rota.planner.rules.greedy import greedy
from rota.planner.rules.limits import most_open, most_wishes
from rota.planner.rules.measures import fairness, open_value, wishes
from rota.planner.rules.model import Model
from rota.planner.rules.objectives import Objective, opening, unfairness, wishing

# Of what is left at each turn; each project alone is planned between the first two.
OPEN_SHARE, ALONE_SHARE, FAIRNESS_SHARE, WISHES_SHARE = 0.5, 0.4, 0.4, 0.8


class Stage(Struct, frozen=True):
    """What a stage reached, and what it was proven that none can pass."""

    name: str
    value: Fraction
    bound: Fraction
    optimal: bool


class Planned(Struct, frozen=True):
    """Who sits where, how good that is, and who would sit where in each project alone."""

    places: tuple[Place, ...]
    stages: tuple[Stage, ...]
    alone: dict[str, tuple[Place, ...]]


Measure = Callable[[Collection[Place]], Fraction]


def in_stages(board: Board, fits: tuple[Fits, ...], budget: Budget) -> Planned:
    """Plan for everyone, stage by stage."""
    people = range(len(board.people))
    start = greedy(board, fits, people)
    share = budget.left() * OPEN_SHARE
    if not budget.affords(seats_of(fits, people), share):
        return _unsearched(board, fits, budget, start)
    model = Model(board, fits, people)
    course = Course(model, budget, start)
    limit = most_open(board, fits)
    course.run("open", opening, partial(open_value, board), limit, OPEN_SHARE)
    each_alone = all_alone(board, fits, budget, ALONE_SHARE)
    course.run("fairness", unfairness, partial(fairness, board), Fraction(), FAIRNESS_SHARE)
    measure, limit = partial(_wishes, board, fits), most_wishes(board, fits)
    course.run("wishes", wishing, measure, limit, WISHES_SHARE)
    return Planned(course.best, tuple(course.stages), each_alone)


def _unsearched(
    board: Board, fits: tuple[Fits, ...], budget: Budget, start: tuple[Place, ...]
) -> Planned:
    """Give the first-come plan, with what is known of how much better one could be."""
    figures = (
        ("open", open_value(board, start), most_open(board, fits)),
        ("fairness", fairness(board, start), Fraction()),
        ("wishes", _wishes(board, fits, start), most_wishes(board, fits)),
    )
    stages = tuple(Stage(name, value, bound, value == bound) for name, value, bound in figures)
    return Planned(start, stages, all_alone(board, fits, budget, ALONE_SHARE))


def _wishes(board: Board, fits: tuple[Fits, ...], places: Collection[Place]) -> Fraction:
    return Fraction(wishes(board, fits, places))


class Course:
    """The best plan so far on its way through the stages."""

    def __init__(self, model: Model, budget: Budget, start: tuple[Place, ...]) -> None:
        self.model = model
        self.budget = budget
        self.best = start
        self.stages: list[Stage] = []
        self.kept: list[tuple[int, Measure]] = []  # of what comes earlier nothing may be lost

    def run(
        self,
        name: str,
        objective_of: Callable[[Model], Objective | None],
        measure: Measure,
        limit: Fraction,
        share: float,
    ) -> None:
        """Search one stage, keep the better plan and hold on to its worth."""
        self.kept.append((-1 if name == "fairness" else 1, measure))
        seconds = self.budget.left() * share
        early = not self.stages or self.budget.affords(len(self.model.seats), seconds)
        objective = objective_of(self.model) if early else None
        if objective is None:
            value = measure(self.best)
            self.stages.append(Stage(name, value, limit, value == limit))
            return
        answer = search(self.model, objective, self.budget, seconds, self.best)
        if answer.places is not None and self._worth(answer.places) > self._worth(self.best):
            self.best = answer.places
        value, bound = measure(self.best), limit if answer.bound is None else answer.bound
        if objective.largest:
            bound = max(value, min(bound, limit))
        else:
            bound = min(value, max(bound, limit))
        self.stages.append(Stage(name, value, bound, answer.optimal or bound == value))
        self._hold(objective)

    def _worth(self, places: tuple[Place, ...]) -> tuple[Fraction, ...]:
        return tuple(sign * measure(places) for sign, measure in self.kept)

    def _hold(self, objective: Objective) -> None:
        reached = objective.measure(self.best)
        if objective.largest:
            self.model.solver.add(objective.expression >= reached)
        else:
            self.model.solver.add(objective.expression <= reached)
