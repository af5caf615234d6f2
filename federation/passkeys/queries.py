from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.passkeys.models import Passkey
from federation.permissions.rules import Asker


class PasskeyShown(NamedTuple):
    """A passkey as its owner sees it; its key is of no use to people."""

    id: UUID
    device: str | None
    made_at: datetime
    last_used_on: date | None


async def own_passkeys(session: AsyncSession, asker: Asker) -> list[PasskeyShown]:
    """List the asker's own passkeys, oldest first."""
    rows = await session.execute(
        select(Passkey.id, Passkey.device, Passkey.made_at, Passkey.last_used_on)
        .where(Passkey.person_id == asker.person_id)
        .order_by(Passkey.made_at, Passkey.id)
    )
    return [PasskeyShown(*row) for row in rows]
