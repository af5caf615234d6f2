from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rota.busy_times.errors import NoCalendar, TooMuch, Unreadable
from rota.busy_times.rules.reading import busy_in
from rota.shifts.rules.spans import Span

BEGINS = datetime(2027, 1, 4, tzinfo=UTC)
ENDS = BEGINS + timedelta(weeks=26)
SOON = BEGINS + timedelta(weeks=2)


def utc(day: int, hour: float, month: int = 1) -> datetime:
    return datetime(2027, month, day, tzinfo=UTC) + timedelta(hours=hour)


def calendar(*parts: str | Sequence[str]) -> bytes:
    lines = [line for part in parts for line in ([part] if isinstance(part, str) else part)]
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x", *lines, "END:VCALENDAR", ""]
    ).encode()


def event(*lines: str, uid: str = "one") -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Clinic, Dr Private", *lines, "END:VEVENT"]


def spans(
    raw: bytes, zone: str = "Europe/London", ends: datetime = SOON
) -> list[tuple[datetime, datetime]]:
    return [(one.start, one.end) for one in busy_in(raw, zone, BEGINS, ends)]


EVENING = ("DTSTART:20270105T190000Z", "DTEND:20270105T210000Z")
BUSY = [(utc(5, 19), utc(5, 21))]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (EVENING, BUSY),
        (("DTSTART:20270105T190000Z", "DURATION:PT2H"), BUSY),
        # Windows' own names for zones, quoted or not, without a VTIMEZONE
        (("DTSTART;TZID=W. Europe Standard Time:20270105T200000", "DURATION:PT2H"), BUSY),
        (('DTSTART;TZID="GTB Standard Time":20270105T210000', "DURATION:PT2H"), BUSY),
        (("DTSTART;TZID=Romance Standard Time:20270105T200000", "DURATION:PT2H"), BUSY),
        (("DTSTART;TZID=America/New_York:20270105T140000", "DURATION:PT2H"), BUSY),
        # floating, and a zone that nobody knows: the clock where the person is
        (("DTSTART:20270105T190000", "DURATION:PT2H"), BUSY),
        (("DTSTART;TZID=Somewhere:20270105T190000", "DURATION:PT2H"), BUSY),
        (("DTSTART;VALUE=DATE:20270105",), [(utc(5, 0), utc(6, 0))]),
        (("DTSTART;VALUE=DATE:20270105", "DTEND;VALUE=DATE:20270108"), [(utc(5, 0), utc(8, 0))]),
        ((*EVENING, "STATUS:CANCELLED"), []),
        ((*EVENING, "status:cancelled"), []),
        ((*EVENING, "STATUS:TENTATIVE"), BUSY),
        ((*EVENING, "TRANSP:TRANSPARENT"), []),
        ((*EVENING, "TRANSP:OPAQUE"), BUSY),
        ((*EVENING, "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), []),
        ((*EVENING, "X-MICROSOFT-CDO-BUSYSTATUS:OOF"), BUSY),
        ((*EVENING, "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"), BUSY),
        # a moment without length takes no time
        (("DTSTART:20270105T190000Z",), []),
        # what lasts longer than the period is cut to it
        (("DTSTART:20261201T000000Z", "DTEND:20270104T050000Z"), [(BEGINS, utc(4, 5))]),
        (("DTSTART:20260105T190000Z", "DTEND:20260105T210000Z"), []),
    ],
)
def test_check_40_what_an_entry_takes(
    lines: Sequence[str], expected: list[tuple[datetime, datetime]]
) -> None:
    assert spans(calendar(event(*lines))) == expected


