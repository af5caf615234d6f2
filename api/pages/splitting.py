"""Dividing a session from the board, by the time on the pool's clock."""

from datetime import time
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from api.errors import InvalidRequest
from api.pages.rendering import way_back
from api.pages.weeks import week_address
from api.parts import Now, Session, Signed
from rota.splitting.actions import split_shift
from rota.splitting.rules import moment_within
from rota.timetable.queries import shift_to_change


class SplitForm(msgspec.Struct):
    """When the second part starts, and the board and week to return to."""

    at: str = ""
    week: str = ""
    board: str = ""


@post("/shifts/{shift:uuid}/split", status_code=303)
async def split(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[SplitForm],
) -> Redirect:
    """Divide a session in two from the board."""
    where = f"/board/{data.board}" if data.board.replace("-", "").isalnum() else "/board"
    back = way_back(request, week_address(where, data.week))
    found = await shift_to_change(session, asker, shift)
    # what is outside the session is refused by the rule, in its words
    at = moment_within(found.starts, found.ends, found.zone, _clock(data.at)) or found.ends
    await split_shift(session, asker, shift, at, now)
    return Redirect(back, status_code=303)


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise InvalidRequest("at", "must be a time such as 20:30.") from error
