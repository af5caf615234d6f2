"""What a plan aims at, in which order, and how exactly it says so."""

from typing import Any

import pytest

from rota.planner.rules.scenario import encode
from tests.rota.planner.planner_examples import (
    Json,
    a_partner,
    a_scenario,
    a_shift,
    a_worker,
    holders,
    planned,
    read,
)

DAY = "2027-01-{:02}T{}Z"


def on(day: int, name: str, roles: str = "lead", hours: str = "18 20", **changes: Any) -> Json:
    start, end = (DAY.format(day, f"{hour}:00:00") for hour in hours.split())
    return a_shift(name, start, end, roles, **changes)


def test_demand_may_be_a_decimal_and_is_weighed_exactly() -> None:
    """Together the two small ones are worth a hair more than the one that excludes both."""
    small = [on(11, "s1", hours="18 20", demand=0.1), on(11, "s2", hours="20 22", demand=0.2)]
    large = on(11, "s3", hours="18 22", demand=0.14999999999999)
    made = planned(a_scenario([a_worker("w1")], [*small, large]))
    assert holders(made) == {"s1-lead": "w1", "s2-lead": "w1"}
    assert made.stages[0].value == 36
    assert made.stages[0].bound == 36


def test_demands_too_fine_for_whole_numbers_still_have_a_true_bound() -> None:
    shifts = [
        on(11 + at, f"s{at}", demand=demand)
        for at, demand in enumerate(
            [0.123456789012345, 1.98765432109876, 1234567.891234567, 0.333333333333333]
        )
    ]
    made = planned(a_scenario([a_worker("w1")], shifts))
    (opening, *_) = made.stages
    assert len(made.assignments) == 4
    assert opening.bound >= opening.value
    assert opening.bound == pytest.approx(opening.value, rel=1e-12)


def test_open_time_comes_before_fairness_and_fairness_before_wishes() -> None:
    projects = [{"id": name, "hours_offered_per_week": 10} for name in ("p1", "p2")]
    keen = a_worker(
        "w1", available=[{**each, "preference": 2} for each in a_worker("x")["available"]]
    )
    other = a_worker("w2", project="p2")
    made = planned(a_scenario([keen, other], [on(11, "s1"), on(12, "s2")], projects=projects))
    assert sorted(holders(made).values()) == ["w1", "w2"]
    assert [(each.value, each.bound) for each in made.stages] == [(240, 240), (0, 0), (3, 3)]
    assert made.hours_given == {"p1": 2, "p2": 2}
    short = planned(
        a_scenario(
            [keen, {**other, "available": []}], [on(11, "s1"), on(12, "s2")], projects=projects
        )
    )
    assert [each.value for each in short.stages] == [240, 0.1, 4]
    assert short.stages[1].bound == 0.1


def test_who_offers_no_hours_is_left_out_of_fairness() -> None:
    projects = [
        {"id": "p1", "hours_offered_per_week": 10},
        {"id": "p2", "hours_offered_per_week": 0},
    ]
    made = planned(a_scenario([a_worker("w1", project="p2")], [on(11, "s1")], projects=projects))
    assert made.stages[1].value == 0
    assert made.hours_given == {"p1": 0, "p2": 2}


def test_a_series_keeps_its_people() -> None:
    """w1 must take the first, so w1 is wished for on the second."""
    first = on(11, "s1", series="mon")
    second = on(18, "s2", series="mon")
    away = a_worker(
        "w2", busy=[{"start": DAY.format(11, "00:00:00"), "end": DAY.format(12, "00:00:00")}]
    )
    made = planned(a_scenario([away, a_worker("w1")], [second, first]))
    assert holders(made) == {"s2-lead": "w1", "s1-lead": "w1"}
    assert made.stages[2].value == 3


