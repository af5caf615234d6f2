"""Plans and what-ifs: each made by a process of its own, watched, ended when somebody says so."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from database.session import door
from rota.planner.command import run_repair
from rota.plans.actions import keep_plan, note_progress, refuse_plan
from rota.plans.models import PoolPlan
from rota.what_ifs.actions import answer_what_if, refuse_what_if
from rota.what_ifs.models import WhatIf
from rota.what_ifs.rules import Change, changed, figures

LONGEST_PLAN_SECONDS = 120
LOOK_EVERY = 1.0
"""So many seconds pass at most before somebody who stops a plan is obeyed."""

REFUSED = 2
"""The planner's exit code for a scenario that cannot be planned as it is."""

STOPPED = "It was stopped before it was ready, and nothing of it was kept."

Json = dict[str, Any]
Watch = Callable[[Json | None], Awaitable[str | None]]


class ScenarioRefusedError(Exception):
    """Something in the pool's rota contradicts itself; the planner's lines say what."""


class PlannerFailedError(Exception):
    """The planner ended without a plan; the order stays and is tried again."""


async def make_plan(engine: AsyncEngine, payload: Json, seconds: float) -> None:
    """Make what was ordered: a plan by the command that anybody can run, or a repair at once."""
    plan_id = UUID(payload["plan"])
    async with door(engine) as session:
        plan = await session.get_one(PoolPlan, plan_id)
    if plan.state != "ordered":
        return

    async def watch(progress: Json | None) -> str | None:
        async with door(engine) as session:
            return await note_progress(session, plan_id, progress)

    try:
        if "broken" in payload:
            answer: Json | None = await _repaired(plan.scenario, payload["broken"])
        else:
            answer = await run_planner(plan.scenario, seconds, watch)
    except ScenarioRefusedError as refused:
        async with door(engine) as session:
            await refuse_plan(session, plan_id, str(refused))
        return
    async with door(engine) as session:
        if answer is None:
            await refuse_plan(session, plan_id, STOPPED)
        else:
            await keep_plan(session, plan_id, answer)


async def _repaired(scenario: Json, broken: list[str]) -> Json:
    made = await asyncio.to_thread(run_repair, msgspec.json.encode(scenario), broken)
    answer: Json = msgspec.json.decode(msgspec.json.encode(made))
    return answer


async def answer_question(engine: AsyncEngine, payload: Json, seconds: float) -> None:
    """Plan the days as they are and with the change, and keep both figures."""
    asked_id = UUID(payload["what_if"])
    async with door(engine) as session:
        asked = await session.get_one(WhatIf, asked_id)
    if asked.state != "ordered":
        return
    change = msgspec.convert(asked.change, Change)
    try:
        before = await run_planner(asked.scenario, seconds / 2, _nobody)
        after = await run_planner(changed(asked.scenario, change), seconds / 2, _nobody)
    except ScenarioRefusedError as refused:
        async with door(engine) as session:
            await refuse_what_if(session, asked_id, str(refused))
        return
    async with door(engine) as session:
        await answer_what_if(session, asked_id, figures(before or {}, after or {}))


async def _nobody(_progress: Json | None) -> str | None:
    return None


async def run_planner(scenario: Json, seconds: float, watch: Watch) -> Json | None:
    """Run the planner to its end, or until `watch` says stop; None where nothing is to be kept."""
    with tempfile.TemporaryDirectory(prefix="netreach-plan-") as name:
        folder = Path(name)
        asked, answered, drafts = (folder / each for each in ("scenario", "plan", "drafts"))
        asked.write_bytes(msgspec.json.encode(scenario))
        planner = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "api.server.main", "plan", str(asked), "--out", str(answered)),
            *("--seconds", str(seconds), "--drafts", str(drafts)),
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            said, stopped = await _watched(planner, drafts, watch)
        except TimeoutError as error:
            raise PlannerFailedError("The planner took too long.") from error
        finally:
            await _end(planner)
        if stopped == "drop":
            return None
        if stopped == "keep":
            draft = _draft(drafts)
            return None if draft is None else draft["plan"]
        if planner.returncode == REFUSED:
            raise ScenarioRefusedError(said.strip()[:1000])
        if planner.returncode != 0:
            raise PlannerFailedError(said.strip()[:200])
        return msgspec.json.decode(answered.read_bytes(), type=dict[str, Any])


async def _watched(
    planner: asyncio.subprocess.Process, drafts: Path, watch: Watch
) -> tuple[str, str | None]:
    """Wait for the planner's end; tell each stage that begins, and hear who stops it."""
    ending = asyncio.create_task(planner.communicate())
    stage = None
    try:
        async with asyncio.timeout(LONGEST_PLAN_SECONDS):
            while not ending.done():
                draft = _draft(drafts)
                news = draft if draft and draft["stage"] != stage else None
                stage = draft["stage"] if draft else None
                stopped = await watch(_progress(news) if news else None)
                if stopped is not None and (draft or stopped == "drop"):
                    return "", stopped
                await asyncio.wait({ending}, timeout=LOOK_EVERY)
            _, said = await ending
            return said.decode(errors="replace"), None
    finally:
        ending.cancel()


def _draft(drafts: Path) -> Json | None:
    """Read the best plan so far; whoever stops before there is one waits for the first."""
    if not drafts.exists():
        return None
    return msgspec.json.decode(drafts.read_bytes(), type=dict[str, Any])


def _progress(draft: Json) -> Json:
    plan = draft["plan"]
    return {
        "stage": draft["stage"],
        "open_minutes": plan["open_minutes"]["pool"],
        "seconds": plan["seconds"],
    }


async def _end(planner: asyncio.subprocess.Process) -> None:
    """Let no planner outlive the worker that wanted its answer."""
    if planner.returncode is None:
        planner.kill()
        await planner.wait()
