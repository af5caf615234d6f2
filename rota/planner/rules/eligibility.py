"""Who may take which seat, other seats aside."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from rota.planner.rules.board import Board, Booked, Kind, Person, Session, Span

Obstacle = tuple[str, str]  # code, and what it is about (a training, a shift) or ""


def obstacles(person: Person, session: Session, kind: Kind) -> Iterator[Obstacle]:
    """Name every rule of the person alone that keeps them from this seat."""
    if not person.has_role(kind):
        yield "role-missing", "supervisor" if kind is Kind.ON_CALL else "worker"
    if person.offers is not None:
        if session.id not in person.offers:
            yield "not-offered", ""
        return
    start, end = session.span(kind)
    if not _covered(person.available, start, end):
        yield "not-available", ""
    if _touched(person.busy, start, end):
        yield "busy", ""
    yield from _training_obstacles(person, session)
    if kind is not Kind.ON_CALL and _tired(person, session):
        yield "rest-elsewhere", ""


def too_soon(person: Person, one: Session | Booked, following: Session | Booked) -> bool:
    """Tell whether rest is missed; it is owed only from one local day to another."""
    return one.last_day < following.first_day and following.brief - one.leave < person.rest


def _tired(person: Person, session: Session) -> bool:
    """Tell whether rest would be missed between this seat and one elsewhere."""
    return any(
        too_soon(person, one, session)
        if one.leave <= session.brief
        else too_soon(person, session, one)
        for one in person.booked
    )


def _covered(spans: tuple[Span, ...], start: int, end: int) -> bool:
    """Tell whether one of these spans, which are in order and apart, holds all of the time."""
    at = bisect_right(spans, start, key=_begin) - 1
    return at >= 0 and end <= spans[at][1]


def _touched(spans: tuple[Span, ...], start: int, end: int) -> bool:
    """Tell whether one of these spans, which are in order and apart, has some of the time."""
    at = bisect_left(spans, end, key=_begin) - 1
    return at >= 0 and start < spans[at][1]


def _begin(span: Span) -> int:
    return span[0]


def _training_obstacles(person: Person, session: Session) -> Iterator[Obstacle]:
    day = session.start_day
    for name in session.trainings:
        held = person.trainings.get(name, ())
        if any(each.issued <= day <= each.expires for each in held):
            continue
        if not held:
            yield "training-missing", name
        elif any(day < each.issued for each in held):
            yield "training-later", name
        else:
            yield "training-expired", name


def preference(person: Person, session: Session, kind: Kind) -> int:
    """Tell how gladly they come: the lowest of the windows that the seat's time runs through."""
    if person.offers is not None:
        return person.offers[session.id]
    start, end = session.span(kind)
    return min(wish for begin, until, wish in person.windows if begin < end and start < until)


Fits = dict[int, dict[Kind, int]]  # shift to kind to preference


def seats_of(fits: tuple[Fits, ...], people: Iterable[int]) -> int:
    """Count the seats that these people may take."""
    return sum(len(kinds) for who in people for kinds in fits[who].values())


def fits(board: Board) -> tuple[Fits, ...]:
    """List for each person every seat that they may take, other seats aside."""
    found: list[Fits] = [{} for _ in board.people]
    by_id = {session.id: index for index, session in enumerate(board.sessions)}
    order = {kind: _in_order(board, kind) for kind in (Kind.STAFF, Kind.ON_CALL)}
    for person, mine in zip(board.people, found, strict=True):
        for kind, (starts, indexes) in order.items():
            if not person.has_role(kind):
                continue
            if person.offers is None:
                near = _within(board, person, kind, starts, indexes)
            else:
                near = ((by_id[name], wish) for name, wish in person.offers.items())
            for index, wish in near:
                _note(board.sessions[index], index, kind, wish, mine)
    return tuple(found)


def _note(session: Session, where: int, kind: Kind, wish: int, mine: Fits) -> None:
    for each in (Kind.STAFF, Kind.EXTRA) if kind is Kind.STAFF else (Kind.ON_CALL,):
        if session.rooms[each]:
            mine.setdefault(where, {})[each] = wish


def _in_order(board: Board, kind: Kind) -> tuple[list[int], list[int]]:
    indexes = sorted(
        range(len(board.sessions)), key=lambda index: board.sessions[index].span(kind)[0]
    )
    return [board.sessions[index].span(kind)[0] for index in indexes], indexes


def _within(
    board: Board, person: Person, kind: Kind, starts: list[int], indexes: list[int]
) -> Iterator[tuple[int, int]]:
    """Only sessions that begin in the person's time: most of the board is never looked at."""
    for begin, until in person.available:
        inside = [window for window in person.windows if window[0] < until and begin < window[1]]
        only = inside[0][2] if len(inside) == 1 else None
        for index in indexes[bisect_left(starts, begin) : bisect_right(starts, until)]:
            session = board.sessions[index]
            start, end = session.span(kind)
            if end > until or (person.busy and _touched(person.busy, start, end)):
                continue
            if session.trainings and any(_training_obstacles(person, session)):
                continue
            if kind is Kind.STAFF and person.booked and _tired(person, session):
                continue
            yield index, preference(person, session, kind) if only is None else only
