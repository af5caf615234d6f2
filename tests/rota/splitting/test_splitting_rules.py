from datetime import UTC, datetime, time, timedelta

import pytest

from rota.splitting.rules import Whole, may_split, moment_within

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
STARTS = datetime(2027, 1, 5, 19, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=3)


def codes(
    at: datetime, now: datetime = NOW, *, cancelled: bool = False, asked: bool = False
) -> list[str]:
    return [reason.code for reason in may_split(Whole(STARTS, ENDS, cancelled, asked), at, now)]


@pytest.mark.parametrize(
    ("minutes", "may"), [(0, False), (14, False), (15, True), (90, True), (165, True), (166, False)]
)
def test_each_part_takes_a_quarter_of_an_hour_at_least(
    minutes: int,
    may: bool,  # noqa: FBT001 -- a column of the table above
) -> None:
    assert codes(STARTS + timedelta(minutes=minutes)) == ([] if may else ["outside-shift"])


def test_every_reason_is_given() -> None:
    assert codes(ENDS, STARTS, cancelled=True, asked=True) == [
        "shift-cancelled",
        "already-started",
        "outside-shift",
        "answer-awaited",
    ]


LONDON = "Europe/London"


@pytest.mark.parametrize(
    ("starts", "hours", "clock", "found"),
    [
        (STARTS, 3, time(20, 30), STARTS + timedelta(minutes=90)),
        (STARTS, 3, time(19), None),
        (STARTS, 3, time(22), None),
        (STARTS, 3, time(9), None),
        # after midnight it is the next day
        (STARTS, 8, time(1), STARTS + timedelta(hours=6)),
        (STARTS, 5, time(0), None),
        # 31 October 2027, clocks go back: 01:30 comes twice, the first is meant, unless it is over
        (
            datetime(2027, 10, 30, 22, tzinfo=UTC),
            6,
            time(1, 30),
            datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        ),
        (
            datetime(2027, 10, 31, 0, 45, tzinfo=UTC),
            3,
            time(1, 30),
            datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
        ),
        # 28 March 2027, clocks go forward: 01:30 never comes
        (datetime(2027, 3, 27, 22, tzinfo=UTC), 6, time(1, 30), None),
    ],
)
def test_a_time_on_the_clock_is_found_within_the_shift(
    starts: datetime, hours: int, clock: time, found: datetime | None
) -> None:
    assert moment_within(starts, starts + timedelta(hours=hours), LONDON, clock) == found
