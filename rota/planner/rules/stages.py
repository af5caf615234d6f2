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
from rota.planner.rules.limits import most_wishes, openable
from rota.planner.rules.measures import fairness, open_value, wishes
from rota.planner.rules.model import Model
from rota.planner.rules.objectives import Objective, opening, unfairness, wishing
from rota.planner.rules.opening_weeks import Opened, open_most
from rota.planner.rules.searching import search
from rota.planner.rules.windows import Pool, improve_by_windows

# Of what is left at each turn; each project alone is planned between the first two.
OPEN_SHARE, ALONE_SHARE, FAIRNESS_SHARE, WISHES_SHARE = 0.65, 0.4, 0.4, 0.8
WINDOWS_SHARE = 0.6  # of a stage's time, before the whole is searched
SMALL = 2_000  # seats: so few are searched as a whole at once
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


OnTheWay = Callable[[str, Planned], None]


def in_stages(
    board: Board, fits: tuple[Fits, ...], budget: Budget, on_the_way: OnTheWay
) -> Planned:
    """Plan for everyone, stage by stage; the plan is told each time it is about to be bettered."""
    people = range(len(board.people))
    start = greedy(board, fits, people)
    limit = sum((board.sessions[at].weight for at in openable(board, fits, people)), Fraction())
    gladdest = most_wishes(board, fits)
    course = Course(board, fits, budget, Opened(start, limit), start, gladdest)
    each_alone: dict[str, tuple[Place, ...]] = {each.id: () for each in board.scenario.projects}
    on_the_way("open", course.planned(each_alone))
    share = budget.left() * OPEN_SHARE
    opened = open_most(board, fits, people, budget, share, start, least=LEAST)
    course = Course(board, fits, budget, opened, start, gladdest)
    on_the_way("alone", course.planned(each_alone))
    each_alone = all_alone(board, fits, budget, ALONE_SHARE)
    on_the_way("fairness", course.planned(each_alone))
    course.run("fairness", FAIRNESS_SHARE)
    on_the_way("wishes", course.planned(each_alone))
    course.run("wishes", WISHES_SHARE)
    return course.planned(each_alone)


class Course:
    """The best plan so far on its way through the stages after the first."""

    def __init__(
        self,
        board: Board,
        fits: tuple[Fits, ...],
        budget: Budget,
        opened: Opened,
        start: tuple[Place, ...],
        most_wishes: Fraction,
    ) -> None:
        self.board = board
        self.fits = fits
        self.budget = budget
        people = range(len(board.people))
        value = open_value(board, opened.places)
        known = value == open_value(board, start)
        self.best = start if known else filled(board, fits, people, opened.places)
        self.stages = [Stage("open", value, opened.bound, value == opened.bound)]
        self.size = seats_of(fits, people)
        self.limits = {"fairness": Fraction(), "wishes": most_wishes}
        self.kept: list[tuple[int, Measure]] = [(1, partial(open_value, board))]

    def planned(self, each_alone: dict[str, tuple[Place, ...]]) -> Planned:
        """Give the plan as it stands, with what is known of stages that were not searched."""
        done = {stage.name: stage for stage in self.stages}
        unsearched = {
            name: (self._measure(name)(self.best), limit)
            for name, limit in self.limits.items()
            if name not in done
        }
        later = (
            Stage(name, value, limit, value == limit) for name, (value, limit) in unsearched.items()
        )
        return Planned(self.best, (*self.stages, *later), each_alone)

    def run(self, name: str, share: float) -> None:
        """Search one stage, keep the better plan and hold on to its worth."""
        limit = self.limits[name]
        largest = name == "wishes"
        measure = self._measure(name)
        self.kept.append((1 if largest else -1, measure))
        seconds = self.budget.left() * share
        bound = limit
        if measure(self.best) != limit:
            until = self.budget.left() - seconds
            if self.size > SMALL:
                self._by_windows(name, seconds * (WINDOWS_SHARE if self.size <= WHOLE else 1))
            seconds = self.budget.left() - until
            if self.size <= WHOLE and self.budget.affords(self.size, seconds):
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
        people = range(len(self.board.people))
        pool = Pool(self.board, self.fits, people, range(len(self.board.sessions)))
        improve_by_windows(pool, self.budget, name, seconds, self.best, self._take)

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
