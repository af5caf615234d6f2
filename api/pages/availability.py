"""When somebody can work: one page for a phone. Coordinators open that of their own people."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import InvalidRequest
from api.pages.entries import clock_entry, day_entry, number_entry
from api.pages.forms import NoForm
from api.pages.rendering import page, way_back
from api.pages.undoable import Opposite, may_undo
from api.parts import Now, Session, Signed
from federation.people.actions import limit_oneself, set_limits
from federation.people.models import Person
from federation.people.queries import people_of_project
from federation.people.rules import Limits, OwnLimits
from federation.permissions.rules import Asker
from rota.availability.actions import (
    add_wish,
    copy_last_month,
    remove_date,
    remove_wish,
    set_dates,
    set_zone,
)
from rota.availability.models import DatedWindow, WeeklyWindow
from rota.availability.queries import (
    dated_of,
    entered_by,
    is_known,
    may_see,
    weekly_of,
    zone_of,
)
from rota.availability.rules import MINUTES_A_DAY, Dated, Weekly
from rota.busy_times.queries import busy_calendars_of
from rota.busy_times.rules.failures import SENTENCES
from rota.busy_times.rules.known import are_known, readable_from
from rota.leave.queries import leave_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WISHES = {"2": 2, "1": 1, "0": 0}
CANNOT = "cannot"


class WeeklyForm(msgspec.Struct):
    """A weekday, from when to when, how gladly, and every how many weeks."""

    weekday: str = ""
    starts: str = ""
    ends: str = ""
    preference: str = "1"
    every_weeks: str = "1"
    first_day: str = ""


class DatedForm(msgspec.Struct):
    """A day, from when to when, and how gladly or not at all; without times the whole day."""

    day: str = ""
    starts: str = ""
    ends: str = ""
    preference: str = "1"


class MonthForm(msgspec.Struct):
    """The month for which the one before is copied, and whether it is the one on the page."""

    month: str = ""
    page: str = ""


class LimitsForm(msgspec.Struct):
    """Limits of a week; what is empty leaves the project's."""

    hours_per_week: str = ""
    shifts_per_week: str = ""
    rest_hours: str = ""


class ZoneForm(msgspec.Struct):
    """Where the person lives."""

    zone: str = ""


def address_of(person_id: UUID) -> str:
    """Give the page of somebody's availability."""
    return f"/availability/{person_id}"


def month_address(person_id: UUID, month: date) -> str:
    """Give the grid of a month of somebody's availability."""
    return f"{address_of(person_id)}/month?month={month:%Y-%m}"


@get("/availability")
async def my_availability(session: Session, asker: Signed, now: Now) -> Template:
    """Show one's own page."""
    return await _page(session, asker, asker.person_id, now)


@get("/availability/{person:uuid}")
async def availability_of(
    session: Session, asker: Signed, now: Now, person: FromPath[UUID]
) -> Template:
    """Show the page of somebody, to themselves and to coordinators of their project."""
    return await _page(session, asker, person, now)


async def _page(session: AsyncSession, asker: Asker, person_id: UUID, now: datetime) -> Template:
    person = await may_see(session, asker, person_id)
    zone = await zone_of(session, person)
    today = now.astimezone(ZoneInfo(zone)).date()
    mine = person.id == asker.person_id
    calendars = await busy_calendars_of(session, asker) if mine else []
    if mine:
        known = are_known((one.read_at for one in calendars), now)
    else:
        known = await is_known(session, person.id, now)
    return page(
        "availability.html",
        asker=asker,
        person=person,
        mine=mine,
        people=await people_of_project(session, asker) if asker.has("coordinator") else [],
        zone=zone,
        clock=ZoneInfo(zone),
        today=today,
        next_month=(today.replace(day=1) + timedelta(days=32)).replace(day=1),
        entered=await entered_by(session, person.id, today),
        leave=await leave_of(session, person.id, now),
        known=known,
        calendars=[
            (one, are_known([one.read_at], now), readable_from(one.tried_at, now))
            for one in calendars
        ],
        weekdays=WEEKDAYS,
        failures=SENTENCES,
        ends=_ends,
        now=now,
    )


def _ends(starts: time, minutes: int) -> str:
    """Write when a time ends on the clock."""
    ends = datetime.combine(date(2000, 1, 1), starts, UTC) + timedelta(minutes=minutes)
    return f"{ends:%H:%M}"


def _length(starts: time, ends: time) -> int:
    """Give the minutes from one clock time to another, which may be on the next day."""
    apart = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
    return apart % MINUTES_A_DAY or MINUTES_A_DAY


