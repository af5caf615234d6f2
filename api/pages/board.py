"""A coordinator's week board: every shift, its gaps and their reasons; ordering a plan."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.dates import day_name
from api.errors import InvalidRequest
from api.pages.forms import NoForm
from api.pages.reasons import Names, Why, why_free
from api.pages.rendering import page, way_back
from api.pages.weeks import Week, later_week, week_of
from api.parts import Now, Session, Signed
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Pool
from federation.pools.queries import pool_seen_by, pools_of
from federation.projects.queries import project_names
from rota.board.queries import ShiftSeen, board
from rota.board.rules import shortfalls
from rota.claims.queries import last_endings
from rota.consent.queries import consents_wanted
from rota.cover.queries import covers_seen
from rota.plans.actions import order_plan, publish_plan
from rota.plans.models import PoolPlan
from rota.plans.rules import days_of

LONGEST_PLAN_WEEKS = 12
PLAN_WEEKS = frozenset(str(weeks) for weeks in range(1, LONGEST_PLAN_WEEKS + 1))


class PlanForm(msgspec.Struct):
    """For how many weeks from a Monday on."""

    week: str = ""
    weeks: str = "4"


@get("/board")
async def boards(session: Session, asker: Signed) -> Template | Redirect:
    """Show the asker's only pool at once; else let them choose."""
    require_role(asker, "coordinator")
    pools = await pools_of(session, asker)
    if len(pools) == 1:
        return Redirect(f"/board/{pools[0].slug}", status_code=303)
    return page("boards.html", asker=asker, pools=pools)


@get("/board/{slug:str}")
async def show_board(
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    week: FromQuery[str | None] = None,
) -> Template:
    """Show a week of a pool with what each shift is short of, and why its seats stayed empty."""
    require_role(asker, "coordinator")
    pool = await pool_seen_by(session, asker, slug)
    shown = week_of(week, pool.zone, now)
    seen = await board(session, asker, pool, shown.begins, shown.ends, now)
    plans = await _plans(session, pool)
    covers = await covers_seen(session, asker, now, shifts=[one.shift.id for one in seen])
    return page(
        "board.html",
        asker=asker,
        pool=pool,
        week=shown,
        days=shown.by_day(seen),
        short={one.shift.id: _short(one) for one in seen},
        why=await _why(session, pool, plans, seen, shown),
        endings=await last_endings(session, _empty_seats(seen)),
        later=await later_week(session, [pool], shown),
        consents=await consents_wanted(session, asker, now, pool_id=pool.id),
        covers={each.seat.id: each for each in covers},
        plans=[(plan, *days_of(plan.scenario)) for plan in plans],
        names=await project_names(session, _slugs(seen)),
        handles=await _own_handles(session, asker, pool),
        now=now,
    )


def _short(one: ShiftSeen) -> list[str]:
    seats = [(seat.role, seat.state) for seat in one.seats]
    return shortfalls(seats, one.shift.minimum_workers, one.shift.minimum_supervisors)


def _empty_seats(seen: list[ShiftSeen]) -> list[UUID]:
    return [seat.id for one in seen for seat in one.seats if seat.state == "open"]


def _slugs(seen: list[ShiftSeen]) -> set[str]:
    return {seat.holder.project for one in seen for seat in one.seats if seat.holder}


async def _plans(session: AsyncSession, pool: Pool) -> list[PoolPlan]:
    if pool.host is not None:
        return []
    found = await session.scalars(
        select(PoolPlan)
        .where(PoolPlan.pool_id == pool.id)
        .order_by(PoolPlan.made_at.desc())
        .limit(3)
    )
    return list(found)


async def _why(
    session: AsyncSession, pool: Pool, plans: list[PoolPlan], seen: list[ShiftSeen], week: Week
) -> dict[str, Why]:
    """Give the reasons of the planner's newest answer for each seat that it left free."""
    answered = next((plan.plan for plan in plans if plan.plan), None)
    if answered is None:
        return {}
    rows = await session.execute(select(Handle.id, Handle.display).where(Handle.pool_id == pool.id))
    names = Names(
        {str(row.id): row.display for row in rows},
        {str(one.shift.id): _named(one, week) for one in seen},
    )
    seats = {str(seat.id): one.shift.id for one in seen for seat in one.seats}
    return why_free(answered, seats, names)


def _named(one: ShiftSeen, week: Week) -> str:
    starts = week.local(one.shift.starts)
    return f"the session of {day_name(starts.date())}, {starts:%H:%M}"


async def _own_handles(session: AsyncSession, asker: Asker, pool: Pool) -> list[str]:
    return sorted(
        await session.scalars(
            select(Handle.display).where(
                Handle.pool_id == pool.id,
                Handle.project_id == asker.project_id,
                Handle.retired_at.is_(None),
            )
        )
    )


@post("/board/{slug:str}/plans", status_code=303)
async def order(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[PlanForm],
) -> Redirect:
    """Order a plan; the worker process makes it."""
    way_back(request, f"/board/{slug}")
    pool = await pool_seen_by(session, asker, slug)
    first = week_of(data.week or None, pool.zone, now).monday
    if data.weeks not in PLAN_WEEKS:
        raise InvalidRequest("weeks", f"must be a number from 1 to {LONGEST_PLAN_WEEKS}.")
    until = first + timedelta(weeks=int(data.weeks))
    await order_plan(session, asker, pool.id, first, until, now)
    return Redirect(f"/board/{slug}?week={first}", status_code=303)


@post("/board/{slug:str}/plans/{plan:uuid}/publish", status_code=303)
async def publish(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    plan: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Publish a plan: its assignments go to the homes as proposals."""
    del data
    back = way_back(request, f"/board/{slug}")
    await publish_plan(session, asker, plan, now)
    return Redirect(back, status_code=303)
