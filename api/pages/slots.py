"""Regular times for a language of few: each speaker answers for themselves, a planner proposes."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.pages.rendering import page, way_back
from api.pages.weeks import week_address
from api.parts import Now, Session, Signed
from federation.pools.queries import pool_seen_by
from federation.pools.slots.actions import answer_slot, end_slot
from federation.pools.slots.queries import CLOCK, own_slots, planned_slots
from rota.open_hours.fixed_slots.actions import propose_slot
from rota.open_hours.fixed_slots.series import proposable

HERE = "/slots"


class AnswerForm(msgspec.Struct):
    """Yes or no; whatever is not a yes is a no."""

    agrees: str = ""


class WeekForm(msgspec.Struct):
    """The week of the board from which somebody came."""

    week: str = ""


class ProposalForm(WeekForm):
    """A language and, behind a space, the series in which it would be shown."""

    what: str = ""


@get(HERE)
async def my_slots(session: Session, asker: Signed) -> Template:
    """Show what somebody is asked about, and what they have answered."""
    return page(
        "slots.html",
        asker=asker,
        slots=await own_slots(session, asker),
        clock=CLOCK,
    )


@post("/slots/{slot:uuid}", status_code=303)
async def answer(
    session: Session,
    asker: Signed,
    now: Now,
    slot: FromPath[UUID],
    data: URLEncodedBody[AnswerForm],
) -> Redirect:
    """Keep somebody's own answer."""
    await answer_slot(session, asker, slot, now, agrees=data.agrees == "yes")
    return Redirect(HERE, status_code=303)


@get("/board/{slug:str}/languages")
async def show_planned(
    session: Session, asker: Signed, now: Now, slug: FromPath[str], week: FromQuery[str] = ""
) -> Template:
    """Show those who plan a pool what is proposed in it, and whether all agree; never who."""
    pool = await pool_seen_by(session, asker, slug)
    slots = await planned_slots(session, asker, pool.id)
    there = {(slot.series, slot.language) for slot in slots}
    choices = await proposable(session, asker, pool.id, now)
    return page(
        "planned-slots.html",
        asker=asker,
        pool=pool,
        board=week_address(f"/board/{slug}", week),
        week=week,
        slots=slots,
        choices=[each for each in choices if each not in there],
        clock=CLOCK,
    )


@post("/board/{slug:str}/languages", status_code=303)
async def propose(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[ProposalForm],
) -> Redirect:
    """Ask everybody who speaks a language whether it may be shown in a series."""
    back = way_back(request, week_address(f"/board/{slug}/languages", data.week))
    pool = await pool_seen_by(session, asker, slug)
    language, _, series = data.what.partition(" ")
    if not series:
        raise InvalidRequest("what", "must be one of those in the list.")
    await propose_slot(session, asker, pool.id, series, language, now)
    return Redirect(back, status_code=303)


@post("/board/{slug:str}/languages/{slot:uuid}/end", status_code=303)
async def end(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    slot: FromPath[UUID],
    data: URLEncodedBody[WeekForm],
) -> Redirect:
    """Ask nobody any more; the language is hidden there at once."""
    back = way_back(request, week_address(f"/board/{slug}/languages", data.week))
    pool = await pool_seen_by(session, asker, slug)
    await end_slot(session, asker, pool.id, slot, now)
    return Redirect(back, status_code=303)
