import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rota.shifts.errors import EndBeforeStart, NaiveTime, NoSuchLocalTime, UnknownZone, WrongPattern
from rota.shifts.rules.local_times import instant, known_zone, local_instant
from rota.shifts.rules.patterns import Answer, Timing, days, occurrences
from rota.shifts.rules.spans import Span, joined, local_day, overlap, span

LONDON = "Europe/London"
# half-hour, forty-five-minute and southern changes; midnight changes; a whole day skipped
ZONES = [
    "Europe/London",
    "Europe/Amsterdam",
    "America/New_York",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
]
zones = st.sampled_from(ZONES)
walls = st.datetimes(datetime(2005, 1, 1), datetime(2036, 1, 1))  # noqa: DTZ001 -- clock times
clock_times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
dates = st.dates(date(2005, 1, 1), date(2035, 1, 1))


def weekly(**changes: object) -> Timing:
    facts: dict[str, object] = {
        "weekday": 1,
        "starts": time(19),
        "minutes": 120,
        "zone": LONDON,
        "first_day": date(2027, 1, 1),
    }
    return Timing(**(facts | changes))  # type: ignore[arg-type]  # one table of plain values


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year to minute


def test_weekly_19_00_stays_19_00_over_the_clock_change() -> None:
    found = occurrences(weekly(), date(2027, 3, 22), date(2027, 4, 7)).found
    assert [each.span.start for each in found] == [
        utc(2027, 3, 23, 19),
        utc(2027, 3, 30, 18),
        utc(2027, 4, 6, 18),
    ]
    assert {each.span.start.astimezone(ZoneInfo(LONDON)).time() for each in found} == {time(19)}


def test_bug_2_night_shift_22_to_06_has_its_true_length_at_both_changes() -> None:
    nights = weekly(weekday=5, starts=time(22), minutes=480)
    spring = occurrences(nights, date(2027, 3, 27), date(2027, 3, 28)).found
    autumn = occurrences(nights, date(2027, 10, 30), date(2027, 10, 31)).found
    assert [(each.span, each.span.length) for each in [*spring, *autumn]] == [
        (Span(utc(2027, 3, 27, 22), utc(2027, 3, 28, 5)), timedelta(hours=7)),
        (Span(utc(2027, 10, 30, 21), utc(2027, 10, 31, 6)), timedelta(hours=9)),
    ]


def test_time_that_comes_twice_means_the_first() -> None:
    sundays = weekly(weekday=6, starts=time(1, 30), minutes=15)
    (found,) = occurrences(sundays, date(2027, 10, 31), date(2027, 11, 1)).found
    assert found.span == Span(utc(2027, 10, 31, 0, 30), utc(2027, 10, 31, 0, 45))


def test_time_that_never_comes_is_asked_and_can_be_answered() -> None:
    sundays = weekly(weekday=6, starts=time(2, 30), minutes=60, zone="Europe/Amsterdam")
    day = date(2027, 3, 28)
    asked = occurrences(sundays, day, date(2027, 3, 29))
    assert asked.found == []
    assert [(each.day, each.code, each.text) for each in asked.questions] == [
        (
            day,
            "no-such-local-time",
            (
                "On Sunday 28 March 2027 the clock in Europe/Amsterdam jumps over 02:30. "
                "Please choose another time for that day."
            ),
        )
    ]
    answered = occurrences(sundays, day, date(2027, 3, 29), {day: Answer(time(3), 60)})
    assert answered.questions == []
    assert [each.span for each in answered.found] == [
        Span(utc(2027, 3, 28, 1), utc(2027, 3, 28, 2))
    ]


def test_end_that_never_comes_is_asked_too() -> None:
    saturdays = weekly(weekday=5, starts=time(22), minutes=270, zone="Europe/Amsterdam")
    asked = occurrences(saturdays, date(2027, 3, 27), date(2027, 3, 28))
    assert (asked.found, [each.day for each in asked.questions]) == ([], [date(2027, 3, 27)])


def test_midnight_starts_and_ends_on_its_own_day() -> None:
    ends = occurrences(weekly(starts=time(22)), date(2027, 1, 5), date(2027, 1, 6)).found
    starts = occurrences(weekly(starts=time(0)), date(2027, 1, 5), date(2027, 1, 6)).found
    assert [each.span for each in [*ends, *starts]] == [
        Span(utc(2027, 1, 5, 22), utc(2027, 1, 6)),
        Span(utc(2027, 1, 5), utc(2027, 1, 5, 2)),
    ]


def test_every_two_weeks_begins_at_once() -> None:
    rule = weekly(first_day=date(2027, 1, 6), every_weeks=2, last_day=date(2027, 2, 9))
    assert list(days(rule, date(2027, 1, 1), date(2028, 1, 1))) == [
        date(2027, 1, 12),
        date(2027, 1, 26),
        date(2027, 2, 9),
    ]


