"""Time away, by days on the local calendar."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from api.pages.availability import address_of
from api.pages.entries import clock_entry, day_entry
from api.pages.forms import NoForm
from api.pages.rendering import way_back
from api.pages.undoable import Opposite, may_undo
from api.parts import Now, Session, Signed
from rota.availability.models import Leave
from rota.availability.queries import may_see, zone_of
from rota.leave.actions import end_leave_early, enter_leave, remove_leave
from rota.shifts.rules.local_times import wall_instant


class LeaveForm(msgspec.Struct):
    """The first and the last day away, with times if these are not whole days."""

    first_day: str = ""
    last_day: str = ""
    starts: str = ""
    ends: str = ""
    give_back: str = ""


class BackForm(msgspec.Struct):
    """The first day back."""

    day: str = ""


def _start(day: date, clock: str, zone: str) -> datetime:
    starts = clock_entry("starts", clock) if clock else time()
    return wall_instant(datetime.combine(day, starts), zone)


def _end(day: date, clock: str, zone: str) -> datetime:
    if clock:
        return wall_instant(datetime.combine(day, clock_entry("ends", clock)), zone)
    return wall_instant(datetime.combine(day + timedelta(days=1), time()), zone)


@post("/availability/{person:uuid}/leave", status_code=303)
async def enter(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    data: URLEncodedBody[LeaveForm],
) -> Redirect:
    """Enter leave; seats in it are given back only if the form says so."""
    back = way_back(request, address_of(person))
    zone = await zone_of(session, await may_see(session, asker, person))
    first = day_entry("first_day", data.first_day)
    last = day_entry("last_day", data.last_day) if data.last_day else first
    begins, ends = _start(first, data.starts, zone), _end(last, data.ends, zone)
    give_back = data.give_back == "yes"
    made = await enter_leave(session, asker, person, begins, ends, now, give_back=give_back)
    # seats that were given back are with others by then: to take leave back would not bring them
    opposite = None if give_back else Opposite("leave-entered", made.id)
    return may_undo(request, back, asker, opposite, now)


@post("/availability/{person:uuid}/leave/{leave:uuid}/end", status_code=303)
async def come_back(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    leave: FromPath[UUID],
    data: URLEncodedBody[BackForm],
) -> Redirect:
    """End leave earlier: the day entered is the first day back."""
    back = way_back(request, address_of(person))
    zone = await zone_of(session, await may_see(session, asker, person))
    ends = _start(day_entry("day", data.day), "", zone)
    await end_leave_early(session, asker, leave, ends, now)
    return Redirect(back, status_code=303)


@post("/availability/{person:uuid}/leave/{leave:uuid}/remove", status_code=303)
async def take_back(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    leave: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Take leave back."""
    del data
    back = way_back(request, address_of(person))
    during = await session.scalar(select(Leave.during).where(Leave.id == leave))
    await remove_leave(session, asker, leave, now)
    return may_undo(request, back, asker, _leave_again(person, during, now), now)


def _leave_again(person: UUID, during: Range[datetime] | None, now: datetime) -> Opposite | None:
    """Let leave that was still to come be entered again; of what had begun, a part stands."""
    if during is None or during.lower is None or during.upper is None or during.lower < now:
        return None
    return Opposite("leave-removed", person, {"begins": during.lower, "ends": during.upper})
