"""Fixed seats stay, so they must keep the rules among themselves."""

from collections.abc import Iterator

from rota.planner.rules.board import Board, Kind, Place
from rota.planner.rules.eligibility import obstacles
from rota.planner.rules.naming import shown
from rota.planner.rules.roster import Roster
from rota.planner.rules.telling import of_one


def broken_fixed(board: Board) -> Iterator[str]:
    """Write one line for every fixed seat that breaks a rule."""
    roster = Roster(board)
    index_of = {each.seat: index for index, each in enumerate(board.scenario.fixed)}
    for seat, place in sorted(board.fixed, key=lambda each: _by_start(board, each[1])):
        found = _obstacle(board, roster, place)
        who, where, kind = place
        if found is None:
            roster.seat(who, board.sessions[where], kind)
        else:
            yield f"fixed[{index_of[seat]}]: Fixed seat {shown(seat)} breaks a rule: {found}."


def _by_start(board: Board, place: Place) -> tuple[int, int]:
    """In order of time, because rest is owed to the seat before only."""
    _, where, kind = place
    return kind is Kind.ON_CALL, board.sessions[where].brief


def _obstacle(board: Board, roster: Roster, place: Place) -> str | None:
    who, where, kind = place
    person, session = board.people[who], board.sessions[where]
    for obstacle in (*obstacles(person, session, kind), *roster.obstacles(who, session, kind)):
        return of_one(person.id, obstacle)
    return None
