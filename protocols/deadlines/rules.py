"""Until when those who have a seat may read what is new; everybody else reads it first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from protocols.acknowledgement.rules import counting_texts, needs_reading
from protocols.adoption.rules import InForce

USUAL_DAYS = 7
"""Where neither the author nor the pool says another time: a week, one turn of most rotas."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Since when which words have to be read, and how many days their author allows."""

    asked: bytes
    since: datetime
    days: int | None

    def due(self, pool_days: int | None, starts: datetime) -> datetime:
        """Say until when a seat is kept unread: the shorter time, and never beyond the start."""
        given = [days for days in (self.days, pool_days) if days is not None]
        return min(self.since + timedelta(days=min(given, default=USUAL_DAYS)), starts)

    @property
    def at_once(self) -> bool:
        """Tell whether the author allows no time at all."""
        return self.days == 0


def what_to_read(text: InForce) -> bytes | None:
    """Name what everybody has to have read at least; None where nothing is asked or nothing here.

    It stays as long as later releases ask for no reading: a mended word moves no deadline.
    """
    if not needs_reading(text):
        return None
    counting = counting_texts(text)
    return sha256(b"".join(sorted(counting[-1]))).digest() if counting else None


def days_given(text: InForce) -> int | None:
    """Give the days that the author allows for what has to be read; None leaves it to the pool.

    A release that asks for no reading cannot shorten the time of the one that does.
    """
    if text.is_recalled:
        return None
    asking = next((one for one in text.history if one.acknowledgement == "re-read"), None)
    if asking is None or asking.reading_days is msgspec.UNSET:
        return None
    return asking.reading_days
