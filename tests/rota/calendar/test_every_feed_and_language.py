"""Checks of RFC 5545 and 7986, of text and of privacy, over every kind of feed and many languages.

Numbers are those of the checks in the reference for calendars.
"""

import ctypes
import re
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import vobject  # type: ignore[import-untyped]  # it has no types of its own
from hypothesis import given
from hypothesis import strategies as st

from database.ids import new_id
from rota.calendar.rules.neutral_text import plain_line
from rota.calendar.rules.personal import CONFIRMED, TENTATIVE, Entry, Words, personal_calendar
from rota.calendar.rules.wanted import NEUTRAL
from rota.open_hours.rules.calendar import public_calendar
from rota.open_hours.rules.hours import OpenHours
from tests.rota.calendar_parsers import read_alike
from tests.rota.strict_calendar import strictly_read

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
DENIED = (
    *("organizer", "attendee", "mailto", "tel:", "geo", "url", "location", "description"),
    *("contact", "comment", "categories", "attach", "@", "http", "netreach", "method"),
    *("related-to", "resources", "x-alt-desc"),
)
SECONDS, MEGABYTE = 2, 1_000_000
TITLES = {
    "en": "Shift",
    "ro": "Tură de noapte, ședință; a\\b",
    "bg": "Смяна; нощна, „тиха“",
    "ru": "Дежурство\\N, вечер",
    "hu": "Műszak \\n őrség",
    "el": "Βάρδια; νύχτα",
    "tr": "Nöbet, İğne",
    "pl": "Dyżur: żółć",
    "ar": "وردية مسائية",
    "th": "กะกลางคืน",
    "zh": "夜班、二",
    "emoji": "🌙👩🏽‍💻 " * 9,
}
# the moments that clocks make difficult (checks 2 to 4): all of Europe changes at 01:00 UTC
SPANS = {
    "night into summer, 22 to 06 in London": (datetime(2027, 3, 27, 22, tzinfo=UTC), 7),
    "night out of summer, 22 to 06 in London": (datetime(2027, 10, 30, 21, tzinfo=UTC), 9),
    "night into summer, 22 to 06 in Bucharest": (datetime(2027, 3, 27, 20, tzinfo=UTC), 7),
    "night out of summer, 22 to 06 in Bucharest": (datetime(2027, 10, 30, 19, tzinfo=UTC), 9),
    "02:30 in Berlin's repeated hour, first": (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), 1),
    "02:30 in Berlin's repeated hour, again": (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), 1),
    "a plain evening": (datetime(2027, 1, 5, 18, 45, tzinfo=UTC), 2.5),
}


def entries(status: str = CONFIRMED, says: str = "") -> list[Entry]:
    return [
        Entry(str(uuid4()), begins, begins + timedelta(hours=hours), number, NOW, status, says)
        for number, (begins, hours) in enumerate(sorted(SPANS.values()))
    ]


def own(title: str) -> bytes:
    return personal_calendar(Words(title, title), entries())


def with_alarm(title: str) -> bytes:
    return personal_calendar(Words(title, title, alarm_minutes=30), entries())


def busy(title: str) -> bytes:
    return personal_calendar(Words(title, title, "busy", 15, NOW + timedelta(days=1)), entries())


def seats_to_take(title: str) -> bytes:
    return personal_calendar(Words(title, title, own=False), entries(TENTATIVE))


def sessions_of_pool(title: str) -> bytes:
    told = entries(says="3/3")[:3] + entries(TENTATIVE, "1/3")[3:]
    return personal_calendar(Words(title, title, own=False), told)


def public(title: str) -> bytes:
    hours = [
        OpenHours(begins, begins + timedelta(hours=hours), "live-chat", ("ro", "en"), title)
        for begins, hours in sorted(SPANS.values())
    ]
    return public_calendar(new_id(), title, {"live-chat": title}, hours)


class Feed(NamedTuple):
    write: Callable[[str], bytes]
    status: set[str]
    transparent: bool


