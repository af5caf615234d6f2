"""What is no scenario is refused: where, and in a sentence that names the id."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rota.planner.errors import ScenarioRefusedError
from rota.planner.rules.decoding import decode
from rota.planner.rules.scenario import encode
from tests.rota.planner.planner_examples import (
    ALWAYS,
    Json,
    a_partner,
    a_scenario,
    a_shift,
    a_worker,
    read,
)

START, END = "2027-01-11T18:00:00Z", "2027-01-11T20:00:00Z"


def good() -> Json:
    first = a_shift("s1", START, END, "lead supervisor")
    second = a_shift("s2", END, "2027-01-11T22:00:00Z")
    return a_scenario([a_worker("w1"), a_partner("w2", "s1")], [first, second])


def refused(source: bytes) -> list[str]:
    with pytest.raises(ScenarioRefusedError) as refusal:
        decode(source)
    return refusal.value.lines


def put(*path: Any) -> Callable[[Json], None]:
    """Put the last of these at the place that the others lead to."""
    *way, key, value = path

    def change(raw: Any) -> None:
        for step in way:
            raw = raw[step]
        raw[key] = value

    return change


def drop(*path: Any) -> Callable[[Json], None]:
    *way, key = path

    def change(raw: Any) -> None:
        for step in way:
            raw = raw[step]
        del raw[key]

    return change


SHIFT = ("shifts", 0)
WORKER = ("workers", 0)
NAIVE = "2027-01-11T18:00:00"
BACKWARDS = [{"start": END, "end": START}]

REFUSALS: dict[str, tuple[Callable[[Json], None], str]] = {
    "unknown zone": (put("zone", "Europe/Nowhere"), "scenario.zone: The zone Europe/Nowhere is"),
    "zone is a folder": (put("zone", "Europe"), "scenario.zone: The zone Europe is not known."),
    "zone climbs": (put("zone", "../../etc"), "scenario.zone: The zone ../../etc is not known."),
    "unknown field": (put("colour", "red"), 'scenario: In the scenario, the field "colour" is'),
    "missing field": (drop("until"), 'scenario: In the scenario, the field "until" is missing.'),
    "unknown field of a worker": (
        put(*WORKER, "name", "A"),
        'workers[0]: Worker w1: the field "name" is not known.',
    ),
    "unknown field of a window": (
        put(*WORKER, "available", [{**ALWAYS[0], "x": 1}]),
        'workers[0].available[0]: Worker w1: the field "x" is not known.',
    ),
    "missing field of a worker": (
        drop(*WORKER, "rest_hours"),
        'workers[0]: Worker w1: the field "rest_hours" is missing.',
    ),
    "neither times nor offers": (
        drop(*WORKER, "busy"),
        'workers[0]: Worker w1: the field "busy" is missing.',
    ),
    "both times and offers": (
        put(*WORKER, "can_take", []),
        (
            'workers[0]: Worker w1 has "can_take" together with "available", "busy", "trainings"; '
            "only one kind is allowed."
        ),
    ),
    "missing field of a shift": (
        drop(*SHIFT, "minimum"),
        'shifts[0]: Shift s1: the field "minimum" is missing.',
    ),
    "no id": (drop(*WORKER, "id"), 'workers[0]: Worker without an id: the field "id" is missing.'),
    "empty id": (put(*WORKER, "id", ""), "workers[0].id: Worker : the text is empty."),
    "naive start": (
        put(*SHIFT, "start", NAIVE),
        "shifts[0].start: Shift s1: the time has no offset from UTC.",
    ),
    "naive window": (
        put(*WORKER, "available", [{"start": NAIVE, "end": END}]),
        "workers[0].available[0].start: Worker w1: the time has no offset from UTC.",
    ),
    "no such time": (
        put(*SHIFT, "start", "2027-02-30T18:00:00Z"),
        "shifts[0].start: Shift s1: this is not a time such as 2027-01-05T17:00:00Z.",
    ),
    "wrong type": (
        put(*SHIFT, "demand", "2.5"),
        "shifts[0].demand: Shift s1: this must be of type number, not str.",
    ),
    "yes is no number": (
        put(*SHIFT, "demand", True),  # noqa: FBT003  # the value under test
        "shifts[0].demand: Shift s1: this must be of type number, not bool.",
    ),
    "negative demand": (
        put(*SHIFT, "demand", -1),
        "shifts[0].demand: Shift s1: the number must not be negative.",
    ),
    "endless demand": (
        put(*SHIFT, "demand", 1e300),
        "shifts[0].demand: Shift s1: the number is too large.",
    ),
    "shift ends as it starts": (
        put(*SHIFT, "end", START),
        "shifts[0].end: Shift s1 ends no later than it starts.",
    ),
    "window ends before it starts": (
        put(*WORKER, "available", BACKWARDS),
        "workers[0].available[0]: Worker w1 has a time that ends no later than it starts.",
    ),
    "busy ends before it starts": (
        put(*WORKER, "busy", BACKWARDS),
        "workers[0].busy[0]: Worker w1 has a time that ends no later than it starts.",
    ),
    "the plan ends before it starts": (
        put("until", "2027-01-04"),
        "scenario.until: The plan ends on 2027-01-04, not after 2027-01-04.",
    ),
    "before the plan": (
        put("from", "2027-01-12"),
        (
            "shifts[0].start: Shift s1 starts outside the plan, "
            "which runs from 2027-01-12 until 2027-02-01."
        ),
    ),
    "after the plan": (
        put("until", "2027-01-11"),
        (
            "shifts[0].start: Shift s1 starts outside the plan, "
            "which runs from 2027-01-04 until 2027-01-11."
        ),
    ),
    "more workers than seats": (
        put(*SHIFT, "minimum", {"workers": 2, "supervisors": 0}),
        (
            "shifts[0].minimum.workers: Shift s1 has a minimum of 2 workers, "
            "above its number of seats for them, 1."
        ),
    ),
    "more supervisors than seats": (
        put(*SHIFT, "minimum", {"workers": 1, "supervisors": 2}),
        (
            "shifts[0].minimum.supervisors: Shift s1 has a minimum of 2 supervisors, "
            "above its number of seats for them, 1."
        ),
    ),
    "observers do not count": (
        put(*SHIFT, "seats", [{"id": "a", "role": "observer"}, {"id": "b", "role": "supervisor"}]),
        (
            "shifts[0].minimum.workers: Shift s1 has a minimum of 1 workers, "
            "above its number of seats for them, 0."
        ),
    ),
    "preference above 2": (
        put(*WORKER, "available", [{**ALWAYS[0], "preference": 3}]),
        "workers[0].available[0].preference: Worker w1: the whole number must be <= 2.",
    ),
    "preference below 0": (
        put("workers", 1, "can_take", [{"shift": "s1", "preference": -1}]),
        "workers[1].can_take[0].preference: Worker w2: the whole number must be >= 0.",
    ),
    "unknown role": (
        put(*WORKER, "roles", ["chief"]),
        'workers[0].roles[0]: Worker w1: the value "chief" is not known.',
    ),
    "unknown project": (
        put(*WORKER, "project", "p9"),
        "workers[0].project: Worker w1 is of project p9, not known here.",
    ),
    "unknown offered shift": (
        put("workers", 1, "can_take", [{"shift": "s9"}]),
        "workers[1].can_take[0].shift: Worker w2 can take shift s9, which is not known here.",
    ),
    "a shift offered twice": (
        put("workers", 1, "can_take", [{"shift": "s1"}, {"shift": "s1"}]),
        "workers[1].can_take[1]: Worker w2 has shift s1 twice.",
    ),
    "unknown fixed seat": (
        put("fixed", [{"seat": "s9", "worker": "w1"}]),
        "fixed[0].seat: Seat s9 is not known here.",
    ),
    "unknown fixed worker": (
        put("fixed", [{"seat": "s1-lead", "worker": "w9"}]),
        "fixed[0].worker: Worker w9 is not known here.",
    ),
    "a seat fixed twice": (
        put("fixed", [{"seat": "s1-lead", "worker": "w1"}, {"seat": "s1-lead", "worker": "w2"}]),
        "fixed[1]: The fixed seat s1-lead is there twice.",
    ),
    "a project twice": (
        put("projects", [{"id": "p1", "hours_offered_per_week": 1}] * 2),
        "projects[1]: Project p1 is there twice.",
    ),
    "a worker twice": (put("workers", 1, "id", "w1"), "workers[1]: Worker w1 is there twice."),
    "a shift twice": (put("shifts", 1, "id", "s1"), "shifts[1]: Shift s1 is there twice."),
    "a seat twice": (
        put("shifts", 1, "seats", 0, "id", "s1-lead"),
        "shifts[1].seats[0]: Seat s1-lead is there twice.",
    ),
    "a list is no scenario part": (
        put("workers", {}),
        "scenario.workers: In the scenario, this must be of type array, not object.",
    ),
    "an item that is no object": (
        put("workers", 0, "w1"),
        "workers[0]: Worker without an id: this must be of type object, not str.",
    ),
    "an id that would break the line": (
        put(*WORKER, "id", "w\n1 2"),
        'workers[0]: Worker "w\\n1 2"',
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusal_says_where_and_which(name: str) -> None:
    change, line = REFUSALS[name]
    raw = good()
    change(raw)
    if name == "an id that would break the line":
        raw["workers"][0]["colour"] = "red"
    lines = refused(json.dumps(raw).encode())
    assert any(each.startswith(line) for each in lines), lines
    assert not any("\n" in each for each in lines)


NO_JSON = {
    "text": b"hello",
    "nothing": b"",
    "cut off": b'{"zone": "Europe/London"',
    "not UTF-8": b'{"zone": "\xff"}',
    "no number": b'{"zone": NaN}',
    "deep": b"[" * 200_000,
    "a list": b"[]",
    "a word": b'"scenario"',
    "huge exponent": json.dumps(good()).replace('"demand": 1', '"demand": 1e999999').encode(),
    "long number": json.dumps(good()).replace('"demand": 1', f'"demand": 0.{"1" * 90}').encode(),
}


@pytest.mark.parametrize("name", NO_JSON)
def test_what_is_not_json_is_refused_in_one_line(name: str) -> None:
    (line, *more) = refused(NO_JSON[name])
    assert line.startswith(("scenario: ", "shifts[0].demand: "))
    assert not any("\n" in each for each in (line, *more))


def test_every_fault_has_its_own_line() -> None:
    raw = good()
    raw["workers"][0]["name"] = "A"
    raw["shifts"][0]["demand"] = -1
    raw["shifts"][1]["start"] = NAIVE
    assert refused(json.dumps(raw).encode()) == [
        'workers[0]: Worker w1: the field "name" is not known.',
        "shifts[0].demand: Shift s1: the number must not be negative.",
        "shifts[1].start: Shift s2: the time has no offset from UTC.",
    ]


FIXED: dict[str, tuple[Json, str]] = {
    "role": (a_worker("w1", roles=["supervisor"]), "w1 is not a worker"),
    "available": (a_worker("w1", available=[]), "w1 is not available for the whole time"),
    "busy": (a_worker("w1", busy=ALWAYS), "w1 is busy in that time"),
    "training": (a_worker("w1", trainings=[]), "w1 does not hold the training core"),
    "expired": (
        a_worker("w1", trainings=[{"name": "core", "expires": "2027-01-10"}]),
        "w1 holds the training core, but it has expired by that day",
    ),
    "offer": (a_partner("w1", "s2"), "w1 has not been offered for this shift by their own project"),
    "hours": (
        a_worker("w1", hours_per_week=1),
        "w1 would work more hours than they can in that week",
    ),
    "shifts": (
        a_worker("w1", shifts_per_week=0),
        "w1 would have more shifts than they can in that week",
    ),
}


@pytest.mark.parametrize("name", FIXED)
def test_a_fixed_seat_that_breaks_a_rule_is_refused(name: str) -> None:
    worker, why = FIXED[name]
    raw = {**good(), "workers": [worker], "fixed": [{"seat": "s1-lead", "worker": "w1"}]}
    line = f"fixed[0]: Fixed seat s1-lead breaks a rule: {why}."
    assert refused(json.dumps(raw).encode()) == [line]


def test_fixed_seats_that_break_a_rule_together_are_refused() -> None:
    both = ["worker", "supervisor"]
    raw = {**good(), "workers": [a_worker("w1", roles=both)]}
    raw["fixed"] = [{"seat": f"s1-{role}", "worker": "w1"} for role in ("lead", "supervisor")]
    assert refused(json.dumps(raw).encode()) == [
        "fixed[1]: Fixed seat s1-supervisor breaks a rule: w1 already sits on this shift."
    ]
    raw["shifts"][1]["start"] = "2027-01-11T19:00:00Z"
    raw["fixed"][1]["seat"] = "s2-lead"
    assert refused(json.dumps(raw).encode()) == [
        "fixed[1]: Fixed seat s2-lead breaks a rule: w1 sits on shift s1 in that time."
    ]


def test_what_is_written_reads_back_the_same() -> None:
    raw = good()
    raw["shifts"][0] |= {"demand": 2.5, "series": "mon", "wanted_languages": ["ro"]}
    raw["projects"][0]["hours_before_per_week"] = 0.1
    scenario = read(raw)
    assert decode(encode(scenario)) == scenario
    assert json.loads(encode(scenario))["shifts"][0]["demand"] == 2.5
