"""Small scenarios, as the files that programs write."""

import json
from typing import Any

from rota.planner.rules.decoding import decode
from rota.planner.rules.plan import Plan, plan
from rota.planner.rules.scenario import Scenario

Json = dict[str, Any]
ALWAYS = [{"start": "2026-12-01T00:00:00Z", "end": "2027-12-31T00:00:00Z"}]
SECONDS = 5


def a_worker(name: str, **changes: Any) -> Json:
    return {
        "id": name,
        "project": "p1",
        "roles": ["worker"],
        "languages": ["en"],
        "trainings": [{"name": "core", "expires": "2027-12-31"}],
        "available": ALWAYS,
        "busy": [],
        "hours_per_week": 40,
        "shifts_per_week": 7,
        "rest_hours": 0,
        **changes,
    }


def a_partner(name: str, *shifts: str, **changes: Any) -> Json:
    own = {"available", "busy", "trainings"}
    worker = {key: value for key, value in a_worker(name).items() if key not in own}
    return {**worker, "can_take": [{"shift": each} for each in shifts], **changes}


def a_shift(name: str, start: str, end: str, roles: str = "lead", **changes: Any) -> Json:
    seats = [{"id": f"{name}-{role}", "role": role} for role in roles.split()]
    return {
        "id": name,
        "channel": "chat",
        "start": start,
        "end": end,
        "briefing_minutes": 0,
        "debrief_minutes": 0,
        "languages": ["en"],
        "trainings": ["core"],
        "demand": 1,
        "seats": seats,
        "minimum": {
            "workers": sum(role in {"lead", "second"} for role in roles.split()),
            "supervisors": roles.split().count("supervisor"),
        },
        **changes,
    }


def a_scenario(workers: list[Json], shifts: list[Json], **changes: Any) -> Json:
    return {
        "zone": "Europe/London",
        "from": "2027-01-04",
        "until": "2027-02-01",
        "projects": [{"id": "p1", "hours_offered_per_week": 10}],
        "workers": workers,
        "shifts": shifts,
        **changes,
    }


def read(raw: Json) -> Scenario:
    return decode(json.dumps(raw).encode())


def planned(raw: Json, **changes: Any) -> Plan:
    return plan(read(raw), **{"seconds": SECONDS, "seed": 1, "reproducible": False, **changes})


def holders(made: Plan) -> dict[str, str]:
    return {each.seat: each.worker for each in made.assignments}
