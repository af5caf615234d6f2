from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.devices.models import PushDevice
from federation.permissions.rules import Asker


class Device(NamedTuple):
    """A device as its owner sees it; its address is of no use to people."""

    id: UUID
    label: str
    made_at: datetime


async def own_devices(session: AsyncSession, asker: Asker) -> list[Device]:
    """List the asker's own devices, oldest first."""
    rows = await session.execute(
        select(PushDevice.id, PushDevice.label, PushDevice.made_at)
        .where(PushDevice.person_id == asker.person_id)
        .order_by(PushDevice.made_at, PushDevice.id)
    )
    return [Device(*row) for row in rows]
