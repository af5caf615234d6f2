"""Each rule: two plans that differ in one fact, the one that the rule is about.

Where the rule did not hold, the first would fill what the second does; and the
independent check must name the rule when the plan is filled by hand regardless.
"""

from typing import Any

import pytest

from rota.planner.rules.check import violations
from tests.rota.planner.planner_examples import (
    ALWAYS,
    Json,
    a_partner,
    a_scenario,
    a_shift,
    a_worker,
    holders,
    planned,
    read,
)

MONDAY = ("2027-01-11T18:00:00Z", "2027-01-11T20:00:00Z")
LATER = ("2027-01-11T20:00:00Z", "2027-01-11T22:00:00Z")
NIGHT = ("2027-01-11T20:00:00Z", "2027-01-11T23:30:00Z")
MORNING = ("2027-01-12T08:00:00Z", "2027-01-12T10:00:00Z")
TUESDAY = ("2027-01-12T18:00:00Z", "2027-01-12T20:00:00Z")
SUNDAY = ("2027-01-17T22:00:00Z", "2027-01-18T02:00:00Z")


def one(worker: Json, **shift: Any) -> Json:
    return a_scenario([worker], [a_shift("s1", *MONDAY, **shift)])


def two(worker: Json, first: Json, second: Json, **changes: Any) -> Json:
    return a_scenario([worker], [first, second], **changes)


def both(start: tuple[str, str], second: tuple[str, str], **worker: Any) -> Json:
    return two(a_worker("w1", **worker), a_shift("s1", *start), a_shift("s2", *second))


def windows(*spans: tuple[str, str]) -> list[Json]:
    return [{"start": f"2027-01-11T{start}Z", "end": f"2027-01-11T{end}Z"} for start, end in spans]


def booked(start: str, end: str) -> Json:
    return {"start": start, "end": end}


def issued(day: str) -> Json:
    return {"name": "core", "issued": day, "expires": "2027-12-31"}


def ended(day: str) -> Json:
    return {"name": "core", "expires": day}


def after_a_night_elsewhere(**worker: Any) -> Json:
    person = a_worker("w1", booked=[booked(*NIGHT)], **worker)
    return a_scenario([person], [a_shift("s1", *MORNING)])


def before_a_morning_elsewhere(**worker: Any) -> Json:
    person = a_worker("w1", booked=[booked(*MORNING)], **worker)
    return a_scenario([person], [a_shift("s1", *NIGHT)])


MEETING: Json = {"briefing_minutes": 15, "debrief_minutes": 15}
CALL: Json = {"roles": ["worker", "supervisor"]}
ONE_SEAT = {"s1-lead": "w1"}
TWO_SEATS = {"s1-lead": "w1", "s2-lead": "w1"}
TWO_CALLS = {"s1-supervisor": "w1", "s2-supervisor": "w1"}


def calls(at_once: int) -> Json:
    first, second = (a_shift(name, *MONDAY, "supervisor", languages=[]) for name in ("s1", "s2"))
    return two(a_worker("w1", **CALL), first, second, supervisor_sessions_at_once=at_once)


def call_beside(start: str) -> Json:
    worked = a_shift("s1", *MONDAY, **MEETING)
    on_call = a_shift("s2", start, "2027-01-11T22:00:00Z", "supervisor", languages=[])
    return two(a_worker("w1", **CALL), worked, on_call)


