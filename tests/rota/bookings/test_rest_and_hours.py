"""How much rest is owed, and what counts towards the hours and shifts of a week."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rota.bookings.rules import Stay, Wish, worker_may
from tests.rota.bookings.test_worker_may import (
    EVENING,
    FREE,
    LONDON,
    NOW,
    at,
    codes,
    seat,
    stays,
    wish,
)

MORNING = wish(at(3, 8), at(3, 10))


@pytest.mark.parametrize(
    ("booked", "wanted", "refused"),
    [
        # another local day, and too soon, whichever comes first
        (seat(at(2, 20), at(2, 22)), MORNING, ["rest-too-short"]),
        (seat(at(4, 7), at(4, 9)), EVENING, ["rest-too-short"]),
        # exactly long enough
        (seat(at(2, 18), at(2, 21)), MORNING, []),
        (seat(at(4, 8), at(4, 9)), EVENING, []),
        # on one local day seats may be back to back
        (seat(at(3, 6), at(3, 8)), MORNING, []),
        (seat(at(3, 11), at(3, 12)), MORNING, []),
    ],
)
def test_rest_is_owed_between_different_local_days_only(
    booked: Stay, wanted: Wish, refused: list[str]
) -> None:
    assert codes(wanted, replace(FREE, rest_hours=11, booked=[booked])) == refused


def test_bug_5_what_ends_at_midnight_belongs_to_the_day_that_ends() -> None:
    to_midnight = seat(at(2, 22), at(3, 0))
    person = replace(FREE, rest_hours=11, booked=[to_midnight])
    assert codes(wish(at(2, 19), at(2, 22)), person) == []
    assert codes(wish(at(3, 0), at(3, 2)), person) == ["rest-too-short"]


def test_bug_5_a_night_shift_of_22_to_10_is_one_span() -> None:
    night = wish(at(3, 22), at(4, 10))
    assert codes(night, replace(FREE, hours_per_week=12)) == []
    assert codes(night, replace(FREE, hours_per_week=11.9)) == ["week-full"]
    assert codes(night, replace(FREE, leave=[(at(4, 3), at(4, 4))])) == ["on-leave"]


@pytest.mark.parametrize("booked", [seat(at(3, 10), at(3, 12), on_call=True), None])
def test_on_call_needs_no_rest_and_no_hours(booked: Stay | None) -> None:
    person = replace(
        FREE,
        rest_hours=48,
        hours_per_week=2,
        shifts_per_week=1,
        booked=[booked] if booked else [seat(at(2, 22), at(2, 24))],
    )
    wanted = EVENING if booked else wish(at(3, 1), at(3, 9), "supervisor")
    assert codes(wanted, person) == []


@pytest.mark.parametrize(("limit", "refused"), [(6, []), (5.75, ["week-full"])])
def test_hours_a_week_count_from_briefing_to_debrief(limit: float, refused: list[str]) -> None:
    booked = [seat(at(2, 10), at(2, 12)), seat(at(8, 20), at(8, 22)), seat(at(9, 0), at(9, 5))]
    assert codes(EVENING, replace(FREE, hours_per_week=limit, booked=booked)) == refused


def test_a_week_is_split_at_sunday_midnight() -> None:
    over_midnight = wish(at(8, 22), at(9, 2))
    booked = [seat(at(4, 10), at(4, 12)), seat(at(10, 10), at(10, 12))]
    assert codes(over_midnight, replace(FREE, hours_per_week=4, booked=booked)) == []
    full_before = replace(FREE, hours_per_week=4, booked=[seat(at(4, 10), at(4, 12.5))])
    full_after = replace(FREE, hours_per_week=4, booked=[seat(at(10, 10), at(10, 12.5))])
    assert [reason.text for reason in worker_may(over_midnight, full_before, NOW)] == [
        "That would be 4.5 hours in the week of 2 November; the limit is 4."
    ]
    assert [reason.text for reason in worker_may(over_midnight, full_after, NOW)] == [
        "That would be 4.5 hours in the week of 9 November; the limit is 4."
    ]


def test_a_week_begins_at_local_midnight() -> None:
    """In Amsterdam the week of the 9th begins at 23:00 UTC on the 8th."""
    person = replace(FREE, hours_per_week=2, booked=[seat(at(4, 10), at(4, 12))])
    assert codes(wish(at(8, 23), at(9, 1), zone="Europe/Amsterdam"), person) == []
    assert codes(wish(at(8, 22), at(9, 0), zone="Europe/Amsterdam"), person) == ["week-full"]


@pytest.mark.parametrize(("starts", "refused"), [(at(8, 23), ["too-many-shifts"]), (at(9, 0), [])])
def test_shifts_a_week_count_by_the_day_of_their_start(
    starts: datetime, refused: list[str]
) -> None:
    booked = [seat(at(day, 10), at(day, 11)) for day in (2, 4)]
    wanted = Wish(
        Stay(starts - timedelta(hours=1), at(9, 2), starts, on_call=False), "lead", LONDON, ()
    )
    person = replace(FREE, shifts_per_week=2, booked=booked)
    assert codes(wanted, person) == refused


def local(day: int, hour: int, month: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZoneInfo(LONDON)).astimezone(UTC)


@pytest.mark.parametrize(
    ("wanted", "hours"),
    [
        # clocks go back on 25 October 2026: 22:00 to 02:00 takes five hours, not four
        (wish(local(24, 22, 10), local(25, 2, 10)), 5),
        # and forward on 29 March: the same takes three
        (wish(local(28, 22, 3), local(29, 2, 3)), 3),
    ],
)
def test_bug_4_hours_are_those_that_truly_pass(wanted: Wish, hours: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert codes(wanted, replace(FREE, hours_per_week=hours), now) == []
    assert codes(wanted, replace(FREE, hours_per_week=hours - 0.25), now) == ["week-full"]


def test_bug_1_and_3_each_day_has_its_own_offset() -> None:
    """19:00 in London, before and after the change, is 18:00 and 19:00 in UTC."""
    person = replace(FREE, shifts_per_week=1, booked=[seat(local(24, 19, 10), local(24, 21, 10))])
    assert (local(24, 19, 10), local(31, 19, 10)) == (at(24, 18, 10), at(31, 19, 10))
    # the first minute of the week after the change, and the last of the week before it
    assert codes(wish(local(26, 0, 10), local(26, 2, 10)), person) == []
    assert codes(wish(at(25, 23, 10), at(26, 1, 10)), person) == ["too-many-shifts"]


@given(st.lists(stays, max_size=6, unique_by=lambda stay: stay.begins), st.integers(0, 40))
def test_taking_one_after_another_never_passes_the_weekly_limit(
    wishes: list[Stay], limit: int
) -> None:
    """Whatever the order of wishes, those granted add up to no more than the limit a week."""
    granted: list[Stay] = []
    for stay in wishes:
        seated = replace(stay, on_call=False)
        person = replace(FREE, hours_per_week=limit, booked=granted)
        if not worker_may(Wish(seated, "lead", LONDON, ()), person, NOW):
            granted.append(seated)
    for week in range(5):
        monday = at(2, 0) + timedelta(weeks=week - 1)
        ends = monday + timedelta(weeks=1)
        worked = sum(
            (max(timedelta(), min(one.ends, ends) - max(one.begins, monday)) for one in granted),
            timedelta(),
        )
        assert worked <= timedelta(hours=limit)
