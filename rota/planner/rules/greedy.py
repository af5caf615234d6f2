"""First come, first served: the plan that people would make by signing up in turn."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from rota.planner.rules.board import Board, Kind, Place, Session
from rota.planner.rules.eligibility import Fits
from rota.planner.rules.measures import is_open, open_shifts
from rota.planner.rules.roster import Roster

Candidates = dict[tuple[int, Kind], list[int]]  # shift and kind to the people, as listed


def candidates(fits: tuple[Fits, ...], people: Iterable[int]) -> Candidates:
    """Turn round who fits where."""
    found: Candidates = defaultdict(list)
    for who in people:
        for where, kinds in fits[who].items():
            for kind in kinds:
                found[where, kind].append(who)
    return found


def greedy(board: Board, fits: tuple[Fits, ...], people: Collection[int]) -> tuple[Place, ...]:
    """Fill each shift in order of its start, then the seats that no minimum asks for."""
    places = [*board.fixed_places(people)]
    roster = Roster(board, places)
    able = candidates(fits, people)
    fixed: dict[int, Team] = defaultdict(list)
    for who, where, kind in places:
        fixed[where].append((who, kind))
    teams: dict[int, Team] = {}
    order = sorted(range(len(board.sessions)), key=lambda at: (board.sessions[at].start, at))
    for where in order:
        held = fixed.get(where, [])
        session = board.sessions[where]
        choices = {kind: able.get((where, kind), []) for kind in Kind}
        team = open_with(board, roster, session, held, choices)
        if team is not None:
            teams[where] = team
            for who, kind in team:
                if (who, kind) not in held:
                    roster.seat(who, session, kind)
                    places.append((who, where, kind))
    return tuple(_filled(board, roster, able, teams, places))


Team = list[tuple[int, Kind]]


def filled(
    board: Board, fits: tuple[Fits, ...], people: Iterable[int], places: Collection[Place]
) -> tuple[Place, ...]:
    """Seat whoever is still free on the seats of open shifts that no minimum asks for."""
    teams: dict[int, Team] = {where: [] for where in open_shifts(board, places)}
    for who, where, kind in places:
        if where in teams:
            teams[where].append((who, kind))
    roster, able = Roster(board, places), candidates(fits, people)
    return tuple(_filled(board, roster, able, teams, [*places]))


def _filled(
    board: Board,
    roster: Roster,
    able: Candidates,
    teams: Mapping[int, Team],
    places: list[Place],
) -> list[Place]:
    for where, team in teams.items():
        for who, kind in _fill(roster, board.sessions[where], team, able, where):
            places.append((who, where, kind))
    return places


def open_with(
    board: Board, roster: Roster, session: Session, held: Team, choices: dict[Kind, list[int]]
) -> Team | None:
    """Find people who open the shift without moving anyone, whichever kind chooses first."""
    free = {
        kind: [who for who in choices[kind] if roster.free(who, session, kind)]
        if session.needed(kind) or (kind is Kind.STAFF and session.languages)
        else []
        for kind in (Kind.STAFF, Kind.ON_CALL)
    }
    for first, second in ((Kind.ON_CALL, Kind.STAFF), (Kind.STAFF, Kind.ON_CALL)):
        team = [*held]
        for kind, other in ((first, second), (second, first)):
            scarce = set(free[other])  # people whom the other kind of seat could use as well
            _choose(board, session, kind, sorted(free[kind], key=scarce.__contains__), team)
        staff = [who for who, kind in team if kind is Kind.STAFF]
        on_call = [who for who, kind in team if kind is Kind.ON_CALL]
        if is_open(board, session, staff, on_call):
            return team
    return None


def _choose(board: Board, session: Session, kind: Kind, free: list[int], team: Team) -> None:
    """Take who speaks most of what is missing, then whoever comes first."""
    room = session.room(kind) - sum(1 for _, each in team if each is kind)
    while room > 0:
        mine = [who for who, each in team if each is kind]
        spoken = {tag for who in mine for tag in board.people[who].languages}
        missing = [tag for tag in session.languages if tag not in spoken]
        if kind is Kind.ON_CALL:
            missing = []
        if len(mine) >= session.needed(kind) and not missing:
            return
        taken = {who for who, _ in team}
        left = [who for who in free if who not in taken]
        if not left:
            return
        best = left[0]
        if missing:
            best = max(
                left, key=lambda who: sum(tag in board.people[who].languages for tag in missing)
            )
        team.append((best, kind))
        room -= 1


def _fill(roster: Roster, session: Session, team: Team, able: Candidates, where: int) -> Team:
    """Seat whoever is still free on the seats that are left."""
    added: Team = []
    for kind in Kind:
        room = session.room(kind) - sum(1 for _, each in team if each is kind)
        for who in able.get((where, kind), ()) if room > 0 else ():
            if room > 0 and roster.free(who, session, kind):
                roster.seat(who, session, kind)
                added.append((who, kind))
                room -= 1
    return added
