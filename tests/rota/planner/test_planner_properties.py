"""Whatever the scenario: no rule broken, never worse than first come, and the true best."""

import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rota.planner.errors import ScenarioRefusedError
from rota.planner.rules.board import Board
from rota.planner.rules.check import opened, violations
from rota.planner.rules.eligibility import fits, obstacles, preference
from rota.planner.rules.greedy import greedy
from rota.planner.rules.measures import open_value
from rota.planner.rules.plan import Plan
from rota.planner.rules.scenario import Scenario, encode
from tests.rota.planner.planner_brute_force import best, worked, worth
from tests.rota.planner.planner_examples import Json, a_scenario, a_worker, holders, planned, read

BASE = datetime(2027, 3, 27, 12, tzinfo=UTC)  # the Saturday before the clocks change
CLOSE = 1e-9


def examples(count: int) -> settings:
    """The same scenarios on every run, as slowly as a shared machine makes them."""
    slow = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    return settings(max_examples=count, deadline=None, derandomize=True, suppress_health_check=slow)


def at(hours: float) -> str:
    return (BASE + timedelta(hours=hours)).isoformat()


@st.composite
def a_span(draw: Any) -> Json:
    start = draw(st.integers(0, 50))
    return {"start": at(start), "end": at(start + draw(st.integers(1, 26)))}


languages = st.sampled_from([["en"], ["en", "ro"], ["ro"], []])


@st.composite
def some_worker(draw: Any, name: str, shifts: list[str]) -> Json:
    limits = {
        "project": draw(st.sampled_from(["p1", "p2", "p3"])),
        "roles": draw(st.sampled_from([["worker", "supervisor"], ["worker"], ["supervisor"]])),
        "languages": draw(languages),
        "hours_per_week": draw(st.sampled_from([40, 8, 4.5, 2])),
        "shifts_per_week": draw(st.integers(1, 3)),
        "rest_hours": draw(st.sampled_from([0, 3, 11, 30])),
    }
    worker = {**a_worker(name), **limits}
    if draw(st.integers(0, 3)) == 0:
        worker["booked"] = [draw(a_span())]
    preferences = st.integers(0, 2)
    if draw(st.integers(0, 3)) == 0:
        offered = draw(st.lists(st.sampled_from(shifts), unique=True))
        worker["can_take"] = [{"shift": s, "preference": draw(preferences)} for s in offered]
        for own in ("available", "busy", "trainings"):
            del worker[own]
        return worker
    spans = draw(st.lists(a_span(), min_size=1, max_size=2))
    if draw(st.integers(0, 3)):  # most people can come, so that other rules decide
        spans.append({"start": at(-3), "end": at(80)})
    worker["available"] = [{**each, "preference": draw(preferences)} for each in spans]
    worker["busy"] = [] if draw(st.integers(0, 3)) else [draw(a_span())]
    expires = draw(st.sampled_from(["2027-12-31", "2027-03-28", "2027-03-27", "2027-03-26"]))
    worker["trainings"] = [{"name": "core", "expires": expires}]
    if draw(st.integers(0, 3)) == 0:
        issued = draw(st.sampled_from(["2027-03-27", "2027-03-28"]))
        worker["trainings"].append({"name": "core", "issued": issued, "expires": "2027-12-31"})
    return worker


@st.composite
def some_shift(draw: Any, name: str) -> Json:
    roles = draw(
        st.sampled_from(
            [["lead"], ["lead", "second"], ["lead", "supervisor"], ["observer"], ["supervisor"]]
        )
    )
    start, length = draw(st.integers(0, 40)), draw(st.sampled_from([2, 1, 2.5, 6]))
    workers = sum(role in {"lead", "second"} for role in roles)
    return {
        "id": name,
        "channel": draw(st.sampled_from(["chat", "forum"])),
        "start": at(start),
        "end": at(start + length),
        "briefing_minutes": draw(st.sampled_from([0, 15])),
        "debrief_minutes": draw(st.sampled_from([0, 15, 30])),
        "series": draw(st.sampled_from([None, "x"])),
        "languages": draw(languages) if workers else [],
        "wanted_languages": draw(languages),
        "trainings": draw(st.sampled_from([[], ["core"]])),
        "demand": draw(st.sampled_from([0, 0.3, 1, 2.5])),
        "seats": [{"id": f"{name}-{at}", "role": role} for at, role in enumerate(roles)],
        "minimum": {
            "workers": draw(st.integers(0, workers)),
            "supervisors": draw(st.integers(0, roles.count("supervisor"))),
        },
    }


