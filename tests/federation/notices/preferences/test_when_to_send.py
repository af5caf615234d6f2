"""Quiet hours and digests on the clock that hangs on the person's wall."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.notices.preferences.rules import (
    Wish,
    after_quiet,
    is_quiet,
    language_for,
    next_digest,
    when_to_send,
)

AMSTERDAM, LONDON = ZoneInfo("Europe/Amsterdam"), ZoneInfo("Europe/London")
NIGHT = Wish(quiet_from=time(22), quiet_until=time(7))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year, month, day, ...


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (utc(2027, 1, 4, 20, 59, 59), utc(2027, 1, 4, 20, 59, 59)),
        (utc(2027, 1, 4, 21), utc(2027, 1, 5, 6)),
        (utc(2027, 1, 4, 23, 30), utc(2027, 1, 5, 6)),
        (utc(2027, 1, 5, 5, 59, 59), utc(2027, 1, 5, 6)),
        (utc(2027, 1, 5, 6), utc(2027, 1, 5, 6)),
    ],
)
def test_quiet_hours_over_midnight_end_in_the_morning(at: datetime, told: datetime) -> None:
    assert after_quiet(NIGHT, AMSTERDAM, at) == told


def test_quiet_hours_by_day_and_none_at_all() -> None:
    noon = Wish(quiet_from=time(12), quiet_until=time(13))
    assert after_quiet(noon, LONDON, utc(2027, 1, 4, 12, 30)) == utc(2027, 1, 4, 13)
    assert after_quiet(noon, LONDON, utc(2027, 1, 4, 23)) == utc(2027, 1, 4, 23)
    never = Wish(quiet_from=time(8), quiet_until=time(8))
    assert after_quiet(never, LONDON, utc(2027, 1, 4, 8)) == utc(2027, 1, 4, 8)


def test_a_night_in_which_the_clock_goes_forward_ends_at_seven_of_the_new_time() -> None:
    assert after_quiet(NIGHT, AMSTERDAM, utc(2027, 3, 27, 23)) == utc(2027, 3, 28, 5)


def test_a_night_in_which_the_clock_goes_back_ends_at_seven_of_the_new_time() -> None:
    assert after_quiet(NIGHT, AMSTERDAM, utc(2027, 10, 30, 23)) == utc(2027, 10, 31, 6)


def test_an_end_that_the_clock_skips_is_the_moment_of_the_skip() -> None:
    wish = replace(NIGHT, quiet_until=time(2, 30))
    assert after_quiet(wish, AMSTERDAM, utc(2027, 3, 28, 0, 10)) == utc(2027, 3, 28, 1)


def test_an_end_that_comes_twice_ends_quiet_both_times() -> None:
    wish = replace(NIGHT, quiet_until=time(2, 30))
    first, second = utc(2027, 10, 31, 0, 30), utc(2027, 10, 31, 1, 30)
    assert after_quiet(wish, AMSTERDAM, utc(2027, 10, 31)) == first
    # from two to half past the clock shows the same quiet half hour again
    assert after_quiet(wish, AMSTERDAM, utc(2027, 10, 31, 1, 5)) == second


def test_a_digest_waits_for_its_hour_and_its_day() -> None:
    daily = Wish(rhythm="daily", digest_at=time(9))
    assert next_digest(daily, LONDON, utc(2027, 1, 4, 8, 59)) == utc(2027, 1, 4, 9)
    assert next_digest(daily, LONDON, utc(2027, 1, 4, 9)) == utc(2027, 1, 5, 9)
    friday = Wish(rhythm="weekly", digest_at=time(9), digest_weekday=4)
    assert next_digest(friday, LONDON, utc(2027, 1, 4, 12)) == utc(2027, 1, 8, 9)
    assert next_digest(friday, LONDON, utc(2027, 1, 8, 9)) == utc(2027, 1, 15, 9)
    # nine o'clock in summer is another moment
    assert next_digest(friday, LONDON, utc(2027, 3, 26, 12)) == utc(2027, 4, 2, 8)


def test_a_digest_for_quiet_hours_comes_after_them() -> None:
    wish = replace(NIGHT, rhythm="daily", digest_at=time(5))
    assert when_to_send(wish, LONDON, utc(2027, 1, 4, 12)) == utc(2027, 1, 5, 7)


def test_what_is_urgent_waits_for_no_digest_and_breaks_quiet_hours_only_if_allowed() -> None:
    weekly = replace(NIGHT, rhythm="weekly")
    by_day, by_night = utc(2027, 1, 6, 15), utc(2027, 1, 6, 23)
    assert when_to_send(weekly, LONDON, by_day) == utc(2027, 1, 11, 9)
    assert when_to_send(weekly, LONDON, by_day, urgent=True) == by_day
    assert when_to_send(weekly, LONDON, by_night, urgent=True) == utc(2027, 1, 7, 7)
    allowed = replace(weekly, urgent_breaks_quiet=True)
    assert when_to_send(allowed, LONDON, by_night, urgent=True) == by_night
    assert when_to_send(allowed, LONDON, by_night) == utc(2027, 1, 11, 9)


def test_a_channel_that_is_off_says_nothing_however_urgent() -> None:
    off = Wish(rhythm="off", urgent_breaks_quiet=True)
    assert when_to_send(off, LONDON, utc(2027, 1, 4, 12), urgent=True) is None
    assert when_to_send(off, LONDON, utc(2027, 1, 4, 12), reminder=True) is None


def test_a_reminder_of_tomorrow_does_not_wait_for_next_week() -> None:
    weekly = replace(NIGHT, rhythm="weekly")
    at = utc(2027, 1, 4, 18)
    assert when_to_send(weekly, LONDON, at, reminder=True) == at


def test_a_reminder_that_would_come_on_the_day_itself_is_left_out() -> None:
    assert when_to_send(NIGHT, LONDON, utc(2027, 1, 4, 22, 30), reminder=True) is None
    early = replace(NIGHT, quiet_from=time(17), quiet_until=time(19))
    assert when_to_send(early, LONDON, utc(2027, 1, 4, 18), reminder=True) == utc(2027, 1, 4, 19)


def test_messages_come_in_the_wished_language_else_in_the_first_that_is_spoken() -> None:
    assert language_for("ro", ["nl"]) == "ro"
    assert language_for(None, ["pl", "nl-BE", "en"]) == "nl"
    assert language_for(None, ["pl"]) == "en"


ZONES = st.sampled_from(
    [
        "Europe/Amsterdam",
        "Europe/London",
        "Europe/Bucharest",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "UTC",
    ]
).map(ZoneInfo)
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
# years with every change of the clock, and the days around them
MOMENTS = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)
NEAR_CHANGES = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.sampled_from(
        [
            utc(2027, 3, 28, 1),
            utc(2027, 10, 31, 1),
            utc(2026, 3, 8, 5, 30),
            utc(2026, 11, 1, 4, 30),
            utc(2026, 4, 4, 15),
            utc(2026, 10, 3, 15, 30),
            utc(2026, 2, 15, 2),
            utc(2026, 3, 22, 2),
        ]
    ),
    st.integers(-26 * 60, 26 * 60),
)


@settings(max_examples=400, deadline=None)
@given(ZONES, MINUTES, MINUTES, MOMENTS | NEAR_CHANGES)
def test_what_is_put_off_is_told_in_the_first_minute_that_is_not_quiet(
    zone: ZoneInfo, begins: time, ends: time, at: datetime
) -> None:
    """Walk the clock minute by minute beside the rule, over every kind of change."""
    wish = Wish(quiet_from=begins, quiet_until=ends)
    walked = at
    while is_quiet(wish, zone, walked):
        walked += timedelta(minutes=1)
    assert after_quiet(wish, zone, at) == walked


@settings(max_examples=400, deadline=None)
@given(
    ZONES,
    st.tuples(MINUTES, MINUTES),
    st.tuples(MINUTES, st.integers(0, 6)),
    st.sampled_from(["daily", "weekly"]),
    MOMENTS | NEAR_CHANGES,
)
def test_a_digest_is_never_early_never_quiet_and_at_most_a_period_late(
    zone: ZoneInfo, quiet: tuple[time, time], digest: tuple[time, int], rhythm: str, at: datetime
) -> None:
    wish = Wish(rhythm, *quiet, digest_at=digest[0], digest_weekday=digest[1])
    due = when_to_send(wish, zone, at)
    assert due is not None
    assert due > at
    assert not is_quiet(wish, zone, due)
    period = timedelta(days=1 if rhythm == "daily" else 7)
    # a day of quiet hours and a changed clock on top, which can skip the minute without quiet
    assert due - at <= period + timedelta(days=2, hours=2)


@settings(max_examples=300, deadline=None)
@given(
    ZONES, MINUTES, MINUTES, MOMENTS | NEAR_CHANGES, st.sampled_from(["at-once", "daily", "weekly"])
)
def test_only_what_is_urgent_and_allowed_is_told_in_quiet_hours(
    zone: ZoneInfo, begins: time, ends: time, at: datetime, rhythm: str
) -> None:
    wish = Wish(rhythm, begins, ends)
    for urgent in (False, True):
        due = when_to_send(wish, zone, at, urgent=urgent)
        assert due is not None
        assert not is_quiet(wish, zone, due)
        reminded = when_to_send(wish, zone, at, urgent=urgent, reminder=True)
        assert reminded is None or not is_quiet(wish, zone, reminded)
    allowed = replace(wish, urgent_breaks_quiet=True)
    assert when_to_send(allowed, zone, at, urgent=True) == at
