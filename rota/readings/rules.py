"""Who has a seat and has not read what is new: until when, and when they are reminded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from protocols.deadlines.rules import Asked

Step = Literal["new", "soon", "last"]
SOON, LAST = timedelta(days=2), timedelta(days=1)
JUST_TOLD = timedelta(hours=12)
"""Who has been told this recently is not reminded as well."""
LOOK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A seat whose holder has not read one text; `host` is None where this node decides it."""

    claim_id: UUID
    person_id: UUID
    project_id: UUID
    shift_id: UUID
    pool_id: UUID
    host: str | None
    starts: datetime
    zone: str
    urn: str
    title: str
    asked: Asked
    due: datetime
    vacates: bool

    def is_over(self, now: datetime) -> bool:
        """Tell whether the time for reading has passed."""
        return self.due <= now


def step(asked: Asked, due: datetime, now: datetime) -> Step:
    """Tell what somebody is to be told now: that there is something new, or how little is left."""
    moments: tuple[tuple[Step, datetime], ...] = (("last", due - LAST), ("soon", due - SOON))
    for name, moment in moments:
        if moment <= now and moment > asked.since + JUST_TOLD:
            return name
    return "new"


def next_look(unread: Iterable[Unread], now: datetime) -> datetime | None:
    """Say when to look again: at the next moment of any seat, and within the hour at the latest."""
    moments = [
        moment
        for one in unread
        for moment in (one.due - SOON, one.due - LAST, one.due, now + LOOK_AGAIN)
        if moment > now
    ]
    return min(moments, default=None)
