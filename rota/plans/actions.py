"""A coordinator orders a plan, reads it, publishes it: many proposals, not one transaction."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.audit.actions import record
from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.queries import pool_planned_by
from rota.claims.errors import ClaimRefused, SeatTaken
from rota.plans.errors import NothingToRepair, PlanNotReady, PlanNotRunning
from rota.plans.models import PoolPlan
from rota.plans.queries import broken_shifts, latest_plan, scenario_for
from rota.plans.rules import days_of, proposals
from rota.sign_up.proposals import propose

DRAFT_KEPT, PUBLISHED_KEPT = timedelta(days=90), timedelta(days=365)


async def order_plan(
    session: AsyncSession, asker: Asker, pool_id: UUID, first: date, until: date, now: datetime
) -> PoolPlan:
    """Ask the worker process for a plan of the days `first` to `until` (excluded)."""
    pool = await pool_planned_by(session, asker, pool_id)
    scenario = await scenario_for(session, pool, first, until, now)
    return await _ordered(session, asker, pool_id, scenario, now, {"purpose": "plan"})


async def order_repair(
    session: AsyncSession, asker: Asker, pool_id: UUID, now: datetime
) -> PoolPlan:
    """Ask for what the published plan lacks by now; seats that are held or proposed all stay."""
    pool = await pool_planned_by(session, asker, pool_id)
    published = await latest_plan(session, pool_id)
    if published is None:
        raise NothingToRepair
    first, last = days_of(published.scenario)
    scenario = await scenario_for(session, pool, first, last + timedelta(days=1), now)
    broken = sorted(await broken_shifts(session, pool_id, scenario))
    if not broken:
        raise NothingToRepair
    told = {"purpose": "repair", "broken": broken}
    return await _ordered(session, asker, pool_id, scenario, now, told)


async def _ordered(
    session: AsyncSession,
    asker: Asker,
    pool_id: UUID,
    scenario: dict[str, Any],
    now: datetime,
    told: dict[str, Any],
) -> PoolPlan:
    plan = PoolPlan(
        id=new_id(),
        pool_id=pool_id,
        state="ordered",
        purpose=told["purpose"],
        scenario=scenario,
        plan=None,
        made_at=now,
    )
    session.add(plan)
    await session.flush()
    work = {"plan": str(plan.id), **{key: told[key] for key in told if key != "purpose"}}
    await put(session, "plan", work, now=now, key=str(plan.id))
    await record(
        session,
        actor=asker.person_id,
        verb=f"order-{plan.purpose}",
        subject="plan",
        subject_id=plan.id,
        now=now,
    )
    return plan


async def keep_plan(session: AsyncSession, plan_id: UUID, answer: dict[str, Any]) -> None:
    """Keep what the planner answered, as a draft that its coordinator reads first."""
    plan = await session.get_one(PoolPlan, plan_id, with_for_update=True)
    if plan.state == "ordered":
        plan.plan, plan.state = answer, "draft"


async def stop_plan(
    session: AsyncSession, asker: Asker, plan_id: UUID, now: datetime, *, keep: bool
) -> PoolPlan:
    """End a plan that is being made: with the best one so far as a draft, or with none.

    The worker process ends the planner; until then the plan stays ordered.
    """
    plan = await _planned_by(session, asker, plan_id)
    if plan.state != "ordered":
        raise PlanNotRunning
    plan.stop = "keep" if keep else "drop"
    await record(
        session,
        actor=asker.person_id,
        verb="stop-plan",
        subject="plan",
        subject_id=plan.id,
        now=now,
        facts={"keep": keep},
    )
    return plan


async def note_progress(
    session: AsyncSession, plan_id: UUID, progress: dict[str, Any] | None
) -> str | None:
    """Keep how far the planner is, where that is known, and tell whether somebody stops it."""
    plan = await session.get_one(
        PoolPlan, plan_id, with_for_update=progress is not None, populate_existing=True
    )
    if progress is not None and plan.state == "ordered":
        plan.progress = progress
    return plan.stop


async def refuse_plan(session: AsyncSession, plan_id: UUID, said: str) -> None:
    """Keep why the planner made no plan, for its coordinator to read; it is not tried again."""
    plan = await session.get_one(PoolPlan, plan_id, with_for_update=True)
    if plan.state == "ordered":
        plan.state, plan.trouble = "refused", said


async def publish_plan(
    session: AsyncSession, asker: Asker, plan_id: UUID, now: datetime
) -> PoolPlan:
    """Propose each assignment to its worker's home; seats taken meanwhile stay as they are."""
    plan = await _planned_by(session, asker, plan_id)
    if plan.plan is None:
        raise PlanNotReady
    if plan.state == "published":
        return plan
    for entry in proposals(plan.scenario, plan.plan):
        proposal = {"claim": str(new_id()), "origin": "plan", **entry}
        await put(session, "propose", proposal, now=now, key=f"{plan.id} {entry['seat']}")
    plan.state, plan.published_at = "published", now
    await record(
        session,
        actor=asker.person_id,
        verb="publish-plan",
        subject="plan",
        subject_id=plan.id,
        now=now,
    )
    return plan


async def _planned_by(session: AsyncSession, asker: Asker, plan_id: UUID) -> PoolPlan:
    plan = await session.scalar(select(PoolPlan).where(PoolPlan.id == plan_id).with_for_update())
    if plan is None:
        raise NotFound
    await pool_planned_by(session, asker, plan.pool_id)
    return plan


async def propose_from_plan(session: AsyncSession, proposal: dict[str, Any], now: datetime) -> bool:
    """Make one proposal of a published plan; False if its seat or worker is no longer free."""
    try:
        await propose(
            session,
            UUID(proposal["claim"]),
            UUID(proposal["seat"]),
            UUID(proposal["worker"]),
            now,
            origin=proposal["origin"],
        )
    except (SeatTaken, ClaimRefused):
        return False
    return True


async def sweep_plans(session: AsyncSession, now: datetime) -> None:
    """Forget plans that nobody published after three months, published ones after a year."""
    never = PoolPlan.published_at.is_(None) & (PoolPlan.made_at <= now - DRAFT_KEPT)
    await session.execute(
        delete(PoolPlan).where(never | (PoolPlan.published_at <= now - PUBLISHED_KEPT))
    )
