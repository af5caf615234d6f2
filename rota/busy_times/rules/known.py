"""How long busy times that were read once still count as known. A failure never means free."""

from collections.abc import Iterable
from datetime import datetime, timedelta

KNOWN_FOR = timedelta(days=3)
READ_EVERY = timedelta(hours=2)
TRY_AGAIN = timedelta(minutes=30)


def known_since(now: datetime) -> datetime:
    """Give the moment since which a calendar must have been read for its times to count."""
    return now - KNOWN_FOR


def are_known(read_at: Iterable[datetime | None], now: datetime) -> bool:
    """Tell whether every calendar of a person was read lately; who has none is known."""
    return all(at is not None and at >= known_since(now) for at in read_at)
