"""For how long somebody was there, by hour of the week: clocks that change, weeks left out."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rota.coverage.rules import midnight
from rota.demand.rules.counted import Hours
from rota.demand.rules.exposure import (
    Sat,
    Stretch,
    TimeThere,
    covered_shares,
    hours_of_series,
    hours_of_week,
    laid_together,
    latest_weeks,
    mondays_between,
    mondays_left_out,
    runs,
    shared_hours,
    wrong_weeks,
)
from rota.shifts.rules.patterns import Timing

MONDAY = date(2027, 1, 4)
WEEK = timedelta(weeks=1)


@given(
    st.lists(st.tuples(st.integers(0, 40 * 24 * 4), st.integers(1, 60)), max_size=8),
    st.sets(st.integers(0, 9)),
    st.sampled_from(["Europe/London", "America/Sao_Paulo", "Asia/Kathmandu"]),
)
def test_leaving_out_weeks_is_never_having_been_there(
    raw: list[tuple[int, int]], out: set[int], zone: str
) -> None:
    quarter = timedelta(minutes=15)
    begins = midnight(date(2027, 3, 1), zone)
    spans = [
        (begins + start * quarter, begins + (start + length) * quarter) for start, length in raw
    ]
    first = date(2027, 3, 1)
    gone = mondays_left_out((first + number * WEEK, 1) for number in out)
    edges = [midnight(first + number * WEEK, zone) for number in range(11)]
    kept = [
        (max(start, edges[number]), min(end, edges[number + 1]))
        for start, end in spans
        for number in range(10)
        if number not in out and max(start, edges[number]) < min(end, edges[number + 1])
    ]
    weeks = mondays_between(first, first + 10 * WEEK)
    assert hours_of_week(spans, zone, weeks - gone) == pytest.approx(hours_of_week(kept, zone))


def test_the_latest_weeks_pass_over_those_left_out() -> None:
    left_out = mondays_left_out([(MONDAY - WEEK, 1), (MONDAY - 5 * WEEK, 2), (MONDAY, 1)])
    found = latest_weeks(MONDAY, 4, left_out)
    assert found == {MONDAY - number * WEEK for number in (2, 3, 6, 7)}
    assert runs(found) == [
        (MONDAY - 7 * WEEK, MONDAY - 5 * WEEK),
        (MONDAY - 3 * WEEK, MONDAY - WEEK),
    ]
    assert runs([]) == []
    assert latest_weeks(MONDAY, 2, ()) == {MONDAY - WEEK, MONDAY - 2 * WEEK}


def test_what_is_covered_is_a_share_of_the_hours_that_the_weeks_truly_have() -> None:
    zone, short = "Europe/London", date(2027, 3, 22)
    weeks = frozenset({short})
    whole = [(midnight(short, zone), midnight(short + WEEK, zone))]
    night = datetime(2027, 3, 28, tzinfo=UTC)
    shares = covered_shares([(night, night + timedelta(hours=1.5))], whole, zone, weeks)
    # on its Sunday the clock skips the hour from 1
    assert {hour: share for hour, share in enumerate(shares) if share != 0} == {
        144: 1.0,
        145: None,
        146: 0.5,
    }
    both = frozenset({short, short + WEEK})
    whole = [(midnight(short, zone), midnight(short + 2 * WEEK, zone))]
    shares = covered_shares([(night, night + timedelta(hours=1.5))], whole, zone, both)
    assert shares[144:147] == [0.5, 0.0, 0.25]


def test_sessions_at_once_on_a_channel_are_shared_by_all_their_seats() -> None:
    def at(hours: float) -> datetime:
        return datetime(2027, 1, 5, 19, tzinfo=UTC) + timedelta(hours=hours)

    alone = Sat(at(0), at(2), 1, 1, was_open=True)
    shared = Sat(at(1), at(3), 1, 2, was_open=True)
    closed = Sat(at(2.5), at(4), 2, 2, was_open=False)
    of_a_table = Sat(at(2), at(5), 0, 0, was_open=True)
    assert laid_together([of_a_table, shared, alone, closed]) == TimeThere(
        [
            Stretch(at(0), at(1), 1.0),
            Stretch(at(1), at(2), 2 / 3),
            Stretch(at(2), at(2.5), 1 / 2),
            Stretch(at(2.5), at(3), 3 / 4),
            Stretch(at(3), at(4), 1.0),
            Stretch(at(4), at(5), 1.0),
        ],
        [],
    )
    assert laid_together([closed, closed]) == TimeThere([], [Stretch(at(2.5), at(4), 1.0)])
    assert laid_together([shared, shared]) == TimeThere([Stretch(at(1), at(3), 0.5)], [])
    # one that ends where another begins leaves nothing between them
    [first, then] = laid_together([alone, Sat(at(2), at(3), 0, 0, was_open=True)]).opened
    assert (first, then) == (Stretch(at(0), at(2), 1.0), Stretch(at(2), at(3), 1.0))
    assert laid_together([]) == TimeThere()
    assert shared_hours([Stretch(at(0.5), at(2), 0.5)], "Europe/London") == {43: 0.25, 44: 0.5}


def test_hours_of_the_week_are_the_pools_own_when_clocks_change() -> None:
    night = datetime(2027, 3, 28, tzinfo=UTC)
    # from midnight to 3 UTC: the clock skips the hour from 1
    spans = [(night, night + timedelta(hours=3))]
    assert hours_of_week(spans, "Europe/London") == {144: 1, 146: 1, 147: 1}
    night = datetime(2027, 10, 31, tzinfo=UTC)
    spans = [(night, night + timedelta(hours=2))]
    assert hours_of_week(spans, "Europe/London") == {145: 2}


def test_weeks_follow_a_monday_and_are_left_out_for_a_reason_from_a_list() -> None:
    assert mondays_left_out([(MONDAY, 2), (MONDAY + WEEK, 2)]) == {
        MONDAY,
        MONDAY + WEEK,
        MONDAY + 2 * WEEK,
    }
    assert [each.code for each in wrong_weeks(27, "rain")] == [
        "how-many-weeks",
        "unknown-reason-for-weeks",
    ]
    assert wrong_weeks(26, "holidays") == ()


def on_sundays(week: date, starts: time, minutes: int, zone: str = "Europe/London") -> Hours:
    timing = Timing(weekday=6, starts=starts, minutes=minutes, zone=zone, first_day=MONDAY)
    return hours_of_series(week, timing, "Europe/London")


def test_a_series_is_in_its_usual_hours_also_in_a_week_in_which_clocks_change() -> None:
    usual = {144: 0.5, 145: 1.0, 146: 1.0}
    # clocks go forward on the Sunday of the second week, and back on that of the third
    weeks = [MONDAY, date(2027, 3, 22), date(2027, 10, 25)]
    assert [on_sundays(week, time(0, 30), 150) for week in weeks] == [usual, usual, usual]
    # elsewhere it is another hour, of the day before where it is late
    assert on_sundays(MONDAY, time(0, 30), 150, "Europe/Bucharest") == {142: 0.5, 143: 1, 144: 1}
    # this clock time does not exist in that week
    assert on_sundays(weeks[1], time(1, 30), 60) == {145: 0.5, 146: 0.5}
    # Sunday's last hour is beside Monday's first
    assert on_sundays(MONDAY, time(23), 120) == {167: 1.0, 0: 1.0}
