"""Two plans of the same shifts beside each other: who gains and loses what, which hours change."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from msgspec import Struct

from rota.planner.rules.board import KIND_OF, Board, Place
from rota.planner.rules.measures import open_minutes, open_shifts
from rota.planner.rules.scenario import number

Holds = Mapping[str, str]  # seat to worker


class SeatChange(Struct, frozen=True):
    """One seat that changes hands; null is nobody."""

    shift: str
    seat: str
    role: str
    before: str | None
    after: str | None


class Difference(Struct, frozen=True):
    """Everything that differs; what is not named stays as it is."""

    changes: tuple[SeatChange, ...]
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    minutes_before: int | float
    minutes_after: int | float


def difference(board: Board, before: Holds, after: Holds) -> Difference:
    """Set two plans beside each other, in the order of the shifts' starts."""
    shifts = sorted(board.scenario.shifts, key=lambda shift: (shift.start, shift.id))
    was, will = places_of(board, before), places_of(board, after)
    order = {shift.id: at for at, shift in enumerate(shifts)}
    names = [session.id for session in board.sessions]
    opened = {names[where] for where in open_shifts(board, was)}
    opens = {names[where] for where in open_shifts(board, will)}
    return Difference(
        changes=tuple(
            SeatChange(shift.id, seat.id, seat.role, before.get(seat.id), after.get(seat.id))
            for shift in shifts
            for seat in shift.seats
            if before.get(seat.id) != after.get(seat.id)
        ),
        opens=tuple(sorted(opens - opened, key=order.__getitem__)),
        closes=tuple(sorted(opened - opens, key=order.__getitem__)),
        minutes_before=_minutes(board, was),
        minutes_after=_minutes(board, will),
    )


def places_of(board: Board, holds: Holds) -> tuple[Place, ...]:
    """Read who sits where; seats and people that the board does not know are left out."""
    person = {each.id: who for who, each in enumerate(board.people)}
    return tuple(
        (person[holds[seat.id]], where, KIND_OF[seat.role])
        for where, shift in enumerate(board.scenario.shifts)
        for seat in shift.seats
        if holds.get(seat.id) in person
    )


def _minutes(board: Board, places: Iterable[Place]) -> int | float:
    return number(sum(open_minutes(board, places).values(), Fraction()))
