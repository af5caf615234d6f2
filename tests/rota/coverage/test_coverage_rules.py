from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rota.coverage.rules import midnight, mondays, received, week_of, week_table

MONDAY = datetime(2027, 1, 4, tzinfo=UTC)
WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
ZONES = ["Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "UTC"]


def test_an_hour_of_the_week_is_covered_by_the_share_of_all_such_hours() -> None:
    tuesday_19 = MONDAY + timedelta(days=1, hours=19)
    spans = [
        (tuesday_19, tuesday_19 + 2 * HOUR),
        (tuesday_19 + WEEK + HOUR / 2, tuesday_19 + WEEK + 2 * HOUR),
    ]
    table = week_table(spans, MONDAY, MONDAY + 2 * WEEK, "Europe/London")
    found = {
        (day, hour): share
        for day, row in enumerate(table.shares)
        for hour, share in enumerate(row)
        if share
    }
    assert found == {(1, 19): 0.75, (1, 20): 1.0}
    assert len(table.uncovered) == 7 * 24 - 2


@pytest.mark.parametrize(
    ("zone", "sunday", "hour", "share"),
    [
        # in spring this hour does not exist, in autumn it comes twice
        ("Europe/London", date(2027, 3, 28), 1, None),
        ("Europe/London", date(2027, 10, 31), 1, 0.5),
        # here clocks change by half an hour
        ("Australia/Lord_Howe", date(2027, 4, 4), 1, 0.5),
    ],
)
def test_hours_that_a_clock_change_takes_or_gives(
    zone: str, sunday: date, hour: int, share: float | None
) -> None:
    begins = midnight(sunday, zone)
    ends = midnight(sunday + timedelta(days=1), zone)
    first = datetime(sunday.year, sunday.month, sunday.day, hour, tzinfo=ZoneInfo(zone))
    length = timedelta(minutes=45) if zone.endswith("Howe") else HOUR
    table = week_table(
        [(first.astimezone(UTC), first.astimezone(UTC) + length)], begins, ends, zone
    )
    assert table.shares[6][hour] == share


@settings(deadline=None)
@given(
    st.sampled_from(ZONES),
    st.integers(0, 365 * 24 * 4),
    st.lists(st.tuples(st.integers(0, 48), st.integers(1, 6)), max_size=8),
)
def test_the_table_is_as_counted_quarter_by_quarter(
    zone: str, begin: int, raw: list[tuple[int, int]]
) -> None:
    begins = MONDAY + timedelta(minutes=15 * begin)
    ends = begins + timedelta(days=8)
    spans, free = [], begins
    for wait, length in raw:
        start = free + wait * QUARTER
        free = start + length * QUARTER
        spans.append((start, free))
    clock = ZoneInfo(zone)
    whole: dict[tuple[int, int], int] = {}
    covered: dict[tuple[int, int], int] = {}
    quarter = begins
    while quarter < ends:
        local = quarter.astimezone(clock)
        cell = local.weekday(), local.hour
        whole[cell] = whole.get(cell, 0) + 1
        if any(start <= quarter < end for start, end in spans):
            covered[cell] = covered.get(cell, 0) + 1
        quarter += QUARTER
    expected = tuple(
        tuple(
            round(covered.get((day, hour), 0) / whole[day, hour], 4)
            if (day, hour) in whole
            else None
            for hour in range(24)
        )
        for day in range(7)
    )
    assert week_table(spans, begins, ends, zone).shares == expected


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1000), max_size=6))
def test_as_much_is_received_as_is_given(given_hours: dict[str, float]) -> None:
    got = received(given_hours)
    assert got.keys() == given_hours.keys()
    if len(given_hours) > 1:
        assert sum(got.values()) == pytest.approx(sum(given_hours.values()))
    else:
        assert set(got.values()) <= {0.0}


def test_each_receives_an_equal_share_of_what_the_others_give() -> None:
    assert received({"north": 12, "south": 4, "west": 0}) == {"north": 2, "south": 6, "west": 8}


def test_weeks_are_those_of_the_pools_own_clock() -> None:
    late_sunday = datetime(2027, 1, 10, 23, 30, tzinfo=UTC)
    assert week_of(late_sunday, "Europe/London") == date(2027, 1, 4)
    assert week_of(late_sunday, "Europe/Amsterdam") == date(2027, 1, 11)
    assert mondays(date(2027, 1, 10), 2) == [date(2027, 1, 4), date(2027, 1, 11)]
