"""The feeds of one person, in the words that they chose: when, and nothing else.

No organiser, attendee, place, address or host appears. Own seats are OPAQUE and CONFIRMED; what is
nobody's own (seats to take, a pool's sessions) takes no time: TRANSPARENT.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID, uuid5

from icalendar import Alarm, Event

from rota.calendar.rules.ical import Line, frame, written
from rota.calendar.rules.neutral_text import DEFAULT_NAME, DEFAULT_TITLE

BUSY = "busy"
REMINDER = "Reminder"
CONFIRMED, TENTATIVE = "CONFIRMED", "TENTATIVE"
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: when, under which permanent UID, and how often it has changed.

    `says` follows the person's own title, such as how many seats are taken.
    """

    uid: str
    begins: datetime
    ends: datetime
    sequence: int
    changed_at: datetime
    status: str = CONFIRMED
    says: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What one device is told, as its owner wants it read by others; `worded_at` is since when.

    At the level `busy` an event has no title, only its time.
    """

    name: str = DEFAULT_NAME
    title: str = DEFAULT_TITLE
    level: str = "title"
    alarm_minutes: int | None = None
    worded_at: datetime | None = None
    own: bool = True


def told(before: Entry, after: Entry, at: datetime, *, shown: bool = True) -> Entry:
    """Change an event or show it again: SEQUENCE rises by one, LAST-MODIFIED rises; else all stays.

    `at` is when it happened, as far as is known, and later than what any device was told before.
    """
    said = (after.begins, after.ends, after.status, after.says)
    if shown and said == (before.begins, before.ends, before.status, before.says):
        return before
    # the text holds whole seconds, and a client may skip what did not rise
    later = max(at, before.changed_at + SECOND)
    return replace(after, uid=before.uid, sequence=before.sequence + 1, changed_at=later)


def stamp_of(entry: Entry, words: Words) -> datetime:
    """Say when what a device reads has last changed: the event, or the words for it."""
    return max(entry.changed_at, words.worded_at or entry.changed_at)


def event(entry: Entry, words: Words) -> Event:
    """Write one event; its stamps come from the row, so that unchanged text stays the same."""
    made = Event()
    stamp = stamp_of(entry, words).astimezone(UTC)
    made.add("UID", entry.uid)
    made.add("DTSTAMP", stamp)
    made.add("LAST-MODIFIED", stamp)
    made.add("SEQUENCE", entry.sequence)
    made.add("DTSTART", entry.begins.astimezone(UTC))
    made.add("DTEND", entry.ends.astimezone(UTC))
    if words.level != BUSY:
        made.add("SUMMARY", Line(f"{words.title} {entry.says}".strip()))
    made.add("STATUS", entry.status)
    made.add("TRANSP", "OPAQUE" if words.own else "TRANSPARENT")
    if words.alarm_minutes is not None:
        made.add_component(_alarm(entry, words, words.alarm_minutes))
    return made


def _alarm(entry: Entry, words: Words, minutes: int) -> Alarm:
    alarm = Alarm()
    # so that what a device knows of an alarm (snoozed, dismissed) stays with it (RFC 9074, 4)
    alarm.add("UID", str(uuid5(UUID(entry.uid), "alarm")))
    alarm.add("ACTION", "DISPLAY")
    alarm.add("TRIGGER", -timedelta(minutes=minutes))
    alarm.add("DESCRIPTION", Line(REMINDER if words.level == BUSY else words.title))
    return alarm


@lru_cache(maxsize=20_000)
def _event_text(entry: Entry, words: Words) -> bytes:
    """Write one event, and keep its text: of a hundred events most changes change one."""
    return bytes(event(entry, words).to_ical(sorted=False))


def personal_calendar(words: Words, entries: Iterable[Entry]) -> bytes:
    """Write a feed for one device, in the words that its owner chose."""
    in_order = sorted(entries, key=lambda each: (each.begins, each.uid))
    events = b"".join(_event_text(entry, words) for entry in in_order)
    if not events:
        return written(frame(words.name))
    head, end, _ = bytes(frame(words.name).to_ical(sorted=False)).rpartition(b"END:VCALENDAR")
    return head + events + end + b"\r\n"
