"""Which drafted shifts a person can take: home's rules, of which a host learns only the outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from rota.availability.rules import Calendar, covering
from rota.bookings.rules import Stay, stay_for

Offered = TypeVar("Offered")
IN_ONE_EVENT = 2_000
"""Offers of 64 bytes each: half of what an event may hold."""


@dataclass(frozen=True, slots=True)
class DraftedShift:
    """A shift for which a host looks for people."""

    starts: datetime
    ends: datetime
    zone: str
    briefing_minutes: int
    debrief_minutes: int
    trainings: Sequence[str]


def in_parts(offers: Sequence[Offered]) -> list[Sequence[Offered]]:
    """Divide what is to be said into what fits into one event each; one at least, even if empty."""
    return [
        offers[begin : begin + IN_ONE_EVENT]
        for begin in range(0, max(len(offers), 1), IN_ONE_EVENT)
    ]


def can_take(
    shift: DraftedShift, roles: Sequence[str], calendar: Calendar, booked: Sequence[Stay]
) -> int | None:
    """Give the preference with which a person can take each seat of a shift that fits their roles.

    None means that they cannot: not available, away, busy, booked elsewhere, not trained on that
    day, or that it is not known when they have time.
    """
    if not calendar.known:
        return None
    day = shift.starts.astimezone(ZoneInfo(shift.zone)).date()
    valid = {name for name, issued, expires in calendar.trainings if issued <= day <= expires}
    if not valid.issuperset(shift.trainings):
        return None
    preferences = [
        _preference(_stay(shift, role), calendar, booked)
        for role in roles
        if role in {"worker", "supervisor"}
    ]
    if not preferences or None in preferences:
        return None
    return min(one for one in preferences if one is not None)


def _stay(shift: DraftedShift, role: str) -> Stay:
    seat = "lead" if role == "worker" else "supervisor"
    return stay_for(seat, shift.starts, shift.ends, shift.briefing_minutes, shift.debrief_minutes)


def _preference(stay: Stay, calendar: Calendar, booked: Sequence[Stay]) -> int | None:
    away = any(stay.touches(begins, ends) for begins, ends in (*calendar.away, *calendar.busy))
    taken = any(stay.touches(other.begins, other.ends) for other in booked)
    if away or taken:
        return None
    return covering(calendar.available, stay.begins, stay.ends)
