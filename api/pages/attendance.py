"""Beginning a session, saying that all are busy, and closing it: only then is it open, or not."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from api.pages.buttons import button
from api.pages.rendering import way_back
from api.pages.session_now import session_address
from api.pages.weeks import week_address
from api.parts import Now, Session, Signed
from rota.attendance.actions import check_in, end_session, say_busy, say_done


class AttendanceForm(msgspec.Struct):
    """The page to return to, and whether all who are there are occupied."""

    week: str = ""
    session: str = ""
    busy: str = ""


def _where(shift: UUID, form: AttendanceForm) -> str:
    """Return to the session's own page, or to the week on which a button was pressed."""
    if form.session:
        return session_address(shift)
    return week_address("/week", form.week)


@post("/shifts/{shift:uuid}/check-in", status_code=303)
async def begin(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[AttendanceForm],
) -> Redirect:
    """Say that the session has begun; the public pages show it as open now."""
    back = way_back(request, _where(shift, data))
    await check_in(session, asker, shift, now)
    return Redirect(back, status_code=303)


@post("/shifts/{shift:uuid}/busy", status_code=303)
async def busy(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[AttendanceForm],
) -> Redirect:
    """Say that all who are there are occupied, or free again."""
    back = way_back(request, _where(shift, data))
    await say_busy(session, asker, shift, now, busy=data.busy == "yes")
    return Redirect(back, status_code=303)


@post("/shifts/{shift:uuid}/end", status_code=303)
async def end(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[AttendanceForm],
) -> Redirect:
    """Close the session; from now on nobody is there."""
    back = way_back(request, _where(shift, data))
    await end_session(session, asker, shift, now)
    return Redirect(back, status_code=303)


done = button("/shifts/{subject:uuid}/done", say_done, lambda shift, _: session_address(shift))
