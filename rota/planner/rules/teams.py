"""Sessions that are planned as one, each given its own people again."""

from collections.abc import Mapping, Sequence

from rota.planner.rules.board import Board, Kind, Place, Session

Line = list[tuple[int, int]]  # who, and on how many of the sessions


def teams(
    board: Board, opened: Sequence[int], session: Session, kinds: Mapping[Kind, Line]
) -> list[Place]:
    """Spread people over sessions that are alike, evenly and so that all languages are spoken.

    Where that fails (several languages and few who speak them), a team is left out whole:
    nobody is seated on a session that does not open.
    """
    staff = _staff(board, len(opened), session, [who for who, _ in kinds.get(Kind.STAFF, ())])
    calls = _on_call(len(opened), kinds.get(Kind.ON_CALL, []))
    found: list[Place] = []
    for where, team, on_call in zip(opened, staff, calls, strict=True):
        spoken = {tag for who in team for tag in board.people[who].languages}
        if len(team) >= session.minimum.workers and spoken.issuperset(session.languages):
            found += [(who, where, Kind.STAFF) for who in team]
            found += [(who, where, Kind.ON_CALL) for who in on_call]
    return found


def _staff(board: Board, count: int, session: Session, people: list[int]) -> list[list[int]]:
    """Give each team in turn who speaks most of what it lacks and no more than that."""
    found: list[list[int]] = [[] for _ in range(count)]
    needed = [set(session.languages) for _ in range(count)]
    left = [*people]
    room, least = session.room(Kind.STAFF), session.needed(Kind.STAFF)
    wanted = set(session.languages)
    spoken = {who: wanted & board.people[who].languages for who in people}
    while left and any(needed):
        team = max(range(count), key=lambda at: (len(needed[at]), -len(found[at]), -at))
        useful = [who for who in left if spoken[who] & needed[team]]
        if not useful or len(found[team]) >= room:
            needed[team] = set()
            continue
        last = len(found[team]) == max(least, 1) - 1
        best = max(
            useful,
            key=lambda who: (
                len(spoken[who] & needed[team]) if last else 0,
                -len(spoken[who]),
            ),
        )
        found[team].append(best)
        needed[team] -= spoken[best]
        left.remove(best)
    for who in left:
        team = min(range(count), key=lambda at: (len(found[at]), at))
        if len(found[team]) < room:
            found[team].append(who)
    return found


def _on_call(count: int, line: Line) -> list[list[int]]:
    """Give each supervisor the sessions that have fewest: so all have enough if any way has."""
    found: list[list[int]] = [[] for _ in range(count)]
    for who, times in sorted(line, key=lambda each: -each[1]):
        fewest = sorted(range(count), key=lambda at: (len(found[at]), at))
        for at in fewest[:times]:
            found[at].append(who)
    return found
