"""Whether a session took place, and until when, for what is counted of it afterwards.

Stated as SQL over Shift and its check-in, which is joined where there is one.
"""

from sqlalchemy import and_, func, or_

from rota.attendance.models import CheckIn
from rota.shifts.models import Shift

ITS_CHECK_IN = CheckIn.shift_id == Shift.id
TOOK_PLACE = or_(
    CheckIn.id.is_(None),
    and_(
        CheckIn.did_not_happen.is_(None),
        # where another node hosts the pool, of a session that did not take place no more is known
        # than that it ended in the moment in which it began, or began when its time was over
        or_(CheckIn.ended_at.is_(None), CheckIn.ended_at > CheckIn.at),
        CheckIn.at < Shift.ends,
    ),
)
"""Of a session that nobody has checked in to nothing else is known than that it was planned."""
# in the minute in which it is ended the public sees it closed
OVER_AT = func.greatest(
    Shift.starts, func.least(Shift.ends, func.date_trunc("minute", CheckIn.ended_at))
)
"""When a session that took place was over: as planned, unless it was ended before."""
