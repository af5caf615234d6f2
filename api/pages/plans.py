"""A pool's plans: being made, read as a difference, stopped, published, repaired, asked about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from api.dates import day_name, hours
from api.errors import InvalidRequest
from api.languages.reading import language, translated
from api.pages.entries import clock_entry, day_entry
from api.pages.forms import NoForm
from api.pages.rendering import kept_current, page, way_back
from api.pages.weeks import week_address, week_of
from api.parts import Now, Session, Signed
from federation.pools.queries import channel_names, pool_planned_at, pool_seen_by
from federation.projects.queries import project_names
from rota.plans.actions import order_repair, stop_plan
from rota.plans.differences import (
    Compared,
    compared,
    newest_plans,
    plan_of,
    projects_with_people,
    pseudonyms,
)
from rota.plans.models import PoolPlan
from rota.plans.queries import coming_shifts
from rota.plans.rules import days_of
from rota.shifts.rules.local_times import wall_instant
from rota.what_ifs.actions import ask_what_if
from rota.what_ifs.queries import newest_what_ifs
from rota.what_ifs.rules import AddSession, AddWorker, Change, ProjectJoins, ProjectLeaves

SHOWN = 10
MODELS = 40  # sessions to choose from
QUESTION_WEEKS = 4


class StopForm(msgspec.Struct):
    """What becomes of the best plan so far."""

    keep: str = ""


class QuestionForm(msgspec.Struct):
    """One change; which fields count depends on its kind."""

    kind: str = ""
    like: str = ""
    day: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A seat that changes hands, in words."""

    role: str
    before: str | None
    after: str | None
    given_up: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A session with what changes on it."""

    when: str
    channel: str
    effect: str
    lines: list[Line]


@get("/plans/{slug:str}")
async def show_plans(
    session: Session, asker: Signed, now: Now, slug: FromPath[str], week: FromQuery[str] = ""
) -> Template:
    """List a pool's latest plans and questions, with the forms for new ones."""
    pool = await pool_planned_at(session, asker, slug)
    plans = await newest_plans(session, pool.id, SHOWN)
    models = await coming_shifts(session, pool.id, now, MODELS)
    names = await pseudonyms(session, pool.id, for_people=True)
    asked = await newest_what_ifs(session, pool.id)
    projects = await projects_with_people(session, pool.id)
    left = {project["id"] for one in asked for project in one.scenario["projects"]}
    known = projects | await project_names(session, left)
    return page(
        "plans.html",
        asker=asker,
        pool=pool,
        plans=[(plan, *days_of(plan.scenario)) for plan in plans],
        published=any(plan.state == "published" for plan in plans),
        questions=[(one, _question(one.change, names, known, pool.zone)) for one in asked],
        projects=projects,
        people=sorted(names.items(), key=lambda each: each[1]),
        models=[
            (shift.id, f"{_when(shift.starts, shift.ends, pool.zone)}, {channel}")
            for shift, channel in models
        ],
        board=week_address(f"/board/{slug}", week),
        week=week_of(week or None, pool.zone, now),
    )


@get("/plans/{slug:str}/{plan:uuid}")
async def show_plan(
    session: Session, asker: Signed, slug: FromPath[str], plan: FromPath[UUID]
) -> Template:
    """Show one plan: how far it is, or session by session what publishing it would change."""
    pool = await pool_planned_at(session, asker, slug)
    found = await plan_of(session, pool, plan)
    difference = await compared(session, found)
    names = await pseudonyms(session, pool.id, for_people=True)
    channels = await channel_names(session, pool.id)
    first, last = days_of(found.scenario)
    answer = page(
        "plan.html",
        asker=asker,
        pool=pool,
        plan=found,
        first=first,
        last=last,
        difference=difference,
        changed=_changed(found, difference, names, channels, pool.zone) if difference else [],
    )
    if found.state != "ordered":
        return answer
    return kept_current(answer, f"/plans/{slug}/{plan}/changes")


