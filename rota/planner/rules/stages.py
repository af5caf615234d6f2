"""Open first, then fairness, then wishes: each without losing any of the one before."""

from collections.abc import Callable, Collection
from fractions import Fraction
from functools import partial

from msgspec import Struct

from rota.planner.rules.alone import all_alone
from rota.planner.rules.board import Board, Place
from rota.planner.rules.budget import LEAST, Budget
from rota.planner.rules.eligibility import Fits, seats_of
from rota.planner.rules.greedy import filled, greedy
from rota.planner.rules.limits import most_wishes
from rota.planner.rules.measures import fairness, open_value, wishes
from rota.planner.rules.model import Model
from rota.planner.rules.objectives import Objective, opening, unfairness, wishing
from rota.planner.rules.opening_weeks import Opened, open_most
from rota.planner.rules.searching import search
from rota.planner.rules.windows import improve_by_windows

# Of what is left at each turn; each project alone is planned between the first two.
OPEN_SHARE, ALONE_SHARE, FAIRNESS_SHARE, WISHES_SHARE = 0.55, 0.4, 0.4, 0.8
WHOLE = 60_000  # seats: more than these are not searched as a whole for fairness and wishes


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
    opened = open_most(board, fits, people, budget, share, start, least=LEAST)
    course = Course(board, fits, budget, opened, start)
    each_alone = all_alone(board, fits, budget, ALONE_SHARE)
    course.run("fairness", Fraction(), FAIRNESS_SHARE)
    course.run("wishes", Fraction(most_wishes(board, fits)), WISHES_SHARE)
    return Planned(course.best, tuple(course.stages), each_alone)


class Course:
    """The best plan so far on its way through the stages after the first."""

    def __init__(
        self,
        board: Board,
        fits: tuple[Fits, ...],
        budget: Budget,
        opened: Opened,
        start: tuple[Place, ...],
    ) -> None:
        self.board = board
        self.fits = fits
        self.budget = budget
        people = range(len(board.people))
        value = open_value(board, opened.places)
        whole = filled(board, fits, people, opened.places)
        self.best = start if value == open_value(board, start) else whole
        self.stages = [Stage("open", value, opened.bound, value == opened.bound)]
        self.size = seats_of(fits, people)
        self.kept: list[tuple[int, Measure]] = [(1, partial(open_value, board))]

    def run(self, name: str, limit: Fraction, share: float) -> None:
        """Search one stage, keep the better plan and hold on to its worth."""
        largest = name == "wishes"
        measure = self._measure(name)
        self.kept.append((1 if largest else -1, measure))
        seconds = self.budget.left() * share
        bound = limit
        if measure(self.best) != limit:
            if self.size > WHOLE:
                self._by_windows(name, seconds)
            elif self.budget.affords(self.size, seconds):
                bound = self._as_a_whole(name, seconds, limit)
        value = measure(self.best)
        bound = max(value, min(bound, limit)) if largest else min(value, max(bound, limit))
        self.stages.append(Stage(name, value, bound, value == bound))

    def _measure(self, name: str) -> Measure:
        if name == "fairness":
            return partial(fairness, self.board)
        return lambda places: Fraction(wishes(self.board, self.fits, places))

    def _as_a_whole(self, name: str, seconds: float, limit: Fraction) -> Fraction:
        model = Model(self.board, self.fits, range(len(self.board.people)))
        hold(model, opening(model), self.best)
        objective = unfairness(model)
        if name == "wishes":
            if objective is not None:
                hold(model, objective, self.best)
            objective = wishing(model)
        if objective is None:
            return limit
        answer = search(model, objective, self.budget, seconds, self.best)
        self._take(answer.places)
        return limit if answer.bound is None else answer.bound

    def _by_windows(self, name: str, seconds: float) -> None:
        improve_by_windows(self.board, self.fits, self.budget, name, seconds, self.best, self._take)

    def _take(self, places: tuple[Place, ...] | None) -> tuple[Place, ...]:
        """Keep the better of the best plan and this one."""
        if places is not None and self._worth(places) > self._worth(self.best):
            self.best = places
        return self.best

    def _worth(self, places: tuple[Place, ...]) -> tuple[Fraction, ...]:
        return tuple(sign * measure(places) for sign, measure in self.kept)


def hold(model: Model, objective: Objective, places: Collection[Place]) -> None:
    """Let nothing be lost of what a plan has reached."""
    reached = objective.measure(places)
    aim = objective.aim
    limit = {"low" if aim.largest else "high": reached}
    model.program.add(aim.variables, aim.weights, **limit)
