"""A plan too large to be searched as a whole, made better some days at a time."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from rota.planner.rules.board import Board, Place
from rota.planner.rules.budget import Budget
from rota.planner.rules.eligibility import Fits
from rota.planner.rules.measures import offered_hours, ticks_given
from rota.planner.rules.model import Model
from rota.planner.rules.objectives import Objective, opening, unfairness, wishing
from rota.planner.rules.searching import search
from rota.planner.rules.weeks import HOUR

SEATS = 3_000  # in one window
TURN = 4.0  # seconds for one window at the most
WEEK = 7 * 24 * HOUR

Take = Callable[[tuple[Place, ...] | None], tuple[Place, ...]]


@dataclass(frozen=True, slots=True)
class Pool:
    """Whose seats may change, and on which sessions."""

    board: Board
    fits: tuple[Fits, ...]
    people: Collection[int]
    sessions: Collection[int]


def improve_by_windows(
    pool: Pool,
    budget: Budget,
    name: str,
    seconds: float,
    best: tuple[Place, ...],
    take: Take,
) -> None:
    """Free the seats of a few days, plan them anew around all others, and go on to the next."""
    until = budget.left() - seconds
    sizes: dict[int, int] = defaultdict(int)
    mine = frozenset(pool.sessions)
    for who in pool.people:
        for where, kinds in pool.fits[who].items():
            if where in mine:
                sizes[where] += len(kinds)
    for window in _windows(pool.board, sizes):
        left = budget.left() - until
        if left <= 0 or not budget.affords(sum(sizes[each] for each in window), left):
            return
        model = _model(pool, window, best)
        objective = _aim(model, name, best)
        if objective is None:
            return
        found = search(model, objective, budget, min(TURN, left), best).places
        if found is not None:
            kept = [place for place in best if place[1] not in window]
            own = [place for place in found if place[1] in window]
            best = take((*kept, *own))


def _windows(board: Board, sizes: dict[int, int]) -> Iterator[frozenset[int]]:
    order = sorted(sizes, key=lambda at: (board.sessions[at].start, at))
    window: list[int] = []
    for where in order:
        if window and sum(sizes[each] for each in (*window, where)) > SEATS:
            yield frozenset(window)
            window = []
        window.append(where)
    if window:
        yield frozenset(window)


def _model(pool: Pool, window: frozenset[int], best: Collection[Place]) -> Model:
    board, fits = pool.board, pool.fits
    reach = max(person.rest for person in board.people) + WEEK
    first = min((board.sessions[each].brief for each in window), default=0) - reach
    last = max((board.sessions[each].leave for each in window), default=0) + reach
    held = [
        place
        for place in best
        if place[1] not in window
        and first < board.sessions[place[1]].leave
        and board.sessions[place[1]].brief < last
    ]
    near = tuple({at: mine[at] for at in mine if at in window} for mine in fits)
    for who, where, kind in held:
        near[who].setdefault(where, {kind: fits[who][where][kind]})
    return Model(board, near, pool.people, sessions=window, held=held)


def _aim(model: Model, name: str, best: Collection[Place]) -> Objective | None:
    program, board = model.program, model.board
    first = opening(model)
    if name == "open":
        return first
    program.add(first.aim.variables, first.aim.weights, low=first.measure(best))
    outside = [place for place in best if place[1] not in frozenset(model.sessions)]
    elsewhere = ticks_given(board, outside)
    fair = unfairness(model, {each: elsewhere[each] for each in offered_hours(board)})
    if name == "fairness":
        return fair
    if fair is not None:
        program.add(fair.aim.variables, fair.aim.weights, high=fair.measure(best))
    return wishing(model)
