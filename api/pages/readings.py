"""Who has to read what before which session, and how long a pool gives for it."""

from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import NUMBER_OR_EMPTY, InvalidRequest
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from federation.pools.queries import pool_seen_by
from federation.pools.settings import set_reading
from protocols.deadlines.rules import USUAL_DAYS
from rota.readings.queries import readings_seen

HERE = "/readings"
MOST_DAYS = 90


class TimeForm(msgspec.Struct):
    """How many days, none for the usual; and what follows when they are over."""

    days: str = ""
    overdue: Literal["vacate", "warn"] = "vacate"


@get(HERE)
async def show_readings(session: Session, asker: Signed, now: Now) -> Template:
    """Show a coordinator who is missing what: own people by name, others as ready or not."""
    seen = await readings_seen(session, asker, now)
    return page(
        "readings.html",
        asker=asker,
        missing=seen.missing,
        partners=seen.partners,
        pools=seen.hosted,
        usual_days=USUAL_DAYS,
        most_days=MOST_DAYS,
        on_clock=_on_clock,
        now=now,
    )


@post("/readings/{pool:str}", status_code=303)
async def set_time(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    data: URLEncodedBody[TimeForm],
) -> Redirect:
    """Keep how long a pool gives for reading."""
    back = way_back(request, HERE)
    wanted = data.days.strip()
    if wanted and not (
        wanted.isdecimal() and len(wanted) <= len(str(MOST_DAYS)) and int(wanted) <= MOST_DAYS
    ):
        raise InvalidRequest("days", NUMBER_OR_EMPTY % {"number": MOST_DAYS})
    found = await pool_seen_by(session, asker, pool)
    days = int(wanted) if wanted else None
    await set_reading(session, asker, found.id, now, days=days, overdue=data.overdue)
    return Redirect(back, status_code=303)


def _on_clock(moment: datetime, zone: str) -> datetime:
    """Show a moment on the clock of the people who planned the session."""
    return moment.astimezone(ZoneInfo(zone))
