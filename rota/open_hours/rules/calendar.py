"""Open hours as iCalendar for anybody: UTC, TRANSPARENT, nothing in it that points at people."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from rota.calendar.rules.ical import Line, frame, written
from rota.calendar.rules.neutral_text import plain_line
from rota.open_hours.rules.hours import CONFIRMED, OpenHours
from rota.open_hours.rules.language_names import language_name

UNIX_MILLISECONDS_SHIFT = 80
DASH = " \N{EN DASH} "
LONGEST_TITLE = 200


def public_calendar(
    pool_id: UUID, name: str, channels: Mapping[str, str], hours: Iterable[OpenHours]
) -> bytes:
    """Write a pool's open hours; the same hours give the same bytes, whoever sits there."""
    calendar: Calendar = frame(plain_line(name, "Open hours"))
    for each in hours:
        calendar.add_component(_event(pool_id, channels.get(each.channel, each.channel), each))
    return written(calendar)


def public_uid(pool_id: UUID, hours: OpenHours) -> str:
    """Name an event by all that it says, so that nothing of it can change under one name.

    It is made of public facts alone and shares nothing with the calendars of people.
    """
    facts = [hours.channel, hours.start.isoformat(), hours.end.isoformat(), hours.theme or ""]
    if hours.status != CONFIRMED:
        facts.append(hours.status)
    return str(uuid5(pool_id, "|".join((*facts, *hours.languages))))


def made_at(uuid7: UUID) -> datetime:
    """Give the moment that a UUIDv7 carries: a stamp from the row, and never the clock's."""
    milliseconds = uuid7.int >> UNIX_MILLISECONDS_SHIFT
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def title(channel: str, hours: OpenHours) -> str:
    """Say what somebody who looks for help needs: the channel, the languages, the theme."""
    languages = ", ".join(language_name(tag) for tag in hours.languages)
    said = DASH.join(part for part in (channel, languages, hours.theme) if part)
    return plain_line(said, channel, LONGEST_TITLE)


def _event(pool_id: UUID, channel: str, hours: OpenHours) -> Event:
    made = Event()
    made.add("UID", public_uid(pool_id, hours))
    made.add("DTSTAMP", made_at(pool_id))
    made.add("DTSTART", hours.start.astimezone(UTC))
    made.add("DTEND", hours.end.astimezone(UTC))
    made.add("SUMMARY", Line(title(channel, hours)))
    made.add("STATUS", "CONFIRMED" if hours.status == CONFIRMED else "TENTATIVE")
    made.add("TRANSP", "TRANSPARENT")
    return made
