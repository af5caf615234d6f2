"""Time away, entered by the worker: no seat in it is given from then on."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import post
from litestar.params import JSONBody

from api.bodies import Moment, require_plannable
from api.parts import Now, Session, Signed
from rota.availability.actions import enter_leave


class LeaveBody(msgspec.Struct, forbid_unknown_fields=True):
    """From when to when; the end is the first moment back."""

    start: Moment
    end: Moment


class LeaveAnswer(msgspec.Struct, frozen=True):
    """Leave as it was entered."""

    id: UUID
    start: datetime
    end: datetime


@post("/leave", summary="Enter time away")
async def enter_my_leave(
    session: Session, asker: Signed, now: Now, data: JSONBody[LeaveBody]
) -> LeaveAnswer:
    """Enter one's own leave; seats held in it stay, until they are given back."""
    require_plannable("start", data.start)
    require_plannable("end", data.end)
    leave = await enter_leave(session, asker, asker.person_id, data.start, data.end, now)
    return LeaveAnswer(leave.id, data.start, data.end)
