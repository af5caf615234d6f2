"""After a drop-out: what is free is filled, and nobody who sits somewhere is moved."""

import json

from rota.planner.command import run_difference, run_repair
from rota.planner.rules.difference import SeatChange
from tests.rota.planner.planner_examples import Json, a_scenario, a_shift, a_worker, holders

TUE = ("2027-01-05T18:00:00Z", "2027-01-05T20:00:00Z")
WED = ("2027-01-06T18:00:00Z", "2027-01-06T20:00:00Z")
EVENING = {"start": "2027-01-05T17:00:00Z", "end": "2027-01-05T21:00:00Z"}


def written(raw: Json) -> bytes:
    return json.dumps(raw).encode()


def week(*people: Json, fixed: dict[str, str], **changes: object) -> Json:
    shifts = [a_shift("s1", *TUE, "lead second"), a_shift("s2", *WED, "lead")]
    kept = [{"seat": seat, "worker": who} for seat, who in fixed.items()]
    return a_scenario([*people], shifts, fixed=kept, **changes)


def test_a_repair_asks_the_willing_and_moves_nobody() -> None:
    """w4 would come more gladly than w3; w2 holds the other evening and one shift a week."""
    glad = a_worker("w4", available=[{**EVENING, "preference": 2}])
    people = [a_worker("w1"), a_worker("w2", shifts_per_week=1), a_worker("w3"), glad]
    raw = week(*people, fixed={"s1-lead": "w1", "s2-lead": "w2"})
    made = run_repair(written(raw), ["s1"])
    assert holders(made) == {"s1-lead": "w1", "s2-lead": "w2", "s1-second": "w4"}
    assert made.open_minutes.pool == 240
    assert made.unfilled == ()


def test_of_the_equally_willing_the_project_that_has_given_least_is_asked() -> None:
    projects = [{"id": name, "hours_offered_per_week": 10} for name in ("p1", "p2")]
    people = [a_worker("w1"), a_worker("w2"), a_worker("w3", project="p2")]
    raw = week(*people, fixed={"s1-lead": "w1", "s2-lead": "w1"}, projects=projects)
    assert holders(run_repair(written(raw), ["s1"]))["s1-second"] == "w3"


def test_what_no_free_person_can_open_stays_closed_with_its_reasons() -> None:
    """Moving w2 would help, but w2 keeps the other evening."""
    people = [a_worker("w1"), a_worker("w2", shifts_per_week=1)]
    raw = week(*people, fixed={"s1-lead": "w1", "s2-lead": "w2"})
    made = run_repair(written(raw), ["s1"])
    assert holders(made) == {"s1-lead": "w1", "s2-lead": "w2"}
    (left,) = made.unfilled
    assert left.seat == "s1-second"
    assert left.smallest_change == (
        "If w2 could take one more shift in that week, this seat could be filled."
    )


def test_only_the_sessions_that_were_broken_are_filled() -> None:
    people = [a_worker("w1"), a_worker("w2"), a_worker("w3")]
    assert holders(run_repair(written(week(*people, fixed={"s1-lead": "w1"})), ["s1"])) == {
        "s1-lead": "w1",
        "s1-second": "w2",
    }


def test_a_difference_names_who_gains_and_loses_and_what_opens_and_closes() -> None:
    people = [a_worker("w1"), a_worker("w2"), a_worker("w3")]
    before = {"s1-lead": "w1", "s1-second": "w2"}
    after = {"s1-lead": "w1", "s2-lead": "w3"}
    found = run_difference(written(week(*people, fixed={})), before, after)
    assert found.changes == (
        SeatChange("s1", "s1-second", "second", "w2", None),
        SeatChange("s2", "s2-lead", "lead", None, "w3"),
    )
    assert (found.opens, found.closes) == (("s2",), ("s1",))
    assert (found.minutes_before, found.minutes_after) == (120, 120)
    same = run_difference(written(week(*people, fixed={})), before, before)
    assert (same.changes, same.opens, same.closes) == ((), (), ())
