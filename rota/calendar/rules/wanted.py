"""What somebody may want of a calendar address: what it shows, and in which words."""

from collections.abc import Iterator
from dataclasses import dataclass

from federation.errors import Reason
from rota.calendar.rules.neutral_text import (
    DEFAULT_LABEL,
    DEFAULT_NAME,
    DEFAULT_TITLE,
    plain_line,
)

ROTA, OPEN_SEATS, POOL = "rota", "open-seats", "pool"
SHOWS = (ROTA, OPEN_SEATS, POOL)
NEUTRAL = {
    ROTA: (DEFAULT_NAME, DEFAULT_TITLE),
    OPEN_SEATS: ("Open times", "Free"),
    POOL: ("Sessions", "Session"),
}
"""The name of a calendar and the title of its events where nobody chose any."""
LEVELS = ("title", "busy")
LONGEST_ALARM_MINUTES = 1440
FEWEST_WEEKS, USUAL_WEEKS, MOST_WEEKS = 4, 6, 8


@dataclass(frozen=True, slots=True)
class Wording:
    """How an address is called by its owner, and what others read on the device.

    `weeks` is how far ahead seats to take and a pool's sessions are shown.
    """

    label: str = ""
    name: str = ""
    title: str = ""
    level: str = "title"
    alarm_minutes: int | None = None
    weeks: int = USUAL_WEEKS


def plain(wording: Wording, shows: str) -> Wording:
    """Keep words as single lines without anything that only programs see; neutral where empty."""
    name, title = NEUTRAL[shows]
    return Wording(
        plain_line(wording.label, DEFAULT_LABEL),
        plain_line(wording.name, name),
        plain_line(wording.title, title),
        wording.level,
        wording.alarm_minutes,
        wording.weeks,
    )


def wrong_with(shows: str, pool: str | None, wording: Wording) -> tuple[Reason, ...]:
    """Give every reason why there can be no such address; none means that there can."""
    return tuple(_wrong(shows, pool, wording))


def _wrong(shows: str, pool: str | None, wording: Wording) -> Iterator[Reason]:
    if shows not in SHOWS:
        yield Reason("unknown-calendar", f"A calendar shows one of: {', '.join(SHOWS)}.")
    if (shows == POOL) != (pool is not None):
        yield Reason("pool-for-pool-calendar", "Name a pool for its calendar, and for no other.")
    if wording.level not in LEVELS:
        yield Reason("unknown-level", f"Choose one of: {', '.join(LEVELS)}.")
    if not FEWEST_WEEKS <= wording.weeks <= MOST_WEEKS:
        yield Reason("weeks-out-of-range", "Choose from four to eight weeks ahead.")
    if wording.alarm_minutes is None:
        return
    if shows != ROTA:
        yield Reason("alarm-not-offered", "Only the calendar of your own shifts can remind you.")
    if not 0 <= wording.alarm_minutes <= LONGEST_ALARM_MINUTES:
        yield Reason("alarm-out-of-range", "Choose a reminder of at most one day before.")