def test_local_day_is_the_zones_and_not_the_viewers() -> None:
    late = datetime(2027, 1, 5, 23, 30, tzinfo=ZoneInfo("America/New_York"))
    assert local_day(late, "Europe/London") == date(2027, 1, 6)
    assert local_day(late, "America/New_York") == date(2027, 1, 5)


def test_same_zone_subtraction_is_true_time() -> None:
    london = ZoneInfo(LONDON)
    start, end = (
        datetime(2026, 10, 24, 22, tzinfo=london),
        datetime(2026, 10, 25, 2, tzinfo=london),
    )
    assert (end - start, span(start, end).length) == (timedelta(hours=4), timedelta(hours=5))


def test_back_to_back_is_no_overlap_but_joins() -> None:
    one, next_one = (
        Span(utc(2027, 1, 5, 19), utc(2027, 1, 5, 21)),
        Span(utc(2027, 1, 5, 21), utc(2027, 1, 5, 23)),
    )
    assert not overlap(one, next_one)
    assert joined([next_one, one]) == [Span(one.start, next_one.end)]


@pytest.mark.parametrize(
    "name", ["", "Europe", "Mars/Base", "../../etc/passwd", "localtime", "\0", "europe/london"]
)
def test_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        known_zone(name)


def test_naive_times_and_reversed_spans_are_refused() -> None:
    with pytest.raises(NaiveTime):
        span(datetime(2027, 1, 1), utc(2027, 1, 2))  # noqa: DTZ001 -- naive on purpose
    with pytest.raises(EndBeforeStart):
        span(utc(2027, 1, 2), utc(2027, 1, 2))


def test_wrong_pattern_names_every_reason() -> None:
    wrong = weekly(weekday=7, minutes=0, every_weeks=0, last_day=date(2026, 1, 1))
    with pytest.raises(WrongPattern) as refused:
        occurrences(wrong, date(2027, 1, 1), date(2027, 2, 1))
    assert [reason.code for reason in refused.value.reasons] == [
        "wrong-weekday",
        "wrong-length",
        "wrong-interval",
        "end-before-start",
    ]


@given(walls, zones)
def test_wall_time_comes_back_or_is_refused(wall: datetime, zone: str) -> None:
    try:
        found = instant(wall, zone)
    except NoSuchLocalTime:
        # it never comes: no instant near it shows this on the clock
        local = wall.replace(tzinfo=ZoneInfo(zone))
        assert local.utcoffset() != local.replace(fold=1).utcoffset()
    else:
        shown = found.astimezone(ZoneInfo(zone))
        assert (shown.replace(tzinfo=None, fold=0), shown.fold) == (wall, 0)


@given(dates, clock_times, st.integers(1, 1440), zones)
def test_occurrence_keeps_both_clock_times(
    first: date, starts: time, minutes: int, zone: str
) -> None:
    rule = weekly(
        weekday=first.weekday(), first_day=first, starts=starts, minutes=minutes, zone=zone
    )
    result = occurrences(rule, first, first + timedelta(days=365))
    assert len(result.found) + len(result.questions) in {52, 53}
    for each in result.found:
        wall = datetime.combine(each.day, starts)
        start, end = (at.astimezone(ZoneInfo(zone)) for at in each.span)
        assert start.replace(tzinfo=None) == wall
        assert end.replace(tzinfo=None, fold=0) == wall + timedelta(minutes=minutes)
        assert each.day == local_day(each.span.start, zone)


@given(dates, clock_times, st.integers(1, 720), zones)
def test_following_shifts_leave_neither_gap_nor_overlap(
    day: date, starts: time, minutes: int, zone: str
) -> None:
    rule = weekly(weekday=day.weekday(), first_day=day, starts=starts, minutes=minutes, zone=zone)
    wall = datetime.combine(day, starts) + timedelta(minutes=minutes)
    for each in occurrences(rule, day, day + timedelta(days=1)).found:
        assert each.span.end == local_instant(wall.date(), wall.time(), zone)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 60)), max_size=20))
def test_union_is_as_long_as_the_minutes_it_covers(parts: list[tuple[int, int]]) -> None:
    start = utc(2027, 3, 28)
    spans = [
        Span(start + timedelta(minutes=at), start + timedelta(minutes=at + length))
        for at, length in parts
    ]
    union = joined(spans)
    covered = {minute for at, length in parts for minute in range(at, at + length)}
    assert sum((each.length for each in union), timedelta()) == timedelta(minutes=len(covered))
    assert all(one.end < other.start for one, other in itertools.pairwise(union))
