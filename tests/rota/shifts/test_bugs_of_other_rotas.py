"""Bugs that other rotas shipped with recurring sessions, each a test over any pattern, any zone."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from rota.shifts.rules.local_times import instant
from rota.shifts.rules.patterns import (
    NTHS,
    Answer,
    Occurrences,
    Pause,
    Timing,
    days,
    occurrences,
)
from rota.shifts.rules.series import Standing, divide, from_day
from rota.shifts.rules.spans import local_day
from tests.rota.shifts.test_local_times_and_patterns import ZONES

ZONE_NAMES = st.sampled_from(ZONES)
CLOCK_TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
FIRST_DAYS = st.dates(date(2010, 1, 1), date(2035, 1, 1))
YEAR = timedelta(days=365)


@st.composite
def timings(draw: st.DrawFn) -> Timing:
    """Draw a pattern of any kind: once, weekly up to every ninth week, monthly; with pauses."""
    first, repeats = draw(FIRST_DAYS), draw(st.sampled_from(["once", "weekly", "monthly"]))
    weekday = first.weekday() if repeats == "once" else draw(st.integers(0, 6))
    begins = st.integers(0, 300).map(lambda after: first + timedelta(days=after))
    pause = st.tuples(begins, st.integers(0, 40)).map(
        lambda drawn: Pause(drawn[0], drawn[0] + timedelta(days=drawn[1]))
    )
    return Timing(
        weekday=weekday,
        starts=draw(CLOCK_TIMES),
        minutes=draw(st.integers(1, 1440)),
        zone=draw(ZONE_NAMES),
        first_day=first,
        last_day=draw(st.none() | begins),
        every_weeks=draw(st.integers(1, 9)) if repeats == "weekly" else 1,
        repeats=repeats,
        nth=draw(st.sampled_from(NTHS)) if repeats == "monthly" else None,
        pauses=tuple(draw(st.lists(pause, max_size=2))),
    )


def meant(timing: Timing, since: date | None = None) -> Occurrences:
    begins = since or timing.first_day
    return occurrences(timing, begins, begins + YEAR)


@given(timings())
def test_bug_1_a_local_time_never_drifts(timing: Timing) -> None:
    zone = ZoneInfo(timing.zone)
    for each in meant(timing).found:
        assert each.span.start.astimezone(zone).replace(tzinfo=None) == datetime.combine(
            each.day, timing.starts
        )


@given(timings())
def test_bug_2_what_follows_at_once_leaves_neither_gap_nor_overlap(timing: Timing) -> None:
    ends = datetime.combine(date(2000, 1, 1), timing.starts) + timedelta(minutes=timing.minutes)
    for each in meant(timing).found:
        next_day = each.day + timedelta(days=(ends.date() - date(2000, 1, 1)).days)
        assert each.span.end == instant(datetime.combine(next_day, ends.time()), timing.zone)


@given(timings(), st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1)))  # noqa: DTZ001 -- any clock
def test_bug_3_the_offset_of_today_plays_no_part(timing: Timing, today: datetime) -> None:
    since = max(local_day(today.replace(tzinfo=UTC), timing.zone), timing.first_day)
    later = {each.day: each.span for each in meant(timing, since).found}
    for each in meant(timing).found:
        assert later.get(each.day, each.span) == each.span


@given(timings())
def test_bug_4_lengths_are_the_time_that_truly_passes(timing: Timing) -> None:
    zone = ZoneInfo(timing.zone)
    for each in meant(timing).found:
        start, end = (moment.astimezone(zone) for moment in each.span)
        before, after = start.utcoffset(), end.utcoffset()
        assert before is not None
        assert after is not None
        assert each.span.length == timedelta(minutes=timing.minutes) + before - after


@given(timings(), st.sampled_from([0, 1, 60, 719, 1439]))
def test_bug_5_midnight_and_what_runs_over_it(timing: Timing, minute: int) -> None:
    at_midnight = replace(timing, starts=time(minute // 60, minute % 60), minutes=1440 - minute)
    for each in meant(at_midnight).found:
        zone = ZoneInfo(timing.zone)
        assert local_day(each.span.start, timing.zone) == each.day
        ends = each.span.end.astimezone(zone)
        assert (ends.date(), ends.time()) == (each.day + timedelta(days=1), time())
        assert local_day(each.span.end - timedelta(microseconds=1), timing.zone) == each.day


@given(timings(), ZONE_NAMES)
def test_bug_21_the_viewers_zone_moves_no_day(timing: Timing, viewers: str) -> None:
    for each in meant(timing).found:
        seen = each.span.start.astimezone(ZoneInfo(viewers))
        assert local_day(seen, timing.zone) == each.day


@given(timings())
def test_every_day_of_the_rhythm_is_made_left_out_or_asked_about_once(timing: Timing) -> None:
    result = meant(timing)
    told = [
        *(each.day for each in result.found),
        *(each.day for each in result.skipped),
        *(each.day for each in result.questions),
    ]
    rhythm = list(days(timing, timing.first_day, timing.first_day + YEAR))
    assert sorted(told) == rhythm
    assert len(set(told)) == len(told)
    assert {day.weekday() for day in rhythm} <= {timing.weekday}
    for pause in timing.pauses:
        assert not [each for each in result.found if pause.first_day <= each.day <= pause.last_day]


@given(timings(), st.integers(1, 364))
def test_made_in_two_goes_is_made_once(timing: Timing, after: int) -> None:
    between = timing.first_day + timedelta(days=after)
    goes = [
        occurrences(timing, timing.first_day, between).found,
        occurrences(timing, between, timing.first_day + YEAR).found,
    ]
    assert list(itertools.chain(*goes)) == meant(timing).found


@cache
def missing_times(zone: str, year: int) -> list[datetime]:
    """List clock times, a quarter of an hour apart, that the clock jumps over in a year."""
    local = ZoneInfo(zone)
    noons = [datetime(year, 1, 1, 12, tzinfo=local) + timedelta(days=n) for n in range(364)]
    forward = [
        after.date()
        for before, after in itertools.pairwise(noons)
        if (after.utcoffset() or timedelta()) > (before.utcoffset() or timedelta())
    ]
    quarters = [
        datetime.combine(day, time()) + timedelta(minutes=15 * n)
        for day in forward
        for n in range(96)
    ]
    return [wall for wall in quarters if not exists(wall, zone)]


def exists(wall: datetime, zone: str) -> bool:
    there = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
    return there.replace(tzinfo=None) == wall


@given(st.data(), st.integers(2012, 2030), st.integers(1, 1440))
def test_a_time_that_never_comes_is_asked_and_settled_for_good(
    data: st.DataObject, year: int, minutes: int
) -> None:
    zone = data.draw(st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe"]))
    missing = data.draw(st.sampled_from(missing_times(zone, year)))
    starts = missing if data.draw(st.booleans()) else missing - timedelta(minutes=minutes)
    timing = Timing(
        weekday=starts.weekday(),
        starts=starts.time(),
        minutes=minutes,
        zone=zone,
        first_day=starts.date() - timedelta(weeks=1),
        last_day=starts.date() + timedelta(weeks=1),
    )
    day = starts.date()
    assert day in [each.day for each in meant(timing).questions]
    assert day not in [each.day for each in meant(timing).found]
    noon = {day: Answer(time(12), 60)}
    settled = occurrences(timing, day, day + timedelta(days=1), noon)
    assert ([each.day for each in settled.found], settled.questions) == ([day], [])
    left_out = occurrences(timing, day, day + timedelta(days=1), {day: None})
    assert (left_out.found, left_out.questions) == ([], [])
    assert [each.day for each in left_out.skipped] == [day]


def test_02_30_never_comes_and_02_30_comes_twice() -> None:
    sundays = Timing(
        weekday=6,
        starts=time(2, 30),
        minutes=60,
        zone="Europe/Amsterdam",
        first_day=date(2027, 1, 3),
    )
    spring = occurrences(sundays, date(2027, 3, 28), date(2027, 3, 29))
    autumn = occurrences(sundays, date(2027, 10, 31), date(2027, 11, 1))
    assert ([each.day for each in spring.questions], spring.found) == ([date(2027, 3, 28)], [])
    [twice] = autumn.found
    # from the first 02:30 to 03:30, which then is two hours later
    assert twice.span == (
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 2, 30, tzinfo=UTC),
    )


@given(timings(), timings(), st.sets(st.integers(0, 60)), st.integers(0, 200))
def test_bug_18_no_change_of_a_series_touches_an_exception(
    before: Timing, after: Timing, exceptions: set[int], later: int
) -> None:
    since = before.first_day + timedelta(days=later)
    found = occurrences(before, since, since + YEAR).found
    standing = [
        Standing(number, each.day, each.span, number in exceptions)  # type: ignore[arg-type]  # any name does
        for number, each in enumerate(found)
    ]
    wanted = replace(from_day(after, before, since), last_day=None)
    result = divide(standing, meant(wanted, since), wanted)
    stays = [each for each, _ in result.stays]
    assert {each.shift_id for each in standing if each.exception} <= {
        each.shift_id for each in stays
    }
    assert not [each for each, _ in result.moves if each.exception]
    assert not [each for each in result.ends if each.exception]
    # each shift has one fate, and each session of the new rule is there once
    fates = [*(each for each, _ in result.moves), *stays, *result.ends]
    assert sorted(each.shift_id for each in fates) == sorted(each.shift_id for each in standing)
    taken = [found.day for _, found in result.moves] + [each.day for each in result.fresh]
    assert len(set(taken)) == len(taken)
    assert set(taken) <= {each.day for each in meant(wanted, since).found}


def test_every_second_week_keeps_its_turn_whatever_the_day_of_change() -> None:
    before = Timing(
        weekday=1,
        starts=time(19),
        minutes=60,
        zone="Europe/London",
        first_day=date(2027, 1, 5),
        every_weeks=2,
    )
    turns = {day.isocalendar()[:2] for day in days(before, date(2027, 1, 1), date(2027, 12, 1))}
    for weekday, after in itertools.product(range(7), range(1, 40)):
        since = date(2027, 1, 5) + timedelta(days=after)
        changed = from_day(replace(before, weekday=weekday), before, since)
        found = list(days(changed, since, since + timedelta(weeks=8)))
        assert len(found) >= 3
        assert {day.isocalendar()[:2] for day in found} <= turns


def test_holidays_are_those_of_the_region() -> None:
    mondays = Timing(
        weekday=0,
        starts=time(19),
        minutes=60,
        zone="Europe/London",
        first_day=date(2027, 3, 1),
        last_day=date(2027, 5, 31),
        holidays="skip",
    )
    left_out = {
        region: [
            (each.day, each.why) for each in meant(replace(mondays, holiday_region=region)).skipped
        ]
        for region in ("GB-ENG", "GB-SCT", "NL")
    }
    may = [(date(2027, 5, 3), "May Day"), (date(2027, 5, 31), "Spring Bank Holiday")]
    assert left_out == {
        "GB-ENG": [(date(2027, 3, 29), "Easter Monday"), *may],
        "GB-SCT": may,
        "NL": [(date(2027, 3, 29), "Easter Monday"), (date(2027, 5, 17), "Pentecost Monday")],
    }
    runs = replace(mondays, holidays="run", holiday_region="NL")
    assert meant(runs).skipped == []