@post("/plans/{slug:str}/{plan:uuid}/stop", status_code=303)
async def stop(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    plan: FromPath[UUID],
    data: URLEncodedBody[StopForm],
) -> Redirect:
    """Stop a plan that is being made."""
    back = way_back(request, f"/plans/{slug}/{plan}")
    await stop_plan(session, asker, plan, now, keep=bool(data.keep))
    return Redirect(back, status_code=303)


@post("/plans/{slug:str}/repairs", status_code=303)
async def repair(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Order what the published plan lacks; the answer is read before anybody is asked."""
    del data
    way_back(request, f"/plans/{slug}")
    pool = await pool_seen_by(session, asker, slug)
    made = await order_repair(session, asker, pool.id, now)
    return Redirect(f"/plans/{slug}/{made.id}", status_code=303)


@post("/plans/{slug:str}/what-ifs", status_code=303)
async def ask(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[QuestionForm],
) -> Redirect:
    """Ask what a change would bring in the coming weeks; nothing changes by it."""
    back = way_back(request, f"/plans/{slug}")
    pool = await pool_seen_by(session, asker, slug)
    first = week_of(None, pool.zone, now).monday
    until = first + timedelta(weeks=QUESTION_WEEKS)
    change = _change(data, pool.zone)
    await ask_what_if(session, asker, pool.id, first, until, change, now)
    return Redirect(f"{back}#questions", status_code=303)


def _change(data: QuestionForm, zone: str) -> Change:
    match data.kind:
        case "add-worker":
            return AddWorker(data.like)
        case "project-leaves":
            return ProjectLeaves(data.like)
        case "project-joins":
            return ProjectJoins(data.like)
        case "add-session":
            start = datetime.combine(day_entry("day", data.day), clock_entry("time", data.time))
            return AddSession(data.like, wall_instant(start, zone))
    raise InvalidRequest("kind", "is none of the changes that can be asked about.")


def _question(
    change: dict[str, Any], names: dict[str, str], projects: dict[str, str], zone: str
) -> str:
    """Write a question the way that it was asked, on the pool's clock."""
    match change["kind"]:
        case "add-worker":
            name = names.get(change["like"]) or translated("somebody who left")
            return translated("What if one more person like %(name)s?", name=name)
        case "project-leaves":
            name = projects.get(change["project"], change["project"])
            return translated("What if %(project)s leaves?", project=name)
        case "project-joins":
            name = projects.get(change["like"], change["like"])
            return translated("What if a project like %(project)s joins?", project=name)
    start = datetime.fromisoformat(change["start"]).astimezone(ZoneInfo(zone))
    day = day_name(start.date(), language=language())
    return translated("What if one more session on %(day)s?", day=day)


def _when(starts: datetime, ends: datetime, zone: str) -> str:
    clock, told_in = ZoneInfo(zone), language()
    day = day_name(starts.astimezone(clock).date(), language=told_in)
    return f"{day}, {hours(starts, ends, clock, told_in)}"


def _changed(
    plan: PoolPlan, found: Compared, names: dict[str, str], channels: dict[str, str], zone: str
) -> list[Changed]:
    """Group the seats by session, each with what becomes of its open hours."""
    told = found.difference
    lines: dict[str, list[Line]] = {}
    for each in told.changes:
        lines.setdefault(each.shift, []).append(
            Line(
                each.role,
                names.get(each.before or ""),
                names.get(each.after or ""),
                names.get(found.given_up.get(each.seat, "")),
            )
        )
    shifts = {shift["id"]: shift for shift in plan.scenario["shifts"]}
    effects = dict.fromkeys(told.opens, "opens") | dict.fromkeys(told.closes, "closes")
    return [
        Changed(
            _when(
                datetime.fromisoformat(shifts[name]["start"]),
                datetime.fromisoformat(shifts[name]["end"]),
                zone,
            ),
            channels.get(shifts[name]["channel"], shifts[name]["channel"]),
            effects.get(name, ""),
            seats,
        )
        for name, seats in lines.items()
    ]
