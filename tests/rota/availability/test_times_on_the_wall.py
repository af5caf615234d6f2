"""Wishes over zones and clock changes; single days; copying a month."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rota.availability.rules import (
    Dated,
    Weekly,
    Window,
    available,
    copied,
    windows,
    without,
)
from rota.shifts.rules.local_times import wall_instant

ZONES = st.sampled_from(
    [
        "Europe/London",
        "Europe/Bucharest",
        "America/New_York",
        "America/Santiago",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Africa/Casablanca",
        "Pacific/Apia",
        "UTC",
    ]
)
MINUTES = st.integers(0, 24 * 60 - 1)
DAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))
WEEKLY = st.builds(
    Weekly,
    weekday=st.integers(0, 6),
    starts=MINUTES.map(lambda minutes: time(minutes // 60, minutes % 60)),
    minutes=st.integers(1, 24 * 60),
    zone=ZONES,
    preference=st.integers(0, 2),
    every_weeks=st.sampled_from([1, 2]),
    first_day=DAYS,
)


def at(day: int, hour: float, month: int = 1) -> datetime:
    return datetime(2027, month, day, tzinfo=UTC) + timedelta(hours=hour)


def shown(moment: datetime, zone: str) -> datetime:
    """Read a clock on the wall."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@given(DAYS, MINUTES, ZONES)
