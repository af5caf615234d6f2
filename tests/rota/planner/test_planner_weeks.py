"""Days and weeks where clocks change and where nights end."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rota.planner.rules.weeks import HOUR, Calendar, instant, moment
from tests.rota.planner.planner_examples import a_scenario, a_shift, a_worker, planned

LONDON = Calendar(ZoneInfo("Europe/London"))
APIA = Calendar(ZoneInfo("Pacific/Apia"))


def utc(*parts: int) -> int:
    return moment(datetime(*parts, tzinfo=UTC))  # type: ignore[misc, arg-type]  # year first


def test_a_night_is_split_at_sunday_midnight_of_the_zone() -> None:
    """In summer London's Sunday ends at 23:00 UTC."""
    assert LONDON.split(utc(2027, 6, 6, 21), utc(2027, 6, 7, 1)) == (
        (date(2027, 5, 31), 2 * HOUR),
        (date(2027, 6, 7), 2 * HOUR),
    )


@pytest.mark.parametrize(
    ("first", "hours"),
    [(date(2027, 3, 22), 167), (date(2027, 10, 25), 169), (date(2027, 1, 4), 168)],
)
def test_weeks_in_which_clocks_change_have_their_true_length(first: date, hours: int) -> None:
    """Clocks change on the Sunday: 28 March, 31 October."""
    start = LONDON.day_start(first)
    assert LONDON.split(start, LONDON.day_start(first + timedelta(days=7))) == (
        (first, hours * HOUR),
    )


def test_a_day_that_never_was() -> None:
    """Samoa went from Thursday 29 December 2011 straight to Saturday."""
    assert APIA.day_start(date(2011, 12, 31)) - APIA.day_start(date(2011, 12, 29)) == 24 * HOUR
    span = utc(2011, 12, 30, 9), utc(2011, 12, 30, 11)
    assert APIA.split(*span) == ((date(2011, 12, 26), 2 * HOUR),)


@pytest.mark.parametrize(("minute", "day"), [(0, date(2027, 1, 10)), (1, date(2027, 1, 11))])
def test_what_ends_at_midnight_belongs_to_the_day_that_ends(minute: int, day: date) -> None:
    assert LONDON.day_of_end(utc(2027, 1, 11, 0, minute)) == day


def test_a_moment_survives_the_way_there_and_back() -> None:
    when = datetime(1890, 5, 6, 7, 8, 9, 10, tzinfo=UTC)
    assert instant(moment(when)) == when


def hours_over_the_night(hours_per_week: float, day: str) -> int:
    shift = a_shift("s1", f"{day}T23:30:00Z", f"{day[:-2]}{int(day[-2:]) + 1}T02:30:00Z")
    worker = a_worker("w1", hours_per_week=hours_per_week)
    raw = a_scenario([worker], [shift], **{"from": "2027-03-01", "until": "2027-11-30"})
    return len(planned(raw).assignments)


@pytest.mark.parametrize(("limit", "seated"), [(3, 1), (2.9, 0)])
def test_a_shift_over_a_clock_change_has_its_true_length(limit: float, seated: int) -> None:
    """23:30 to 03:30 by the wall, but three hours that pass."""
    assert hours_over_the_night(limit, "2027-03-27") == seated


def test_rest_over_a_clock_change_is_counted_in_hours_that_pass() -> None:
    """From 21:00 to 08:00 in London is ten hours when the clocks go forward."""
    late = a_shift("s1", "2027-03-27T19:00:00Z", "2027-03-27T21:00:00Z")
    early = a_shift("s2", "2027-03-28T07:00:00Z", "2027-03-28T09:00:00Z")
    dates = {"from": "2027-03-01", "until": "2027-04-01"}
    eleven = a_scenario([a_worker("w1", rest_hours=11)], [late, early], **dates)
    assert len(planned(eleven).assignments) == 1
    ten = a_scenario([a_worker("w1", rest_hours=10)], [late, early], **dates)
    assert len(planned(ten).assignments) == 2


def test_a_shift_is_counted_in_the_week_of_its_own_start() -> None:
    """One at 00:10 on Monday is Monday's, though its briefing is on Sunday."""
    early = a_shift("s1", "2027-01-18T00:10:00Z", "2027-01-18T02:00:00Z", briefing_minutes=15)
    later = a_shift("s2", "2027-01-20T18:00:00Z", "2027-01-20T20:00:00Z")
    sunday = a_shift("s3", "2027-01-17T18:00:00Z", "2027-01-17T20:00:00Z")
    once = a_worker("w1", shifts_per_week=1)
    assert len(planned(a_scenario([once], [early, later])).assignments) == 1
    assert len(planned(a_scenario([once], [early, sunday])).assignments) == 2


def test_a_training_is_asked_for_on_the_local_day() -> None:
    """23:30 UTC on 10 June is 11 June in London."""
    dates = {"from": "2027-06-01", "until": "2027-06-20"}
    shift = a_shift("s1", "2027-06-10T23:30:00Z", "2027-06-11T01:00:00Z")
    for expires, seated in (("2027-06-10", 0), ("2027-06-11", 1)):
        worker = a_worker("w1", trainings=[{"name": "core", "expires": expires}])
        assert len(planned(a_scenario([worker], [shift], **dates)).assignments) == seated


def test_the_last_day_is_excluded_by_the_zones_midnight() -> None:
    """23:00 UTC in June is already the next day in London."""
    shift = a_shift("s1", "2027-06-19T22:59:00Z", "2027-06-20T01:00:00Z")
    raw = a_scenario([a_worker("w1")], [shift], **{"from": "2027-06-19", "until": "2027-06-20"})
    assert len(planned(raw).assignments) == 1