def test_a_wanted_language_is_worth_as_much_as_a_preference() -> None:
    speaker = a_worker("w2", languages=["en", "ro"])
    shift = on(11, "s1", wanted_languages=["ro", "uk"])
    made = planned(a_scenario([a_worker("w1"), speaker], [shift]))
    assert holders(made) == {"s1-lead": "w2"}
    assert (made.stages[2].value, made.stages[2].bound) == (2, 2)


def test_the_lowest_preference_of_joined_windows_counts() -> None:
    windows = [
        {"start": DAY.format(11, "17:00:00"), "end": DAY.format(11, "19:00:00"), "preference": 2},
        {"start": DAY.format(11, "19:00:00"), "end": DAY.format(11, "21:00:00"), "preference": 0},
    ]
    made = planned(a_scenario([a_worker("w1", available=windows)], [on(11, "s1")]))
    assert made.stages[2].value == 0
    early = a_scenario([a_worker("w1", available=windows)], [on(11, "s1", hours="17 19")])
    assert planned(early).stages[2].value == 2


def test_partners_people_are_planned_by_their_homes_word() -> None:
    partner = a_partner("w2", "s1", roles=["worker", "supervisor"])
    partner["can_take"] = [{"shift": "s1", "preference": 2}]
    shifts = [on(11, "s1", "lead"), on(12, "s2", "lead")]
    made = planned(a_scenario([partner], shifts))
    assert holders(made) == {"s1-lead": "w2"}
    assert made.stages[2].value == 2
    limited = {**partner, "shifts_per_week": 0}
    assert holders(planned(a_scenario([limited], shifts))) == {}


def test_alone_keeps_a_projects_own_fixed_seats_only() -> None:
    projects = [{"id": name, "hours_offered_per_week": 10} for name in ("p1", "p2")]
    people = [a_worker("w1"), a_worker("w2", project="p2")]
    shifts = [on(11, "s1"), on(11, "s2", "lead second", channel="forum")]
    fixed = [{"seat": "s2-lead", "worker": "w1"}]
    made = planned(a_scenario(people, shifts, projects=projects, fixed=fixed))
    assert holders(made) == {"s1-lead": "w2", "s2-lead": "w1"}
    assert made.open_minutes.pool == 120
    assert made.open_minutes.alone == {"p1": 0, "p2": 120}


def test_open_time_is_a_union_for_each_channel() -> None:
    people = [a_worker(f"w{at}") for at in range(3)]
    shifts = [
        on(11, "s1", hours="18 20"),
        on(11, "s2", hours="19 21"),
        on(11, "s3", hours="18 20", channel="forum"),
    ]
    made = planned(a_scenario(people, shifts))
    assert made.open_minutes.pool == 180 + 120
    assert made.stages[0].value == 360


def test_no_people_and_no_shifts_are_a_plan_too() -> None:
    for raw in (a_scenario([], [on(11, "s1")]), a_scenario([a_worker("w1")], [])):
        made = planned(raw)
        assert made.assignments == ()
        assert [(s.value, s.bound, s.optimal) for s in made.stages] == [(0, 0, True)] * 3
    assert planned(a_scenario([], [], projects=[])).open_minutes.alone == {}


def test_no_time_gives_a_plan_all_the_same() -> None:
    made = planned(a_scenario([a_worker("w1")], [on(11, "s1")]), seconds=0)
    assert holders(made) == {"s1-lead": "w1"}


def test_reproducible_plans_are_the_same_byte_for_byte() -> None:
    people = [a_worker(f"w{at}", project=f"p{at % 2 + 1}") for at in range(6)]
    shifts = [on(4 + at, f"s{at}", "lead second") for at in range(12)]
    projects = [{"id": name, "hours_offered_per_week": 7.5} for name in ("p1", "p2")]
    raw = a_scenario(people, shifts, projects=projects)
    one, other = (planned(raw, reproducible=True, seed=5) for _ in range(2))
    assert one == other
    assert one.seed == 5
    assert len(encode(read(raw))) > 0