FEEDS = {
    "own": Feed(own, {CONFIRMED}, transparent=False),
    "own with a reminder": Feed(with_alarm, {CONFIRMED}, transparent=False),
    "busy": Feed(busy, {CONFIRMED}, transparent=False),
    "seats to take": Feed(seats_to_take, {TENTATIVE}, transparent=True),
    "sessions of a pool": Feed(sessions_of_pool, {CONFIRMED, TENTATIVE}, transparent=True),
    "public": Feed(public, {CONFIRMED}, transparent=True),
}
EVERY_FEED = pytest.mark.parametrize("feed", FEEDS.values(), ids=list(FEEDS))
EVERY_LANGUAGE = pytest.mark.parametrize("language", TITLES)


@EVERY_FEED
@EVERY_LANGUAGE
def test_1_5_6_strict_checker_and_three_parsers_read_every_feed_alike(
    feed: Feed, language: str
) -> None:
    title = plain_line(TITLES[language], "Shift")
    found = read_alike(feed.write(TITLES[language]))
    spans = sorted((begins, begins + timedelta(hours=hours)) for begins, hours in SPANS.values())
    assert [(each.begins, each.ends) for each in found] == spans
    assert {each.status for each in found} == feed.status
    if feed is FEEDS["busy"]:
        assert {each.title for each in found} == {None}
    else:
        assert all(title in (each.title or "") for each in found)


@EVERY_FEED
@EVERY_LANGUAGE
def test_1_2_libical_finds_no_error_and_no_broken_restriction(
    libical: ctypes.CDLL, feed: Feed, language: str
) -> None:
    calendar = libical.icalparser_parse_string(feed.write(TITLES[language]))
    assert libical.icalcomponent_count_errors(calendar) == 0
    assert libical.icalrestriction_check(calendar) == 1


@EVERY_FEED
def test_2_and_bug_13_nothing_is_left_to_expand_and_no_zone_to_look_up(feed: Feed) -> None:
    body = feed.write("Shift")
    for word in (b"RRULE", b"RDATE", b"TZID", b"VTIMEZONE", b"X-WR-TIMEZONE", b"BEGIN:DAYLIGHT"):
        assert word not in body


@pytest.mark.parametrize("feed", [own, busy, seats_to_take, sessions_of_pool])
def test_3_4_night_shifts_and_the_repeated_hour_are_right_on_local_clocks(
    feed: Callable[[str], bytes],
) -> None:
    found = {each.begins: each.ends for each in read_alike(feed("Shift"))}

    def clock(zone: str, name: str) -> tuple[str, str]:
        begins = SPANS[name][0]
        there = [each.astimezone(ZoneInfo(zone)) for each in (begins, found[begins])]
        return f"{there[0]:%d %H:%M %z}", f"{there[1]:%d %H:%M %z}"

    london, bucharest, berlin = "Europe/London", "Europe/Bucharest", "Europe/Berlin"
    assert clock(london, "night into summer, 22 to 06 in London") == (
        "27 22:00 +0000",
        "28 06:00 +0100",
    )
    assert clock(london, "night out of summer, 22 to 06 in London") == (
        "30 22:00 +0100",
        "31 06:00 +0000",
    )
    assert clock(bucharest, "night into summer, 22 to 06 in Bucharest") == (
        "27 22:00 +0200",
        "28 06:00 +0300",
    )
    assert clock(bucharest, "night out of summer, 22 to 06 in Bucharest") == (
        "30 22:00 +0300",
        "31 06:00 +0200",
    )
    assert clock(berlin, "02:30 in Berlin's repeated hour, first") == (
        "31 02:30 +0200",
        "31 02:30 +0100",
    )
    assert clock(berlin, "02:30 in Berlin's repeated hour, again")[0] == "31 02:30 +0100"


