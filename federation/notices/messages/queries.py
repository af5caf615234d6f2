from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.addresses.models import MailAddress
from federation.notices.devices.models import PushDevice
from federation.notices.devices.rules import Subscription
from federation.notices.messages.rules import REMINDER
from federation.notices.models import Notice


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be sent to: an address or a device."""

    channel: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that is needed to send one message, read before the network is spoken to."""

    message_id: UUID
    person_id: UUID
    target: UUID
    kind: str
    urgent: bool
    language: str
    tried_at: datetime
    to: str | Subscription


async def targets_of(session: AsyncSession, person_id: UUID) -> list[Target]:
    """List where somebody can be told: a confirmed address that takes mail, and every device."""
    mail = await session.scalars(
        select(MailAddress.id).where(
            MailAddress.person_id == person_id,
            MailAddress.confirmed_at.is_not(None),
            MailAddress.refused_at.is_(None),
        )
    )
    devices = await session.scalars(
        select(PushDevice.id).where(PushDevice.person_id == person_id).order_by(PushDevice.id)
    )
    return [*(Target("email", each) for each in mail), *(Target("push", each) for each in devices)]


async def destination(session: AsyncSession, target: Target) -> str | Subscription | None:
    """Give where a message goes, or None where that is gone or takes nothing any more."""
    if target.channel == "email":
        row = await session.get(MailAddress, target.id, populate_existing=True)
        usable = row is not None and row.confirmed_at is not None and row.refused_at is None
        return row.address if row is not None and usable else None
    device = await session.get(PushDevice, target.id, populate_existing=True)
    if device is None:
        return None
    return Subscription(device.endpoint, device.p256dh, device.auth)


async def rests_until(session: AsyncSession, target: Target) -> datetime | None:
    """Tell until when a device is to be left alone, if it is; mail servers name no time."""
    if target.channel == "email":
        return None
    # read just before, with where it is
    device = await session.get(PushDevice, target.id)
    return None if device is None else device.rests_until


async def has_unseen(session: AsyncSession, person_id: UUID, kind: str, since: datetime) -> bool:
    """Tell whether there is still something to look at; who has looked need not be told."""
    reminder = Notice.code == REMINDER
    unseen = exists().where(
        Notice.person_id == person_id,
        Notice.seen_at.is_(None),
        Notice.at >= since,
        reminder if kind == REMINDER else ~reminder,
    )
    return bool(await session.scalar(select(unseen)))