def test_check_40_a_zone_that_the_file_itself_describes() -> None:
    zone = [
        "BEGIN:VTIMEZONE",
        "TZID:(UTC+03:00) Own",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0300",
        "TZOFFSETTO:+0300",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
    entry = event('DTSTART;TZID="(UTC+03:00) Own":20270105T220000', "DURATION:PT2H")
    assert spans(calendar(zone, entry)) == BUSY


def test_check_40_floating_and_all_day_are_where_the_person_is() -> None:
    raw = calendar(
        event("DTSTART:20270105T190000", "DURATION:PT2H"),
        event("DTSTART;VALUE=DATE:20270107", uid="two"),
    )
    assert spans(raw, "Asia/Tokyo") == [(utc(5, 10), utc(5, 12)), (utc(6, 15), utc(7, 15))]
    assert spans(raw, "America/Los_Angeles") == [(utc(6, 3), utc(6, 5)), (utc(7, 8), utc(8, 8))]


def test_bug_3_a_recurring_entry_keeps_its_local_time_over_a_clock_change() -> None:
    weekly = event(
        "DTSTART;TZID=Europe/London:20270105T190000",
        "DTEND;TZID=Europe/London:20270105T210000",
        "RRULE:FREQ=WEEKLY",
    )
    found = busy_in(calendar(weekly), "Europe/London", utc(23, 0, 3), utc(31, 0, 3))
    assert found == [
        Span(utc(23, 19, 3), utc(23, 21, 3)),
        Span(utc(30, 18, 3), utc(30, 20, 3)),
    ]


def test_exceptions_of_a_series_are_followed() -> None:
    raw = calendar(
        event(*EVENING, "RRULE:FREQ=DAILY;COUNT=5", "EXDATE:20270106T190000Z"),
        event("RECURRENCE-ID:20270107T190000Z", *EVENING, "STATUS:CANCELLED"),
        event(
            "RECURRENCE-ID:20270108T190000Z", "DTSTART:20270108T100000Z", "DTEND:20270108T110000Z"
        ),
    )
    assert spans(raw) == [*BUSY, (utc(8, 10), utc(8, 11)), (utc(9, 19), utc(9, 21))]


def test_check_40_a_feed_of_free_and_busy_times_alone() -> None:
    raw = calendar(
        "BEGIN:VFREEBUSY",
        "UID:three",
        "FREEBUSY;FBTYPE=BUSY:20270105T190000Z/PT2H,20270106T190000Z/20270106T200000Z",
        "FREEBUSY;FBTYPE=FREE:20270107T190000Z/PT2H",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270108T190000Z/PT1H",
        "FREEBUSY:20270109T190000Z/PT1H",
        "END:VFREEBUSY",
    )
    assert spans(raw) == [
        *BUSY,
        (utc(6, 19), utc(6, 20)),
        (utc(8, 19), utc(8, 20)),
        (utc(9, 19), utc(9, 20)),
    ]


def test_times_that_touch_or_overlap_are_one() -> None:
    raw = calendar(
        event(*EVENING),
        event("DTSTART:20270105T210000Z", "DURATION:PT1H", uid="two"),
        event("DTSTART:20270105T180000Z", "DURATION:PT90M", uid="three"),
    )
    assert spans(raw) == [(utc(5, 18), utc(5, 22))]


def test_broken_titles_do_not_matter_and_never_reach_the_parser() -> None:
    lines = (
        b"BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:PUBLISH\nX-WR-CALNAME:\xff\xfe\n"
        b"BEGIN:VEVENT\nUID:x\nSUMMARY:caf\xe9 broken\n folded \xc8\n\tagain\nGEO:nowhere\n"
        b"BEGIN:VALARM\nTRIGGER:never\nBEGIN:X-DEEP\nDTSTART:wrong\nEND:X-DEEP\nEND:VALARM\n"
        b"DTSTART:20270105T19\n 0000Z\nDTEND:20270105T210000Z\nEND:VEVENT\n"
        b"BEGIN:VTODO\nDTSTART:wrong\nEND:VTODO\nEND:VCALENDAR\n\n"
    )
    assert spans(b"\xef\xbb\xbf" + lines) == BUSY
    assert spans(lines.replace(b"\n", b"\r")) == BUSY


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"<!doctype html><title>Sign in</title>",
        b"END:VCALENDAR",
        calendar(event(*EVENING))[:-40],
        calendar(event(*EVENING))[:-16],
        calendar(event(*EVENING)).replace(b"BEGIN:VCALENDAR", b"BEGIN:VCARD"),
    ],
)
def test_check_38_and_39_what_is_no_whole_calendar_is_refused(raw: bytes) -> None:
    with pytest.raises(NoCalendar):
        spans(raw)


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:2027-01-05",),
        ("DTSTART:yesterday",),
        ("DTEND:20270105T210000Z",),
        (),
        (EVENING[0], "DTEND:never"),
        (EVENING[0], "DURATION:long"),
        (*EVENING, "RRULE:FREQ=SOMETIMES"),
        (*EVENING, "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:xyz"),
        (*EVENING, "RDATE:20279999"),
    ],
)
def test_one_entry_whose_time_is_broken_refuses_all(lines: Sequence[str]) -> None:
    """Left out, it would be taken for free time."""
    raw = calendar(event("DTSTART:20270105T100000Z", "DURATION:PT1H", uid="whole"), event(*lines))
    with pytest.raises(Unreadable) as refused:
        spans(raw)
    assert refused.value.code == "calendar-broken"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "freq=minutely",
        "INTERVAL=1;FREQ=SECONDLY;COUNT=5",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12;BYMINUTE=" + ",".join(map(str, range(60))),
    ],
)
def test_check_39_rules_that_repeat_too_often_are_refused(rule: str) -> None:
    with pytest.raises(TooMuch):
        busy_in(calendar(event(*EVENING, f"RRULE:{rule}")), "Europe/London", BEGINS, ENDS)


