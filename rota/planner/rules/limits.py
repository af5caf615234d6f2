"""What no plan can pass, known without any search."""

from collections.abc import Iterable
from fractions import Fraction

from rota.planner.rules.board import WORKERS_KINDS, Board, Kind
from rota.planner.rules.eligibility import Fits
from rota.planner.rules.greedy import Candidates, candidates
from rota.planner.rules.measures import is_open


def openable(board: Board, fits: tuple[Fits, ...], people: Iterable[int]) -> frozenset[int]:
    """List the shifts that their own candidates could open if they had nothing else to do."""
    able = candidates(fits, people)
    return frozenset(
        index
        for index, session in enumerate(board.sessions)
        if is_open(
            board,
            session,
            able.get((index, Kind.STAFF), ()),
            able.get((index, Kind.ON_CALL), ()),
        )
    )


def most_wishes(board: Board, fits: tuple[Fits, ...]) -> Fraction:
    """Seat the gladdest people everywhere, all of them loyal and each language heard."""
    able = candidates(fits, range(len(board.people)))
    liked = sum(_gladdest(board, fits, able, *place) for place in able)
    wanted = sum(len(session.wanted) for session in board.sessions)
    stayed = sum(
        session.room(kind)
        for session, before in zip(board.sessions, board.before, strict=True)
        for kind in WORKERS_KINDS
        if before is not None
    )
    return Fraction(liked + wanted + stayed)


def _gladdest(
    board: Board, fits: tuple[Fits, ...], able: Candidates, where: int, kind: Kind
) -> int:
    liked = sorted((fits[who][where][kind] for who in able[where, kind]), reverse=True)
    return sum(liked[: board.sessions[where].room(kind)])
