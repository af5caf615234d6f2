"""The plan as programs read it, and the one function that makes it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from fractions import Fraction

from msgspec import Struct

from rota.planner.errors import BrokenPlanError
from rota.planner.rules.board import Board, Kind, Place
from rota.planner.rules.budget import Budget
from rota.planner.rules.check import violations
from rota.planner.rules.eligibility import fits
from rota.planner.rules.measures import hours_given, open_minutes
from rota.planner.rules.repair import repair
from rota.planner.rules.scenario import Scenario, number
from rota.planner.rules.stages import Planned, in_stages
from rota.planner.rules.suggestions import Suggestion, suggestions
from rota.planner.rules.unfilled import LOOKS, Unfilled, unfilled

Number = int | float


class Assignment(Struct, frozen=True):
    """Who holds which seat."""

    seat: str
    worker: str


class StageReached(Struct, frozen=True):
    """How far a stage came, and how far any plan could."""

    name: str
    value: Number
    bound: Number
    optimal: bool


class OpenMinutes(Struct, frozen=True):
    """Open time of the pool, beside each project planned alone."""

    pool: Number
    alone: dict[str, Number]


class OpenByChannel(Struct, frozen=True):
    """The same, for each channel: a chat that is open is not a forum that is looked after."""

    pool: dict[str, Number]
    alone: dict[str, dict[str, Number]]


class Plan(Struct, frozen=True):
    """Who sits where, how good that is, and what is missing.

    `seconds` is the time used; for a repeatable plan it is the search's own
    repeatable count, so that two such plans are the same byte for byte.
    """

    assignments: tuple[Assignment, ...]
    stages: tuple[StageReached, ...]
    open_minutes: OpenMinutes
    open_minutes_by_channel: OpenByChannel
    unfilled: tuple[Unfilled, ...]
    suggestions: tuple[Suggestion, ...]
    hours_given: dict[str, Number]
    seed: int
    seconds: float


def plan(scenario: Scenario, *, seconds: float, seed: int, reproducible: bool) -> Plan:
    """Plan a scenario that has been checked; see `decode`."""
    budget = Budget(seconds, seed, reproducible)
    return plan_board(Board.of(scenario), budget)


Keep = Callable[["Draft"], None]


class Draft(Struct, frozen=True):
    """A whole plan on the way to a better one, and the stage that is being worked on."""

    stage: str
    plan: Plan


def plan_board(board: Board, budget: Budget, keep: Keep | None = None) -> Plan:
    """Plan within a budget that may already have begun."""
    able = fits(board)

    def on_the_way(stage: str, planned: Planned) -> None:
        if keep is not None:
            keep(Draft(stage, _told(board, budget, planned, thorough=False)))

    return _told(board, budget, in_stages(board, able, budget, on_the_way), thorough=True)


def _told(board: Board, budget: Budget, planned: Planned, *, thorough: bool) -> Plan:
    """Write a plan for programs; not thorough, without looking for what would help."""
    holds = holds_of(board, planned.places)
    for broken in violations(board.scenario, holds):
        raise BrokenPlanError(broken)
    pool = open_minutes(board, planned.places)
    alone = {name: open_minutes(board, places) for name, places in planned.alone.items()}
    looks = LOOKS if thorough else 0
    return Plan(
        assignments=tuple(Assignment(seat, worker) for seat, worker in holds.items()),
        stages=tuple(
            StageReached(each.name, number(each.value), number(each.bound), each.optimal)
            for each in planned.stages
        ),
        open_minutes=OpenMinutes(
            number(sum(pool.values(), Fraction())),
            {name: number(sum(each.values(), Fraction())) for name, each in alone.items()},
        ),
        open_minutes_by_channel=OpenByChannel(
            _numbers(pool), {name: _numbers(each) for name, each in alone.items()}
        ),
        unfilled=tuple(unfilled(board, planned.places, holds, looks=looks)),
        suggestions=suggestions(board, planned.places) if thorough else (),
        hours_given=_numbers(hours_given(board, planned.places)),
        seed=budget.seed,
        seconds=round(budget.used(), 3),
    )


def repair_board(board: Board, broken: Collection[str]) -> Plan:
    """Plan what these shifts lack around all that is fixed, and nothing else."""
    fixed = tuple(place for _, place in board.fixed)
    lacking = frozenset(
        where for where, session in enumerate(board.sessions) if session.id in broken
    )
    places = (*fixed, *repair(board, fixed, lacking))
    holds = holds_of(board, places)
    for rule in violations(board.scenario, holds):
        raise BrokenPlanError(rule)
    pool = open_minutes(board, places)
    return Plan(
        assignments=tuple(Assignment(seat, worker) for seat, worker in holds.items()),
        stages=(),
        open_minutes=OpenMinutes(number(sum(pool.values(), Fraction())), {}),
        open_minutes_by_channel=OpenByChannel(_numbers(pool), {}),
        unfilled=tuple(unfilled(board, places, holds, shifts=lacking)),
        suggestions=(),
        hours_given=_numbers(hours_given(board, places)),
        seed=0,
        seconds=0,
    )


def holds_of(board: Board, places: Iterable[Place]) -> dict[str, str]:
    """Give each place a seat: fixed ones their own, the rest in the order of the seats."""
    fixed = dict(board.fixed)
    waiting: dict[tuple[int, Kind], list[int]] = defaultdict(list)
    for who, where, kind in sorted(set(places) - set(fixed.values()), reverse=True):
        waiting[where, kind].append(who)
    holds = {}
    for where, session in enumerate(board.sessions):
        for kind, seat in session.seats:
            line = waiting[where, kind]
            if seat in fixed:
                holds[seat] = board.people[fixed[seat][0]].id
            elif line:
                holds[seat] = board.people[line.pop()].id
    return holds


def _numbers(values: dict[str, Fraction]) -> dict[str, Number]:
    return {name: number(value) for name, value in values.items()}
