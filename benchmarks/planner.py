"""Pools planned: how near to the bound, beside each project alone and first come, first served."""

import asyncio
from datetime import datetime
from time import perf_counter

import msgspec

from benchmarks.drawn_pools import Json, a_pool, all_different
from benchmarks.figures import Figure, Pair, Scale, Side
from rota.planner.command import run as plan
from rota.planner.command import run_repair
from rota.planner.rules.plan import Draft, Plan

REPAIR_SECONDS = 2


async def run(_server_url: str, scale: Scale, _now: datetime) -> list[Figure]:
    """Plan four weeks of a pool, everything within half a minute."""
    drawn = a_pool(scale.workers, scale.shifts, weeks=4, projects=4)
    return await _planned("planner", drawn, scale.plan_seconds, opened_in=10)


async def run_large(_server_url: str, scale: Scale, _now: datetime) -> list[Figure]:
    """Plan twelve weeks of a pool five times as large."""
    drawn = a_pool(scale.workers * 5, scale.shifts * 10, weeks=12, projects=10)
    return await _planned("planner-large", drawn, scale.plan_seconds * 4, opened_in=120)


async def run_hard(_server_url: str, scale: Scale, _now: datetime) -> list[Figure]:
    """Plan twelve weeks of a pool in which no two sessions and no two people are alike."""
    drawn = all_different(scale.workers * 5, scale.shifts * 10, weeks=12, projects=10)
    return await _planned("planner-hard", drawn, scale.plan_seconds * 4, opened_in=120)


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
