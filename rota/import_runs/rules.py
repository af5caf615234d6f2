"""When an import counts as interrupted, how long its end is told, and in which words."""

from datetime import datetime, timedelta

from federation.errors import Refusal

SILENT = timedelta(minutes=1)
"""Who reads a table says every second how far they are; a server that is killed says nothing."""
TOLD = timedelta(days=1)


def is_silent(state: str, seen_at: datetime, now: datetime) -> bool:
    """Tell whether nobody is reading any more, although nobody has said so."""
    return state == "reading" and now - seen_at > SILENT


def said(refused: Refusal) -> str:
    """Write down why nothing was taken in: our own sentences, a line each, and no cell."""
    return "\n".join((refused.title, *(one.text for one in refused.reasons)))
