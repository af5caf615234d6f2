"""Taking back what one has just done, by the act that does the opposite, with all its checks."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.params import URLEncodedBody
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import NothingToUndo
from api.pages.rendering import way_back
from api.pages.undoable import Done, may_undo, named, undoable
from api.parts import Now, Session, Signed
from federation.permissions.rules import Asker
from rota.availability.actions import add_wish, set_dates
from rota.availability.rules import Dated, Weekly
from rota.cover.actions import ask_for_cover, withdraw_cover
from rota.leave.actions import enter_leave, remove_leave
from rota.sign_up.actions import claim_seat, release_claim
from rota.swaps.offering import withdraw_offer
from rota.waiting.actions import stop_waiting


class Away(msgspec.Struct):
    """From when to when somebody was away."""

    begins: datetime
    ends: datetime


class UndoForm(msgspec.Struct):
    """Which act the button stood for: another may have been done since, in another window."""

    done: str = ""


async def _enter_date(session: AsyncSession, asker: Asker, done: Done, now: datetime) -> None:
    await set_dates(session, asker, done.subject, [msgspec.convert(done.facts, Dated)], now)


async def _enter_weekly(session: AsyncSession, asker: Asker, done: Done, now: datetime) -> None:
    await add_wish(session, asker, done.subject, msgspec.convert(done.facts, Weekly), now)


async def _enter_leave(session: AsyncSession, asker: Asker, done: Done, now: datetime) -> None:
    away = msgspec.convert(done.facts, Away)
    await enter_leave(session, asker, done.subject, away.begins, away.ends, now)


Act = Callable[[AsyncSession, Asker, UUID, datetime], Awaitable[object]]
Reenter = Callable[[AsyncSession, Asker, Done, datetime], Awaitable[None]]

ENDS: dict[str, Act] = {
    "seat-taken": release_claim,
    "seat-asked": release_claim,
    "seat-given-back": claim_seat,
    "cover-asked": withdraw_cover,
    "cover-withdrawn": ask_for_cover,
    "swap-offered": withdraw_offer,
    "waiting-begun": stop_waiting,
    "leave-entered": remove_leave,
}
ENTERS: dict[str, Reenter] = {
    "leave-removed": _enter_leave,
    "date-removed": _enter_date,
    "weekly-removed": _enter_weekly,
}
"""What was removed is entered anew, from what it said."""


@post("/undo", status_code=303)
async def undo(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[UndoForm],
) -> Redirect:
    """Take back what was done last; the act that does so may refuse it as it would anybody."""
    way_back(request, "/")
    done = undoable(request, asker)
    if done is None or data.done != named(done):
        raise NothingToUndo
    back = way_back(request, done.back)
    if done.kind in ENDS:
        await ENDS[done.kind](session, asker, done.subject, now)
    else:
        try:
            await ENTERS[done.kind](session, asker, done, now)
        except msgspec.ValidationError as error:
            raise NothingToUndo from error
    return may_undo(request, back, asker, None, now)
