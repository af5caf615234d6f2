"""The hard rules as a CP-SAT model: one yes or no for each person, shift and kind of seat."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from rota.planner.rules.board import Board, Kind, Place
from rota.planner.rules.eligibility import Fits
from rota.planner.rules.measures import open_shifts
from rota.planner.rules.person_limits import limit_person, weighted

Variable = Any  # the solver's library is untyped
SEATED_KINDS = (Kind.STAFF, Kind.EXTRA, Kind.ON_CALL)


class Model:
    """Variables and rules for some of the board's people; objectives are added stage by stage."""

    def __init__(self, board: Board, fits: tuple[Fits, ...], people: Collection[int]) -> None:
        from ortools.sat.python import cp_model

        self.board = board
        self.fits = fits
        self.people = people
        self.solver: Any = cp_model.CpModel()
        self.fixed = frozenset(board.fixed_places(people))
        self.seats: dict[Place, Variable] = {}
        self.opens: dict[int, Variable] = {}
        self.at: dict[tuple[int, Kind], list[int]] = defaultdict(list)
        able: dict[tuple[int, Kind], list[int]] = defaultdict(list)
        for who in people:
            for where, kinds in fits[who].items():
                for kind in kinds:
                    able[where, kind].append(who)
        for who, where, kind in sorted(self.fixed):
            self._add_seat(who, where, kind)
        for where in range(len(board.sessions)):
            self._add_shift(where, able)
        self._limit_people()

    def _add_seat(self, who: int, where: int, kind: Kind) -> Variable:
        place = who, where, kind
        lowest = int(place in self.fixed)
        self.seats[place] = self.solver.new_int_var(lowest, 1, "")
        self.at[where, kind].append(who)
        return self.seats[place]

    def _add_shift(self, where: int, able: dict[tuple[int, Kind], list[int]]) -> None:
        """Seat people on a shift only if it opens; leave out what can never open."""
        free = {kind: self._free(where, kind, able) for kind in SEATED_KINDS}
        if not self._can_open(where, free):
            return
        opened = self.opens[where] = self.solver.new_bool_var("")
        session = self.board.sessions[where]
        for kind in SEATED_KINDS:
            held = len(self.at[where, kind])
            added = [self._add_seat(who, where, kind) for who in free[kind]]
            total = weighted(added, [1] * len(added))
            if added:
                self.solver.add(total <= (session.room(kind) - held) * opened)
            if session.needed(kind) > held:
                self.solver.add(total >= (session.needed(kind) - held) * opened)
        for tag in session.languages:
            self.solver.add_bool_or([*self.speakers(where, tag), ~opened])

    def _free(self, where: int, kind: Kind, able: dict[tuple[int, Kind], list[int]]) -> list[int]:
        held = self.at.get((where, kind), [])
        if len(held) >= self.board.sessions[where].room(kind):
            return []
        if kind is Kind.ON_CALL and not self.board.at_once:
            return []
        return [who for who in able.get((where, kind), ()) if who not in held]

    def _can_open(self, where: int, free: dict[Kind, list[int]]) -> bool:
        session = self.board.sessions[where]
        staff = [*free[Kind.STAFF], *self.at.get((where, Kind.STAFF), ())]
        on_call = len(free[Kind.ON_CALL]) + len(self.at.get((where, Kind.ON_CALL), ()))
        spoken = {tag for who in staff for tag in self.board.people[who].languages}
        return (
            len(staff) >= session.minimum.workers
            and on_call >= session.minimum.supervisors
            and spoken.issuperset(session.languages)
        )

    def speakers(self, where: int, tag: str) -> list[Variable]:
        """List the seats that would bring a language to a shift."""
        return [
            self.seats[who, where, Kind.STAFF]
            for who in self.at[where, Kind.STAFF]
            if tag in self.board.people[who].languages
        ]

    def _limit_people(self) -> None:
        mine: dict[int, dict[tuple[int, Kind], Variable]] = defaultdict(dict)
        for (who, where, kind), variable in self.seats.items():
            mine[who][where, kind] = variable
        for who, seats in sorted(mine.items()):
            limit_person(self.solver, self.board, self.board.people[who], seats)

    def hint(self, places: Collection[Place]) -> None:
        """Start the next search from a plan."""
        self.solver.clear_hints()
        held, begun = frozenset(places), frozenset(open_shifts(self.board, places))
        for place, variable in self.seats.items():
            self.solver.add_hint(variable, int(place in held))
        for where, variable in self.opens.items():
            self.solver.add_hint(variable, int(where in begun))
