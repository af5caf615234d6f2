from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.addresses.errors import AddressOfNobody
from federation.notices.addresses.models import MailAddress
from federation.notices.addresses.rules import CONFIRM_WITHIN, plain_address
from federation.people.models import Person
from federation.permissions.rules import Asker, require_role


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """A person's own addresses: the one that gets mail, and one that waits to be confirmed."""

    confirmed: str | None = None
    refused_at: datetime | None = None
    asked: str | None = None


async def own_addresses(session: AsyncSession, asker: Asker, now: datetime) -> OwnAddresses:
    """Show somebody their own addresses; nobody else can ask for them."""
    rows = await session.execute(
        select(
            MailAddress.address,
            MailAddress.asked_at,
            MailAddress.confirmed_at,
            MailAddress.refused_at,
        ).where(MailAddress.person_id == asker.person_id)
    )
    confirmed, refused_at, asked = None, None, None
    for row in rows:
        if row.confirmed_at is not None:
            confirmed, refused_at = row.address, row.refused_at
        elif row.asked_at + CONFIRM_WITHIN > now:
            asked = row.address
    return OwnAddresses(confirmed, refused_at, asked)


async def people_mail_does_not_reach(session: AsyncSession, asker: Asker) -> list[str]:
    """Name those of the coordinator's own project whose mail is refused; never their address."""
    require_role(asker, "coordinator")
    names = await session.scalars(
        select(Person.name)
        .join(MailAddress, MailAddress.person_id == Person.id)
        .where(
            Person.project_id == asker.project_id,
            Person.left_at.is_(None),
            MailAddress.refused_at.is_not(None),
        )
        .order_by(Person.name, Person.id)
    )
    return list(names)


async def person_by_address(session: AsyncSession, address: str) -> UUID:
    """Say who has confirmed that mail reaches them there; nobody, where several have."""
    found = await session.scalars(
        select(MailAddress.person_id)
        .join(Person, Person.id == MailAddress.person_id)
        .where(
            func.lower(MailAddress.address) == plain_address(address).lower(),
            MailAddress.confirmed_at.is_not(None),
            Person.left_at.is_(None),
        )
        .limit(2)
    )
    people = found.all()
    if len(people) != 1:
        raise AddressOfNobody
    return people[0]


async def address_to_confirm(
    session: AsyncSession, address_id: UUID, now: datetime
) -> MailAddress | None:
    """Give an address that waits for its confirmation, while its person is here."""
    found = await session.scalar(
        select(MailAddress)
        .join(Person, Person.id == MailAddress.person_id)
        .where(
            MailAddress.id == address_id,
            MailAddress.confirmed_at.is_(None),
            MailAddress.asked_at > now - CONFIRM_WITHIN,
            Person.left_at.is_(None),
        )
    )
    return found if isinstance(found, MailAddress) else None
