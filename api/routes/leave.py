"""Time away: no seat in it is given. Coordinators enter it for their own people, too."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody

from api.bodies import Moment, require_plannable
from api.parts import Now, Session, Signed
from rota.availability.models import Leave
from rota.availability.queries import may_see
from rota.leave.actions import end_leave_early, enter_leave, remove_leave
from rota.leave.queries import leave_of


class LeaveBody(msgspec.Struct, forbid_unknown_fields=True):
    """From when to when; the end is the first moment back.

    Seats in this time refuse it, unless `give_back` says that they are to be given back.
    """

    start: Moment
    end: Moment
    give_back: bool = False


class LeaveEnd(msgspec.Struct, forbid_unknown_fields=True):
    """The first moment back, earlier than planned."""

    end: Moment


class LeaveAnswer(msgspec.Struct, frozen=True):
    """Leave as it stands."""

    id: UUID
    start: datetime | None
    end: datetime | None


class LeaveList(msgspec.Struct, frozen=True):
    """All leave that is not over, never long enough to be paged."""

    items: list[LeaveAnswer]
    next: str | None = None


def _told(leave: Leave) -> LeaveAnswer:
    return LeaveAnswer(leave.id, leave.during.lower, leave.during.upper)


@get("/leave", summary="List time away")
async def list_leave(
    session: Session, asker: Signed, now: Now, person: FromQuery[UUID | None] = None
) -> LeaveList:
    """List the leave that is not over: one's own, or as a coordinator a worker's of one's own."""
    seen = await may_see(session, asker, person or asker.person_id)
    return LeaveList([_told(leave) for leave in await leave_of(session, seen.id, now)])


@post("/leave", summary="Enter time away")
async def enter_my_leave(
    session: Session,
    asker: Signed,
    now: Now,
    data: JSONBody[LeaveBody],
    person: FromQuery[UUID | None] = None,
) -> LeaveAnswer:
    """Enter leave; with `give_back` the seats in it are given back right afterwards."""
    require_plannable("start", data.start)
    require_plannable("end", data.end)
    leave = await enter_leave(
        session,
        asker,
        person or asker.person_id,
        data.start,
        data.end,
        now,
        give_back=data.give_back,
    )
    return LeaveAnswer(leave.id, data.start, data.end)


@patch("/leave/{leave:uuid}", summary="Come back earlier")
async def end_my_leave(
    session: Session, asker: Signed, now: Now, leave: FromPath[UUID], data: JSONBody[LeaveEnd]
) -> LeaveAnswer:
    """End leave earlier than planned; what has passed stays."""
    require_plannable("end", data.end)
    return _told(await end_leave_early(session, asker, leave, data.end, now))


@delete("/leave/{leave:uuid}", summary="Take leave back", status_code=204)
async def remove_my_leave(session: Session, asker: Signed, now: Now, leave: FromPath[UUID]) -> None:
    """Take leave back: all of it if it is still to come, else its rest."""
    await remove_leave(session, asker, leave, now)
