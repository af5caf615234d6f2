"""Why seats stay empty, what would fill them, and which sessions could be added."""

import json
from datetime import datetime
from typing import Any

import pytest

from rota.planner.rules.plan import Plan
from rota.planner.rules.unfilled import Unfilled
from tests.rota.planner.planner_examples import (
    ALWAYS,
    Json,
    a_partner,
    a_scenario,
    a_shift,
    a_worker,
    holders,
    planned,
)

START, END = "2027-01-11T18:00:00Z", "2027-01-11T20:00:00Z"
NEXT = "2027-01-11T22:00:00Z"


def only_unfilled(raw: Json) -> Unfilled:
    (one,) = planned(raw).unfilled
    return one


def lacking(**changes: Any) -> Json:
    return a_scenario([a_worker("w1", **changes)], [a_shift("s1", START, END)])


WHY: dict[str, tuple[Json, list[str], str | None]] = {
    "available": (
        lacking(available=[]),
        ["shift-closed", "language-missing", "not-available"],
        "If w1 were available for the whole time, this seat could be filled.",
    ),
    "busy": (
        lacking(busy=ALWAYS),
        ["shift-closed", "language-missing", "busy"],
        "If w1 were not busy in that time, this seat could be filled.",
    ),
    "training": (
        lacking(trainings=[]),
        ["shift-closed", "language-missing", "training-missing"],
        "If w1 held the training core, this seat could be filled.",
    ),
    "expired": (
        lacking(trainings=[{"name": "core", "expires": "2027-01-10"}]),
        ["shift-closed", "language-missing", "training-expired"],
        "If w1 renewed the training core, this seat could be filled.",
    ),
    "hours": (
        lacking(hours_per_week=1),
        ["shift-closed", "language-missing", "week-hours"],
        "If w1 could work more hours in that week, this seat could be filled.",
    ),
    "shifts": (
        lacking(shifts_per_week=0),
        ["shift-closed", "language-missing", "week-shifts"],
        "If w1 could take one more shift in that week, this seat could be filled.",
    ),
    "role": (
        lacking(roles=["supervisor"]),
        ["shift-closed", "language-missing", "nobody-has-role"],
        "If w1 became a worker, this seat could be filled.",
    ),
    "offer": (
        a_scenario([a_partner("w1")], [a_shift("s1", START, END)]),
        ["shift-closed", "language-missing", "not-offered"],
        "If w1 were offered for this shift by their own project, this seat could be filled.",
    ),
    "language": (
        lacking(languages=["nl"]),
        ["shift-closed", "someone-free", "language-missing"],
        None,
    ),
    "nobody": (
        a_scenario([], [a_shift("s1", START, END)]),
        ["shift-closed", "language-missing", "nobody-has-role"],
        None,
    ),
}


@pytest.mark.parametrize("name", WHY)
def test_why_a_seat_is_empty_and_what_would_fill_it(name: str) -> None:
    raw, codes, smallest = WHY[name]
    found = only_unfilled(raw)
    assert [reason.code for reason in found.reasons] == codes
    assert found.smallest_change == smallest


def test_the_smallest_change_is_the_nearest_person() -> None:
    far = a_worker("w1", available=[], trainings=[])
    near = a_worker("w2", trainings=[])
    found = only_unfilled(a_scenario([far, near], [a_shift("s1", START, END)]))
    assert found.smallest_change == "If w2 held the training core, this seat could be filled."
    texts = {reason.code: reason.text for reason in found.reasons}
    assert texts["training-missing"] == "2 people lack the training core."
    assert texts["not-available"] == "1 person is not available."


def test_the_smallest_change_names_whoever_would_come_along() -> None:
    people = [a_worker("w1"), a_worker("w2", busy=ALWAYS)]
    made = planned(a_scenario(people, [a_shift("s1", START, END, "lead second")]))
    assert {each.smallest_change for each in made.unfilled} == {
        "If w2 were not busy in that time, this seat could be filled together with w1."
    }


def test_the_smallest_change_finds_who_speaks_the_language() -> None:
    speaker = a_worker("w9", languages=["ro"], available=[])
    people = [*(a_worker(f"w{at}") for at in range(8)), speaker]
    shift = a_shift("s1", START, END, "lead second", languages=["en", "ro"])
    made = planned(a_scenario(people, [shift]))
    assert {each.smallest_change for each in made.unfilled} == {
        "If w9 were available for the whole time, this seat could be filled together with w0."
    }


