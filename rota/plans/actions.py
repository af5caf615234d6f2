"""A coordinator orders a plan, reads it, publishes it: many proposals, not one transaction."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.audit.actions import record
from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.queries import pool_planned_by
from rota.claims.errors import ClaimRefused, SeatTaken
from rota.plans.errors import PlanNotReady
from rota.plans.models import PoolPlan
from rota.plans.queries import scenario_for
from rota.sign_up.proposals import propose


async def order_plan(
    session: AsyncSession, asker: Asker, pool_id: UUID, first: date, until: date, now: datetime
) -> PoolPlan:
    """Ask the worker process for a plan of the days `first` to `until` (excluded)."""
    pool = await pool_planned_by(session, asker, pool_id)
    plan = PoolPlan(
        id=new_id(),
        pool_id=pool_id,
        state="ordered",
        scenario=await scenario_for(session, pool, first, until, now),
        plan=None,
        made_at=now,
    )
    session.add(plan)
    await session.flush()
    await put(session, "plan", {"plan": str(plan.id)}, now=now, key=str(plan.id))
    await record(
        session,
        actor=asker.person_id,
        verb="order-plan",
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


async def refuse_plan(session: AsyncSession, plan_id: UUID, said: str) -> None:
    """Keep why the planner made no plan, for its coordinator to read; it is not tried again."""
    plan = await session.get_one(PoolPlan, plan_id, with_for_update=True)
    if plan.state == "ordered":
        plan.state, plan.trouble = "refused", said


async def publish_plan(
    session: AsyncSession, asker: Asker, plan_id: UUID, now: datetime
) -> PoolPlan:
    """Propose each assignment to its worker's home; seats taken meanwhile stay as they are."""
    plan = await session.scalar(select(PoolPlan).where(PoolPlan.id == plan_id).with_for_update())
    if plan is None:
        raise NotFound
    await pool_planned_by(session, asker, plan.pool_id)
    if plan.plan is None:
        raise PlanNotReady
    if plan.state == "published":
        return plan
    fixed = {(entry["seat"], entry["worker"]) for entry in plan.scenario["fixed"]}
    for entry in plan.plan["assignments"]:
        if (entry["seat"], entry["worker"]) not in fixed:
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
