"""The secret addresses of one's own rota, one for each device."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.parts import NodeSettings, Now, Session, Signed
from federation.access.rules import secret_hash
from rota.calendar.actions import make_address, revoke_address
from rota.calendar.models import CalendarAddress
from rota.calendar.queries import addresses_of

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class CalendarWanted(msgspec.Struct, forbid_unknown_fields=True):
    """For which device the address is, and what its entries are called there (else: Shift)."""

    label: Line
    title: Line | None = None


class CalendarMade(msgspec.Struct):
    """A new address; `url` is shown this once."""

    id: UUID
    label: str
    url: str


class Calendar(msgspec.Struct):
    """An address without its secret; `last_used_on` is a day, coarse on purpose."""

    id: UUID
    label: str
    made_at: datetime
    last_used_on: date | None


class Calendars(msgspec.Struct):
    """A list of addresses, never long enough to be paged."""

    items: list[Calendar]
    next: str | None = None


class CalendarController(Controller):
    """What a person does with the addresses of their own feed."""

    path = "/calendars"
    tags = ("calendars",)

    @get()
    async def calendars(self, session: Session, asker: Signed) -> Calendars:
        """List my addresses that still work."""
        return Calendars(
            [
                Calendar(address.id, address.label, address.made_at, address.last_used_on)
                for address in await addresses_of(session, asker.person_id)
            ]
        )

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
        secret = await make_address(session, asker.person_id, data.label, data.title or "", now)
        address = await _made(session, secret)
        url = f"{settings.base_url.rstrip('/')}/calendar/{secret}.ics"
        return CalendarMade(address.id, address.label, url)

    @delete("/{calendar_id:uuid}")
    async def revoke_calendar(
        self, calendar_id: FromPath[UUID], session: Session, asker: Signed, now: Now
    ) -> None:
        """Stop an address at once."""
        await revoke_address(session, asker.person_id, calendar_id, now)


async def _made(session: AsyncSession, secret: str) -> CalendarAddress:
    row = CalendarAddress.secret_hash == secret_hash(secret)
    return (await session.scalars(select(CalendarAddress).where(row))).one()