@EVERY_FEED
@given(name=st.text(max_size=300))
def test_7_control_characters_of_any_input_are_gone(feed: Feed, name: str) -> None:
    for event in strictly_read(feed.write(plain_line(name, "Plan"))):
        assert not any(
            unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"}
            for each in event.get("SUMMARY", "")
        )


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\r\n", "\u2028", "\u202e", "\ufeff", "\x7f"])
def test_7_hidden_characters_become_spaces(hidden: str) -> None:
    assert plain_line(f"a{hidden}b", "Shift") == "a b"
    assert plain_line(hidden, "Shift") == "Shift"


@pytest.mark.parametrize("words", [Words(), Words(own=False), Words("План", level="busy")])
def test_8_empty_feeds_are_valid(words: Words) -> None:
    body = personal_calendar(words, [])
    assert read_alike(body) == []
    assert b"BEGIN:VTIMEZONE" in body


@EVERY_FEED
def test_31_32_nothing_points_at_people_places_or_us(feed: Feed) -> None:
    text = feed.write("Shift").decode().lower()
    denied = [*DENIED]
    if feed is FEEDS["own with a reminder"] or feed is FEEDS["busy"]:
        denied.remove("description")
    assert [word for word in denied if word in text] == []
    assert "prodid:-//calendar//calendar//en\r\n" in text


def test_33_busy_has_a_time_and_no_words() -> None:
    body = busy("Secret word")
    (first, *_) = strictly_read(body)
    assert set(first) == {
        "UID",
        "DTSTAMP",
        "LAST-MODIFIED",
        "SEQUENCE",
        "DTSTART",
        "DTEND",
        "STATUS",
        "TRANSP",
        "ALARM",
    }
    assert b"Secret word" not in body.split(b"BEGIN:VEVENT", 1)[1]
    assert body.count(b"DESCRIPTION:Reminder\r\n") == len(SPANS)


def test_34_no_alarm_unless_chosen_and_then_one_neutral_display() -> None:
    assert b"VALARM" not in own("Plan") + seats_to_take("Plan") + sessions_of_pool("Plan")
    for minutes, trigger in ((0, "P0D"), (30, "-PT30M"), (90, "-PT1H30M"), (1440, "-P1D")):
        told = entries()
        body = personal_calendar(Words(alarm_minutes=minutes), told)
        assert {event["ALARM"] for event in strictly_read(body)} == {trigger}
        assert body.count(b"BEGIN:VALARM") == body.count(b"DESCRIPTION:Shift\r\n") == len(told)
        assert personal_calendar(Words(alarm_minutes=minutes), told) == body
        for by_vobject in vobject.readOne(body.decode()).vevent_list:
            assert by_vobject.valarm.trigger.value == -timedelta(minutes=minutes)


def test_an_alarm_keeps_its_own_uid_which_no_event_has() -> None:
    told = entries()
    body = personal_calendar(Words(alarm_minutes=30), told)
    uids = re.findall(rb"UID:([0-9a-f-]{36})", body)
    assert len(set(uids)) == 2 * len(told)


@pytest.mark.parametrize("shows", NEUTRAL)
def test_neutral_words_are_neutral(shows: str) -> None:
    for word in NEUTRAL[shows]:
        assert not {"sex", "outreach", "chat", "netreach", "health"} & set(word.lower().split())


def test_37_2500_events_of_any_kind_stay_below_a_megabyte_and_two_seconds() -> None:
    begins = datetime(2027, 1, 1, tzinfo=UTC)
    told = [
        Entry(
            str(uuid4()),
            begins + timedelta(hours=3 * number),
            begins + timedelta(hours=3 * number + 2),
            0,
            NOW,
            TENTATIVE,
            "12/13",
        )
        for number in range(2500)
    ]
    for words in (Words(), Words("Plan", "Tură de noapte", own=False)):
        began = time.process_time()
        body = personal_calendar(words, told)
        assert time.process_time() - began < SECONDS
        assert len(body) < MEGABYTE
        assert body.count(b"BEGIN:VEVENT") == len(told)
