"""One's own calendars elsewhere, read for busy times alone."""

from typing import Any

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from api.pages.buttons import button
from api.pages.rendering import way_back
from api.parts import NodeSettings, Now, Session, Signed
from federation.access.seal import Seal
from rota.busy_times.actions import (
    add_busy_calendar,
    read_busy_calendar_now,
    remove_busy_calendar,
)

HERE = "/availability"


class CalendarForm(msgspec.Struct):
    """The secret address of a calendar, and what the person calls it."""

    address: str = ""
    label: str = ""


@post("/busy-calendars", status_code=303)
async def add(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[CalendarForm],
) -> Redirect:
    """Have a calendar read; its address is sealed and never shown again."""
    back = way_back(request, HERE)
    await add_busy_calendar(
        session,
        asker,
        data.address,
        data.label,
        Seal.open(settings.keys),
        now,
        plain_allowed=settings.development,
    )
    return Redirect(back, status_code=303)


read_now = button("/busy-calendars/{subject:uuid}/read", read_busy_calendar_now, lambda *_: HERE)
forget = button("/busy-calendars/{subject:uuid}/remove", remove_busy_calendar, lambda *_: HERE)
