"""The start: what this node is for, and the figure that matters."""

from typing import Any

from litestar import get
from litestar.response import Template
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.rendering import page
from api.parts import MaybeSigned, Now, Session
from federation.notices.queries import unseen_notices
from federation.pools.models import Pool
from rota.plans.queries import latest_plan
from rota.plans.rules import figure


@get("/")
async def start(session: Session, visitor: MaybeSigned, now: Now) -> Template:
    """Show the pools with their figure; to those who signed in, what is new for them."""
    pools = await session.scalars(select(Pool).order_by(Pool.name))
    notices = await unseen_notices(session, visitor) if visitor else []
    return page(
        "start.html",
        asker=visitor,
        pools=[await _told(session, pool) for pool in pools],
        notices=notices,
        now=now,
    )


async def _told(session: AsyncSession, pool: Pool) -> dict[str, Any]:
    plan = await latest_plan(session, pool.id)
    if plan is None or plan.plan is None:
        return {"pool": pool, "figure": None}
    told = figure(plan.scenario, plan.plan)
    rows = [(project, told.before[project], alone) for project, alone in sorted(told.alone.items())]
    return {"pool": pool, "figure": told, "rows": rows, "plan": plan}