def test_check_39_a_rule_without_end_is_followed_within_the_period() -> None:
    since_1970 = event("DTSTART:19700101T190000Z", "DURATION:PT2H", "RRULE:FREQ=DAILY")
    found = busy_in(calendar(since_1970), "Europe/London", BEGINS, ENDS)
    assert (len(found), found[0], found[-1].end) == (
        26 * 7,
        Span(utc(4, 19), utc(4, 21)),
        ENDS - timedelta(hours=3),
    )


def test_check_39_a_feed_of_too_many_busy_times_is_refused() -> None:
    times = ",".join(
        f"{BEGINS + timedelta(minutes=2 * number):%Y%m%dT%H%M%SZ}/PT1M" for number in range(20_001)
    )
    raw = calendar("BEGIN:VFREEBUSY", "UID:many", f"FREEBUSY:{times}", "END:VFREEBUSY")
    with pytest.raises(TooMuch):
        spans(raw)


def test_check_39_a_file_with_too_many_entries_is_refused() -> None:
    raw = calendar(*(event(*EVENING, uid=str(number)) for number in range(20_001)))
    with pytest.raises(TooMuch):
        spans(raw)


SOURCE = calendar(
    "X-WR-TIMEZONE:Europe/Amsterdam",
    event(*EVENING, "RRULE:FREQ=WEEKLY;UNTIL=20270301;BYDAY=TU", "EXDATE:20270112T190000Z"),
    event("DTSTART;TZID=W. Europe Standard Time:20270105T200000", "DURATION:PT2H", uid="two"),
    event("DTSTART;VALUE=DATE:20270107", uid="three"),
).decode()


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(SOURCE)), st.integers(0, 12), st.text(max_size=8) | st.just("\r\n")
        ),
        max_size=4,
    )
)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    damage: list[tuple[int, int, str]],
) -> None:
    text = SOURCE
    for place, length, instead in damage:
        text = text[:place] + instead + text[place + length :]
    try:
        found = spans(text.encode(errors="surrogatepass"))
    except Unreadable:
        return
    assert all(BEGINS <= start < end <= SOON for start, end in found)
