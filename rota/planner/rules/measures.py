"""What a plan is worth, counted exactly from who sits where."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from rota.planner.rules.board import WORKERS_KINDS, Board, Kind, Place, Session, joined
from rota.planner.rules.eligibility import Fits
from rota.planner.rules.weeks import HOUR, MINUTE

Seated = Mapping[tuple[int, Kind], list[int]]  # shift and kind to its people


def seated(places: Iterable[Place]) -> Seated:
    """Group the places by shift and kind."""
    found: dict[tuple[int, Kind], list[int]] = defaultdict(list)
    for who, where, kind in places:
        found[where, kind].append(who)
    return found


def is_open(board: Board, session: Session, staff: Iterable[int], on_call: Iterable[int]) -> bool:
    """Tell whether the minimum is seated and every language spoken."""
    team = [*staff]
    spoken = {tag for who in team for tag in board.people[who].languages}
    return (
        len(team) >= session.minimum.workers
        and len([*on_call]) >= session.minimum.supervisors
        and all(tag in spoken for tag in session.languages)
    )


def open_shifts(board: Board, places: Iterable[Place]) -> tuple[int, ...]:
    """List the shifts that the places open."""
    found = seated(places)
    return tuple(
        index
        for index, session in enumerate(board.sessions)
        if is_open(
            board, session, found.get((index, Kind.STAFF), ()), found.get((index, Kind.ON_CALL), ())
        )
    )


def open_value(board: Board, places: Iterable[Place]) -> Fraction:
    """Sum demand times minutes over the open shifts."""
    return sum((board.sessions[index].weight for index in open_shifts(board, places)), Fraction())


def open_spans(board: Board, places: Iterable[Place]) -> dict[str, tuple[tuple[int, int], ...]]:
    """Join the open shifts of each channel."""
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for index in open_shifts(board, places):
        session = board.sessions[index]
        spans[session.channel].append((session.start, session.end))
    return {channel: joined(each) for channel, each in spans.items()}


def open_minutes(board: Board, places: Iterable[Place]) -> dict[str, Fraction]:
    """Measure the time in which each channel is open; channels that never are, are left out."""
    return {
        channel: Fraction(sum(end - start for start, end in spans), MINUTE)
        for channel, spans in sorted(open_spans(board, places).items())
    }


def ticks_given(board: Board, places: Iterable[Place]) -> dict[str, int]:
    """Sum what each project's people work, meetings included."""
    given = {project.id: 0 for project in board.scenario.projects}
    for who, where, kind in places:
        if kind is not Kind.ON_CALL:
            session = board.sessions[where]
            given[board.people[who].project] += session.leave - session.brief
    return given


def hours_given(board: Board, places: Iterable[Place]) -> dict[str, Fraction]:
    """Sum each project's hours."""
    return {name: Fraction(ticks, HOUR) for name, ticks in ticks_given(board, places).items()}


def offered_hours(board: Board) -> dict[str, Fraction]:
    """Work out what each project offers over the plan's days; who offers none is left out."""
    days = (board.scenario.until - board.scenario.from_).days
    return {
        each.id: each.hours_offered_per_week * Fraction(days, 7)
        for each in board.scenario.projects
        if each.hours_offered_per_week
    }


def fairness(board: Board, places: Iterable[Place]) -> Fraction:
    """Find the largest difference between two projects of given to offered."""
    given = hours_given(board, places)
    shares = [given[name] / offered for name, offered in offered_hours(board).items()]
    return max(shares) - min(shares) if shares else Fraction()


def wishes(board: Board, fits: tuple[Fits, ...], places: Iterable[Place]) -> int:
    """Count preferences, wanted languages and people who stay with their series."""
    mine = [*places]
    found = seated(mine)
    wished = sum(fits[who][where][kind] for who, where, kind in mine)
    return wished + _wanted(board, found, open_shifts(board, mine)) + _stayed(board, found)


def _wanted(board: Board, found: Seated, opened: Iterable[int]) -> int:
    count = 0
    for index in opened:
        team = found.get((index, Kind.STAFF), ())
        spoken = {tag for who in team for tag in board.people[who].languages}
        count += sum(1 for tag in board.sessions[index].wanted if tag in spoken)
    return count


def _stayed(board: Board, found: Seated) -> int:
    return sum(
        len(workers(found, index) & workers(found, before))
        for index, before in enumerate(board.before)
        if before is not None
    )


def workers(found: Seated, index: int) -> set[int]:
    """Collect who holds a worker's seat on the shift."""
    return {who for kind in WORKERS_KINDS for who in found.get((index, kind), ())}
