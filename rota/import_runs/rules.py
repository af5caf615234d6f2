"""When an import counts as interrupted, and how long its end is told."""

from datetime import datetime, timedelta

SILENT = timedelta(minutes=1)
"""Who reads a table says every second how far they are; a server that is killed says nothing."""
TOLD = timedelta(days=1)


def is_silent(state: str, seen_at: datetime, now: datetime) -> bool:
    """Tell whether nobody is reading any more, although nobody has said so."""
    return state == "reading" and now - seen_at > SILENT
