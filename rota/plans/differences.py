"""What publishing a plan would change, read against who holds what at this moment."""

from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.pools.queries import pool_planned_by
from federation.projects.models import Project
from rota.claims.models import Claim
from rota.planner.command import run_difference
from rota.planner.rules.difference import Difference
from rota.plans.models import PoolPlan
from rota.plans.queries import published_holds
from rota.plans.rules import proposals
from rota.seats.queries import KEEPS_A_SEAT


@dataclass(frozen=True, slots=True)
class Compared:
    """The difference, and who was to have a seat by the published plan but does not any more."""

    difference: Difference
    given_up: dict[str, str]


async def plan_seen_by(session: AsyncSession, asker: Asker, plan_id: UUID) -> PoolPlan:
    """Find a plan of a pool that the asker may plan."""
    plan = await session.get(PoolPlan, plan_id)
    if plan is None:
        raise NotFound
    await pool_planned_by(session, asker, plan.pool_id)
    return plan


async def plan_of(session: AsyncSession, pool: Pool, plan_id: UUID) -> PoolPlan:
    """Find a plan of a pool; the caller has checked the pool."""
    found: PoolPlan | None = await session.scalar(
        select(PoolPlan).where(PoolPlan.id == plan_id, PoolPlan.pool_id == pool.id)
    )
    if found is None:
        raise NotFound
    return found


async def compared(session: AsyncSession, plan: PoolPlan) -> Compared | None:
    """Set a draft beside what is held and proposed now; nothing else has a difference."""
    if plan.plan is None or plan.state != "draft":
        return None
    seats = [seat["id"] for shift in plan.scenario["shifts"] for seat in shift["seats"]]
    now_held = await _held(session, seats)
    known = {worker["id"] for worker in plan.scenario["workers"]}
    before = {seat: who for seat, who in now_held.items() if who in known}
    added = {each["seat"]: each["worker"] for each in proposals(plan.scenario, plan.plan)}
    after = added | now_held
    scenario = msgspec.json.encode(plan.scenario)
    published = await published_holds(session, plan.pool_id)
    return Compared(
        run_difference(scenario, before, after),
        {
            seat: who
            for seat, who in published.items()
            if seat in seats and now_held.get(seat) != who
        },
    )


async def _held(session: AsyncSession, seats: list[str]) -> dict[str, str]:
    rows = await session.execute(
        select(Claim.seat_id, Claim.handle_id).where(
            Claim.seat_id.in_([UUID(seat) for seat in seats]),
            Claim.state.in_(KEEPS_A_SEAT),
            Claim.decided_here,
        )
    )
    return {str(seat): str(handle) for seat, handle in rows}


async def pseudonyms(
    session: AsyncSession, pool_id: UUID, *, for_people: bool = False
) -> dict[str, str]:
    """Name a pool's handles for those who plan it: the word, and the project's short name.

    Those who read it on a page get the name that people call the project by.
    """
    project = Project.name if for_people else Project.slug
    rows = await session.execute(
        select(Handle.id, Handle.display, project)
        .join(Project, Project.id == Handle.project_id)
        .where(Handle.pool_id == pool_id)
    )
    return {str(handle): f"{display} ({name})" for handle, display, name in rows}


async def projects_with_people(session: AsyncSession, pool_id: UUID) -> dict[str, str]:
    """Name the projects that have people in a pool, by their short names."""
    rows = await session.execute(
        select(Project.slug, Project.name)
        .where(Project.id.in_(select(Handle.project_id).where(Handle.pool_id == pool_id)))
        .order_by(Project.name, Project.slug)
    )
    return {row.slug: row.name for row in rows}


async def newest_plans(session: AsyncSession, pool_id: UUID, limit: int) -> list[PoolPlan]:
    """List a pool's latest plans and repairs, newest first."""
    rows = await session.scalars(
        select(PoolPlan)
        .where(PoolPlan.pool_id == pool_id)
        .order_by(PoolPlan.made_at.desc(), PoolPlan.id.desc())
        .limit(limit)
    )
    return list(rows)
