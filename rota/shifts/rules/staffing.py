import math
import re
from collections import Counter
from dataclasses import dataclass

from federation.errors import Reason

WORKER_ROLES = ("lead", "second")
SEAT_ROLES = (*WORKER_ROLES, "supervisor", "observer", "trainee")
LONGEST_MEETING = 240
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """The part of a pattern that decides who is wanted: seats, meetings, languages, demand."""

    seats: tuple[str, ...]
    briefing_minutes: int = 0
    debrief_minutes: int = 0
    languages: tuple[str, ...] = ()
    wanted_languages: tuple[str, ...] = ()
    theme: str | None = None
    demand: float = 1.0


def wrong_staffing(
    staffing: Staffing, minimum_workers: int, minimum_supervisors: int
) -> tuple[Reason, ...]:
    """Give every reason why such a shift could never be opened or kept."""
    seats = Counter(staffing.seats)
    workers = sum(seats[role] for role in WORKER_ROLES)
    meetings = (staffing.briefing_minutes, staffing.debrief_minutes)
    tags = (*staffing.languages, *staffing.wanted_languages)
    checks = {
        Reason("unknown-seat", f"A seat is one of: {', '.join(SEAT_ROLES)}."): (
            set(seats) <= set(SEAT_ROLES)
        ),
        Reason(
            "too-few-seats",
            f"The channel needs seats for {minimum_workers} workers "
            f"and {minimum_supervisors} supervisors.",
        ): workers >= minimum_workers and seats["supervisor"] >= minimum_supervisors,
        Reason("wrong-meeting", "A briefing or debrief takes between 0 and 240 minutes."): (
            all(0 <= minutes <= LONGEST_MEETING for minutes in meetings)
        ),
        Reason("wrong-language", "A language is a tag such as en, nl or ro."): (
            all(LANGUAGE_TAG.fullmatch(tag) for tag in tags)
        ),
        Reason("wrong-demand", "Demand is a number from 0 upwards."): (
            math.isfinite(staffing.demand) and staffing.demand >= 0
        ),
    }
    return tuple(reason for reason, holds in checks.items() if not holds)
