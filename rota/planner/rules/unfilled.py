"""Why a seat has no holder, and the smallest change that would give it one."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, islice

from msgspec import Struct

from rota.planner.rules.board import Board, Kind, Place, Session
from rota.planner.rules.eligibility import Obstacle, obstacles
from rota.planner.rules.measures import Seated, is_open, seated
from rota.planner.rules.naming import shown
from rota.planner.rules.roster import Roster
from rota.planner.rules.telling import change, of_many

Candidate = tuple[int, tuple[Obstacle, ...]]  # a person and what keeps them away
Team = list[tuple[Candidate, Kind]]
UNCHANGEABLE = {"elsewhere", "already-seated"}  # nobody is moved
SPARE = 6  # so many more people than are needed are tried together,
SPEAKERS = 4  # and so many for each language,
TRIES = 2000  # in so many teams
HEAVY = {"role-missing": 3}  # a new role is more to ask than a free evening
LOOKS = 200_000  # so many people in all are looked at closely; a count, so that plans repeat


class Reason(Struct, frozen=True):
    """One thing that keeps a seat empty."""

    code: str
    text: str


class Unfilled(Struct, frozen=True):
    """A seat without a holder."""

    seat: str
    reasons: tuple[Reason, ...]
    smallest_change: str | None


def unfilled(
    board: Board,
    places: Sequence[Place],
    holds: Mapping[str, str],
    *,
    shifts: Collection[int] | None = None,
    looks: int = LOOKS,
) -> Iterator[Unfilled]:
    """Explain every seat that nobody holds, of all shifts or of these."""
    roster, found = Roster(board, places), seated(places)
    for where, session in enumerate(board.sessions):
        if shifts is not None and where not in shifts:
            continue
        empty = {kind for kind, seat in session.seats if seat not in holds}
        if not empty:
            continue
        looks -= len(board.people) * 2
        explained = _explain(board, roster, found, where, empty, close=looks >= 0)
        for kind, seat in session.seats:
            if seat not in holds:
                yield Unfilled(seat, *explained[kind])


def _explain(
    board: Board, roster: Roster, found: Seated, where: int, empty: set[Kind], *, close: bool
) -> dict[Kind, tuple[tuple[Reason, ...], str | None]]:
    session = board.sessions[where]
    held = {kind: found.get((where, kind), []) for kind in Kind}
    opened = is_open(board, session, held[Kind.STAFF], held[Kind.ON_CALL])
    if not close:
        reason = _state(session, opened=opened)
        return dict.fromkeys(empty, ((reason,), None))
    able = {kind: _candidates(board, roster, session, kind) for kind in Kind}
    return {
        kind: (
            tuple(_reasons(board, session, kind, able[kind], opened=opened)),
            _smallest(board, session, kind, held, able, opened=opened),
        )
        for kind in empty
    }


def _candidates(board: Board, roster: Roster, session: Session, kind: Kind) -> list[Candidate]:
    """Everybody with what keeps them from the seat, the nearest first."""
    if not session.room(kind):
        return []
    everyone = [
        (
            who,
            (
                *obstacles(person, session, kind),
                *roster.obstacles(who, session, kind),
            ),
        )
        for who, person in enumerate(board.people)
    ]
    return sorted(everyone, key=lambda candidate: _weight(candidate[1]))


def _weight(blocked: tuple[Obstacle, ...]) -> int:
    return sum(HEAVY.get(code, 1) for code, _ in blocked)


def _state(session: Session, *, opened: bool) -> Reason:
    if opened:
        return Reason(
            "not-needed",
            f"Shift {shown(session.id)} opens without this seat, and nobody is asked to more "
            "than the plan needs.",
        )
    return Reason(
        "shift-closed",
        f"Shift {shown(session.id)} does not open in this plan, so nobody is asked to come.",
    )


def _reasons(
    board: Board, session: Session, kind: Kind, able: list[Candidate], *, opened: bool
) -> Iterator[Reason]:
    free = [who for who, blocked in able if not blocked]
    if free or not opened:
        yield _state(session, opened=opened)
    if free:
        count = len(free)
        yield Reason(
            "someone-free",
            f"{count} {'person is' if count == 1 else 'people are'} free to take this seat.",
        )
    if kind is Kind.STAFF and not opened:
        yield from _unspoken(board, session, free)
    fit = [blocked for _, blocked in able if not blocked or blocked[0][0] != "role-missing"]
    if not fit:
        name = "supervisor" if kind is Kind.ON_CALL else "worker"
        yield Reason("nobody-has-role", f"Nobody in this plan is a {name}.")
    tally = Counter(each for blocked in fit for each in _without_shifts(blocked))
    for obstacle, count in sorted(tally.items(), key=lambda item: (-item[1], item[0])):
        yield Reason(obstacle[0], of_many(count, obstacle))


def _without_shifts(blocked: tuple[Obstacle, ...]) -> Iterator[Obstacle]:
    """Name trainings, but count people on other shifts together."""
    return iter(
        dict.fromkeys(
            (code, about if code.startswith("training") else "") for code, about in blocked
        )
    )


def _unspoken(board: Board, session: Session, free: list[int]) -> Iterator[Reason]:
    spoken = {tag for who in free for tag in board.people[who].languages}
    for tag in session.languages:
        if tag not in spoken:
            yield Reason("language-missing", f"Nobody who is free then speaks {shown(tag)}.")


def _smallest(
    board: Board,
    session: Session,
    kind: Kind,
    held: dict[Kind, list[int]],
    able: dict[Kind, list[Candidate]],
    *,
    opened: bool,
) -> str | None:
    """Find the fewest things that would have to differ for the shift to run with this seat."""
    wanted = dict.fromkeys(Kind, 0)
    if not opened:
        for each in Kind:
            wanted[each] = max(0, session.needed(each) - len(held[each]))
    wanted[kind] = max(1, wanted[kind])
    while wanted[Kind.STAFF] <= session.room(Kind.STAFF) - len(held[Kind.STAFF]):
        team = _nearest_team(board, session, wanted, held, able)
        if team is not None:
            return _told(board, team)
        wanted[Kind.STAFF] += 1  # one more may speak what the others do not
    return None


def _nearest_team(
    board: Board,
    session: Session,
    wanted: dict[Kind, int],
    held: dict[Kind, list[int]],
    able: dict[Kind, list[Candidate]],
) -> Team | None:
    best: Team | None = None
    number = wanted[Kind.STAFF]
    near = _near(board, session, able[Kind.STAFF], number + SPARE)
    for staff in islice(combinations(near, number), TRIES):
        taken = {who for who, _ in staff}
        team: Team = [(candidate, Kind.STAFF) for candidate in staff]
        speaking = [*held[Kind.STAFF], *taken]
        on_call = [*held[Kind.ON_CALL]]
        for kind in (Kind.ON_CALL, Kind.EXTRA):
            others = [each for each in _changeable(able[kind]) if each[0] not in taken]
            chosen = others[: wanted[kind]]
            if len(chosen) < wanted[kind]:
                break
            taken |= {who for who, _ in chosen}
            team += [(candidate, kind) for candidate in chosen]
            on_call += [who for who, _ in chosen if kind is Kind.ON_CALL]
        else:
            better = best is None or _cost(team) < _cost(best)
            if better and is_open(board, session, speaking, on_call):
                best = team
    return best


def _near(board: Board, session: Session, able: list[Candidate], number: int) -> list[Candidate]:
    """Keep the nearest people, and for each language the nearest who speak it."""
    fit = [*_changeable(able)]
    near = fit[:number]
    for tag in session.languages:
        speakers = [each for each in fit if tag in board.people[each[0]].languages]
        near += [each for each in speakers[:SPEAKERS] if each not in near]
    return near


def _changeable(able: list[Candidate]) -> Iterator[Candidate]:
    return (
        candidate for candidate in able if not any(code in UNCHANGEABLE for code, _ in candidate[1])
    )


def _cost(team: Team) -> tuple[int, int]:
    blocked = [found for (_, found), _ in team if found]
    return sum(_weight(found) for found in blocked), len(blocked)


def _told(board: Board, team: Team) -> str:
    changes = [change(board.people[who].id, blocked) for (who, blocked), _ in team if blocked]
    free = [shown(board.people[who].id) for (who, blocked), _ in team if not blocked]
    if not changes:
        return f"Ask {' and '.join(free)}: nothing else would have to change."
    sentence = f"If {' and '.join(changes)}, this seat could be filled"
    return f"{sentence} together with {' and '.join(free)}." if free else f"{sentence}."
