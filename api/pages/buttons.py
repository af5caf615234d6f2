"""Buttons that ask for nothing: one press does one thing, and leads back to where they stand."""

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
from api.pages.undoable import Opposite, may_undo
from api.parts import Now, Session, Signed
from federation.permissions.rules import Asker


class Whence(msgspec.Struct):
    """The week, board or session that a button was pressed on; most pages need say none."""

    week: str = ""
    board: str = ""
    shift: str = ""


Act = Callable[[AsyncSession, Asker, UUID, datetime], Awaitable[Any]]
Undoing = Callable[[AsyncSession, Asker, Any], Awaitable[Opposite | None]]
StandsOn = Callable[[UUID, Whence], str]


def button(
    path: str, act: Act, stands_on: StandsOn, undoing: Undoing | None = None
) -> HTTPRouteHandler:
    """Make the button that does `act` to the one thing that `path` names as its subject.

    `stands_on` names the page that it is on, by the subject or by what the form says of it.
    `undoing` says from what the act gave how it can be taken back.
    """

    @post(path, status_code=303)
    async def press(
        request: Request[Any, Any, State],
        session: Session,
        asker: Signed,
        now: Now,
        subject: FromPath[UUID],
        data: URLEncodedBody[Whence],
    ) -> Redirect:
        back = way_back(request, stands_on(subject, data))
        done = await act(session, asker, subject, now)
        opposite = None if undoing is None else await undoing(session, asker, done)
        return may_undo(request, back, asker, opposite, now)

    return press
