"""Away for several days: asking others for all of one's seats from a day to a day."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.languages.reading import own_clock
from api.pages.entries import day_entry
from api.pages.rendering import page, way_back
from api.pages.weeks import Week, week_of
from api.parts import Now, Session, Signed
from rota.cover.spans import ask_for_cover_between, seats_in_span
from rota.shifts.rules.local_times import wall_instant

PATH = "/week/cover"


class DaysForm(msgspec.Struct):
    """The first and the last day away, on one's own calendar."""

    first_day: str = ""
    last_day: str = ""


class Days(msgspec.Struct, frozen=True):
    """Whole days on somebody's own calendar, the last one included."""

    first: date
    last: date
    zone: str

    @property
    def begins(self) -> datetime:
        """The first moment of the first day."""
        return wall_instant(datetime.combine(self.first, time()), self.zone)

    @property
    def ends(self) -> datetime:
        """The first moment after the last day."""
        return wall_instant(datetime.combine(self.last + timedelta(days=1), time()), self.zone)


def _days(form: DaysForm, zone: str) -> Days:
    first = day_entry("first_day", form.first_day)
    last = day_entry("last_day", form.last_day) if form.last_day else first
    if last < first:
        raise InvalidRequest("last_day", "is before the first day.")
    return Days(first, last, zone)


@get(PATH)
async def show_days(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    first_day: FromQuery[str] = "",
    last_day: FromQuery[str] = "",
    asked: FromQuery[str] = "",
) -> Template:
    """Show the seats of some days with what would happen to each, or ask which days."""
    way_back(request, PATH)
    zone = own_clock().key
    days = _days(DaysForm(first_day, last_day), zone) if first_day else None
    seats = await seats_in_span(session, asker, days.begins, days.ends, now) if days else []
    return page(
        "cover-days.html",
        asker=asker,
        days=days,
        seats=seats,
        week=_clock(zone, now),
        today=now.astimezone(ZoneInfo(zone)).date(),
        asked=asked == "yes",
        now=now,
    )


def _clock(zone: str, now: datetime) -> Week:
    """Give the week of today, by whose clock the words about requests tell times."""
    return week_of(None, zone, now)


@post(PATH, status_code=303)
async def ask_for_days(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[DaysForm],
) -> Redirect:
    """Have others asked for every seat of these days."""
    back = way_back(request, PATH)
    days = _days(data, own_clock().key)
    await ask_for_cover_between(session, asker, days.begins, days.ends, now)
    said = {"first_day": str(days.first), "last_day": str(days.last), "asked": "yes"}
    return Redirect(f"{back}?{urlencode(said)}", status_code=303)
