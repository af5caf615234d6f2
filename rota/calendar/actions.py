from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.access.rules import new_secret, secret_hash
from federation.audit.actions import record
from federation.errors import NotFound
from federation.people.models import Person
from rota.calendar.errors import TooManyAddresses
from rota.calendar.models import CalendarAddress, PersonCalendar
from rota.calendar.rules.neutral_text import (
    DEFAULT_LABEL,
    DEFAULT_NAME,
    DEFAULT_TITLE,
    plain_line,
)

MOST_ADDRESSES = 10

_PLAN = PersonCalendar.metadata.tables[PersonCalendar.__tablename__]
_SECOND = timedelta(seconds=1)
BEGIN = (
    insert(_PLAN)
    .values(person_id=bindparam("person_id"), revision=1, changed_at=bindparam("changed_at"))
    .on_conflict_do_nothing()
)
CHANGED = (
    update(_PLAN)
    .where(_PLAN.c.person_id == bindparam("whose"))
    .values(
        revision=_PLAN.c.revision + 1,
        changed_at=func.greatest(
            bindparam("at", type_=TIMESTAMP(timezone=True)), _PLAN.c.changed_at + _SECOND
        ),
    )
)
"""Built once, and past the ORM: every claim pays for it. Without an address it touches no row."""


async def calendar_changed(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Say that somebody's plan has changed: their feeds are written anew when next asked for.

    The caller holds the person's row. Readers never lock this one, so that nobody waits for them.
    """
    await session.execute(CHANGED, {"whose": person_id, "at": now})


async def begin_calendar(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Begin to count the changes of somebody's plan, unless they are counted already."""
    await session.execute(BEGIN, {"person_id": person_id, "changed_at": now})


refresh_calendar = calendar_changed
"""The name until feeds were written when asked for."""


async def _lock_person(session: AsyncSession, person_id: UUID) -> None:
    """Serialise what changes one person's calendar, as claims do; refuse who has left."""
    row = (
        await session.execute(
            select(Person.left_at).where(Person.id == person_id).with_for_update(key_share=True)
        )
    ).one_or_none()
    if row is None or row.left_at is not None:
        raise NotFound


async def make_address(
    session: AsyncSession,
    person_id: UUID,
    label: str,
    title: str,
    now: datetime,
    *,
    name: str = DEFAULT_NAME,
) -> str:
    """Give somebody an address of their own rota for one device; its secret is shown this once."""
    await _lock_person(session, person_id)
    live = await session.scalar(
        select(func.count()).where(
            CalendarAddress.person_id == person_id, CalendarAddress.revoked_at.is_(None)
        )
    )
    if (live or 0) >= MOST_ADDRESSES:
        raise TooManyAddresses
    await begin_calendar(session, person_id, now)
    secret = new_secret()
    address = CalendarAddress(
        id=new_id(),
        person_id=person_id,
        label=plain_line(label, DEFAULT_LABEL),
        name=plain_line(name, DEFAULT_NAME),
        title=plain_line(title, DEFAULT_TITLE),
        secret_hash=secret_hash(secret),
        made_at=now,
    )
    session.add(address)
    await session.flush()
    await _record(session, person_id, "calendar-address-made", address.id, now)
    return secret


async def revoke_address(
    session: AsyncSession, person_id: UUID, address_id: UUID, now: datetime
) -> None:
    """Stop an address at once; its text is forgotten, its hash stays so that devices are wiped."""
    await _revoke(session, person_id, address_id, now)
    await _record(session, person_id, "calendar-address-revoked", address_id, now)


async def rotate_address(
    session: AsyncSession, person_id: UUID, address_id: UUID, now: datetime
) -> str:
    """Replace an address that others may have seen by a new one in the same words."""
    old = await _revoke(session, person_id, address_id, now)
    await _record(session, person_id, "calendar-address-rotated", address_id, now)
    return await make_address(session, person_id, old.label, old.title, now, name=old.name)


async def revoke_all_addresses(
    session: AsyncSession, actor: UUID | str, person_id: UUID, now: datetime
) -> None:
    """Stop every address of somebody who leaves, or whose devices are lost."""
    await session.execute(
        update(CalendarAddress)
        .where(CalendarAddress.person_id == person_id, CalendarAddress.revoked_at.is_(None))
        .values(revoked_at=now, body=b"", etag="", built_from=None)
    )
    await record(
        session,
        actor=actor,
        verb="calendar-addresses-revoked",
        subject="person",
        subject_id=person_id,
        now=now,
    )


async def _revoke(
    session: AsyncSession, person_id: UUID, address_id: UUID, now: datetime
) -> Row[str, str, str]:
    row = (
        await session.execute(
            update(CalendarAddress)
            .where(
                CalendarAddress.id == address_id,
                CalendarAddress.person_id == person_id,
                CalendarAddress.revoked_at.is_(None),
            )
            .values(revoked_at=now, body=b"", etag="", built_from=None)
            .returning(CalendarAddress.label, CalendarAddress.name, CalendarAddress.title)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


async def _record(
    session: AsyncSession, person_id: UUID, verb: str, address_id: UUID, now: datetime
) -> None:
    await record(
        session,
        actor=person_id,
        verb=verb,
        subject="calendar_address",
        subject_id=address_id,
        now=now,
    )


async def note_use(session: AsyncSession, address_id: UUID, day: date) -> None:
    """Keep on which day an address was last read: coarse, and at most one write a day."""
    await session.execute(
        update(CalendarAddress)
        .where(
            CalendarAddress.id == address_id,
            func.coalesce(CalendarAddress.last_used_on, date.min) < day,
        )
        .values(last_used_on=day)
    )
