import math
import re
from collections import Counter
from dataclasses import dataclass

from federation.errors import Reason

WORKER_ROLES = ("lead", "second")
SEAT_ROLES = (*WORKER_ROLES, "supervisor", "observer", "trainee")
LONGEST_MEETING = 240
LONGEST_TEXT = 4000
SEATS_NEEDED = "The channel needs seats for %(workers)s workers and %(supervisors)s supervisors."
CHANNELS_MINIMUM = (
    "The channel's minimum is %(workers)s workers and %(supervisors)s supervisors, "
    "and no shift may have a lower one."
)
RULES_TOO_LONG = "Ground rules take at most %(number)s characters."
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """The part of a pattern that decides who is wanted: seats, meetings, languages, demand.

    Its minimum may ask for more people than the channel's, never for fewer.
    """

    seats: tuple[str, ...]
    briefing_minutes: int = 0
    debrief_minutes: int = 0
    languages: tuple[str, ...] = ()
    wanted_languages: tuple[str, ...] = ()
    theme: str | None = None
    demand: float = 1.0
    ground_rules: str | None = None
    minimum_workers: int | None = None
    minimum_supervisors: int | None = None

    def minimum(self, workers: int, supervisors: int) -> tuple[int, int]:
        """Give the workers and supervisors that are needed, by this or by the channel."""
        return (
            workers if self.minimum_workers is None else self.minimum_workers,
            supervisors if self.minimum_supervisors is None else self.minimum_supervisors,
        )


def wrong_staffing(
    staffing: Staffing, minimum_workers: int, minimum_supervisors: int
) -> tuple[Reason, ...]:
    """Give every reason why such a shift could never be opened or kept, on a channel's minimum."""
    wanted_workers, wanted_supervisors = staffing.minimum(minimum_workers, minimum_supervisors)
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
            SEATS_NEEDED
            % {
                "workers": max(minimum_workers, wanted_workers),
                "supervisors": max(minimum_supervisors, wanted_supervisors),
            },
        ): workers >= wanted_workers and seats["supervisor"] >= wanted_supervisors,
        Reason(
            "below-minimum",
            CHANNELS_MINIMUM % {"workers": minimum_workers, "supervisors": minimum_supervisors},
        ): wanted_workers >= minimum_workers and wanted_supervisors >= minimum_supervisors,
        Reason("text-too-long", RULES_TOO_LONG % {"number": LONGEST_TEXT}): (
            len(staffing.ground_rules or "") <= LONGEST_TEXT
        ),
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
