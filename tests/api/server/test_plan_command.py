"""The command as programs call it: exit codes, one line each, and no more than it needs."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.rota.planner.planner_examples import Json, a_scenario, a_shift, a_worker

CALL = "from api.server.main import main; main()"
LOADED = (
    "import sys; from api.server.main import main; main(standalone_mode=False); "
    "print([each for each in ('sqlalchemy', 'litestar', 'asyncpg', 'ortools') "
    "if each in sys.modules])"
)


def good(**changes: Any) -> Json:
    shift = a_shift("s1", "2027-01-11T18:00:00Z", "2027-01-11T20:00:00Z")
    return a_scenario([a_worker("w1")], [shift], **changes)


def call(*arguments: object, code: str = CALL) -> subprocess.CompletedProcess[str]:
    given = [str(each) for each in arguments]
    return subprocess.run(
        [sys.executable, "-c", code, "plan", *given],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(good()), encoding="utf-8")
    return path


def test_a_plan_is_printed(scenario: Path) -> None:
    said = call(scenario, "--seconds", 5, "--seed", 7)
    assert (said.returncode, said.stderr) == (0, "")
    plan = json.loads(said.stdout)
    seconds = plan.pop("seconds")
    assert 0 < seconds < 15
    assert plan == {
        "assignments": [{"seat": "s1-lead", "worker": "w1"}],
        "stages": [
            {"name": "open", "value": 120, "bound": 120, "optimal": True},
            {"name": "fairness", "value": 0, "bound": 0, "optimal": True},
            {"name": "wishes", "value": 1, "bound": 1, "optimal": True},
        ],
        "open_minutes": {"pool": 120, "alone": {"p1": 120}},
        "open_minutes_by_channel": {
            "pool": {"chat": 120},
            "alone": {"p1": {"chat": 120}},
        },
        "unfilled": [],
        "suggestions": plan["suggestions"],
        "hours_given": {"p1": 2},
        "seed": 7,
    }
    assert plan["suggestions"][0].keys() == {"channel", "start", "end", "open_minutes", "text"}


def test_a_plan_is_written_where_it_is_asked_for(scenario: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    said = call(scenario, "--out", out, "--reproducible", "--seconds", 5)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")
    first = out.read_bytes()
    assert json.loads(first)["assignments"] == [{"seat": "s1-lead", "worker": "w1"}]
    assert call(scenario, "--out", out, "--reproducible", "--seconds", 5).returncode == 0
    assert out.read_bytes() == first
    assert sorted(tmp_path.iterdir()) == [out, scenario]


def test_a_refusal_is_one_line_for_each_fault_and_writes_nothing(tmp_path: Path) -> None:
    path, out = tmp_path / "scenario.json", tmp_path / "plan.json"
    raw = good(zone="Mars/Olympus")
    raw["shifts"][0]["end"] = raw["shifts"][0]["start"]
    path.write_text(json.dumps(raw), encoding="utf-8")
    said = call(path, "--out", out)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.splitlines() == [
        "scenario.zone: The zone Mars/Olympus is not known.",
        "shifts[0].end: Shift s1 ends no later than it starts.",
    ]
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Error: Missing argument 'SCENARIO'."),
        (["nowhere.json"], "Error: nowhere.json cannot be read: no such file or directory."),
        (["SCENARIO", "--out", "/no/such/plan.json"], "Error: /no/such/plan.json cannot be"),
        (["SCENARIO", "--seconds", "soon"], "Error: Invalid value for '--seconds'"),
        (["SCENARIO", "--seconds", "nan"], "Error: The seconds must be a number."),
        (["SCENARIO", "--seed", "-1"], "Error: Invalid value for '--seed'"),
        (["SCENARIO", "--speed", "1"], "Error: No such option"),
    ],
)
def test_any_other_failure_is_one_sentence(
    arguments: list[str], sentence: str, scenario: Path
) -> None:
    said = call(*[str(scenario) if each == "SCENARIO" else each for each in arguments])
    assert (said.returncode, said.stdout) == (1, "")
    (line,) = said.stderr.splitlines()
    assert line.startswith(sentence)


def test_planning_needs_no_database_and_no_web(tmp_path: Path) -> None:
    """Two shifts at once and one person: the solver is needed."""
    shifts = [a_shift(f"s{at}", "2027-01-05T18:00:00Z", "2027-01-05T20:00:00Z") for at in (1, 2)]
    scenario = tmp_path / "scenario.json"
    scenario.write_text(json.dumps(a_scenario([a_worker("w1")], shifts)))
    said = call(scenario, "--out", tmp_path / "plan.json", "--seconds", 5, code=LOADED)
    assert (said.stdout, said.stderr) == ("['ortools']\n", "")


def test_help_needs_not_even_the_solver() -> None:
    said = call("--help", code=LOADED)
    assert "Plan who sits where" in said.stdout
    assert said.stdout.endswith("[]\n")


def test_little_time_is_kept_to(scenario: Path) -> None:
    began = time.monotonic()
    assert call(scenario, "--seconds", 0).returncode == 0
    assert time.monotonic() - began < 10


def test_plans_on_the_way_are_whole_plans_for_whoever_stops_early(
    scenario: Path, tmp_path: Path
) -> None:
    drafts = tmp_path / "drafts.json"
    assert call(scenario, "--drafts", drafts, "--seconds", 5).returncode == 0
    draft = json.loads(drafts.read_bytes())
    assert draft["stage"] == "wishes"
    assert [stage["name"] for stage in draft["plan"]["stages"]] == ["open", "fairness", "wishes"]
    assert draft["plan"]["assignments"]
    assert draft["plan"]["suggestions"] == []
