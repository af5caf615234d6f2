"""When a session is near enough to be looked after."""

from datetime import datetime, timedelta

AHEAD = timedelta(hours=24)
"""From then on the holders of a session know one another's handles, and a change is urgent."""
AFTERWARDS = timedelta(hours=5)
"""Longer than any debrief: what is older than that is erased and done with."""


def is_near(starts: datetime, now: datetime) -> bool:
    """Tell whether something starts so soon that people have to hear of a change at once."""
    return now >= starts - AHEAD
