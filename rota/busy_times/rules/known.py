"""How long busy times that were read once still count as known. A failure never means free."""

from collections.abc import Iterable
from datetime import datetime, timedelta

KNOWN_FOR = timedelta(days=3)
READ_EVERY = timedelta(hours=2)
TRY_AGAIN = timedelta(minutes=30)
AT_MOST_EVERY = timedelta(minutes=5)
"""How often somebody may have a calendar read at once: its keeper is not ours to keep busy."""


def known_since(now: datetime) -> datetime:
    """Give the moment since which a calendar must have been read for its times to count."""
    return now - KNOWN_FOR


def readable_from(tried_at: datetime | None, now: datetime) -> datetime | None:
    """Give from when on a calendar can be read at once again; None if that is now."""
    again = None if tried_at is None else tried_at + AT_MOST_EVERY
    return again if again is not None and now < again else None


def are_known(read_at: Iterable[datetime | None], now: datetime) -> bool:
    """Tell whether every calendar of a person was read lately; who has none is known."""
    return all(at is not None and at >= known_since(now) for at in read_at)
