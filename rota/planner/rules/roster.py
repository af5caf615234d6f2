"""What each person already holds, and whether one more seat goes with it."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from rota.planner.rules.board import Board, Kind, Place, Session
from rota.planner.rules.eligibility import Obstacle, too_soon

Held = tuple[int, int, str, Session]  # from, until, shift id (so that order never looks further)


class Roster:
    """The seats given so far, person by person."""

    def __init__(self, board: Board, places: Iterable[Place] = ()) -> None:
        self.board = board
        self.work: list[list[Held]] = [[] for _ in board.people]
        self.calls: list[list[Held]] = [[] for _ in board.people]
        self.ticks: dict[tuple[int, date], int] = defaultdict(int)
        self.shifts: dict[tuple[int, date], int] = defaultdict(int)
        for who, where, kind in places:
            self.seat(who, board.sessions[where], kind)

    def seat(self, who: int, session: Session, kind: Kind) -> None:
        """Give a seat."""
        start, end = session.span(kind)
        insort(self._held(who, kind), (start, end, session.id, session))
        if kind is not Kind.ON_CALL:
            self.shifts[who, session.week] += 1
            for week, ticks in session.weeks:
                self.ticks[who, week] += ticks

    def free(self, who: int, session: Session, kind: Kind) -> bool:
        """Tell whether one more seat goes with what they hold."""
        left = self.board.people[who].shifts_left(session.week)
        full = self.shifts.get((who, session.week), 0) >= left
        if full and kind is not Kind.ON_CALL:
            return False
        return next(self.obstacles(who, session, kind), None) is None

    def obstacles(self, who: int, session: Session, kind: Kind) -> Iterator[Obstacle]:
        """Name every rule that one more seat would break, given what they hold."""
        for held in _meeting(self.work[who], *session.span(kind)):
            yield "already-seated" if held[3] is session else "elsewhere", held[2]
        if kind is Kind.ON_CALL:
            yield from self._call_obstacles(who, session)
        else:
            for held in _meeting(self.calls[who], session.brief, session.leave):
                yield "already-seated" if held[3] is session else "elsewhere", held[2]
            yield from self._week_obstacles(who, session)
            yield from self._rest_obstacles(who, session)

    def _held(self, who: int, kind: Kind) -> list[Held]:
        return self.calls[who] if kind is Kind.ON_CALL else self.work[who]

    def _call_obstacles(self, who: int, session: Session) -> Iterator[Obstacle]:
        others = [*_meeting(self.calls[who], session.start, session.end)]
        if any(held[3] is session for held in others):
            yield "already-seated", session.id
        turns = [session.start, *(held[0] for held in others if held[0] > session.start)]
        busiest = max(sum(1 for held in others if held[0] <= turn < held[1]) for turn in turns)
        if busiest >= self.board.at_once:
            yield "on-call-limit", ""

    def _week_obstacles(self, who: int, session: Session) -> Iterator[Obstacle]:
        person = self.board.people[who]
        if any(
            self.ticks[who, week] + more > person.ticks_left(week) for week, more in session.weeks
        ):
            yield "week-hours", ""
        if self.shifts[who, session.week] >= person.shifts_left(session.week):
            yield "week-shifts", ""

    def _rest_obstacles(self, who: int, session: Session) -> Iterator[Obstacle]:
        person, mine = self.board.people[who], self.work[who]
        at = bisect_left(mine, (session.brief,))
        if at and too_soon(person, mine[at - 1][3], session):
            yield "rest", mine[at - 1][2]
        if at < len(mine) and too_soon(person, session, mine[at][3]):
            yield "rest", mine[at][2]


def _meeting(held: list[Held], start: int, end: int) -> Iterator[Held]:
    for each in held:
        if each[0] >= end:
            return
        if each[1] > start:
            yield each
