import time
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import vobject  # type: ignore[import-untyped]  # Radicale brings it
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from rota.calendar.rules.ical import etag_of
from rota.calendar.rules.neutral_text import plain_line
from rota.calendar.rules.personal import Entry, Words, personal_calendar, told
from rota.shifts.rules.spans import Span
from tests.rota.strict_calendar import strictly_read

START = datetime(2027, 1, 5, 18, 45, tzinfo=UTC)
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def entry(begins: datetime = START, hours: float = 2.5, **changes: int) -> Entry:
    return Entry(
        str(uuid4()), begins, begins + timedelta(hours=hours), changes.get("sequence", 0), NOW
    )


def test_event_says_when_and_nothing_else() -> None:
    one = entry(sequence=3)
    assert strictly_read(personal_calendar(Words(), [one])) == [
        {
            "UID": one.uid,
            "DTSTAMP": "20261201T090000Z",
            "LAST-MODIFIED": "20261201T090000Z",
            "SEQUENCE": "3",
            "DTSTART": "20270105T184500Z",
            "DTEND": "20270105T211500Z",
            "SUMMARY": "Shift",
            "STATUS": "CONFIRMED",
            "TRANSP": "OPAQUE",
        }
    ]


def test_empty_rota_is_valid() -> None:
    body = personal_calendar(Words(), [])
    assert strictly_read(body) == []
    assert Calendar.from_ical(body).walk("VEVENT") == []
    assert list(vobject.readOne(body.decode()).components())


def test_night_shifts_over_both_clock_changes_read_alike_in_three_parsers() -> None:
    spans = [
        Span(datetime(2027, 3, 27, 22, tzinfo=UTC), datetime(2027, 3, 28, 5, tzinfo=UTC)),
        Span(datetime(2027, 10, 30, 21, tzinfo=UTC), datetime(2027, 10, 31, 6, tzinfo=UTC)),
        Span(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 2, tzinfo=UTC)),
    ]
    body = personal_calendar(Words(), [Entry(str(uuid4()), *each, 0, NOW) for each in spans])
    strict = [
        tuple(datetime.strptime(event[name], "%Y%m%dT%H%M%S%z") for name in ("DTSTART", "DTEND"))
        for event in strictly_read(body)
    ]
    ours = [
        (each.get("DTSTART").dt, each.get("DTEND").dt)
        for each in Calendar.from_ical(body).walk("VEVENT")
    ]
    others = [
        (each.dtstart.value, each.dtend.value)
        for each in vobject.readOne(body.decode()).vevent_list
    ]
    assert strict == ours == others == spans


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_title_stays_one_valid_line_and_round_trips(name: str, title: str) -> None:
    shown = plain_line(title, "Shift")
    assert not any(unicodedata.category(each) in {"Cc", "Cs"} for each in shown)
    body = personal_calendar(Words(plain_line(name, "Plan"), shown), [entry()])
    assert len(strictly_read(body)) == 1
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert str(event["SUMMARY"]) == shown


def test_romanian_cyrillic_emoji_and_separators_round_trip_in_both_libraries() -> None:
    title = plain_line("Tură, de noapte; Привіт \\ 🌙 ăîșț\nși \x07mâine " * 2, "Shift")
    body = personal_calendar(Words("План", title), [entry()])
    strictly_read(body)
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert str(event["SUMMARY"]) == title
    assert vobject.readOne(body.decode()).vevent.summary.value == title
    assert title.startswith("Tură, de noapte; Привіт \\ 🌙 ăîșț și mâine")


def test_a_backslash_before_n_is_no_new_line() -> None:
    body = personal_calendar(Words("a\\Nb", "c\\nd\\N"), [entry()])
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert str(event["SUMMARY"]) == "c\\nd\\N"
    assert b"\r\nNAME:a\\\\Nb\r\n" in body
    assert vobject.readOne(body.decode()).vevent.summary.value == "c\\nd\\N"


def test_move_raises_sequence_by_one_and_last_modified() -> None:
    before = entry()
    after = replace(before, begins=START + timedelta(hours=1))
    moved = told(before, after, NOW)
    assert moved == replace(after, sequence=1, changed_at=NOW + timedelta(seconds=1))
    assert told(moved, moved, NOW + timedelta(days=1)) is moved
    shown_again = told(moved, moved, NOW + timedelta(days=1), shown=False)
    assert shown_again == replace(moved, sequence=2, changed_at=NOW + timedelta(days=1))


def test_no_edit_gives_identical_bytes_and_tag() -> None:
    entries = [entry(START + timedelta(days=day)) for day in range(5)]
    one, other = (personal_calendar(Words(), each) for each in (entries, entries[::-1]))
    assert (one, etag_of(one)) == (other, etag_of(other))


def test_2500_events_stay_below_a_megabyte_and_two_seconds() -> None:
    entries = [entry(START + timedelta(hours=3 * number)) for number in range(2500)]
    began = time.process_time()
    body = personal_calendar(Words(), entries)
    assert time.process_time() - began < 2
    assert len(body) < 1_000_000


def test_nothing_tells_whose_rota_it_is() -> None:
    body = personal_calendar(Words(), [entry()]).decode().lower()
    for word in (
        "netreach",
        "organizer",
        "attendee",
        "mailto",
        "url",
        "geo",
        "@",
        "http",
        "valarm",
        "location",
        "description",
        "method",
    ):
        assert word not in body
