"""Who is asked when somebody calls the supervisor: one after the other, until one says yes."""

from datetime import datetime, timedelta
from typing import Literal

Step = Literal["supervisor", "deputy", "coordinator"]
STEPS: tuple[Step, ...] = ("supervisor", "deputy", "coordinator")

ASKED = "Somebody in a session asks for you. Please open your plan now."
TAKEN = "Your call has been taken. Your plan says by whom."
UNANSWERED = "Nobody has taken your call yet. Your plan says what else you can do."


def after(step: str) -> Step | None:
    """Give who is asked next; after the last one nobody is left."""
    place = STEPS.index(step) + 1 if step in STEPS else len(STEPS)
    return STEPS[place] if place < len(STEPS) else None


def in_session(
    starts: datetime, ends: datetime, briefing: int, debrief: int, now: datetime
) -> bool:
    """Tell whether a session, with its meetings, goes on."""
    return starts - timedelta(minutes=briefing) <= now < ends + timedelta(minutes=debrief)
