"""The moments of a session at which something has to be done without anybody asking for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from rota.open_hours.rules.hours import CHECK_IN_GRACE, PAUSE_GRACE
from rota.shifts.rules.nearness import AHEAD

SUPERVISOR_TOLD_AFTER = timedelta(minutes=5)
ASK, TEXTS, TELL_SUPERVISOR, CLOSED = "ask", "texts", "tell-supervisor", "shown-closed"


@dataclass(frozen=True, slots=True)
class Times:
    """When a session begins and ends, with its meetings, and since when it is paused."""

    starts: datetime
    ends: datetime
    briefing_minutes: int
    debrief_minutes: int
    paused_since: datetime | None = None

    @property
    def briefing(self) -> datetime:
        """The moment from which its holders may begin."""
        return self.starts - timedelta(minutes=self.briefing_minutes)

    @property
    def over(self) -> datetime:
        """The end of the debrief: from then on nothing of it is known any more."""
        return self.ends + timedelta(minutes=self.debrief_minutes)

    @property
    def pause_over(self) -> datetime | None:
        """The moment at which a session that nobody may run alone is shown as closed."""
        if self.paused_since is None:
            return None
        return max(self.paused_since, self.starts) + PAUSE_GRACE


def once(times: Times) -> dict[str, datetime]:
    """Give what is done once in each session, and from when on."""
    return {
        TEXTS: times.starts,
        ASK: times.starts,
        TELL_SUPERVISOR: times.starts + SUPERVISOR_TOLD_AFTER,
        CLOSED: times.starts + CHECK_IN_GRACE,
    }


def due_now(times: Times, taken: Collection[str], now: datetime) -> list[str]:
    """Name the steps that are due and not taken; after its end nobody is asked any more."""
    return [
        step
        for step, since in once(times).items()
        if step not in taken and since <= now < times.ends
    ]


def look_again(times: Times, now: datetime) -> datetime | None:
    """Say when something is due next, if anything is."""
    moments = [times.starts - AHEAD, times.briefing, *once(times).values(), times.ends, times.over]
    if times.pause_over is not None:
        moments.append(times.pause_over)
    return min((moment for moment in moments if moment > now), default=None)
