"""Days and hours as people write them; nothing with two readings is guessed."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rota.record_imports.rules.days import (
    ASK_ORDER,
    NOT_A_DAY,
    NOT_AN_HOUR,
    SKIPPED,
    Clock,
    Moment,
    Order,
    day_and_clock,
    needs_order,
    placed,
    read_clock,
    read_day,
)

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
    ("text", "clock"),
    [
        ("19:30", Clock(time(19, 30))),
        ("19.30", Clock(time(19, 30))),
        ("19:30:00", Clock(time(19, 30))),
        ("19h30", Clock(time(19, 30))),
        ("19", Clock(time(19))),
        ("19 uur", Clock(time(19))),
        ("7 pm", Clock(time(19))),
        ("12 a.m.", Clock(time(0))),
        ("24:00", Clock(time(0))),
        ("19:00-21:00", Clock(time(19), time(21))),
        ("19 \u2013 21", Clock(time(19), time(21))),
        ("7-9 pm", Clock(time(19), time(21))),
        ("22:00 tot 0:30", Clock(time(22), time(0, 30))),
        ("19:00-19:00", NOT_AN_HOUR),
        ("25:00", NOT_AN_HOUR),
        ("13 pm", NOT_AN_HOUR),
        ("soon", NOT_AN_HOUR),
    ],
)
def test_hours_and_sessions(text: str, clock: object) -> None:
    assert read_clock(text) == clock


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
