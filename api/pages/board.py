"""A coordinator's week board: every shift, its gaps and their reasons; ordering a plan."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.dates import day_name
from api.errors import NUMBER_BETWEEN, InvalidRequest
from api.pages.forms import NoForm
from api.pages.pool_choice import pool_choice
from api.pages.reasons import Names, Why, why_free
from api.pages.rendering import kept_current, page, way_back
from api.pages.weeks import Week, later_week, week_address, week_of
from api.parts import Now, Session, Signed
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Pool
from federation.pools.queries import pool_seen_by
from rota.board.marks import mark_of_board
from rota.board.queries import ShiftSeen, board, shift_on_board
from rota.board.rules import Shortfall, shortfalls
from rota.claims.queries import last_endings
from rota.consent.queries import consents_wanted
from rota.cover.queries import covers_seen
from rota.cover.rules import GROUP_LANGUAGES, group_text
from rota.plans.actions import order_plan, publish_plan
from rota.plans.models import PoolPlan
from rota.plans.rules import days_of
from rota.shifts.queries import starts_of

LONGEST_PLAN_WEEKS = 12
MOST_SHOWN = 1000
"""Shifts on one board; more than this in a week nobody could read."""
PLAN_WEEKS = frozenset(str(weeks) for weeks in range(1, LONGEST_PLAN_WEEKS + 1))


class PlanForm(msgspec.Struct):
    """For how many weeks from a Monday on."""

    week: str = ""
    weeks: str = "4"


boards = pool_choice("/board", "boards.html")


async def _pool_on_board(session: AsyncSession, asker: Asker, slug: str) -> Pool:
    """Find a pool for one of its coordinators; nobody else has a board."""
    require_role(asker, "coordinator")
    return await pool_seen_by(session, asker, slug)


async def _week_on_board(
    session: AsyncSession, asker: Asker, pool: Pool, week: str | None, now: datetime
) -> tuple[Week, list[ShiftSeen]]:
    shown = week_of(week, pool.zone, now)
    return shown, await board(session, asker, pool, shown.begins, shown.ends, now, limit=MOST_SHOWN)


@get("/board/{slug:str}")
async def show_board(
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    week: FromQuery[str | None] = None,
) -> Template:
    """Show a week of a pool with what each shift is short of, and why its seats stayed empty."""
    pool = await _pool_on_board(session, asker, slug)
    mark = await mark_of_board(session, pool.id)
    shown, seen = await _week_on_board(session, asker, pool, week, now)
    covers = await covers_seen(session, asker, now, shifts=[one.shift.id for one in seen])
    plans = await _plans(session, pool)
    answer = page(
        "board.html",
        asker=asker,
        pool=pool,
        week=shown,
        days=shown.by_day(seen),
        short={one.shift.id: _short(one) for one in seen},
        later=None if seen else await later_week(session, [pool], shown),
        consents=await consents_wanted(session, asker, now, pool_id=pool.id),
        covers={each.seat.id: each for each in covers},
        plans=[(plan, *days_of(plan.scenario)) for plan in plans],
    )
    return kept_current(answer, f"/board/{slug}/changes?since={mark}")


@get("/board/{slug:str}/print")
async def print_board(
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    week: FromQuery[str | None] = None,
) -> Template:
    """Show a week of a pool as it goes on paper: who sits where by handle, and when it was made."""
    pool = await _pool_on_board(session, asker, slug)
    shown, seen = await _week_on_board(session, asker, pool, week, now)
    return page(
        "board-print.html",
        asker=asker,
        pool=pool,
        week=shown,
        days=shown.by_day(seen),
        made=shown.local(now),
    )


@get("/board/{slug:str}/shifts/{shift:uuid}")
async def show_shift(
    session: Session, asker: Signed, now: Now, slug: FromPath[str], shift: FromPath[UUID]
) -> Template:
    """Show one shift with all that a coordinator can do about it, and why its seats are free."""
    require_role(asker, "coordinator")
    pool, one = await shift_on_board(session, asker, slug, shift, now)
    day = one.shift.starts.astimezone(ZoneInfo(pool.zone)).date()
    week = week_of(day.isoformat(), pool.zone, now)
    covers = await covers_seen(session, asker, now, shifts=[shift])
    plans = await _plans(session, pool)
    handles = await _handles(session, pool)
    return page(
        "board-shift.html",
        asker=asker,
        pool=pool,
        week=week,
        day=day,
        one=one,
        short=_short(one),
        why=await _why(session, plans, one, week, handles),
        published=any(plan.state == "published" for plan in plans),
        endings=await last_endings(session, [seat.id for seat in one.seats]),
        covers={each.seat.id: each for each in covers},
        handles=_own(handles, asker),
        now=now,
    )


@get("/board/{slug:str}/shifts/{shift:uuid}/words")
async def words(
    session: Session, asker: Signed, now: Now, slug: FromPath[str], shift: FromPath[UUID]
) -> Template:
    """Show what may be pasted into a group, or sent to a partner: a day and a time alone."""
    require_role(asker, "coordinator")
    _, one = await shift_on_board(session, asker, slug, shift, now)
    spans = [(one.shift.starts, one.shift.ends)]
    texts = {tag: group_text(spans, one.shift.zone, tag) for tag in GROUP_LANGUAGES}
    board = f"/board/{slug}/shifts/{shift}"
    return page("group-words.html", asker=asker, texts=texts, board=board)


def _short(one: ShiftSeen) -> Shortfall:
    seats = [(seat.role, seat.state) for seat in one.seats]
    return shortfalls(seats, one.shift.minimum_workers, one.shift.minimum_supervisors)


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
    session: AsyncSession,
    plans: list[PoolPlan],
    one: ShiftSeen,
    week: Week,
    handles: Sequence[Handle],
) -> dict[str, Why]:
    """Give the reasons of the planner's newest answer for each seat that it left free."""
    answered = next((plan.plan for plan in plans if plan.plan), None)
    if answered is None:
        return {}
    # its reasons may name other sessions of the week
    starts = await starts_of(session, one.shift.pool_id, week.begins, week.ends)
    names = Names(
        {str(handle.id): handle.display for handle in handles},
        {str(shift): _named(moment, week) for shift, moment in starts.items()},
    )
    return why_free(answered, {str(seat.id): one.shift.id for seat in one.seats}, names)


