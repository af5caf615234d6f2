"""What one person can hold together, as few and as tight constraints as we know."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from math import gcd

from rota.planner.rules.board import Board, Kind, Person, Session
from rota.planner.rules.program import Program, Variable

Seats = Mapping[tuple[int, Kind], Variable]
Variables = list[Variable]
Work = list[tuple[Session, Variable]]
FEW = 3  # up to so many late seats are named one by one


def limit_person(program: Program, board: Board, person: Person, seats: Seats) -> None:
    """Add the rules on overlap, on-call sessions, weeks and rest."""
    work: Work = []
    calls: Work = []
    for (where, kind), variable in seats.items():
        (calls if kind is Kind.ON_CALL else work).append((board.sessions[where], variable))
    _overlap(program, work, calls, board.at_once)
    _weeks(program, person, work)
    _rest(program, board, person, work)


def _overlap(program: Program, work: Work, calls: Work, at_once: int) -> None:
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
                program,
                [variable for on_call, _, variable in now if not on_call],
                [variable for on_call, _, variable in now if on_call],
                at_once,
            )
            grown = False
        del running[number]


def _one_moment(program: Program, work: Variables, calls: Variables, at_once: int) -> None:
    if at_once == 1 and calls and len(work) + len(calls) > 1:
        program.at_most([*work, *calls], 1)
        return
    if len(work) > 1:
        program.at_most(work, 1)
    if calls and (work or sum(program.highs[each] for each in calls) > at_once):
        weights = [at_once] * len(work) + [1] * len(calls)
        program.add([*work, *calls], weights, high=at_once)


def _weeks(program: Program, person: Person, work: Work) -> None:
    ticks: dict[date, list[tuple[Variable, int]]] = defaultdict(list)
    shifts: dict[date, Variables] = defaultdict(list)
    for session, variable in work:
        shifts[session.week].append(variable)
        for week, length in session.weeks:
            ticks[week].append((variable, length))
    for week in sorted({*ticks, *shifts}):
        lengths = [length for _, length in ticks[week]]
        room = person.ticks_left(week)
        most = _most_that_fit(lengths, room)
        if shifts[week]:
            _at_most(program, shifts[week], person.shifts_left(week))
        if most < len(lengths):
            _at_most(program, [variable for variable, _ in ticks[week]], most)
            if len({*lengths}) > 1:
                unit = gcd(*lengths)
                program.add(
                    [variable for variable, _ in ticks[week]],
                    [length // unit for length in lengths],
                    high=room // unit,
                )


def _most_that_fit(lengths: Sequence[int], room: int) -> int:
    """Count how many of the shortest fit: a limit that a relaxation cannot split, unlike hours."""
    total = 0
    for count, length in enumerate(sorted(lengths)):
        total += length
        if total > room:
            return count
    return len(lengths)


def _at_most(program: Program, group: Variables, most: int) -> None:
    if len(group) > most:
        program.at_most(group, most)


def _rest(program: Program, board: Board, person: Person, work: Work) -> None:
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
                program.either(over, [other, variable])
            continue
        chain = late.get(session.first_day)
        if chain is None:
            first = bisect_right(ends, turn - person.rest)
            chain = _late(program, by_end[first : bisect_right(ends, turn)])
            late[session.first_day] = chain
        program.either([], [variable, chain[before[0][0].leave]])


def _late(program: Program, evening: Work) -> dict[int, Variable]:
    """For each end of that evening, whether a seat is held that ends then or later."""
    chain: dict[int, Variable] = {}
    later = None
    for session, variable in reversed(evening):
        if session.leave not in chain:
            chain[session.leave] = program.new()
            if later is not None:
                program.implies(later, chain[session.leave])
            later = chain[session.leave]
        program.implies(variable, chain[session.leave])
    return chain
