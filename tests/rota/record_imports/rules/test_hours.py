"""Hours as people write them in three languages; what could be morning or evening is asked."""

from datetime import time
from itertools import product

import pytest

from rota.record_imports.rules.hours import ASK_HALF, NOT_AN_HOUR, Clock, read_clock

NIGHT = Clock(time(20), time(2))
MIDDAY, OFFICE = Clock(time(11), time(13)), Clock(time(9), time(17))
EVENING, MORNING = Clock(time(19), time(21)), Clock(time(10), time(12))


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
        ("25:00", NOT_AN_HOUR),
        ("24:30", NOT_AN_HOUR),
        ("13 pm", NOT_AN_HOUR),
        ("soon", NOT_AN_HOUR),
    ],
)
def test_a_time_of_day(text: str, clock: object) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        # of one half of the day, the other side follows
        ("11-1pm", MIDDAY),
        ("9-5pm", OFFICE),
        ("10-12pm", MORNING),
        ("7-9 pm", EVENING),
        ("7 to 9pm", EVENING),
        ("10-1am", Clock(time(22), time(1))),
        ("12-2am", Clock(time(0), time(2))),
        ("9-5 a.m.", Clock(time(21), time(5))),
        ("11:30 - 1:30 p.m.", Clock(time(11, 30), time(13, 30))),
        ("7pm-9", EVENING),
        ("10pm-2", Clock(time(22), time(2))),
        ("11pm-12", Clock(time(23), time(0))),
        ("9am-5", OFFICE),
        ("11am tot 1", MIDDAY),
        ("10 am - 12", MORNING),
        ("20-2am", NIGHT),
        ("9am-22", Clock(time(9), time(22))),
        # of both halves, whatever that is
        ("11am-1pm", MIDDAY),
        ("8pm - 2am", NIGHT),
        ("10am until 12pm", MORNING),
        # of 24 hours
        ("19:00-21:00", EVENING),
        ("19 \u2013 21", EVENING),
        ("19.00 tot 21.00 uur", EVENING),
        ("19h00 pana la 21h00", EVENING),
        ("19:00 până la 21:00", EVENING),
        ("11-13", MIDDAY),
        ("9-17", OFFICE),
        ("10:00-12:00", MORNING),
        ("10 tot 12 uur", MORNING),
        ("ora 10-12", NOT_AN_HOUR),
        ("10-12 ora", MORNING),
        ("10u-12u", MORNING),
        ("09:00-17:00:00", OFFICE),
        # over midnight
        ("20:00-02:00", NIGHT),
        ("20-2", NIGHT),
        ("20:00 tot 2:00", NIGHT),
        ("21-01", Clock(time(21), time(1))),
        ("22:00-02:00", Clock(time(22), time(2))),
        ("22:00 tot 0:30", Clock(time(22), time(0, 30))),
        ("18:00-07:00", Clock(time(18), time(7))),
        ("10:00-24:00", Clock(time(10), time(0))),
        ("10:00-00:00", Clock(time(10), time(0))),
    ],
)
def test_from_when_to_when(text: str, clock: object) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize(
    "text",
    [
        *("11-1", "11 - 1", "11:00-1:00", "11:00-01:00", "11 tot 1", "11 pana la 1", "11-1 uur"),
        *("9-5", "09:00-05:00", "10-2", "12-2", "12:00-2:00", "7-9", "10-12", "11:30-1"),
        # rather until ten in the evening than until the next morning
        *("20-10", "20:00-10:00", "19:00-9:30"),
        *("7-7pm", "12-12pm", "3pm-14", "9am-9"),
    ],
)
def test_what_could_be_of_the_morning_or_the_evening_is_asked(text: str) -> None:
    assert read_clock(text) == ASK_HALF


@pytest.mark.parametrize("text", ["19:00-19:00", "7pm-7pm", "9pm-21", "13pm-2", "19-25", "-", "9-"])
def test_what_is_no_session(text: str) -> None:
    assert read_clock(text) == NOT_AN_HOUR


def test_without_a_doubt_told_nothing_lasts_longer_than_half_a_day() -> None:
    for first, last, one, other in product(
        range(1, 13), range(1, 13), ("", "am", "pm"), ("", "pm")
    ):
        found = read_clock(f"{first}{one}-{last}{other}")
        if isinstance(found, Clock) and found.ends and not (one and other):
            lasts = (found.ends.hour - found.starts.hour) % 24
            assert (first, last, one, other, lasts < 12) == (first, last, one, other, True)
