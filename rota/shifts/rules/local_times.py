"""From a clock on the wall to an instant. Future days use their own offset, never today's."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from rota.shifts.errors import NoSuchLocalTime, UnknownZone
from rota.shifts.rules.written_days import written_full_day

JUMPED_OVER = (
    "On %(day)s the clock in %(zone)s jumps over %(time)s. Please choose another time for that day."
)
NO_SUCH_ZONE = "The time zone “%(name)s” is not known. Use a name such as Europe/London."


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime"}


def known_zone(name: str) -> ZoneInfo:
    """Find an IANA zone by its name; nothing but listed names reaches the zone files."""
    if name not in _zone_names():
        raise UnknownZone(NO_SUCH_ZONE % {"name": name[:60]})
    return ZoneInfo(name)


def instant(wall: datetime, zone: str) -> datetime:
    """Turn what a clock in this zone shows into UTC.

    A time that comes twice, when clocks go back, means the first (fold 0). A time that never comes,
    when they go forward, is refused with its day: to shift it silently would make people late.
    """
    found = wall.replace(tzinfo=known_zone(zone), fold=0).astimezone(UTC)
    if found.astimezone(known_zone(zone)).replace(tzinfo=None) != wall:
        said = {"day": written_full_day(wall), "zone": zone, "time": f"{wall:%H:%M}"}
        raise NoSuchLocalTime(JUMPED_OVER % said)
    return found


def local_instant(day: date, at: time, zone: str) -> datetime:
    """Turn a day and a time of day in this zone into UTC, as `instant` does."""
    return instant(datetime.combine(day, at.replace(tzinfo=None)), zone)


def wall_instant(wall: datetime, zone: str) -> datetime:
    """Turn what a clock shows into UTC, for times that nobody can be asked about.

    It never goes back: a time that comes twice means the first, and one that never comes means the
    moment of the jump. So what touches on the wall touches in truth, with no gap and no overlap.
    """
    local = known_zone(zone)
    early, late = (wall.replace(tzinfo=local, fold=fold).astimezone(UTC) for fold in (1, 0))
    if late <= early:
        return late
    # the clock jumps between the two: look for the second at which it does
    before = early.astimezone(local).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(local).utcoffset() == before:
            early = middle
        else:
            late = middle
    return early.replace(microsecond=0) + timedelta(seconds=1)
