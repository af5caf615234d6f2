"""The hard rules as a program: who takes which kind of seat, and what opens by it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from rota.planner.rules.board import Board, Kind, Place, Session
from rota.planner.rules.eligibility import Fits
from rota.planner.rules.measures import open_shifts
from rota.planner.rules.person_limits import limit_person
from rota.planner.rules.program import Program, Variable
from rota.planner.rules.teams import teams

SEATED_KINDS = (Kind.STAFF, Kind.EXTRA, Kind.ON_CALL)
Able = dict[tuple[int, Kind], list[int]]


class Model:
    """Variables and rules for some people on some of the board's sessions.

    `held` are places on other sessions that stay. With `alike`, sessions that differ in nothing
    that matters for being open are planned as one, and seats that open nothing are left out.
    """

    def __init__(
        self,
        board: Board,
        fits: tuple[Fits, ...],
        people: Collection[int],
        *,
        sessions: Collection[int] | None = None,
        held: Iterable[Place] = (),
        alike: bool = False,
    ) -> None:
        self.board = board
        self.fits = fits
        self.alike = alike
        self.program = Program()
        self.sessions = range(len(board.sessions)) if sessions is None else sorted(sessions)
        mine = frozenset(self.sessions)
        own = (place for place in board.fixed_places(people) if place[1] in mine)
        self.fixed = frozenset((*own, *held))
        self.seats: dict[Place, Variable] = {}
        self.opens: dict[int, Variable] = {}
        self.at: dict[tuple[int, Kind], list[int]] = defaultdict(list)
        able: Able = defaultdict(list)
        for who in people:
            for where, kinds in fits[who].items():
                if where in mine:
                    for kind in kinds:
                        able[where, kind].append(who)
        for who, where, kind in sorted(self.fixed):
            self._add_seat(who, where, kind, low=1)
        self.groups: dict[int, list[int]] = {}
        for group in self._groups(able):
            self._add_group(group, able)
        self._limit_people()

    def _groups(self, able: Able) -> list[list[int]]:
        """Put together what is planned as one; the worthiest of a group opens first."""
        if not self.alike:
            return [[where] for where in self.sessions]
        kept = {where for _, where, _ in self.fixed}
        groups: dict[object, list[int]] = defaultdict(list)
        for where in self.sessions:
            groups[where if where in kept else self._likeness(where, able)].append(where)
        sessions = self.board.sessions
        return [
            sorted(group, key=lambda where: (-sessions[where].weight, where))
            for group in groups.values()
        ]

    def _likeness(self, where: int, able: Able) -> object:
        session = self.board.sessions[where]
        return (
            (session.brief, session.start, session.end, session.leave),
            frozenset(session.languages),
            tuple((session.room(kind), session.needed(kind)) for kind in Kind),
            tuple(tuple(able.get((where, kind), ())) for kind in (Kind.STAFF, Kind.ON_CALL)),
        )

    def _add_seat(
        self, who: int, where: int, kind: Kind, *, low: int = 0, high: int = 1
    ) -> Variable:
        self.seats[who, where, kind] = self.program.new(low, high)
        self.at[where, kind].append(who)
        return self.seats[who, where, kind]

    def _add_group(self, group: list[int], able: Able) -> None:
        """Seat people on a shift only if it opens; leave out what can never open."""
        first, program = group[0], self.program
        session = self.board.sessions[first]
        free = {kind: self._free(first, kind, able) for kind in SEATED_KINDS}
        if not self._can_open(first, free):
            return
        self.groups[first] = group
        opened = [program.new() for _ in group]
        self.opens.update(zip(group, opened, strict=True))
        for before, after in pairwise(opened):
            program.implies(after, before)
        for kind in SEATED_KINDS:
            held = len(self.at[first, kind])
            most = min(self.board.at_once, len(group)) if kind is Kind.ON_CALL else 1
            added = [self._add_seat(who, first, kind, high=most) for who in free[kind]]
            room, needed = session.room(kind) - held, session.needed(kind) - held
            count = [*added, *opened]
            if added:
                program.add(count, [1] * len(added) + [-room] * len(opened), high=0)
            if needed > 0:
                program.add(count, [1] * len(added) + [-needed] * len(opened), low=0)
        for tag in session.languages:
            speakers = self.speakers(first, tag)
            weights = [1] * len(speakers) + [-1] * len(opened)
            program.add([*speakers, *opened], weights, low=0)

    def _free(self, where: int, kind: Kind, able: Able) -> list[int]:
        held = self.at.get((where, kind), [])
        if len(held) >= self.board.sessions[where].room(kind):
            return []
        if (kind is Kind.ON_CALL and not self.board.at_once) or (kind is Kind.EXTRA and self.alike):
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
            limit_person(self.program, self.board, self.board.people[who], seats)

    def hint(self, places: Collection[Place]) -> dict[Variable, int]:
        """Write a plan as values of the variables."""
        held, begun = frozenset(places), frozenset(open_shifts(self.board, places))
        told = {self.opens[where]: int(where in begun) for where in self.opens}
        for (who, first, kind), variable in self.seats.items():
            group = self.groups.get(first, [first])
            told[variable] = sum((who, where, kind) in held for where in group)
        for group in self.groups.values():
            count = sum(told[self.opens[where]] for where in group)
            told |= {self.opens[where]: int(at < count) for at, where in enumerate(group)}
        return told

    def places(self, values: Sequence[int]) -> tuple[Place, ...]:
        """Read a plan out of the values, the fixed places among it."""
        found = [place for place in self.seats if place in self.fixed]
        taken: Mapping[int, dict[Kind, list[tuple[int, int]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for place, variable in self.seats.items():
            who, where, kind = place
            if place not in self.fixed and values[variable]:
                taken[where][kind].append((who, values[variable]))
        for first, kinds in taken.items():
            opened = [where for where in self.groups[first] if values[self.opens[where]]]
            found += self._spread(opened, self.board.sessions[first], kinds)
        return tuple(found)

    def _spread(
        self, opened: list[int], session: Session, kinds: Mapping[Kind, list[tuple[int, int]]]
    ) -> Iterable[Place]:
        if len(opened) == 1:
            return [(who, opened[0], kind) for kind, line in kinds.items() for who, _ in line]
        return teams(self.board, opened, session, kinds)
