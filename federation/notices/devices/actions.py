from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound
from federation.notices.devices.errors import TooManyDevices
from federation.notices.devices.models import PushDevice
from federation.notices.devices.rules import (
    MOST_DEVICES,
    Subscription,
    plain_label,
    require_usable,
)
from federation.people.models import Person
from federation.permissions.rules import Asker, require_write


async def add_device(
    session: AsyncSession,
    asker: Asker,
    subscription: Subscription,
    label: str,
    now: datetime,
    *,
    development: bool = False,
) -> PushDevice:
    """Tell somebody on one more device; a browser that changes hands no longer rings for others."""
    require_write(asker)
    require_usable(subscription, development=development)
    await session.execute(
        select(Person.id).where(Person.id == asker.person_id).with_for_update(key_share=True)
    )
    await session.execute(delete(PushDevice).where(PushDevice.endpoint == subscription.endpoint))
    count = await session.scalar(
        select(func.count()).where(PushDevice.person_id == asker.person_id)
    )
    if (count or 0) >= MOST_DEVICES:
        raise TooManyDevices
    device = PushDevice(
        person_id=asker.person_id,
        label=plain_label(label),
        endpoint=subscription.endpoint,
        p256dh=subscription.p256dh,
        auth=subscription.auth,
        made_at=now,
    )
    session.add(device)
    await session.flush()
    await _record(session, asker.person_id, "push-device.added", device.id, now)
    return device


async def remove_device(
    session: AsyncSession, asker: Asker, device_id: UUID, now: datetime
) -> None:
    """Tell nobody any more on one of the asker's own devices."""
    require_write(asker)
    removed = await session.scalar(
        delete(PushDevice)
        .where(PushDevice.id == device_id, PushDevice.person_id == asker.person_id)
        .returning(PushDevice.id)
    )
    if removed is None:
        raise NotFound
    await _record(session, asker.person_id, "push-device.removed", device_id, now)


async def drop_device(session: AsyncSession, device_id: UUID, now: datetime) -> None:
    """Forget a device that its push service no longer knows: it will never answer again."""
    await session.execute(delete(PushDevice).where(PushDevice.id == device_id))
    await _record(session, SYSTEM, "push-device.gone", device_id, now)


async def forget_devices(session: AsyncSession, person_id: UUID) -> None:
    """Erase somebody's devices."""
    await session.execute(delete(PushDevice).where(PushDevice.person_id == person_id))


async def _record(
    session: AsyncSession, actor: UUID | str, verb: str, device_id: UUID, now: datetime
) -> None:
    await record(
        session, actor=actor, verb=verb, subject="push-device", subject_id=device_id, now=now
    )


async def let_device_rest(session: AsyncSession, device_id: UUID, until: datetime) -> None:
    """Send a device nothing before a moment that its push service has named."""
    await session.execute(
        update(PushDevice).where(PushDevice.id == device_id).values(rests_until=until)
    )
