"""One's own calendars elsewhere, of which only the busy times are read. Nobody else sees them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody

from api.parts import NodeSettings, Now, Session, Signed
from federation.access.seal import Seal
from rota.busy_times.actions import (
    add_busy_calendar,
    read_busy_calendar_now,
    remove_busy_calendar,
)
from rota.busy_times.models import BusyCalendar
from rota.busy_times.queries import busy_calendars_of
from rota.busy_times.rules.known import are_known


class BusyCalendarWanted(msgspec.Struct, forbid_unknown_fields=True):
    """The secret address of a calendar; it is sealed, and never shown again."""

    address: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    label: Annotated[str, msgspec.Meta(max_length=80)] = ""


class BusyCalendarAnswer(msgspec.Struct, frozen=True):
    """A calendar without its address; `known` tells whether plans rely on its busy times."""

    id: UUID
    label: str
    made_at: datetime
    read_at: datetime | None
    tried_at: datetime | None
    failure: str | None
    known: bool


class BusyCalendars(msgspec.Struct, frozen=True):
    """A list never long enough to be paged."""

    items: list[BusyCalendarAnswer]
    next: str | None = None


class BusyCalendarController(Controller):
    """What a person does with calendars that are read for busy times."""

    path = "/busy-calendars"
    tags = ("availability",)

    @get()
    async def busy_calendars(self, session: Session, asker: Signed, now: Now) -> BusyCalendars:
        """List my calendars, with how long ago each was read."""
        found = await busy_calendars_of(session, asker)
        return BusyCalendars([_told(one, now) for one in found])

    @post()
    async def add_calendar(
        self,
        session: Session,
        asker: Signed,
        now: Now,
        settings: NodeSettings,
        data: JSONBody[BusyCalendarWanted],
    ) -> BusyCalendarAnswer:
        """Have a calendar read for busy times, from now on."""
        added = await add_busy_calendar(
            session,
            asker,
            data.address,
            data.label,
            Seal.open(settings.keys),
            now,
            plain_allowed=settings.development,
        )
        return _told(added, now)

    @post("/{calendar:uuid}/readings", status_code=202)
    async def read_calendar(
        self, session: Session, asker: Signed, now: Now, calendar: FromPath[UUID]
    ) -> None:
        """Have a calendar read at once."""
        await read_busy_calendar_now(session, asker, calendar, now)

    @delete("/{calendar:uuid}")
    async def forget_calendar(
        self, session: Session, asker: Signed, now: Now, calendar: FromPath[UUID]
    ) -> None:
        """Forget a calendar and its busy times."""
        await remove_busy_calendar(session, asker, calendar, now)


def _told(one: BusyCalendar, now: datetime) -> BusyCalendarAnswer:
    known = are_known([one.read_at], now)
    return BusyCalendarAnswer(
        one.id, one.label, one.made_at, one.read_at, one.tried_at, one.failure, known
    )
