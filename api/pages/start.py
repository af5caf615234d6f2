"""The start: what this node is for, and the figure that matters."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.languages.reading import own_clock
from api.notices.standing import stands
from api.pages.forms import NoForm
from api.pages.notice_links import LEADING
from api.pages.rendering import kept_current, page
from api.parts import MaybeSigned, Now, Session, Signed
from federation.notices.actions import mark_seen
from federation.notices.queries import folded, unseen_notices
from federation.permissions.rules import Asker
from federation.pools.queries import channels_by_pool
from federation.projects.queries import project_names
from federation.restoring.queries import is_restoring
from rota.due.queries import due_counts
from rota.due.rules import DueCounts
from rota.first_steps.queries import first_steps
from rota.first_steps.rules import FirstSteps
from rota.open_hours.sessions import SESSION
from rota.plans.queries import PoolPlanned, pools_planned
from rota.plans.rules import Figure, days_of, figure


@get("/")
async def start(session: Session, visitor: MaybeSigned, now: Now) -> Template:
    """Show the pools with their figure; to those who signed in, what is new for them."""
    pools = await pools_planned(session)
    notices = await unseen_notices(session, visitor, stands(now)) if visitor else []
    clock = own_clock()
    answer = page(
        "start.html",
        asker=visitor,
        pools=await _told(session, pools),
        notices=folded(notices),
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


async def _told(session: AsyncSession, pools: Sequence[PoolPlanned]) -> list[dict[str, Any]]:
    """Tell of each pool its figure where a plan of it is published here."""
    channels = await channels_by_pool(session, [each.pool for each in pools])
    figures = {
        pool.id: figure(
            plan.scenario,
            plan.plan,
            [each.slug for each in channels[pool.id] if each.kind == SESSION],
        )
        for pool, plan, _ in pools
        if plan is not None and plan.plan is not None
    }
    names = await project_names(session, {slug for each in figures.values() for slug in each.alone})
    return [_of_pool(each, figures.get(each.pool.id), names) for each in pools]


def _of_pool(each: PoolPlanned, told: Figure | None, names: Mapping[str, str]) -> dict[str, Any]:
    shown = {"pool": each.pool, "figure": told, "host": each.host}
    if told is None or each.plan is None:
        return shown
    rows = [
        (names.get(project, project), told.before[project], alone)
        for project, alone in sorted(told.alone.items())
    ]
    return shown | {"rows": rows, "plan": days_of(each.plan.scenario)}


@post("/notices/{notice:uuid}/seen", status_code=303)
async def seen(
    session: Session,
    asker: Signed,
    now: Now,
    notice: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Put a notice away, with those that said the same."""
    del data
    await mark_seen(session, asker, notice_id=notice, now=now)
    return Redirect("/", status_code=303)
