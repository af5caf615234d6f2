"""A line-by-line reading of RFC 5545 and 7986 that shares no code with what writes calendars."""

import re

NEEDED = {"UID", "DTSTAMP", "DTSTART", "DTEND", "STATUS", "TRANSP"}
EVENT_NAMES = NEEDED | {"SUMMARY", "SEQUENCE", "LAST-MODIFIED"}
ALARM_NAMES = {"UID", "ACTION", "TRIGGER", "DESCRIPTION"}
CALENDAR_NAMES = {
    "VERSION",
    "PRODID",
    "NAME",
    "X-WR-CALNAME",
    "REFRESH-INTERVAL",
    "X-PUBLISHED-TTL",
}
LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[A-Za-z0-9-]+)*):(.*)", re.DOTALL)
MOMENT = re.compile(r"\d{8}T\d{6}Z")
TEXT = re.compile(r"(?:[^\\;,\x00-\x1f\x7f]|\\[\\;,nN])*")
UID = re.compile(r"[0-9a-f-]{36}")
DURATION_BEFORE = re.compile(r"-?P(?:\d+D|T\d+H|T\d+M|T\d+H\d+M)")
LONGEST_OCTETS = 75
Event = dict[str, str]


def content_lines(body: bytes) -> list[str]:
    """Unfold; every physical line is whole UTF-8, ends in CRLF and has at most 75 octets."""
    assert body.endswith(b"\r\n")
    physical = body.removesuffix(b"\r\n").split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in physical)
    assert max(map(len, physical)) <= LONGEST_OCTETS
    for line in physical:
        line.decode("utf-8")
    return body.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]


def read_properties(lines: list[str], names: set[str]) -> Event:
    found: Event = {}
    for line in lines:
        parts = LINE.fullmatch(line)
        assert parts is not None, line
        name, _, value = parts.groups()
        assert name in names, line
        assert name not in found, line
        found[name] = value
    return found


def check_event(event: Event) -> Event:
    assert set(event) >= NEEDED
    for name in ("DTSTAMP", "DTSTART", "DTEND"):
        assert MOMENT.fullmatch(event[name])
    assert event["DTSTART"] < event["DTEND"]
    assert MOMENT.fullmatch(event.get("LAST-MODIFIED", event["DTSTAMP"]))
    assert TEXT.fullmatch(event.get("SUMMARY", ""))
    assert event["STATUS"] in {"CONFIRMED", "TENTATIVE"}
    assert event["TRANSP"] in {"OPAQUE", "TRANSPARENT"}
    assert re.fullmatch(r"\d+", event.get("SEQUENCE", "0"))
    assert UID.fullmatch(event["UID"])
    return event


def check_alarm(lines: list[str]) -> str:
    """Refuse anything but one neutral DISPLAY alarm before the event; gives when it rings."""
    assert (lines[0], lines[-1]) == ("BEGIN:VALARM", "END:VALARM")
    alarm = read_properties(lines[1:-1], ALARM_NAMES)
    assert set(alarm) == ALARM_NAMES
    assert alarm["ACTION"] == "DISPLAY"
    assert DURATION_BEFORE.fullmatch(alarm["TRIGGER"])
    assert TEXT.fullmatch(alarm["DESCRIPTION"])
    assert UID.fullmatch(alarm["UID"])
    return alarm["TRIGGER"]


def read_event(lines: list[str]) -> Event:
    """Read an event, with its alarm, if it has one, under the name ALARM."""
    at = lines.index("BEGIN:VALARM") if "BEGIN:VALARM" in lines else len(lines)
    event = check_event(read_properties(lines[:at], EVENT_NAMES))
    return event | ({"ALARM": check_alarm(lines[at:])} if at < len(lines) else {})


def check_frame(calendar: Event) -> None:
    assert set(calendar) == CALENDAR_NAMES
    assert calendar["VERSION"] == "2.0"
    assert calendar["NAME"] == calendar["X-WR-CALNAME"]
    assert TEXT.fullmatch(calendar["NAME"])
    assert calendar["REFRESH-INTERVAL"] == calendar["X-PUBLISHED-TTL"] == "PT4H"


def strictly_read(body: bytes) -> list[Event]:
    """Refuse anything that a strict checker could; give the events."""
    lines = content_lines(body)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    starts = [at for at, line in enumerate(lines) if line.startswith("BEGIN:")][1:]
    assert starts, "a calendar needs a component"
    head = list(lines[1 : starts[0]])
    check_frame(read_properties(head, CALENDAR_NAMES))
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT4H" in head
    inner = lines[starts[0] : -1]
    if inner[0] == "BEGIN:VTIMEZONE":
        assert inner == [
            "BEGIN:VTIMEZONE",
            "TZID:UTC",
            "BEGIN:STANDARD",
            "DTSTART:19700101T000000",
            "TZOFFSETFROM:+0000",
            "TZOFFSETTO:+0000",
            "TZNAME:UTC",
            "END:STANDARD",
            "END:VTIMEZONE",
        ]
        return []
    events: list[Event] = []
    while inner:
        end = inner.index("END:VEVENT")
        assert inner[0] == "BEGIN:VEVENT"
        events.append(read_event(inner[1:end]))
        inner = inner[end + 1 :]
    assert len({event["UID"] for event in events}) == len(events)
    return events
