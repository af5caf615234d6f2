"""What one person can hold together, as few and as tight constraints as we know."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from math import gcd
from typing import Any

from rota.planner.rules.board import Board, Kind, Person, Session

Variable = Any
Seats = Mapping[tuple[int, Kind], Variable]
Variables = list[Variable]
Work = list[tuple[Session, Variable]]
FEW = 3  # up to so many late seats are named one by one


def limit_person(solver: Any, board: Board, person: Person, seats: Seats) -> None:
    """Add the rules on overlap, on-call sessions, weeks and rest."""
    work: Work = []
    calls: Work = []
    for (where, kind), variable in seats.items():
        (calls if kind is Kind.ON_CALL else work).append((board.sessions[where], variable))
    _overlap(solver, work, calls, board.at_once)
    _weeks(solver, person, work)
    _rest(solver, board, person, work)


def _overlap(solver: Any, work: Work, calls: Work, at_once: int) -> None:
    """Hold the rule at each moment at which most seats run together."""
    seats = [(False, *item) for item in work] + [(True, *item) for item in calls]
    events = []
    for number, (on_call, session, _) in enumerate(seats):
        start, end = session.span(Kind.ON_CALL if on_call else Kind.STAFF)
        events += [(start, True, number), (end, False, number)]
    running: dict[int, None] = {}
    grown = False
    for _, begins, number in sorted(events):
        if begins:
            running[number] = None
            grown = True
            continue
        if grown:
            now = [seats[each] for each in running]
            _one_moment(
                solver,
                [variable for on_call, _, variable in now if not on_call],
                [variable for on_call, _, variable in now if on_call],
                at_once,
            )
            grown = False
        del running[number]


def _one_moment(solver: Any, work: Variables, calls: Variables, at_once: int) -> None:
    if at_once == 1 and calls and len(work) + len(calls) > 1:
        solver.add_at_most_one([*work, *calls])
        return
    if len(work) > 1:
        solver.add_at_most_one(work)
    if calls and (work or len(calls) > at_once):
        weights = [at_once] * len(work) + [1] * len(calls)
        solver.add(weighted([*work, *calls], weights) <= at_once)


def weighted(variables: Variables, weights: Sequence[int]) -> Any:
    """Sum variables by weight, at the library's own speed."""
    from ortools.sat.python.cp_model import LinearExpr

    return LinearExpr.weighted_sum(variables, weights)


def _weeks(solver: Any, person: Person, work: Work) -> None:
    ticks: dict[date, list[tuple[Variable, int]]] = defaultdict(list)
    shifts: dict[date, Variables] = defaultdict(list)
    for session, variable in work:
        shifts[session.week].append(variable)
        for week, length in session.weeks:
            ticks[week].append((variable, length))
    for group in shifts.values():
        if len(group) > person.week_shifts:
            solver.add(weighted(group, [1] * len(group)) <= person.week_shifts)
    for items in ticks.values():
        if sum(length for _, length in items) > person.week_ticks:
            unit = gcd(*(length for _, length in items))
            lengths = [length // unit for _, length in items]
            hours = weighted([variable for variable, _ in items], lengths)
            solver.add(hours <= person.week_ticks // unit)


def _rest(solver: Any, board: Board, person: Person, work: Work) -> None:
    """Forbid a seat too soon after one that ended on an earlier local day.

    Only the seat just before counts: one that runs over midnight may lie between
    the two, and then each of its neighbours is on the same day as it.
    """
    by_end = sorted(work, key=lambda item: item[0].leave)
    ends = [session.leave for session, _ in by_end]
    nights = [item for item in work if item[0].first_day < item[0].last_day]
    late: dict[date, dict[int, Variable]] = {}
    for session, variable in work:
        turn = board.calendar.day_start(session.first_day)
        before = by_end[bisect_right(ends, session.brief - person.rest) : bisect_right(ends, turn)]
        bridges = [n for n in nights if turn < n[0].leave <= session.brief]
        if not before:
            continue
        if len(before) <= FEW or bridges:
            for earlier, other in before:
                over = [each for night, each in bridges if earlier.leave <= night.brief]
                solver.add_bool_or([~other, ~variable, *over])
            continue
        chain = late.get(session.first_day)
        if chain is None:
            first = bisect_right(ends, turn - person.rest)
            chain = _late(solver, by_end[first : bisect_right(ends, turn)])
            late[session.first_day] = chain
        solver.add_implication(variable, ~chain[before[0][0].leave])


def _late(solver: Any, evening: Work) -> dict[int, Variable]:
    """For each end of that evening, whether a seat is held that ends then or later."""
    chain: dict[int, Variable] = {}
    later = None
    for session, variable in reversed(evening):
        if session.leave not in chain:
            chain[session.leave] = solver.new_bool_var("")
            if later is not None:
                solver.add_implication(later, chain[session.leave])
            later = chain[session.leave]
        solver.add_implication(variable, later)
    return chain
