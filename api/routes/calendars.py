"""The secret addresses of one's own feeds, one for each device."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from api.feeds.address import feed_url
from api.parts import NodeSettings, Now, Session, Signed
from rota.calendar.actions import (
    MadeAddress,
    add_address,
    revoke_address,
    reword_address,
    rotate_address,
)
from rota.calendar.queries import Address, address_of, addresses_of
from rota.calendar.rules.wanted import Wording

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Shows = Literal["rota", "open-seats", "pool"]
Level = Literal["title", "busy"]
Weeks = Annotated[int, msgspec.Meta(ge=4, le=8)]
AlarmMinutes = Annotated[int, msgspec.Meta(ge=0, le=1440)]


class CalendarWanted(msgspec.Struct, forbid_unknown_fields=True):
    """For which device the address is, what it shows, and what others may read there.

    `shows` own seats (`rota`), seats that one could take (`open-seats`), or the sessions of the
    `pool` that one coordinates. At the level `busy` events have no title.
    """

    label: Line
    title: Line | None = None
    name: Line | None = None
    shows: Shows = "rota"
    pool: Line | None = None
    level: Level = "title"
    alarm_minutes: AlarmMinutes | None = None
    weeks: Weeks = 6


class CalendarReworded(msgspec.Struct, forbid_unknown_fields=True):
    """What is to change; what is left out stays. Without minutes there is no reminder."""

    label: Line | UnsetType = UNSET
    title: Line | UnsetType = UNSET
    name: Line | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    alarm_minutes: AlarmMinutes | UnsetType | None = UNSET
    weeks: Weeks | UnsetType = UNSET


class CalendarMade(msgspec.Struct):
    """A new address; `url` is shown this once."""

    id: UUID
    label: str
    url: str


class Calendar(msgspec.Struct):
    """An address without its secret; `last_used_on` is a day, coarse on purpose."""

    id: UUID
    label: str
    name: str
    title: str
    shows: str
    pool: str | None
    level: str
    alarm_minutes: int | None
    weeks: int
    made_at: datetime
    last_used_on: date | None


class Calendars(msgspec.Struct):
    """A list of addresses, never long enough to be paged."""

    items: list[Calendar]
    next: str | None = None


class CalendarController(Controller):
    """What a person does with the addresses of their own feeds."""

    path = "/calendars"
    tags = ("calendars",)

    @get()
    async def calendars(self, session: Session, asker: Signed) -> Calendars:
        """List my addresses that still work."""
        found = await addresses_of(session, asker.person_id)
        return Calendars([_told(address) for address in found])

    @post()
    async def make_calendar(
        self,
        data: JSONBody[CalendarWanted],
        session: Session,
        asker: Signed,
        now: Now,
        settings: NodeSettings,
    ) -> CalendarMade:
        """Make an address for one more device."""
        wording = Wording(
            data.label,
            data.name or "",
            data.title or "",
            data.level,
            data.alarm_minutes,
            data.weeks,
        )
        made = await add_address(session, asker, wording, now, shows=data.shows, pool=data.pool)
        return await _made(session, asker.person_id, made, settings.base_url)

    @patch("/{calendar_id:uuid}")
    async def reword_calendar(
        self,
        calendar_id: FromPath[UUID],
        data: JSONBody[CalendarReworded],
        session: Session,
        asker: Signed,
        now: Now,
    ) -> Calendar:
        """Change what others may read on a device, or the reminder."""
        changes: dict[str, Any] = {
            name: value
            for name, value in msgspec.structs.asdict(data).items()
            if value is not UNSET
        }
        await reword_address(session, asker, calendar_id, changes, now)
        return _told(await address_of(session, asker.person_id, calendar_id))

    @post("/{calendar_id:uuid}/rotations")
    async def rotate_calendar(
        self,
        calendar_id: FromPath[UUID],
        session: Session,
        asker: Signed,
        now: Now,
        settings: NodeSettings,
    ) -> CalendarMade:
        """Replace an address that others may have seen; the old one empties its device."""
        made = await rotate_address(session, asker.person_id, calendar_id, now)
        return await _made(session, asker.person_id, made, settings.base_url)

    @delete("/{calendar_id:uuid}")
    async def revoke_calendar(
        self, calendar_id: FromPath[UUID], session: Session, asker: Signed, now: Now
    ) -> None:
        """Stop an address at once."""
        await revoke_address(session, asker.person_id, calendar_id, now)


def _told(address: Address) -> Calendar:
    return Calendar(**{name: getattr(address, name) for name in Calendar.__struct_fields__})


async def _made(
    session: Session, person_id: UUID, made: MadeAddress, base_url: str
) -> CalendarMade:
    address = await address_of(session, person_id, made.id)
    return CalendarMade(made.id, address.label, feed_url(base_url, made.secret))