def _named(moment: datetime, week: Week) -> str:
    starts = week.local(moment)
    return f"the session of {day_name(starts.date())}, {starts:%H:%M}"


async def _handles(session: AsyncSession, pool: Pool) -> Sequence[Handle]:
    """List all handles of a pool: a plan may name those of others, and who has retired since."""
    return (await session.scalars(select(Handle).where(Handle.pool_id == pool.id))).all()


def _own(handles: Sequence[Handle], asker: Asker) -> list[str]:
    return sorted(
        handle.display
        for handle in handles
        if handle.project_id == asker.project_id and handle.retired_at is None
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
    way_back(request, week_address(f"/board/{slug}", data.week))
    pool = await pool_seen_by(session, asker, slug)
    first = week_of(data.week or None, pool.zone, now).monday
    if data.weeks not in PLAN_WEEKS:
        raise InvalidRequest("weeks", NUMBER_BETWEEN % {"least": 1, "limit": LONGEST_PLAN_WEEKS})
    until = first + timedelta(weeks=int(data.weeks))
    ordered = await order_plan(session, asker, pool.id, first, until, now)
    return Redirect(f"/plans/{slug}/{ordered.id}", status_code=303)


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
    way_back(request, f"/plans/{slug}/{plan}")
    published = await publish_plan(session, asker, plan, now)
    first, _ = days_of(published.scenario)
    return Redirect(f"/board/{slug}?week={first}", status_code=303)