def test_nobody_is_moved_by_a_smallest_change() -> None:
    shifts = [a_shift("s1", START, END), a_shift("s2", START, END, demand=9)]
    found = only_unfilled(a_scenario([a_worker("w1")], shifts))
    assert found.seat == "s1-lead"
    assert [reason.code for reason in found.reasons] == [
        "shift-closed",
        "language-missing",
        "elsewhere",
    ]
    assert found.smallest_change is None


def test_a_seat_beyond_the_minimum_says_that_it_is_not_needed() -> None:
    """A second one from the same project would only make the hours less fair."""
    projects = [{"id": name, "hours_offered_per_week": 10} for name in ("p1", "p2")]
    people = [a_worker("w1"), a_worker("w2")]
    raw = a_scenario(people, [a_shift("s1", START, END, "lead observer")], projects=projects)
    found = only_unfilled(raw)
    assert found.seat == "s1-observer"
    assert [reason.code for reason in found.reasons] == [
        "not-needed",
        "someone-free",
        "already-seated",
    ]
    assert found.smallest_change in {
        f"Ask {name}: nothing else would have to change." for name in ("w1", "w2")
    }


def session(name: str, day: int, hours: str = "18 20") -> Json:
    start, end = (f"2027-01-{day:02}T{hour}:00:00Z" for hour in hours.split())
    meetings = {"briefing_minutes": 15, "debrief_minutes": 15}
    return a_shift(name, start, end, "lead second supervisor", **meetings)


def pool(**changes: Any) -> Json:
    evenings = [
        {"start": f"2027-01-{day}T17:45:00Z", "end": f"2027-01-{day}T20:15:00Z"}
        for day in (11, 13, 15)
    ]
    people = [a_worker(f"w{at}", available=evenings, **changes) for at in range(2)]
    people.append(a_worker("w2", roles=["supervisor"], available=evenings))
    return a_scenario(people, [session("s1", 11)])


def starts(made: Plan) -> list[datetime]:
    return [each.start for each in made.suggestions]


def test_added_sessions_are_those_that_free_people_can_open() -> None:
    made = planned(pool())
    assert [each.isoformat() for each in starts(made)] == [
        "2027-01-13T18:00:00+00:00",
        "2027-01-15T18:00:00+00:00",
    ]
    assert {each.open_minutes for each in made.suggestions} == {120}
    assert made.suggestions[0].text == (
        "w2 and w0 and w1 could open chat on 2027-01-13 from 18:00 to 20:00: 120 more open minutes."
    )


def test_added_sessions_keep_peoples_limits_together() -> None:
    assert len(planned(pool(shifts_per_week=2)).suggestions) == 1
    assert planned(pool(shifts_per_week=1)).suggestions == ()


def test_what_is_suggested_can_be_done_without_moving_anyone() -> None:
    raw = pool()
    made = planned(raw)
    kept = [{"seat": seat, "worker": who} for seat, who in holders(made).items()]
    added = [
        {**session(f"new{at}", 11), "start": each.start.isoformat(), "end": each.end.isoformat()}
        for at, each in enumerate(made.suggestions)
    ]
    again = planned({**raw, "shifts": [*raw["shifts"], *added], "fixed": kept})
    gained = sum(each.open_minutes for each in made.suggestions)
    assert again.open_minutes.pool == made.open_minutes.pool + gained


def test_there_are_at_most_five_and_the_most_gain_comes_first() -> None:
    people = [a_worker(f"w{at}") for at in range(3)]
    people.append(a_worker("w3", roles=["supervisor"]))
    raw = a_scenario(people, [session("s1", 11), session("s2", 11, "20 22")])
    made = planned(json.loads(json.dumps(raw)))
    gains = [each.open_minutes for each in made.suggestions]
    assert len(gains) == 5
    assert gains == sorted(gains, reverse=True)


def test_partners_people_are_never_suggested() -> None:
    partners = [a_partner(f"w{at}", "s1") for at in range(2)]
    partners.append(a_partner("w2", "s1", roles=["supervisor"]))
    assert planned(a_scenario(partners, [session("s1", 11)])).suggestions == ()
