"""A coordinator's look at demand: estimates, what was missed, and the planner's weights."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.pages.coverage import LONGEST_TAG
from api.pages.entries import day_entry, number_entry
from api.pages.forms import NoForm
from api.pages.pool_choice import pool_choice
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from federation.permissions.rules import require_role
from federation.pools.queries import pool_seen_by
from rota.demand.actions import count_weeks_again, leave_out_weeks, set_weight
from rota.demand.queries import Choice, demand
from rota.demand.rules.advice import MOST_WEIGHT
from rota.demand.rules.estimates import BASES
from rota.demand.rules.exposure import MOST_WEEKS, WHY_LEFT_OUT

PERIODS = {"13": "3 months", "26": "6 months", "52": "a year", "104": "2 years", "260": "5 years"}


class WeeksForm(msgspec.Struct):
    """Weeks to leave out: any day of the first one, how many, and why."""

    day: str = ""
    weeks: str = "1"
    reason: str = ""


class WeightForm(msgspec.Struct):
    """What a session is to weigh."""

    weight: str = ""


pools_demanded = pool_choice("/demand", "demands.html")


@get("/demand/{slug:str}")
async def show_demand(
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    weeks: FromQuery[str] = "52",
    channel: FromQuery[str] = "",
    language: FromQuery[str] = "",
) -> Template:
    """Show what one's own people have counted, what is expected, and what follows from it."""
    require_role(asker, "coordinator")
    pool = await pool_seen_by(session, asker, slug)
    if weeks not in PERIODS:
        raise InvalidRequest("weeks", f"must be one of {', '.join(PERIODS)}.")
    if len(language) > LONGEST_TAG:
        raise InvalidRequest("language", "is not a language.")
    choice = Choice(int(weeks), channel or None, language or None)
    found = await demand(session, asker, pool, choice, now)
    if channel and channel not in found.channels:
        raise InvalidRequest("channel", "is not a live channel of this pool.")
    return page(
        "demand.html",
        asker=asker,
        pool=pool,
        choice=choice,
        periods=PERIODS,
        found=found,
        bases=BASES,
        most=max((one.expected for one in found.hours), default=0),
        reasons=WHY_LEFT_OUT,
        most_weeks=MOST_WEEKS,
        most_weight=MOST_WEIGHT,
    )


@post("/demand/{slug:str}/excluded-weeks", status_code=303)
async def leave_out(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[WeeksForm],
) -> Redirect:
    """Leave weeks out of one's own project's estimates."""
    here = way_back(request, f"/demand/{slug}")
    require_role(asker, "coordinator")
    pool = await pool_seen_by(session, asker, slug)
    weeks = number_entry("weeks", data.weeks)
    if weeks is None or weeks != int(weeks):
        raise InvalidRequest("weeks", "is a whole number.")
    day = day_entry("day", data.day)
    await leave_out_weeks(session, asker, pool, day, int(weeks), data.reason, now)
    return Redirect(here, status_code=303)


@post("/demand/{slug:str}/excluded-weeks/{weeks:uuid}/count-again", status_code=303)
async def count_again(
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    weeks: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Let weeks count again."""
    del data
    require_role(asker, "coordinator")
    pool = await pool_seen_by(session, asker, slug)
    await count_weeks_again(session, asker, pool, weeks, now)
    return Redirect(f"/demand/{slug}", status_code=303)


@post("/demand/{slug:str}/weights/{pattern:uuid}", status_code=303)
async def weigh(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    pattern: FromPath[UUID],
    data: URLEncodedBody[WeightForm],
) -> Redirect:
    """Let a session weigh what the coordinator has entered, from tomorrow on."""
    here = way_back(request, f"/demand/{slug}")
    require_role(asker, "coordinator")
    pool = await pool_seen_by(session, asker, slug)
    weight = number_entry("weight", data.weight)
    if weight is None or not 0 <= weight <= MOST_WEIGHT:
        raise InvalidRequest("weight", f"is a number from 0 to {MOST_WEIGHT:g}.")
    await set_weight(session, asker, pool, pattern, weight, now)
    return Redirect(here, status_code=303)


ROUTES = [pools_demanded, show_demand, leave_out, count_again, weigh]
