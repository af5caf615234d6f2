"""Beginning a session and closing it, at the worker's own node."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, post
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from rota.attendance.actions import check_in, end_session, say_done
from rota.attendance.queries import check_ins


class CheckInBody(msgspec.Struct, forbid_unknown_fields=True):
    """Whether all who are there are occupied."""

    busy: bool = False


class CheckInAnswer(msgspec.Struct, frozen=True):
    """How a session stands that has begun; `at` is when it did first."""

    shift: UUID
    at: datetime
    busy: bool


@post("/shifts/{shift:uuid}/check-in", summary="Begin a session", status_code=200)
async def begin_session(
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: JSONBody[CheckInBody | None] = None,
) -> CheckInAnswer:
    """Check in, or say again whether all are busy; only who holds a worker's seat of it may."""
    await check_in(session, asker, shift, now, busy=data.busy if data else False)
    begun = (await check_ins(session, [shift]))[shift]
    return CheckInAnswer(shift=shift, at=begun.at, busy=begun.busy)


@delete("/shifts/{shift:uuid}/check-in", summary="Close a session", status_code=204)
async def close_session(session: Session, asker: Signed, now: Now, shift: FromPath[UUID]) -> None:
    """Say that nobody is there from now on; who checks in again opens it again."""
    await end_session(session, asker, shift, now)


@post("/shifts/{shift:uuid}/done", summary="Say that work is done", status_code=204)
async def finish_work(session: Session, asker: Signed, now: Now, shift: FromPath[UUID]) -> None:
    """Say that messages are answered, or the work of a task, as late as that is."""
    await say_done(session, asker, shift, now)