@post("/availability/{person:uuid}/weekly", status_code=303)
async def add_weekly(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    data: URLEncodedBody[WeeklyForm],
) -> Redirect:
    """Add a weekly or fortnightly time."""
    back = way_back(request, address_of(person))
    whose = await may_see(session, asker, person)
    if data.weekday not in WEEKDAYS:
        raise InvalidRequest("weekday", "is not a day of the week.")
    starts = clock_entry("starts", data.starts)
    wish = Weekly(
        weekday=WEEKDAYS.index(data.weekday),
        starts=starts,
        minutes=_length(starts, clock_entry("ends", data.ends)),
        zone=await zone_of(session, whose),
        preference=preference_in(data.preference),
        every_weeks=2 if data.every_weeks == "2" else 1,
        first_day=day_entry("first_day", data.first_day) if data.first_day else None,
    )
    await add_wish(session, asker, whose.id, wish, now)
    return Redirect(back, status_code=303)


def preference_in(entered: str) -> int:
    """Read how gladly somebody would work."""
    if entered not in WISHES:
        raise InvalidRequest("preference", "is not one of the choices.")
    return WISHES[entered]


@post("/availability/{person:uuid}/weekly/{wish:uuid}/remove", status_code=303)
async def take_weekly_away(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    wish: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Take a weekly time away."""
    del data
    back = way_back(request, address_of(person))
    had = await session.get(WeeklyWindow, wish)
    facts = asdict(weekly_of(had)) if had else {}
    await remove_wish(session, asker, person, wish, now)
    return may_undo(request, back, asker, Opposite("weekly-removed", person, facts), now)


@post("/availability/{person:uuid}/dates", status_code=303)
async def add_date(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    data: URLEncodedBody[DatedForm],
) -> Redirect:
    """Enter what holds on one day; without times, for all of it."""
    back = way_back(request, address_of(person))
    whose = await may_see(session, asker, person)
    starts = clock_entry("starts", data.starts) if data.starts else time()
    ends = clock_entry("ends", data.ends) if data.ends else time()
    dated = Dated(
        day_entry("day", data.day),
        starts,
        _length(starts, ends),
        await zone_of(session, whose),
        None if data.preference == CANNOT else preference_in(data.preference),
    )
    await set_dates(session, asker, whose.id, [dated], now)
    return Redirect(back, status_code=303)


@post("/availability/{person:uuid}/dates/{dated:uuid}/remove", status_code=303)
async def take_date_away(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    dated: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Take a time on a day away: the weekly times hold again."""
    del data
    back = way_back(request, address_of(person))
    had = await session.get(DatedWindow, dated)
    facts = asdict(dated_of(had)) if had else {}
    await remove_date(session, asker, person, dated, now)
    return may_undo(request, back, asker, Opposite("date-removed", person, facts), now)


@post("/availability/{person:uuid}/copy", status_code=303)
async def copy_month(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    data: URLEncodedBody[MonthForm],
) -> Redirect:
    """Copy the month before."""
    back = way_back(request, address_of(person))
    month = day_entry("month", f"{data.month}-01")
    if data.page == "month":
        back = way_back(request, month_address(person, month))
    await copy_last_month(session, asker, person, month, now)
    return Redirect(back, status_code=303)


@post("/availability/{person:uuid}/limits", status_code=303)
async def change_limits(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    data: URLEncodedBody[LimitsForm],
) -> Redirect:
    """Set one's own stricter limits, or as a coordinator the project's for somebody else."""
    back = way_back(request, address_of(person))
    whose = await may_see(session, asker, person)
    own = OwnLimits(
        number_entry("hours_per_week", data.hours_per_week),
        _whole(number_entry("shifts_per_week", data.shifts_per_week)),
        number_entry("rest_hours", data.rest_hours),
    )
    if whose.id == asker.person_id:
        await limit_oneself(session, asker, own=own, now=now)
    else:
        limits = _for_project(whose, own)
        await set_limits(session, asker, person_id=whose.id, limits=limits, now=now)
    return Redirect(back, status_code=303)


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _for_project(person: Person, entered: OwnLimits) -> Limits:
    before = person.project_limits
    return Limits(
        before.hours_per_week if entered.hours_per_week is None else entered.hours_per_week,
        before.shifts_per_week if entered.shifts_per_week is None else entered.shifts_per_week,
        before.rest_hours if entered.rest_hours is None else entered.rest_hours,
    )


@post("/availability/{person:uuid}/zone", status_code=303)
async def change_zone(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    data: URLEncodedBody[ZoneForm],
) -> Redirect:
    """Say where somebody lives."""
    back = way_back(request, address_of(person))
    await set_zone(session, asker, person, data.zone.strip(), now)
    return Redirect(back, status_code=303)
