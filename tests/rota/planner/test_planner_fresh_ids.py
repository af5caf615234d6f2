"""Two exports of one scenario have no name in common and plan the same."""

import json
from typing import Any

from rota.planner.rules.decoding import decode
from rota.plans.exports import exported
from tests.rota.planner.planner_examples import a_partner, a_scenario, a_shift, a_worker, planned

SHIFTS = [
    a_shift(f"s{day}", f"2027-01-{day:02}T18:00:00Z", f"2027-01-{day:02}T20:00:00Z", "lead second")
    for day in range(4, 12)
]
RAW = a_scenario(
    [*(a_worker(f"w{at}", hours_per_week=at + 1) for at in range(8)), a_partner("w8", "s4", "s5")],
    SHIFTS,
    fixed=[{"seat": "s4-lead", "worker": "w8"}, {"seat": "s5-lead", "worker": "w4"}],
)


def ids(scenario: dict[str, Any]) -> set[str]:
    return {
        *(each["id"] for part in ("workers", "shifts") for each in scenario[part]),
        *(seat["id"] for shift in scenario["shifts"] for seat in shift["seats"]),
        *(each[name] for each in scenario["fixed"] for name in ("seat", "worker")),
        *(o["shift"] for worker in scenario["workers"] for o in worker.get("can_take", ())),
    }


def test_no_name_of_one_export_is_in_another_or_in_the_database() -> None:
    one, other = exported(RAW), exported(RAW)
    assert len(ids(one)) == len(ids(RAW))
    assert not ids(one) & ids(other)
    assert not (ids(one) | ids(other)) & ids(RAW)
    written = json.dumps(one)
    assert not [name for name in ids(RAW) if f'"{name}"' in written]


def test_people_are_in_another_order_each_time() -> None:
    """Their hours a week tell here who is who."""
    orders = {tuple(w["hours_per_week"] for w in exported(RAW)["workers"]) for _ in range(8)}
    assert len(orders) > 1


def test_an_export_is_planned_as_well_as_what_it_was_made_from() -> None:
    one = exported(RAW)
    assert len(decode(json.dumps(one).encode()).fixed) == 2
    assert planned(one).open_minutes == planned(RAW).open_minutes
    assert planned(one).stages[0] == planned(RAW).stages[0]
