"""Days as people write them; nothing with two readings is guessed."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rota.record_imports.rules.days import (
    ASK_ORDER,
    NOT_A_DAY,
    SKIPPED,
    TOO_LONG,
    Moment,
    Order,
    day_and_clock,
    needs_order,
    placed,
    read_day,
)
from rota.record_imports.rules.hours import Clock

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
ZONES = st.sampled_from(
    ["Europe/London", "Europe/Amsterdam", "Europe/Bucharest", "Asia/Kathmandu", "America/Havana"]
)


@given(day=DAYS, between=st.sampled_from("-/. "), padded=st.booleans(), short=st.booleans())
def test_a_day_is_read_as_it_was_written_or_asked_about(
    *, day: date, between: str, padded: bool, short: bool
) -> None:
    wide = 2 if padded else 1
    parts = [f"{day.day:0{wide}}", f"{day.month:0{wide}}"]
    year = f"{day.year % 100:02}" if short else str(day.year)
    orders: tuple[tuple[Order, list[str]], ...] = (
        ("day-first", parts),
        ("month-first", parts[::-1]),
    )
    for order, written in orders:
        text = between.join([*written, year])
        assert read_day(text, order) == day
        ambiguous = day.day <= 12 and day.day != day.month
        assert read_day(text, None) == (ASK_ORDER if ambiguous else day)
        assert needs_order([text]) is ambiguous
    assert read_day(day.isoformat(), None) == day


@given(st.integers(1, 40), st.integers(0, 40), st.integers(2000, 2099))
def test_no_day_is_made_up(first: int, second: int, year: int) -> None:
    text = f"{first}/{second}/{year}"
    real = 1 <= second <= 12 and first <= monthrange(year, max(1, min(second, 12)))[1]
    assert read_day(text, "day-first") == (date(year, second, first) if real else NOT_A_DAY)


@pytest.mark.parametrize(
    "text",
    [
        *("3 November 2026", "3 nov. 2026", "3-Nov-26", "3rd November, 2026", "November 3, 2026"),
        *("3 noiembrie 2026", "3 NOV 2026", "2026/11/3", "2026.11.03"),
    ],
)
def test_months_by_name_and_years_first(text: str) -> None:
    assert read_day(text, None) == date(2026, 11, 3)


@pytest.mark.parametrize("text", ["", "3", "November", "31/2", "3 Zuleika 2026", "1999-12-31", "x"])
def test_what_is_no_day(text: str) -> None:
    assert read_day(text, "day-first") == NOT_A_DAY


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2026-11-03 19:30:00", ("2026-11-03", "19:30:00")),
        ("2026-11-03T19:30", ("2026-11-03", "19:30")),
        ("3/11/2026, 7:30 pm", ("3/11/2026", "7:30 pm")),
        ("3 November 2026", ("3 November 2026", "")),
    ],
)
def test_a_day_with_its_time(text: str, parts: tuple[str, str]) -> None:
    assert day_and_clock(text) == parts


@given(DAYS, st.times(), ZONES)
def test_a_local_time_is_when_the_clock_showed_it(day: date, at: time, zone: str) -> None:
    at = at.replace(second=0, microsecond=0)
    found = placed(day, Clock(at), zone)
    clock = ZoneInfo(zone)
    if isinstance(found, Moment):
        shown = found.starts.astimezone(clock)
        assert (shown.date(), shown.time(), shown.fold) == (day, at, 0)
    else:
        assert found == SKIPPED
        # the clock jumped over it: an hour before and after there is one offset each
        noon = datetime.combine(day, time(12), clock)
        assert noon.utcoffset() != (noon - timedelta(days=1)).utcoffset()


def test_clock_changes() -> None:
    london = "Europe/London"
    assert placed(date(2026, 3, 29), Clock(time(1, 30)), london) == SKIPPED
    twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert placed(date(2026, 10, 25), Clock(time(1, 30)), london) == Moment(twice, None)
    night = placed(date(2026, 10, 24), Clock(time(23), time(2)), london)
    starts = datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert night == Moment(starts, starts + timedelta(hours=4))
    into = placed(date(2026, 3, 29), Clock(time(0), time(1, 30)), london)
    assert into == Moment(datetime(2026, 3, 29, tzinfo=UTC), None)


@given(DAYS, st.times(), st.times(), ZONES)
def test_a_session_lasts_as_long_as_may_be_kept_or_has_its_reason(
    day: date, starts: time, ends: time, zone: str
) -> None:
    starts, ends = (each.replace(second=0, microsecond=0) for each in (starts, ends))
    found = placed(day, Clock(starts, ends), zone)
    if isinstance(found, Moment):
        assert found.ends is None or timedelta(0) < found.ends - found.starts <= timedelta(days=1)
    else:
        assert found in {SKIPPED, TOO_LONG}


def test_a_night_in_which_clocks_go_back_is_longer_than_a_day() -> None:
    autumn = date(2026, 10, 24)
    assert placed(autumn, Clock(time(20), time(19, 30)), "Europe/London") == TOO_LONG
    starts = datetime(2026, 10, 24, 19, tzinfo=UTC)
    whole = placed(autumn, Clock(time(20), time(19)), "Europe/London")
    assert whole == Moment(starts, starts + timedelta(days=1))