@st.composite
def scenarios(draw: Any, shifts: int, people: int) -> Scenario:
    names = [f"s{at}" for at in range(draw(st.integers(1, shifts)))]
    sessions = [draw(some_shift(name)) for name in names]
    workers = [draw(some_worker(f"w{at}", names)) for at in range(draw(st.integers(1, people)))]
    offered = st.sampled_from([0, 1.5, 7])
    raw = a_scenario(
        workers,
        sessions,
        **{"from": "2027-03-27", "until": "2027-03-30"},
        projects=[
            {"id": name, "hours_offered_per_week": draw(offered)} for name in ("p1", "p2", "p3")
        ],
        supervisor_sessions_at_once=draw(st.integers(1, 2)),
    )
    seats = [seat["id"] for session in sessions for seat in session["seats"]]
    fixed = {"seat": draw(st.sampled_from(seats)), "worker": draw(st.sampled_from(workers))["id"]}
    if draw(st.booleans()):
        try:
            return read({**raw, "fixed": [fixed]})
        except ScenarioRefusedError:
            pass
    return read(raw)


def made_from(scenario: Scenario, **changes: Any) -> Plan:
    return planned(json.loads(encode(scenario)), **changes)


def check_figures(scenario: Scenario, made: Plan) -> None:
    """The figures of the plan, recounted from who sits where."""
    holds = holders(made)
    assert list(violations(scenario, holds)) == []
    assert [stage.name for stage in made.stages] == ["open", "fairness", "wishes"]
    for stage, value in zip(made.stages, worth(scenario, holds), strict=True):
        assert stage.value == pytest.approx(float(value), rel=CLOSE, abs=CLOSE)
    seats = {seat.id for shift in scenario.shifts for seat in shift.seats}
    assert {each.seat for each in made.unfilled} == seats - holds.keys()
    assert all(each.reasons for each in made.unfilled)
    assert made.hours_given == {
        name: pytest.approx(float(hours)) for name, hours in worked(scenario, holds).items()
    }
    unions: dict[str, set[datetime]] = {}
    for shift in opened(scenario, holds):
        minutes = unions.setdefault(shift.channel, set())
        length = (shift.end - shift.start) // timedelta(minutes=1)
        minutes |= {shift.start + timedelta(minutes=each) for each in range(length)}
    assert made.open_minutes.pool == sum(len(each) for each in unions.values())
    assert made.open_minutes.alone.keys() == {project.id for project in scenario.projects}


@examples(60)
@given(scenarios(shifts=2, people=3))
def test_a_tiny_plan_is_the_best_of_all_plans(scenario: Scenario) -> None:
    made = made_from(scenario)
    check_figures(scenario, made)
    for stage, value in zip(made.stages, best(scenario), strict=True):
        assert stage.value == pytest.approx(float(value), rel=CLOSE, abs=CLOSE)
        assert stage.bound == pytest.approx(float(value), rel=CLOSE, abs=CLOSE)
        assert stage.optimal


@examples(40)
@given(scenarios(shifts=7, people=6))
def test_a_plan_keeps_every_rule_and_beats_first_come(scenario: Scenario) -> None:
    made = made_from(scenario)
    check_figures(scenario, made)
    board = Board.of(scenario)
    first_come = greedy(board, fits(board), range(len(board.people)))
    assert made.stages[0].value >= float(open_value(board, first_come)) - CLOSE
    assert made.stages[0].bound >= made.stages[0].value
    assert made.stages[1].bound <= made.stages[1].value
    assert made.stages[2].bound >= made.stages[2].value


@examples(150)
@given(scenarios(shifts=8, people=6))
def test_without_time_to_search_the_plan_is_whole_all_the_same(scenario: Scenario) -> None:
    board = Board.of(scenario)
    able = fits(board)
    for who, person in enumerate(board.people):
        for index, session in enumerate(board.sessions):
            for kind in {kind for kind, _ in session.seats}:
                allowed = not list(obstacles(person, session, kind))
                assert (kind in able[who].get(index, {})) == allowed
                if allowed:
                    assert able[who][index][kind] == preference(person, session, kind)
    places = greedy(board, able, range(len(board.people)))
    assert len(places) == len(set(places))
    assert open_value(board, places) >= Fraction(0)


@examples(8)
@given(scenarios(shifts=6, people=6))
def test_the_same_seed_gives_the_same_plan(scenario: Scenario) -> None:
    assert made_from(scenario, reproducible=True) == made_from(scenario, reproducible=True)
