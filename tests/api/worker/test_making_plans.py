"""The planner runs in a process of its own; who waits sees how far it is, and may end it."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.parts import current_time
from api.worker.planning import answer_question, make_plan, run_planner
from database.session import door
from rota.planner.rules.check import violations
from rota.plans.actions import order_plan, stop_plan
from rota.plans.models import PoolPlan
from rota.what_ifs.actions import ask_what_if
from rota.what_ifs.models import WhatIf
from rota.what_ifs.rules import AddSession
from tests.api.conftest import Node
from tests.api.evening import Evening, an_evening
from tests.rota.planner.planner_examples import Json, a_scenario, a_shift, a_worker, read

LONG = 60.0
"""More seconds than any test may wait: whoever stops the planner ends it sooner."""


def contested() -> Json:
    """So many people and shifts alike that proving the best plan takes longer than a test."""
    first = datetime(2027, 1, 4, 9, tzinfo=UTC)
    starts = [first + timedelta(hours=7 * at) for at in range(80)]
    return a_scenario(
        [
            a_worker(
                f"w{at}", hours_per_week=9, shifts_per_week=4, rest_hours=11, project=f"p{at % 2}"
            )
            for at in range(14)
        ],
        [
            a_shift(
                f"s{at}",
                start.isoformat(),
                (start + timedelta(hours=2 + at % 3)).isoformat(),
                "lead second",
                demand=1 + at % 7,
            )
            for at, start in enumerate(starts)
        ],
        projects=[{"id": name, "hours_offered_per_week": 7} for name in ("p0", "p1")],
    )


class Watching:
    """Notes what it is told, and stops the planner at a stage."""

    def __init__(self, stop: str | None, stage: str) -> None:
        self.stop = stop
        self.stage = stage
        self.told: list[str] = []

    async def __call__(self, progress: Json | None) -> str | None:
        if progress is not None:
            self.told.append(progress["stage"])
        return self.stop if self.stage in self.told else None


def planners_running() -> list[str]:
    """List the planners that this process has started."""
    mine = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    commands = ((pid, Path(f"/proc/{pid}/cmdline").read_bytes()) for pid in mine)
    return [pid for pid, command in commands if b"--drafts" in command]


@pytest.mark.parametrize("keep", ["keep", "drop"])
async def test_stopping_ends_the_process_and_keeps_the_best_so_far_or_nothing(keep: str) -> None:
    watch = Watching(keep, "open")
    answer = await run_planner(contested(), LONG, watch)
    assert watch.told[0] == "open"
    assert planners_running() == []
    if keep == "drop":
        assert answer is None
        return
    assert answer is not None
    holds = {each["seat"]: each["worker"] for each in answer["assignments"]}
    assert list(violations(read(contested()), holds)) == []
    assert answer["open_minutes"]["pool"] > 0


async def test_a_worker_that_is_ended_takes_its_planner_with_it() -> None:
    begun = asyncio.Event()

    async def watch(progress: Json | None) -> str | None:
        if progress is not None:
            begun.set()
        return None

    planning = asyncio.create_task(run_planner(contested(), LONG, watch))
    await begun.wait()
    assert len(planners_running()) == 1
    planning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await planning
    assert planners_running() == []


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


def days(evening: Evening) -> tuple[Any, Any]:
    first = evening.shift.starts.date() - timedelta(days=1)
    return first, first + timedelta(days=4)


async def test_a_plan_that_somebody_stopped_before_it_began_is_not_made(evening: Evening) -> None:
    engine, asker = evening.node.engine, evening.coordinator.asker
    async with door(engine) as session:
        plan = await order_plan(session, asker, evening.pool.id, *days(evening), current_time())
        await stop_plan(session, asker, plan.id, current_time(), keep=False)
    await make_plan(engine, {"plan": str(plan.id)}, LONG)
    async with door(engine) as session:
        made = await session.get_one(PoolPlan, plan.id)
    assert (made.state, made.plan) == ("refused", None)
    assert made.trouble == "It was stopped before it was ready, and nothing of it was kept."


async def test_a_question_is_answered_with_both_figures(evening: Evening) -> None:
    engine, asker = evening.node.engine, evening.coordinator.asker
    change = AddSession(str(evening.shift.id), evening.shift.starts + timedelta(days=1))
    async with door(engine) as session:
        asked = await ask_what_if(
            session, asker, evening.pool.id, *days(evening), change, current_time()
        )
    await answer_question(engine, {"what_if": str(asked.id)}, 2)
    await answer_question(engine, {"what_if": str(asked.id)}, 2)
    async with door(engine) as session:
        found = await session.get_one(WhatIf, asked.id)
    assert (found.state, found.trouble) == ("answered", None)
    assert found.answer is not None
    assert found.answer["open_minutes_before"] == found.answer["open_minutes_after"] == 0
