from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.audit.actions import record
from federation.audit.models import AuditEntry
from federation.errors import NotFound
from federation.notices.actions import leave
from federation.notices.addresses.errors import (
    MailLinkExpired,
    MailLinkUnknown,
    TooManyConfirmations,
)
from federation.notices.addresses.models import MailAddress
from federation.notices.addresses.rules import CONFIRM_WITHIN, MOST_A_DAY, plain_address
from federation.notices.preferences.actions import keep_channel
from federation.notices.preferences.queries import preferences_of
from federation.people.models import Person
from federation.permissions.rules import Asker, require_write

CONFIRM_ADDRESS = "confirm-address"
ENTERED = "mail-address.entered"


async def enter_address(session: AsyncSession, asker: Asker, entered: str, now: datetime) -> None:
    """Take an address; the worker then sends it a link, and nothing else until that is used."""
    require_write(asker)
    address = plain_address(entered)
    await _lock(session, asker.person_id)
    await _require_few(session, asker.person_id, now)
    await session.execute(
        delete(MailAddress).where(
            MailAddress.person_id == asker.person_id, MailAddress.confirmed_at.is_(None)
        )
    )
    address_id = uuid4()
    session.add(
        MailAddress(id=address_id, person_id=asker.person_id, address=address, asked_at=now)
    )
    await session.flush()
    # the row names the address by its id: what waits in the outbox is nobody's secret
    await put(session, CONFIRM_ADDRESS, {"address": str(address_id)}, now=now, key=str(address_id))
    await _record(session, asker.person_id, ENTERED, now)


async def require_link(session: AsyncSession, address_id: UUID | None, now: datetime) -> None:
    """Say why a link would not confirm an address, without using it."""
    found = await session.get(MailAddress, address_id) if address_id else None
    if found is None:
        raise MailLinkUnknown
    if found.confirmed_at is None and found.asked_at + CONFIRM_WITHIN <= now:
        raise MailLinkExpired


async def confirm_address(session: AsyncSession, address_id: UUID | None, now: datetime) -> None:
    """Begin to send mail to an address whose owner has the link; a second time changes nothing."""
    await require_link(session, address_id, now)
    person_id = (await session.get_one(MailAddress, address_id)).person_id
    await _lock(session, person_id)
    # another tab may have confirmed it, or another address been entered, while this one waited
    waiting = await session.get(MailAddress, address_id, populate_existing=True)
    if waiting is None:
        raise MailLinkUnknown
    if waiting.confirmed_at is not None:
        return
    await session.execute(
        delete(MailAddress).where(
            MailAddress.person_id == person_id, MailAddress.confirmed_at.is_not(None)
        )
    )
    waiting.confirmed_at = now
    await session.flush()
    await _turn(session, person_id, "at-once", only_from="off")
    await _record(session, person_id, "mail-address.confirmed", now)


async def stop_mail(session: AsyncSession, address_id: UUID | None, now: datetime) -> None:
    """End mail to the owner of an address, who need not sign in for that.

    A link that this node made for an address that is gone has reached its aim already.
    """
    if address_id is None:
        raise MailLinkUnknown
    row = await session.get(MailAddress, address_id)
    if row is None:
        return
    if row.confirmed_at is None:
        await session.delete(row)
    else:
        await _turn(session, row.person_id, "off")
    await _record(session, row.person_id, "mail.stopped", now)


async def take_back_addresses(session: AsyncSession, asker: Asker, now: datetime) -> None:
    """Erase one's own addresses."""
    require_write(asker)
    await forget_addresses(session, asker.person_id)
    await _record(session, asker.person_id, "mail-address.erased", now)


async def forget_addresses(session: AsyncSession, person_id: UUID) -> None:
    """Erase somebody's addresses."""
    await session.execute(delete(MailAddress).where(MailAddress.person_id == person_id))


async def note_refusal(session: AsyncSession, address_id: UUID, now: datetime) -> None:
    """Send nothing more to an address that its server refuses, until it is entered again."""
    await session.execute(
        update(MailAddress).where(MailAddress.id == address_id).values(refused_at=now)
    )


async def forget_asked(session: AsyncSession, address_id: UUID, now: datetime) -> None:
    """Erase an address that its server refuses before it was confirmed, and tell the person."""
    person_id = await session.scalar(
        delete(MailAddress)
        .where(MailAddress.id == address_id, MailAddress.confirmed_at.is_(None))
        .returning(MailAddress.person_id)
    )
    if person_id is not None:
        text = "Mail to the address that you entered is refused. Please check it at Notices."
        await leave(session, person_id=person_id, code="mail-refused", text=text, now=now)


async def sweep_addresses(session: AsyncSession, now: datetime) -> None:
    """Erase addresses that nobody confirmed in time."""
    late = MailAddress.asked_at <= now - CONFIRM_WITHIN
    await session.execute(delete(MailAddress).where(MailAddress.confirmed_at.is_(None), late))


async def _lock(session: AsyncSession, person_id: UUID) -> None:
    here = await session.scalar(
        select(Person.id)
        .where(Person.id == person_id, Person.left_at.is_(None))
        .with_for_update(key_share=True)
    )
    if here is None:
        raise NotFound


async def _require_few(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    entered = await session.scalar(
        select(func.count()).where(
            AuditEntry.subject_id == person_id,
            AuditEntry.verb == ENTERED,
            AuditEntry.at > now - timedelta(days=1),
        )
    )
    if (entered or 0) >= MOST_A_DAY:
        raise TooManyConfirmations


async def _turn(
    session: AsyncSession, person_id: UUID, rhythm: str, *, only_from: str = ""
) -> None:
    chosen = await preferences_of(session, person_id)
    if chosen is None:
        raise NotFound
    wish = chosen.channels["email"]
    if not only_from or wish.rhythm == only_from:
        await keep_channel(session, person_id, "email", replace(wish, rhythm=rhythm))


async def _record(session: AsyncSession, person_id: UUID, verb: str, now: datetime) -> None:
    await record(
        session, actor=person_id, verb=verb, subject="person", subject_id=person_id, now=now
    )
