"""Buttons at a seat: one press does one thing, and leads back to the week or board it was on."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.rendering import way_back
from api.pages.weeks import week_address
from api.parts import Now, Session, Signed
from federation.permissions.rules import Asker

Act = Callable[[AsyncSession, Asker, UUID, datetime], Awaitable[object]]


class SeatForm(msgspec.Struct):
    """The week to return to, and a coordinator's choice of a worker."""

    week: str = ""
    worker: str = ""
    board: str = ""


def where_to(form: SeatForm) -> str:
    """Return to the board or the week on which a button was pressed."""
    where = f"/board/{form.board}" if form.board.replace("-", "").isalnum() else "/week"
    return week_address(where, form.week)


def seat_button(path: str, act: Act) -> HTTPRouteHandler:
    """Make the button that does `act` to the one thing that `path` names, and asks nothing else."""

    @post(path, status_code=303)
    async def press(
        request: Request[Any, Any, State],
        session: Session,
        asker: Signed,
        now: Now,
        subject: FromPath[UUID],
        data: URLEncodedBody[SeatForm],
    ) -> Redirect:
        back = way_back(request, where_to(data))
        await act(session, asker, subject, now)
        return Redirect(back, status_code=303)

    return press
