"""What somebody does elsewhere in the same week: it counts, and nobody learns where it is."""

import pytest

from tests.rota.planner.planner_examples import (
    Json,
    a_scenario,
    a_shift,
    a_worker,
    holders,
    planned,
)
from tests.rota.planner.test_planner_hard_rules import (
    CALL,
    LATER,
    MONDAY,
    MORNING,
    NIGHT,
    TUESDAY,
    after_a_night_elsewhere,
    booked,
    issued,
    one,
)


def test_rest_from_a_seat_elsewhere_does_not_keep_from_being_on_call() -> None:
    worker = a_worker("w1", booked=[booked(*NIGHT)], rest_hours=11, **CALL)
    shift = a_shift("s1", *MORNING, "supervisor", languages=[])
    assert holders(planned(a_scenario([worker], [shift]))) == {"s1-supervisor": "w1"}


@pytest.mark.parametrize("limit", [{"hours_per_week": 5.9}, {"shifts_per_week": 2}])
def test_a_week_that_is_full_elsewhere_takes_as_many_more_as_there_is_room_for(
    limit: Json,
) -> None:
    worker = a_worker("w1", booked=[booked(*TUESDAY)], **limit)
    shifts = [a_shift("s1", *MONDAY), a_shift("s2", *LATER)]
    assert len(planned(a_scenario([worker], shifts)).assignments) == 1


def test_a_week_that_is_overfull_elsewhere_takes_nothing_more_and_says_why() -> None:
    worker = a_worker("w1", booked=[booked(*TUESDAY)], hours_per_week=1)
    made = planned(a_scenario([worker], [a_shift("s1", *MONDAY)]))
    [seat] = made.unfilled
    told = [reason.code for reason in seat.reasons]
    assert (holders(made), told) == ({}, ["shift-closed", "language-missing", "week-hours"])


def test_why_a_seat_elsewhere_keeps_somebody_away_is_told_without_where_that_is() -> None:
    [seat] = planned(after_a_night_elsewhere(rest_hours=11)).unfilled
    assert seat.smallest_change == (
        "If w1 needed less rest next to a seat elsewhere, this seat could be filled."
    )
    [seat] = planned(one(a_worker("w1", trainings=[issued("2027-01-12")]))).unfilled
    assert seat.smallest_change == (
        "If w1 held the training core sooner, this seat could be filled."
    )
