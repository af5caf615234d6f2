"""A month of a pool, planned: is it proven to be best, and how much more is it than alone."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any

import msgspec

from benchmarks.figures import Figure, Pair, Scale, Side
from rota.planner.command import run as plan
from rota.planner.rules.plan import Plan

BEGINS = datetime(2027, 1, 4, tzinfo=UTC)
DAYS = 28
PROJECTS = 4
HOURS = (10, 13, 16, 18, 20, 22)
ALLOWANCES = (1, 2, 4, 8, 16)
Json = dict[str, Any]


async def run(_server_url: str, scale: Scale, _now: datetime) -> list[Figure]:
    """Allow the planner twice as much each time, until it proves its first stage."""
    scenario = msgspec.json.encode(a_month(scale.workers, scale.shifts))
    made, allowed, took = await asyncio.to_thread(until_proven, scenario)
    opened = made.stages[0]
    alone = max(made.open_minutes.alone.values())
    size = f"{scale.workers} workers, {scale.shifts} shifts"
    return [
        Figure(
            benchmark="planner",
            name=f"open hours of the pool, {size}",
            against="its best project alone",
            unit="hours",
            pairs=[Pair(Side(made.open_minutes.pool / 60), Side(max(alone, 1) / 60))],
        ),
        Figure(
            benchmark="planner",
            name=f"demand met, {took:.1f} s of {allowed} allowed",
            against="the proven bound",
            unit="weighted min",
            pairs=[Pair(Side(float(opened.value)), Side(float(opened.bound)))],
            aim=1,
        ),
    ]


def until_proven(scenario: bytes) -> tuple[Plan, int, float]:
    """Plan until the bound is reached or the last allowance is used; give also the time it took."""
    for allowed in ALLOWANCES:
        begun = perf_counter()
        made = plan(scenario, seconds=allowed, seed=1, reproducible=False)
        took = perf_counter() - begun
        if made.stages[0].optimal or allowed == ALLOWANCES[-1]:
            return made, allowed, took
    raise AssertionError


def a_month(workers: int, shifts: int) -> Json:
    """Draw people with two or three evenings a week, and sessions spread over four weeks."""
    chance = Random(1)  # noqa: S311 -- a draw that repeats, of nothing secret
    ends = BEGINS + timedelta(days=DAYS)
    return {
        "zone": "Europe/London",
        "from": BEGINS.date().isoformat(),
        "until": ends.date().isoformat(),
        "projects": [
            {"id": f"p{number}", "hours_offered_per_week": 12} for number in range(PROJECTS)
        ],
        "workers": [_worker(number, chance) for number in range(workers)],
        "shifts": [_shift(number, chance) for number in range(shifts)],
        "supervisor_sessions_at_once": 2,
    }


def _worker(number: int, chance: Random) -> Json:
    weekly = chance.sample(range(7), k=chance.choice((2, 3)))
    begins = chance.choice((9, 12, 16, 17))
    first = [BEGINS + timedelta(days=day, hours=begins) for day in weekly]
    return {
        "id": f"w{number}",
        "project": f"p{number % PROJECTS}",
        "roles": ["worker", "supervisor"] if number % 5 == 0 else ["worker"],
        "languages": ["en", "ro"] if number % 6 == 0 else ["en"],
        "trainings": [{"name": "core", "expires": "2027-12-31"}],
        "available": [
            {
                "start": (day + timedelta(weeks=week)).isoformat(),
                "end": (day + timedelta(weeks=week, hours=9)).isoformat(),
                "preference": chance.choice((0, 1, 1, 2)),
            }
            for day in first
            for week in range(4)
        ],
        "busy": [],
        "hours_per_week": 8,
        "shifts_per_week": 3,
        "rest_hours": 11,
    }


def _shift(number: int, chance: Random) -> Json:
    hour = HOURS[number // DAYS % len(HOURS)]
    start = BEGINS + timedelta(days=number % DAYS, hours=hour)
    roles = ("lead", "second", "supervisor")
    return {
        "id": f"s{number}",
        "channel": "live-chat",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=2)).isoformat(),
        "briefing_minutes": 15,
        "debrief_minutes": 15,
        "series": f"{start:%a}-{hour}",
        "languages": ["en"],
        "wanted_languages": ["ro"],
        "trainings": ["core"],
        "demand": chance.choice((1, 1.5, 2, 3)),
        "seats": [{"id": f"s{number}-{role}", "role": role} for role in roles],
        "minimum": {"workers": 2, "supervisors": 1},
    }
