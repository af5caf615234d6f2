"""Reads calendars with parsers that have nothing in common with one another or with our writer."""

from datetime import datetime
from typing import Any, NamedTuple

import vobject  # type: ignore[import-untyped]  # it has no types of its own
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from tests.rota.strict_calendar import strictly_read


class Read(NamedTuple):
    """What every parser should find in an event."""

    uid: str
    begins: datetime
    ends: datetime
    title: str | None
    status: str
    sequence: int


def _by_hand(body: bytes) -> list[Read]:
    def moment(text: str) -> datetime:
        return datetime.strptime(text, "%Y%m%dT%H%M%S%z")

    def plain(text: str) -> str:
        parts = [part.replace("\\,", ",").replace("\\;", ";") for part in text.split("\\\\")]
        return "\\".join(parts)

    return [
        Read(
            event["UID"],
            moment(event["DTSTART"]),
            moment(event["DTEND"]),
            plain(event["SUMMARY"]) if "SUMMARY" in event else None,
            event["STATUS"],
            int(event.get("SEQUENCE", "0")),
        )
        for event in strictly_read(body)
    ]


def _by_icalendar(body: bytes) -> list[Read]:
    events: list[Any] = list(Calendar.from_ical(body).walk("VEVENT"))
    return [
        Read(
            str(event["UID"]),
            event["DTSTART"].dt,
            event["DTEND"].dt,
            str(event["SUMMARY"]) if "SUMMARY" in event else None,
            str(event["STATUS"]),
            int(event.get("SEQUENCE", 0)),
        )
        for event in events
    ]


def _by_vobject(body: bytes) -> list[Read]:
    def value(event: Any, name: str, otherwise: Any) -> Any:
        return getattr(event, name).value if hasattr(event, name) else otherwise

    calendar = vobject.readOne(body.decode())
    calendar.validate(raiseException=True)
    return [
        Read(
            event.uid.value,
            event.dtstart.value,
            event.dtend.value,
            value(event, "summary", None),
            event.status.value,
            int(value(event, "sequence", "0")),
        )
        for event in calendar.contents.get("vevent", [])
    ]


def _by_ical(body: bytes) -> list[Read]:
    events: list[Any] = list(IcsCalendarStream.calendar_from_ics(body.decode()).events)
    return [
        Read(
            event.uid,
            event.dtstart,
            event.dtend,
            event.summary or None,
            event.status.value,
            event.sequence or 0,
        )
        for event in events
    ]


def read_alike(body: bytes) -> list[Read]:
    """Read with the strict checker, vobject, ical and icalendar, which have to agree."""
    found = _by_hand(body)
    assert _by_vobject(body) == found
    assert _by_ical(body) == found
    assert _by_icalendar(body) == found
    return found
