"""A coordinator changes or calls off one shift, from the board."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.forms import NoForm
from api.pages.pattern_forms import (
    WantedForm,
    a_clock_time,
    a_day,
    minutes_between,
    staffing_in,
    wanted_form,
)
from api.pages.rendering import page, way_back
from api.pages.weeks import week_of
from api.parts import Now, Session, Signed
from federation.permissions.rules import require_role
from federation.pools.models import Pool
from rota.shifts.changing import staffing_of_shift
from rota.shifts.models import Shift
from rota.shifts.rules.patterns import occurrence
from rota.timetable.actions import ShiftDraft, cancel_shift, change_shift
from rota.timetable.queries import shift_to_change


class ShiftForm(WantedForm, kw_only=True):
    """One shift in the words of a form: its day and clock times are those of its zone."""

    day: str = ""
    starts: str = ""
    ends: str = ""


@get("/shifts/{shift:uuid}/change")
async def show_shift(session: Session, asker: Signed, shift: FromPath[UUID]) -> Template:
    """Offer the form of one shift, filled in with what holds now."""
    require_role(asker, "coordinator")
    found = await shift_to_change(session, asker, shift)
    pool = await session.get_one(Pool, found.pool_id)
    wanted = wanted_form(await staffing_of_shift(session, found))
    starts, ends = (_local(at, found) for at in (found.starts, found.ends))
    return page(
        "shift.html", asker=asker, pool=pool, shift=found, form=wanted, starts=starts, ends=ends
    )


def _local(moment: datetime, shift: Shift) -> datetime:
    return week_of(None, shift.zone, moment).local(moment)


async def _board(session: AsyncSession, shift: Shift) -> str:
    """Lead back to the board of the week in which the shift stands."""
    pool = await session.get_one(Pool, shift.pool_id)
    return f"/board/{pool.slug}?week={week_of(None, pool.zone, shift.starts).monday}"


@post("/shifts/{shift:uuid}/change", status_code=303)
async def change_one(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[ShiftForm],
) -> Redirect:
    """Change one shift; at a new time, everybody who has a seat is asked again."""
    way_back(request, f"/shifts/{shift}/change")
    require_role(asker, "coordinator")
    found = await shift_to_change(session, asker, shift)
    starts, ends = a_clock_time("starts", data.starts), a_clock_time("ends", data.ends)
    # refused where the clock jumps over that time: somebody has to name another one
    meant = occurrence(a_day("day", data.day), starts, minutes_between(starts, ends), found.zone)
    draft = ShiftDraft(starts=meant.span.start, ends=meant.span.end, staffing=staffing_in(data))
    await change_shift(session, asker, shift, draft, now)
    return Redirect(await _board(session, found), status_code=303)


@post("/shifts/{shift:uuid}/cancel", status_code=303)
async def call_off_one(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Call off one shift; everybody who has a seat is told."""
    del data
    way_back(request, f"/shifts/{shift}/change")
    require_role(asker, "coordinator")
    found = await shift_to_change(session, asker, shift)
    await cancel_shift(session, asker, shift, now)
    return Redirect(await _board(session, found), status_code=303)
