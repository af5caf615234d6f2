"""When somebody can work in a month: a grid of parts of days to tick or paint, saved at once."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.pages.availability import address_of, month_address, preference_in
from api.pages.entries import day_entry
from api.pages.forms import Many, many
from api.pages.rendering import page, way_back, with_script
from api.parts import Now, Session, Signed
from rota.availability.actions import paint_days
from rota.availability.painting import PART_NAMES, PARTS, Cell, Painted, shown_cells
from rota.availability.queries import dated_of, entered_by, may_see, weekly_of, zone_of

DAY = timedelta(days=1)


class PaintForm(msgspec.Struct):
    """The parts that are ticked now, those that were on the page, and a week to do likewise."""

    month: str = ""
    on: Many = []
    was: str = ""
    preference: str = "1"
    same: str = ""


@get("/availability/{person:uuid}/month")
async def show_month(
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    month: FromQuery[str | None] = None,
) -> Template:
    """Show the days of a month that are not over, a row for each."""
    whose = await may_see(session, asker, person)
    zone = await zone_of(session, whose)
    today = now.astimezone(ZoneInfo(zone)).date()
    shown = _month(month, today)
    days = _days(shown, today)
    entered = await entered_by(session, whose.id, shown - DAY)
    cells = shown_cells(
        [weekly_of(row) for row in entered.weekly],
        [dated_of(row) for row in entered.dated],
        days,
        zone,
    )
    answer = page(
        "availability-month.html",
        asker=asker,
        person=whose,
        mine=whose.id == asker.person_id,
        zone=zone,
        month=shown,
        before=None if shown <= today else _neighbour(shown, -1),
        after=_neighbour(shown, 1),
        weeks=_weeks(days),
        parts=[(part.name, _clock(part.starts.hour, part.minutes)) for part in PARTS],
        cells=cells,
        was=" ".join(_written(cell) for cell in cells),
    )
    return with_script(answer)


def _month(text: str | None, today: date) -> date:
    """Give the first day of the month that is asked for; of those gone by nothing is shown."""
    asked = day_entry("month", f"{text}-01") if text else today
    return max(asked, today).replace(day=1)


def _neighbour(month: date, months: int) -> date:
    return (month + timedelta(days=32) if months > 0 else month - DAY).replace(day=1)


def _days(month: date, today: date) -> list[date]:
    until = _neighbour(month, 1)
    begins = max(month, today)
    return [begins + timedelta(days=each) for each in range((until - begins).days)]


def _weeks(days: Iterable[date]) -> list[tuple[date, list[date]]]:
    found: dict[date, list[date]] = {}
    for day in days:
        found.setdefault(_monday(day), []).append(day)
    return list(found.items())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _clock(hour: int, minutes: int) -> str:
    return f"{hour}-{(hour + minutes // 60) % 24}"


def _written(cell: Cell) -> str:
    return f"{cell.day}-{cell.part}"


def _cells(field: str, texts: Iterable[str], month: date) -> Iterator[Cell]:
    for text in texts:
        day, _, part = text.rpartition("-")
        cell = Cell(day_entry(field, day), part)
        if part not in PART_NAMES or cell.day.replace(day=1) != month:
            raise InvalidRequest(field, "is not one of those on the page.")
        yield cell


@post("/availability/{person:uuid}/month", status_code=303)
async def paint_month(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    data: URLEncodedBody[PaintForm],
) -> Redirect:
    """Save what differs from what the page showed; what others entered meanwhile stays."""
    way_back(request, address_of(person))
    month = day_entry("month", f"{data.month}-01")
    back = way_back(request, month_address(person, month))
    whose = await may_see(session, asker, person)
    zone = await zone_of(session, whose)
    days = _days(month, now.astimezone(ZoneInfo(zone)).date())
    on = frozenset(_cells("on", many(data.on), month))
    was = frozenset(_cells("was", data.was.split(), month))
    if data.same:
        on = _likewise(on, day_entry("same", data.same), days)
    painted = Painted(
        on=frozenset(cell for cell in on - was if cell.day in days),
        off=frozenset(cell for cell in was - on if cell.day in days),
        zone=zone,
        preference=preference_in(data.preference),
    )
    await paint_days(session, asker, whose.id, painted, now)
    return Redirect(back, status_code=303)


def _likewise(on: frozenset[Cell], monday: date, days: list[date]) -> frozenset[Cell]:
    """Tick in the weeks after a week what is ticked in it; weekdays that it lacks stay."""
    pattern = {day.weekday(): day for day in days if _monday(day) == monday}
    later = {day for day in days if _monday(day) > monday and day.weekday() in pattern}
    same = {
        Cell(day, part)
        for day in later
        for part in PART_NAMES
        if Cell(pattern[day.weekday()], part) in on
    }
    return frozenset(cell for cell in on if cell.day not in later) | same
