"""When somebody may be told of something, on their own clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

CHANNELS = ("email", "push")
RHYTHMS = ("off", "at-once", "daily", "weekly")
LANGUAGES = ("en", "nl", "ro")
"""In which the neutral sentences are written."""

DEFAULT_REMINDER_AT = time(18)
A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """How one channel is to speak to a person; quiet from and until the same hour means never."""

    rhythm: str = "at-once"
    quiet_from: time = time(22)
    quiet_until: time = time(7)
    urgent_breaks_quiet: bool = False
    digest_at: time = time(9)
    digest_weekday: int = 0


def language_for(wanted: str | None, spoken: Sequence[str]) -> str:
    """Choose the language of the neutral sentences: as wished, else the first that is spoken."""
    known = (tag.split("-")[0] for tag in (wanted or "", *spoken))
    return next((tag for tag in known if tag in LANGUAGES), LANGUAGES[0])


def is_quiet(wish: Wish, zone: ZoneInfo, at: datetime) -> bool:
    """Tell whether the clock on the person's wall stands within the quiet hours."""
    wall = at.astimezone(zone).time()
    begins, ends = wish.quiet_from, wish.quiet_until
    if begins <= ends:
        return begins <= wall < ends
    return wall >= begins or wall < ends


def after_quiet(wish: Wish, zone: ZoneInfo, at: datetime) -> datetime:
    """Give the first moment from `at` on that is not quiet, also where the clock is changed."""
    if not is_quiet(wish, zone, at):
        return at
    ends = (end for end in _ends(wish, zone, at) if not is_quiet(wish, zone, end))
    return next(ends, at)


def _ends(wish: Wish, zone: ZoneInfo, at: datetime) -> Iterator[datetime]:
    """List the moments after `at` at which quiet hours can end, in order.

    An end that the clock skips is the moment of the skip; one that comes twice ends both times.
    """
    today = at.astimezone(zone).date()
    found = set()
    for day in (today, today + A_DAY, today + 2 * A_DAY):
        first, second = (
            datetime.combine(day, wish.quiet_until, zone).replace(fold=fold).astimezone(UTC)
            for fold in (0, 1)
        )
        found |= {first, second} if first <= second else {_skip(zone, second, first)}
    return iter(sorted(end for end in found if end > at))


def _skip(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find to the second where a zone's clock leaps, between two moments around the leap."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > A_SECOND:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def next_digest(wish: Wish, zone: ZoneInfo, after: datetime) -> datetime:
    """Give the next moment for which a digest is due, strictly after another."""
    day = after.astimezone(zone).date()
    while True:
        if wish.rhythm == "daily" or day.weekday() == wish.digest_weekday:
            due = datetime.combine(day, wish.digest_at, zone).astimezone(UTC)
            if due > after:
                return due
        day += A_DAY


def when_to_send(
    wish: Wish, zone: ZoneInfo, happened: datetime, *, urgent: bool = False, reminder: bool = False
) -> datetime | None:
    """Say when something that happened may be told, or None where the channel is off.

    What is urgent, and a reminder of tomorrow, would be worth nothing in a digest; and tomorrow
    the reminder would be wrong.
    """
    if wish.rhythm == "off":
        return None
    if urgent and wish.urgent_breaks_quiet:
        return happened
    at_once = urgent or reminder or wish.rhythm == "at-once"
    due = after_quiet(wish, zone, happened if at_once else next_digest(wish, zone, happened))
    return None if reminder and not same_day(zone, happened, due) else due


def same_day(zone: ZoneInfo, one: datetime, other: datetime) -> bool:
    """Tell whether two moments lie on one day of the person's calendar."""
    return one.astimezone(zone).date() == other.astimezone(zone).date()
