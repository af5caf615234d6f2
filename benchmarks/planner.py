"""Pools planned: how near to the bound, beside each project alone and first come, first served."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any

import msgspec

from benchmarks.figures import Figure, Pair, Scale, Side
from rota.planner.command import run as plan
from rota.planner.command import run_repair
from rota.planner.rules.plan import Draft, Plan

BEGINS = datetime(2027, 1, 4, tzinfo=UTC)
HOURS = (10, 13, 16, 18, 20, 22)
REPAIR_SECONDS = 2
Json = dict[str, Any]


async def run(_server_url: str, scale: Scale, _now: datetime) -> list[Figure]:
    """Plan four weeks of a pool, everything within half a minute."""
    drawn = a_pool(scale.workers, scale.shifts, weeks=4, projects=4)
    return await _planned("planner", drawn, scale.plan_seconds, opened_in=10)


async def run_large(_server_url: str, scale: Scale, _now: datetime) -> list[Figure]:
    """Plan twelve weeks of a pool five times as large."""
    drawn = a_pool(scale.workers * 5, scale.shifts * 10, weeks=12, projects=10)
    return await _planned("planner-large", drawn, scale.plan_seconds * 4, opened_in=120)


async def _planned(name: str, drawn: Json, seconds: float, *, opened_in: float) -> list[Figure]:
    drafts: list[tuple[float, Draft]] = []
    begun = perf_counter()
    made = await asyncio.to_thread(
        plan,
        msgspec.json.encode(drawn),
        seconds=seconds,
        seed=1,
        reproducible=False,
        keep=lambda draft: drafts.append((perf_counter() - begun, draft)),
    )
    took = perf_counter() - begun
    when = {draft.stage: at for at, draft in drafts}
    return [
        *_hours(name, drawn, made, drafts[0][1].plan),
        _ratio(name, "demand met", "the proven bound", "weighted min", *_stage(made, 0), aim=0.995),
        _ratio(
            name,
            "demand met",
            "first come, first served",
            "weighted min",
            _stage(made, 0)[0],
            max(_stage(drafts[0][1].plan, 0)[0], 1.0),
        ),
        _limit(name, "seconds to first come, first served", when["open"], 10),
        _limit(name, "seconds until the stage open is done", when["alone"], opened_in),
        _limit(name, "seconds for everything", took, seconds + 10),
        await _repaired(name, drawn, made),
    ]


def _hours(name: str, drawn: Json, made: Plan, first: Plan) -> list[Figure]:
    """Set the pool's open hours beside every project alone and beside signing up in turn."""
    size = f"{len(drawn['workers'])} workers, {len(drawn['shifts'])} shifts"
    pool = made.open_minutes.pool / 60
    others = {f"{each} alone": minutes for each, minutes in made.open_minutes.alone.items()}
    others["first come, first served"] = first.open_minutes.pool
    return [
        _ratio(name, f"open hours, {size}", against, "hours", pool, max(minutes, 1) / 60)
        for against, minutes in others.items()
    ]


def _stage(made: Plan, at: int) -> tuple[float, float]:
    return float(made.stages[at].value), max(float(made.stages[at].bound), 1.0)


async def _repaired(name: str, drawn: Json, made: Plan) -> Figure:
    """Let the first person of the plan drop out of everything, and fill what that leaves."""
    gone = made.assignments[0].worker
    kept = [each for each in made.assignments if each.worker != gone]
    lost = {each.seat for each in made.assignments if each.worker == gone}
    broken = [each["id"] for each in drawn["shifts"] if any(s["id"] in lost for s in each["seats"])]
    left = {
        **drawn,
        "workers": [each for each in drawn["workers"] if each["id"] != gone],
        "fixed": [{"seat": each.seat, "worker": each.worker} for each in kept],
    }
    written = msgspec.json.encode(left)
    begun = perf_counter()
    again = await asyncio.to_thread(run_repair, written, broken)
    took = perf_counter() - begun
    if not {(each.seat, each.worker) for each in kept} <= {
        (each.seat, each.worker) for each in again.assignments
    }:
        raise AssertionError("A repair has moved somebody.")
    return _limit(name, "seconds to repair after a drop-out", took, REPAIR_SECONDS)


def _ratio(
    benchmark: str,
    name: str,
    against: str,
    unit: str,
    ours: float,
    other: float,
    aim: float | None = None,
) -> Figure:
    pairs = [Pair(Side(ours), Side(other))]
    return Figure(benchmark=benchmark, name=name, against=against, unit=unit, pairs=pairs, aim=aim)


def _limit(benchmark: str, name: str, took: float, allowed: float) -> Figure:
    """Say what was allowed as a multiple of what it took, so that more is better here as well."""
    return _ratio(benchmark, name, "seconds allowed", "allowed/took", allowed, took, aim=1)


def a_pool(workers: int, shifts: int, *, weeks: int, projects: int) -> Json:
    """Draw people with one or two evenings a week, too few for all sessions that are drawn."""
    chance = Random(1)  # noqa: S311 -- a draw that repeats, of nothing secret
    ends = BEGINS + timedelta(weeks=weeks)
    return {
        "zone": "Europe/London",
        "from": BEGINS.date().isoformat(),
        "until": ends.date().isoformat(),
        "projects": [
            {"id": f"p{number}", "hours_offered_per_week": 12} for number in range(projects)
        ],
        "workers": [_worker(number, chance, weeks, projects) for number in range(workers)],
        "shifts": [_shift(number, chance, weeks * 7) for number in range(shifts)],
        "supervisor_sessions_at_once": 2,
    }


def _worker(number: int, chance: Random, weeks: int, projects: int) -> Json:
    weekly = chance.sample(range(7), k=chance.choice((1, 2)))
    begins, length = chance.choice((9, 12, 16, 17)), chance.choice((4, 5, 6, 9))
    first = [BEGINS + timedelta(days=day, hours=begins) for day in weekly]
    return {
        "id": f"w{number}",
        "project": f"p{number % projects}",
        "roles": ["worker", "supervisor"] if number % 3 == 0 else ["worker"],
        "languages": ["en", "ro"] if number % 6 == 0 else ["en"],
        "trainings": [{"name": "core", "expires": "2027-12-31"}],
        "available": [
            {
                "start": (day + timedelta(weeks=week)).isoformat(),
                "end": (day + timedelta(weeks=week, hours=length)).isoformat(),
                "preference": chance.choice((0, 1, 1, 2)),
            }
            for day in first
            for week in range(weeks)
        ],
        "busy": [],
        "hours_per_week": chance.choice((3, 4, 6, 8)),
        "shifts_per_week": chance.choice((1, 2, 3)),
        "rest_hours": 11,
    }


def _shift(number: int, chance: Random, days: int) -> Json:
    hour = HOURS[number // days % len(HOURS)]
    start = BEGINS + timedelta(days=number % days, hours=hour)
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
