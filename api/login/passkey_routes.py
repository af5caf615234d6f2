"""My passkeys, for programs: they are made in a browser, and can be removed from anywhere."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec
from litestar import Controller, delete, get
from litestar.params import FromPath

from api.parts import Now, Session, Signed
from federation.passkeys.actions import remove_passkey
from federation.passkeys.queries import own_passkeys

Device = Literal["phone", "tablet", "computer", "manager", "key"]


class Passkey(msgspec.Struct):
    """One passkey; `device` is its owner's word, `last_used` a day, coarse on purpose."""

    id: UUID
    device: Device | None
    made: datetime
    last_used: date | None


class Passkeys(msgspec.Struct):
    """A list of passkeys, never long enough to be paged."""

    items: list[Passkey]
    next: str | None = None


class PasskeysController(Controller):
    """Passkeys by which the asker signs in."""

    path = "/me/passkeys"
    tags = ("me",)

    @get()
    async def passkeys(self, session: Session, asker: Signed) -> Passkeys:
        """List my passkeys, the oldest first."""
        return Passkeys(
            [
                Passkey(
                    id=one.id,
                    device=msgspec.convert(one.device, Device | None),
                    made=one.made_at,
                    last_used=one.last_used_on,
                )
                for one in await own_passkeys(session, asker)
            ]
        )

    @delete("/{passkey:uuid}")
    async def remove(
        self, passkey: FromPath[UUID], session: Session, asker: Signed, now: Now
    ) -> None:
        """Let nobody in any more by this passkey."""
        await remove_passkey(session, asker, passkey, now)
