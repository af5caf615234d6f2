"""When a session is near enough to be looked after."""

from datetime import timedelta

AHEAD = timedelta(hours=24)
"""From then on the holders of a session know one another's handles, and a change is urgent."""
AFTERWARDS = timedelta(hours=5)
"""Longer than any debrief: what is older than that is erased and done with."""
