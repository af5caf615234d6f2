"""The training passport: which training holds on which day, and when somebody is reminded.

A shift's day is the local day on which it starts, in the shift's zone (guidance 4.3: trained and
refreshed before they staff). Days are inclusive.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

Attested = tuple[str, date, date]
"""A training's name, its day of issue and its last valid day."""

REMINDED_BEFORE = (timedelta(days=30), timedelta(days=7))
REMINDED_AT = time(9)
LAST_ZONE = timezone(timedelta(hours=-12))


def missing_on(
    wanted: Collection[str], starts: datetime, zone: str, attested: Iterable[Attested]
) -> list[str]:
    """Name the trainings that somebody lacks on the day of a shift."""
    day = starts.astimezone(ZoneInfo(zone)).date()
    valid = {name for name, issued, expires in attested if issued <= day <= expires}
    return sorted(set(wanted) - valid)


def over_everywhere(now: datetime) -> date:
    """Give the latest day that is over in every zone: a training that ends then holds nowhere."""
    return now.astimezone(LAST_ZONE).date() - timedelta(days=1)


def reminders(expires: date, now: datetime) -> list[datetime]:
    """Say when somebody is reminded that a training ends; what would be in the past is left out."""
    last = datetime.combine(expires, REMINDED_AT, UTC)
    return [last - before for before in REMINDED_BEFORE if last - before > now]


def needed_on(channel: Collection[str], pool: Collection[str]) -> list[str]:
    """Give the trainings that a channel's new shifts ask for: the channel's and the pool's."""
    return sorted({*channel, *pool})


def changed_needs(
    shift: Sequence[str], before: Collection[str], after: Collection[str]
) -> list[str]:
    """Bring a shift's trainings in line with a changed requirement; its own exceptions stay."""
    gone, new = set(before) - set(after), set(after) - set(before)
    return sorted((set(shift) - gone) | new)
