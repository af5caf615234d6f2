"""When somebody may say that they came, are late or were not there; and who must not go on alone.

Nobody is alone online where a channel says so (guidance 2.3, 4.3): two, so that they can confer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rota.attendance.errors import (
    NotOverYet,
    SessionOver,
    TooEarly,
    TooLateToSay,
    UnknownReason,
    WrongLateness,
)

MAY_CHECK_IN = ("lead", "second")
"""Who sits with the people who write; on call, or watching, is not there for them."""
COMES = (*MAY_CHECK_IN, "observer", "trainee")
"""Who comes to a session; of these some only watch, and with them alone nobody is there."""

TOGETHER = 2
LONGEST_LATE_MINUTES = 60
SAID_UNTIL = timedelta(hours=24)
"""So long after its end people may still say how a session went."""

WHY_NOT = {
    "too-few-people": "There were too few of us.",
    "technical": "The chat tool or the connection did not work.",
    "unsafe": "It was not safe to open.",
    "other": "Another reason.",
}
"""Why a session did not take place; only these words leave a home, and never more."""


@dataclass(frozen=True, slots=True)
class Part:
    """A worker's seat that is held, and whether its holder is there."""

    arrived_at: datetime | None
    left_at: datetime | None

    @property
    def here(self) -> bool:
        """Tell whether they have come and not left again."""
        return self.arrived_at is not None and self.left_at is None


def require_its_time(
    starts: datetime, ends: datetime, briefing_minutes: int, now: datetime
) -> None:
    """Refuse a check-in before the briefing or after the end."""
    if now < starts - timedelta(minutes=briefing_minutes):
        raise TooEarly
    if now >= ends:
        raise SessionOver


def late_until(minutes: int, now: datetime) -> datetime:
    """Say when somebody who is late expects to be there."""
    if not 1 <= minutes <= LONGEST_LATE_MINUTES:
        raise WrongLateness
    return now + timedelta(minutes=minutes)


def require_why_not(
    reason: str, starts: datetime, ends: datetime, briefing_minutes: int, now: datetime
) -> None:
    """Refuse a reason that is none of ours, and what is said too early or long afterwards."""
    if reason not in WHY_NOT:
        raise UnknownReason
    if now < starts - timedelta(minutes=briefing_minutes):
        raise TooEarly
    if now >= ends + SAID_UNTIL:
        raise TooLateToSay


def require_debrief(ends: datetime, ended_at: datetime | None, now: datetime) -> None:
    """Refuse a debrief before the session is over, and one that nobody remembers."""
    if now < min(ends, ended_at or ends):
        raise NotOverYet
    if now >= ends + SAID_UNTIL:
        raise TooLateToSay


def must_pause(parts: Sequence[Part], *, never_alone: bool) -> bool:
    """Tell whether whoever is there would be alone, on a channel where nobody may be."""
    return never_alone and sum(part.here for part in parts) < TOGETHER
