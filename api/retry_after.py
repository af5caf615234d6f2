"""When somebody who was asked too often wants to be asked again (RFC 9110, 10.2.3)."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime


def asked_again_at(retry_after: str, now: datetime, longest: timedelta) -> datetime | None:
    """Read a Retry-After, seconds or a date, at most as far from now as `longest`.

    Without a time to come it is None, and what is put off is tried later and later, as usual.
    """
    again = _named(retry_after.strip(), now)
    if again is None or again.tzinfo is None or again <= now:
        return None
    return min(again, now + longest)


def _named(written: str, now: datetime) -> datetime | None:
    if written.isascii() and written.isdecimal():
        # nobody waits for a number of any length
        return now + timedelta(seconds=int(written[:6]))
    try:
        return parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return None
