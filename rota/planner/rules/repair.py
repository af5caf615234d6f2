"""Filling what a drop-out has left, without moving anybody: every seat that is held stays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rota.planner.rules.board import WORKERS_KINDS, Board, Kind, Place
from rota.planner.rules.eligibility import obstacles, preference
from rota.planner.rules.greedy import Team, open_with
from rota.planner.rules.measures import offered_hours, ticks_given
from rota.planner.rules.roster import Roster


def repair(board: Board, places: Sequence[Place], broken: Iterable[int]) -> tuple[Place, ...]:
    """Open these shifts again with people who are free; answer the places that are added.

    The worthiest shift chooses first; who comes gladly is asked before who merely can, and then
    whose project has given least of what it offers.
    """
    roster = Roster(board, places)
    teams: dict[int, Team] = defaultdict(list)
    for who, where, kind in places:
        teams[where].append((who, kind))
    owed = _given(board, places)
    added: list[Place] = []
    for where in sorted(broken, key=lambda at: (-board.sessions[at].weight, at)):
        session = board.sessions[where]
        choices = {kind: _willing(board, owed, where, kind) for kind in Kind}
        team = open_with(board, roster, session, teams.get(where, []), choices)
        for who, kind in team or ():
            if (who, kind) not in teams[where]:
                roster.seat(who, session, kind)
                added.append((who, where, kind))
    return tuple(added)


def _given(board: Board, places: Iterable[Place]) -> Mapping[str, float]:
    ticks = ticks_given(board, places)
    return {name: float(ticks[name] / hours) for name, hours in offered_hours(board).items()}


def _willing(board: Board, given: Mapping[str, float], where: int, kind: Kind) -> list[int]:
    session = board.sessions[where]
    if not session.room(kind) or (kind not in WORKERS_KINDS and not board.at_once):
        return []
    found = [
        who
        for who, person in enumerate(board.people)
        if person.has_role(kind) and next(obstacles(person, session, kind), None) is None
    ]

    def eager(who: int) -> tuple[int, float, int]:
        person = board.people[who]
        return -preference(person, session, kind), given.get(person.project, 0.0), who

    return sorted(found, key=eager)
