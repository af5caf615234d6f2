from dataclasses import replace
from datetime import date, time, timedelta

from rota.shifts.rules.clock_changes import Twice, doubts, shown_twice
from rota.shifts.rules.patterns import Answer, Timing, occurrences

AUTUMN = date(2027, 10, 31)
SUNDAYS = Timing(
    weekday=6, starts=time(1, 30), minutes=60, zone="Europe/London", first_day=date(2027, 10, 3)
)
NIGHTS = replace(SUNDAYS, weekday=5, starts=time(22), minutes=210)


def test_a_time_that_comes_twice_is_asked_about_until_somebody_has_said_what_holds() -> None:
    meant = occurrences(SUNDAYS, date(2027, 10, 1), date(2027, 11, 20))
    assert [(each.day, each.code, each.text) for each in doubts(meant, SUNDAYS.zone, {})] == [
        (
            AUTUMN,
            "comes-twice",
            (
                "In the night of Sunday 31 October 2027 the clock in Europe/London shows 01:30 "
                "(the start) twice. The first of the two is meant, unless you choose another time."
            ),
        )
    ]
    for said in (Answer(time(1, 30), 60), None):
        settled = occurrences(SUNDAYS, AUTUMN, AUTUMN + timedelta(days=1), {AUTUMN: said})
        assert doubts(settled, SUNDAYS.zone, {AUTUMN: said}) == []


def test_the_end_of_a_night_shift_may_come_twice_too() -> None:
    [night] = occurrences(NIGHTS, AUTUMN - timedelta(days=1), AUTUMN).found
    assert shown_twice(night, NIGHTS.zone) == [Twice("01:30", "end")]


def test_no_other_night_is_asked_about() -> None:
    spring = occurrences(replace(SUNDAYS, starts=time(2)), date(2028, 3, 26), date(2028, 3, 27))
    usual = occurrences(SUNDAYS, date(2027, 10, 1), AUTUMN)
    late = occurrences(replace(SUNDAYS, starts=time(3)), AUTUMN, AUTUMN + timedelta(days=1))
    for meant in (spring, usual, late):
        assert meant.found
        assert doubts(meant, SUNDAYS.zone, {}) == []
