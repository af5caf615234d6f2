"""The start: what this node is for, and the figure that matters."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.languages.reading import own_clock
from api.notices.standing import stands
from api.pages.forms import NoForm
from api.pages.notice_links import LEADING
from api.pages.rendering import kept_current, page
from api.parts import MaybeSigned, Now, Session, Signed
from federation.notices.actions import mark_seen
from federation.notices.queries import unseen_notices
from federation.partners.models import Partner
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.pools.queries import session_channels
from federation.projects.queries import project_names
from federation.restoring.queries import is_restoring
from rota.due.queries import due_counts
from rota.due.rules import DueCounts
from rota.first_steps.queries import first_steps
from rota.first_steps.rules import FirstSteps
from rota.plans.queries import latest_plan
from rota.plans.rules import days_of, figure


@get("/")
async def start(session: Session, visitor: MaybeSigned, now: Now) -> Template:
    """Show the pools with their figure; to those who signed in, what is new for them."""
    pools = await session.scalars(select(Pool).where(~Pool.example).order_by(Pool.name))
    notices = await unseen_notices(session, visitor, stands(now)) if visitor else []
    clock = own_clock()
    answer = page(
        "start.html",
        asker=visitor,
        pools=[await _told(session, pool) for pool in pools],
        notices=notices,
        leading=LEADING,
        clock=clock,
        today=now.astimezone(clock).date(),
        restoring=await is_restoring(session),
        steps=await _steps(session, visitor, now),
        due=await _due(session, visitor, now),
    )
    return kept_current(answer, "/start/changes") if visitor else answer


async def _due(session: AsyncSession, visitor: Asker | None, now: datetime) -> DueCounts | None:
    """Count what is due in a coordinator's project."""
    if visitor is None or not visitor.has("coordinator"):
        return None
    return await due_counts(session, visitor, now)


async def _steps(session: AsyncSession, visitor: Asker | None, now: datetime) -> FirstSteps | None:
    """Give a coordinator the first steps of their project."""
    if visitor is None or not visitor.has("coordinator"):
        return None
    return await first_steps(session, visitor, now)


async def _told(session: AsyncSession, pool: Pool) -> dict[str, Any]:
    if pool.host is not None:
        return {"pool": pool, "figure": None, "host": await session.get(Partner, pool.host)}
    plan = await latest_plan(session, pool.id)
    if plan is None or plan.plan is None:
        return {"pool": pool, "figure": None, "host": None}
    told = figure(plan.scenario, plan.plan, await session_channels(session, pool.id))
    names = await project_names(session, told.alone)
    rows = [
        (names.get(project, project), told.before[project], alone)
        for project, alone in sorted(told.alone.items())
    ]
    return {
        "pool": pool,
        "figure": told,
        "rows": rows,
        "plan": days_of(plan.scenario),
        "host": None,
    }


@post("/notices/{notice:uuid}/seen", status_code=303)
async def seen(
    session: Session,
    asker: Signed,
    now: Now,
    notice: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Put a notice away."""
    del data
    await mark_seen(session, asker, notice_id=notice, now=now)
    return Redirect("/", status_code=303)