@example(date(2027, 3, 28), 90, "Europe/London")
@example(date(2027, 10, 31), 90, "Europe/London")
@example(date(2011, 12, 30), 600, "Pacific/Apia")
@example(date(2027, 10, 3), 135, "Australia/Lord_Howe")
def test_a_clock_time_is_the_first_moment_at_which_the_wall_shows_it_or_more(
    day: date, minutes: int, zone: str
) -> None:
    wall = datetime.combine(day, time(minutes // 60, minutes % 60))
    found = wall_instant(wall, zone)
    assert shown(found, zone) >= wall
    assert shown(found - timedelta(seconds=1), zone) < wall


@given(DAYS, st.lists(MINUTES, min_size=2, max_size=6, unique=True), ZONES)
def test_times_that_touch_on_the_wall_touch_in_truth(day: date, cuts: list[int], zone: str) -> None:
    """No gap and no overlap from a change of clocks, also where a part of the day never comes."""
    cuts = sorted(cuts)
    parts = [
        Weekly(day.weekday(), time(start // 60, start % 60), end - start, zone, 1)
        for start, end in pairwise(cuts)
    ]
    found = windows(parts, day, day)
    ends = [wall_instant(datetime.combine(day, time(c // 60, c % 60)), zone) for c in cuts]
    for first, then in pairwise(found):
        assert first.ends == then.begins
    total = sum(((one.ends - one.begins) for one in found), timedelta())
    assert total == ends[-1] - ends[0]


@given(WEEKLY, DAYS, st.integers(0, 60), st.integers(0, 60))
def test_spread_in_two_parts_is_spread_at_once(
    wish: Weekly, first: date, days: int, more: int
) -> None:
    middle = first + timedelta(days=days)
    last = middle + timedelta(days=more)
    parts = windows([wish], first, middle) + windows([wish], middle + timedelta(days=1), last)
    assert parts == windows([wish], first, last)


@given(WEEKLY, DAYS, st.integers(0, 120))
def test_each_window_is_what_the_wall_shows(wish: Weekly, first: date, days: int) -> None:
    last = first + timedelta(days=days)
    assert wish.first_day is not None
    found = windows([wish], first, last)
    on_days = [shown(one.begins, wish.zone).date() for one in found]
    assert all((day - on_days[0]).days % (7 * wish.every_weeks) == 0 for day in on_days)
    assert all(max(first, wish.first_day) <= day <= last for day in on_days)
    for one in found:
        day = shown(one.begins, wish.zone).date()
        starts = datetime.combine(day, wish.starts)
        assert one.begins == wall_instant(starts, wish.zone)
        assert one.ends == wall_instant(starts + timedelta(minutes=wish.minutes), wish.zone)


@pytest.mark.parametrize(
    ("first_day", "expected"),
    [
        (date(2027, 1, 4), [5, 19]),
        (date(2027, 1, 5), [5, 19]),
        (date(2027, 1, 6), [12, 26]),
        (date(2026, 12, 1), [12, 26]),
        (date(2027, 1, 25), [26]),
    ],
)
def test_every_second_week_is_counted_from_its_first_day(
    first_day: date, expected: list[int]
) -> None:
    tuesdays = Weekly(1, time(19), 60, "Europe/London", 1, 2, first_day)
    found = windows([tuesdays], date(2027, 1, 1), date(2027, 1, 31))
    assert [one.begins.day for one in found] == expected
    later = windows([tuesdays], date(2027, 1, 13), date(2027, 1, 31))
    assert later == [one for one in found if one.begins.day >= 13]


EVENINGS = Weekly(1, time(17), 300, "Europe/London", 1)


@pytest.mark.parametrize(
    ("dated", "expected"),
    [
        ([], [(17, 22, 1)]),
        ([(time(18), 60, None)], [(17, 18, 1), (19, 22, 1)]),
        ([(time(18), 60, 2)], [(17, 18, 1), (18, 19, 2), (19, 22, 1)]),
        ([(time(0), 1440, None)], []),
        ([(time(9), 120, 0)], [(9, 11, 0), (17, 22, 1)]),
        # of two entries for the same time the one that says "cannot" holds
        ([(time(16), 120, 2), (time(17), 60, None)], [(16, 17, 2), (18, 22, 1)]),
    ],
)
def test_what_is_entered_for_a_day_holds_in_place_of_the_weekly_times(
    dated: list[tuple[time, int, int | None]], expected: list[tuple[float, float, int]]
) -> None:
    entered = [Dated(date(2027, 1, 5), *rest[:2], "Europe/London", rest[2]) for rest in dated]
    found = available([EVENINGS], entered, date(2027, 1, 5), date(2027, 1, 5))
    assert found == [Window(at(5, begins), at(5, ends), wish) for begins, ends, wish in expected]
    # other days are as ever
    next_week = available([EVENINGS], entered, date(2027, 1, 12), date(2027, 1, 12))
    assert next_week == [Window(at(12, 17), at(12, 22), 1)]


def test_cutting_out_nothing_changes_nothing() -> None:
    whole = Window(at(5, 17), at(5, 22), 2)
    assert without([whole], [(at(5, 22), at(5, 23)), (at(5, 16), at(5, 17))]) == [whole]


DATED = st.builds(
    Dated,
    day=DAYS,
    starts=MINUTES.map(lambda minutes: time(minutes // 60, minutes % 60)),
    minutes=st.integers(1, 24 * 60),
    zone=ZONES,
    preference=st.none() | st.integers(0, 2),
)


@given(st.lists(DATED, max_size=30), DAYS)
def test_copying_a_month_keeps_the_clock_time_and_the_weekday(
    dated: list[Dated], month: date
) -> None:
    before = month.replace(day=1) - timedelta(days=1)
    dated = [
        Dated(
            before.replace(day=min(one.day.day, before.day)),
            one.starts,
            one.minutes,
            one.zone,
            one.preference,
        )
        for one in dated
    ]
    made = copied(dated, month)
    wanted = [one for one in dated if one.preference is not None]
    assert len(made) <= len(wanted)
    for one in made:
        assert (one.day.year, one.day.month) == (month.year, month.month)
        assert any(
            (one.starts, one.minutes, one.zone, one.preference)
            == (old.starts, old.minutes, old.zone, old.preference)
            and one.day.weekday() == old.day.weekday()
            and (one.day.day - 1) // 7 == (old.day.day - 1) // 7
            for old in wanted
        )
    # what has no such weekday in this month is a fifth one
    assert len(wanted) - len(made) <= sum((one.day.day - 1) // 7 == 4 for one in wanted)


def test_copying_over_a_clock_change_keeps_what_the_wall_shows() -> None:
    march = Dated(date(2027, 3, 2), time(19), 120, "Europe/London", 2)
    [april] = copied([march], date(2027, 4, 20))
    assert april == Dated(date(2027, 4, 6), time(19), 120, "Europe/London", 2)
    found = available([], [march, april], date(2027, 3, 1), date(2027, 4, 30))
    assert [one.begins for one in found] == [at(2, 19, 3), at(6, 18, 4)]


def test_copying_takes_the_month_before_only_and_nothing_that_somebody_could_not() -> None:
    def on(day: date, wish: int | None = 1) -> Dated:
        return Dated(day, time(9), 60, "Europe/London", wish)

    dated = [on(date(2026, 12, 31)), on(date(2027, 1, 5), None), on(date(2027, 2, 2))]
    assert copied([*dated, on(date(2027, 1, 29))], date(2027, 2, 1)) == []
    assert copied([*dated, on(date(2027, 1, 1))], date(2027, 2, 1)) == [on(date(2027, 2, 5))]


def test_bug_4_a_night_over_a_clock_change_has_its_true_length() -> None:
    nights = Weekly(5, time(22), 480, "Europe/London", 1)
    lengths = [
        one.ends - one.begins
        for day in (date(2027, 3, 27), date(2027, 10, 30), date(2027, 6, 5))
        for one in windows([nights], day, day)
    ]
    assert lengths == [timedelta(hours=7), timedelta(hours=9), timedelta(hours=8)]


def test_bug_5_what_lies_over_midnight_is_one_time() -> None:
    nights = Weekly(1, time(22), 12 * 60, "Europe/London", 1)
    assert windows([nights], date(2027, 1, 5), date(2027, 1, 5)) == [
        Window(at(5, 22), at(6, 10), 1)
    ]


def test_bug_21_the_day_is_that_of_the_zone_in_which_it_was_entered() -> None:
    """Whoever looks, and from where: Monday evening in Tokyo is Monday morning in UTC."""
    evenings = Weekly(0, time(20), 120, "Asia/Tokyo", 1)
    mornings = Dated(date(2027, 1, 5), time(7), 60, "Asia/Tokyo", 2)
    found = available([evenings], [mornings], date(2027, 1, 4), date(2027, 1, 6))
    assert found == [Window(at(4, 11), at(4, 13), 1), Window(at(4, 22), at(4, 23), 2)]