RULES: dict[str, tuple[str, Json, Json, dict[str, str]]] = {
    "worker's role": (
        "role",
        one(a_worker("w1", roles=["supervisor"])),
        one(a_worker("w1", roles=["worker"])),
        ONE_SEAT,
    ),
    "supervisor's role": (
        "role",
        a_scenario([a_worker("w1")], [a_shift("s1", *MONDAY, "supervisor", languages=[])]),
        a_scenario([a_worker("w1", **CALL)], [a_shift("s1", *MONDAY, "supervisor", languages=[])]),
        {"s1-supervisor": "w1"},
    ),
    "no availability means never": (
        "available",
        one(a_worker("w1", available=[])),
        one(a_worker("w1", available=ALWAYS)),
        ONE_SEAT,
    ),
    "available for the briefing": (
        "available",
        one(a_worker("w1", available=windows(("17:50:00", "20:15:00"))), **MEETING),
        one(a_worker("w1", available=windows(("17:45:00", "20:15:00"))), **MEETING),
        ONE_SEAT,
    ),
    "available for the debrief": (
        "available",
        one(a_worker("w1", available=windows(("17:45:00", "20:14:00"))), **MEETING),
        one(a_worker("w1", available=windows(("17:45:00", "20:15:00"))), **MEETING),
        ONE_SEAT,
    ),
    "windows join only where they touch": (
        "available",
        one(a_worker("w1", available=windows(("17:00:00", "19:00:00"), ("19:00:01", "21:00:00")))),
        one(a_worker("w1", available=windows(("19:00:00", "21:00:00"), ("17:00:00", "19:00:00")))),
        ONE_SEAT,
    ),
    "busy in the debrief": (
        "busy",
        one(a_worker("w1", busy=windows(("20:14:00", "21:00:00"))), **MEETING),
        one(a_worker("w1", busy=windows(("20:15:00", "21:00:00"))), **MEETING),
        ONE_SEAT,
    ),
    "a training that is missing": (
        "training",
        one(a_worker("w1", trainings=[])),
        one(a_worker("w1", trainings=[]), trainings=[]),
        ONE_SEAT,
    ),
    "a training that has expired": (
        "training",
        one(a_worker("w1", trainings=[{"name": "core", "expires": "2027-01-10"}])),
        one(a_worker("w1", trainings=[{"name": "core", "expires": "2027-01-11"}])),
        ONE_SEAT,
    ),
    "a training that is issued later": (
        "training",
        one(a_worker("w1", trainings=[issued("2027-01-12")])),
        one(a_worker("w1", trainings=[issued("2027-01-11")])),
        ONE_SEAT,
    ),
    "between two trainings of one name": (
        "training",
        one(a_worker("w1", trainings=[ended("2027-01-10"), issued("2027-01-12")])),
        one(a_worker("w1", trainings=[ended("2027-01-11"), issued("2027-01-12")])),
        ONE_SEAT,
    ),
    "a seat elsewhere in that time": (
        "busy",
        one(a_worker("w1", booked=windows(("20:14:00", "21:00:00"))), **MEETING),
        one(a_worker("w1", booked=windows(("20:15:00", "21:00:00"))), **MEETING),
        ONE_SEAT,
    ),
    "rest after a seat elsewhere": (
        "rest",
        after_a_night_elsewhere(rest_hours=8.6),
        after_a_night_elsewhere(rest_hours=8.5),
        ONE_SEAT,
    ),
    "rest before a seat elsewhere": (
        "rest",
        before_a_morning_elsewhere(rest_hours=8.6),
        before_a_morning_elsewhere(rest_hours=8.5),
        ONE_SEAT,
    ),
    "hours elsewhere in that week": (
        "hours a week",
        one(a_worker("w1", booked=[booked(*TUESDAY)], hours_per_week=3.9)),
        one(a_worker("w1", booked=[booked(*TUESDAY)], hours_per_week=4)),
        ONE_SEAT,
    ),
    "hours elsewhere, of somebody of another node": (
        "hours a week",
        one(a_partner("w1", "s1", booked=[booked(*TUESDAY)], hours_per_week=3.9)),
        one(a_partner("w1", "s1", booked=[booked(*TUESDAY)], hours_per_week=4)),
        ONE_SEAT,
    ),
    "hours elsewhere count in their own week": (
        "hours a week",
        one(a_worker("w1", booked=[booked(*SUNDAY)], hours_per_week=3.9)),
        one(a_worker("w1", booked=[booked(*SUNDAY)], hours_per_week=4)),
        ONE_SEAT,
    ),
    "shifts elsewhere in that week": (
        "shifts a week",
        one(a_worker("w1", booked=[booked(*TUESDAY)], shifts_per_week=1)),
        one(a_worker("w1", booked=[booked(*TUESDAY)], shifts_per_week=2)),
        ONE_SEAT,
    ),
    "what home has not offered": (
        "offer",
        one(a_partner("w1")),
        one(a_partner("w1", "s1")),
        ONE_SEAT,
    ),
    "seats that overlap by their meetings": (
        "overlap",
        two(a_worker("w1"), a_shift("s1", *MONDAY, **MEETING), a_shift("s2", *LATER, **MEETING)),
        both(MONDAY, LATER),
        TWO_SEATS,
    ),
    "on call too often at once": ("on-call", calls(1), calls(2), TWO_CALLS),
    "on call during a debrief": (
        "two places",
        call_beside("2027-01-11T20:14:00Z"),
        call_beside("2027-01-11T20:15:00Z"),
        {"s1-lead": "w1", "s2-supervisor": "w1"},
    ),
    "rest from day to day": (
        "rest",
        both(NIGHT, MORNING, rest_hours=8.6),
        both(NIGHT, MORNING, rest_hours=8.5),
        TWO_SEATS,
    ),
    "hours a week": (
        "hours a week",
        both(MONDAY, LATER, hours_per_week=3.9),
        both(MONDAY, LATER, hours_per_week=4),
        TWO_SEATS,
    ),
    "shifts a week": (
        "shifts a week",
        both(MONDAY, LATER, shifts_per_week=1),
        both(MONDAY, LATER, shifts_per_week=2),
        TWO_SEATS,
    ),
    "hours are split at Sunday midnight": (
        "hours a week",
        one(a_worker("w1", hours_per_week=1.9)) | {"shifts": [a_shift("s1", *SUNDAY)]},
        one(a_worker("w1", hours_per_week=2)) | {"shifts": [a_shift("s1", *SUNDAY)]},
        ONE_SEAT,
    ),
    "a language that nobody speaks": (
        "closed",
        one(a_worker("w1"), languages=["en", "ro"]),
        one(a_worker("w1", languages=["en", "ro"]), languages=["en", "ro"]),
        ONE_SEAT,
    ),
    "languages by exact tag": (
        "closed",
        one(a_worker("w1", languages=["en-GB"])),
        one(a_worker("w1", languages=["en"])),
        ONE_SEAT,
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_the_rule_decides(name: str) -> None:
    rule, forbidden, allowed, holds = RULES[name]
    assert holders(planned(allowed)) == holds
    assert list(violations(read(allowed), holds)) == []
    assert holders(planned(forbidden)) != holds
    assert {each.split(":")[0] for each in violations(read(forbidden), holds)} == {rule}


def test_a_session_without_its_minimum_takes_nobody() -> None:
    short = one(a_worker("w1"))
    short["shifts"] = [a_shift("s1", *MONDAY, "lead second")]
    assert holders(planned(short)) == {}
    assert list(violations(read(short), ONE_SEAT)) == ["closed: seat s1-lead of shift s1"]


def test_one_person_sits_on_a_shift_once() -> None:
    alone = a_scenario([a_worker("w1", **CALL)], [a_shift("s1", *MONDAY, "lead supervisor")])
    assert holders(planned(alone)) == {}
    doubled = {"s1-lead": "w1", "s1-supervisor": "w1"}
    assert "once: w1 on s1" in list(violations(read(alone), doubled))
    alone["workers"].append(a_worker("w2"))
    assert holders(planned(alone)) == {"s1-lead": "w2", "s1-supervisor": "w1"}


def test_observers_open_nothing() -> None:
    shift = a_shift("s1", *MONDAY, "lead observer", languages=["en", "ro"])
    people = [a_worker("w1"), a_worker("w2", languages=["ro"])]
    assert holders(planned(a_scenario(people, [shift]))) == {}


def test_a_fixed_seat_stays_on_a_session_that_does_not_open() -> None:
    shift = a_shift("s1", *MONDAY, "lead second")
    raw = a_scenario([a_worker("w1")], [shift], fixed=[{"seat": "s1-second", "worker": "w1"}])
    made = planned(raw)
    assert holders(made) == {"s1-second": "w1"}
    assert made.open_minutes.pool == 0
    assert list(violations(read(raw), {})) == ["fixed: seat s1-second lost w1"]


def test_a_seat_over_midnight_bridges_two_that_rest_would_part() -> None:
    """Rest is owed between one seat and the next, not between all."""
    evening = ("2027-01-11T20:00:00Z", "2027-01-11T22:00:00Z")
    over = ("2027-01-11T22:00:00Z", "2027-01-12T01:00:00Z")
    early = ("2027-01-12T01:00:00Z", "2027-01-12T03:00:00Z")
    worker = a_worker("w1", rest_hours=11)
    spans = {"s1": evening, "s2": over, "s3": early}
    shifts = [a_shift(name, *span) for name, span in spans.items()]
    everything = planned(a_scenario([worker], shifts))
    assert holders(everything) == {f"{name}-lead": "w1" for name in spans}
    assert len(planned(a_scenario([worker], [shifts[0], shifts[2]])).assignments) == 1


@pytest.mark.parametrize(("end", "count"), [("00:00:00", 1), ("00:01:00", 2)])
def test_what_ends_at_midnight_belongs_to_the_day_that_ends(end: str, count: int) -> None:
    late = a_shift("s1", "2027-01-11T20:00:00Z", f"2027-01-12T{end}Z")
    early = a_shift("s2", "2027-01-12T01:00:00Z", "2027-01-12T03:00:00Z")
    made = planned(two(a_worker("w1", rest_hours=11), late, early))
    assert len(made.assignments) == count


def test_many_late_seats_are_kept_from_an_early_one() -> None:
    """More late seats than are named one by one share a chain; it must forbid the same."""
    ends = ("20:00", "20:10", "20:20", "20:30", "20:45", "21:00")
    late = [
        a_shift(f"l{at}", "2027-01-11T18:00:00Z", f"2027-01-11T{end}:00Z")
        for at, end in enumerate(ends)
    ]
    early = a_shift("e", "2027-01-12T07:35:00Z", "2027-01-12T13:00:00Z", demand=0.01)
    made = planned(a_scenario([a_worker("w1", rest_hours=11)], [*late, early]))
    assert holders(made) == {"l5-lead": "w1"}
    early["demand"] = 9
    made = planned(a_scenario([a_worker("w1", rest_hours=11)], [*late, early]))
    assert holders(made) == {"l3-lead": "w1", "e-lead": "w1"}
