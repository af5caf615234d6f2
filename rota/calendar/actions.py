"""Calendar addresses: made, worded anew, replaced and stopped by those whose plan they show."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.rules import new_secret, secret_hash
from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound
from federation.people.models import Person
from federation.permissions.rules import Asker, require_role, require_write
from federation.pools.queries import pool_seen_by
from rota.calendar.errors import CalendarNotOffered, TooManyAddresses
from rota.calendar.models import CalendarAddress, CalendarShiftEntry, PersonCalendar
from rota.calendar.rules.neutral_text import DEFAULT_NAME
from rota.calendar.rules.wanted import OPEN_SEATS, POOL, ROTA, Wording, plain, wrong_with

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

STOPPED: dict[str, Any] = {"body": b"", "etag": "", "built_from": None}
"""What is left of an address that was revoked: nothing that could be read."""


class MadeAddress(NamedTuple):
    """A new address; its secret is shown this once."""

    id: UUID
    secret: str


async def calendar_changed(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Say that somebody's plan has changed: their feeds are written anew when next asked for.

    The caller holds the person's row. Readers never lock this one, so that nobody waits for them.
    """
    await session.execute(CHANGED, {"whose": person_id, "at": now})


async def begin_calendar(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Begin to count the changes of somebody's plan, unless they are counted already."""
    await session.execute(BEGIN, {"person_id": person_id, "changed_at": now})


async def add_address(
    session: AsyncSession,
    asker: Asker,
    wording: Wording,
    now: datetime,
    *,
    shows: str = ROTA,
    pool: str | None = None,
) -> MadeAddress:
    """Give the asker an address for one device: of own seats, of seats to take, or of a pool."""
    require_write(asker)
    if shows == OPEN_SEATS:
        require_role(asker, "worker", "supervisor")
    if shows == POOL:
        require_role(asker, "coordinator")
    reasons = wrong_with(shows, pool, wording)
    if reasons:
        raise CalendarNotOffered(reasons=reasons)
    pool_id = None if pool is None else (await pool_seen_by(session, asker, pool)).id
    return await _add(session, asker.person_id, wording, now, shows=shows, pool_id=pool_id)


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
    return (await _add(session, person_id, Wording(label, name, title), now)).secret


async def _add(
    session: AsyncSession, person_id: UUID, wording: Wording, now: datetime, **kept: Any
) -> MadeAddress:
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
        person_id=person_id,
        secret_hash=secret_hash(secret),
        made_at=now,
        **asdict(plain(wording, kept.get("shows", ROTA))),
        **kept,
    )
    session.add(address)
    await session.flush()
    await _record(session, person_id, "calendar-address-made", address.id, now)
    return MadeAddress(address.id, secret)


async def _lock_person(session: AsyncSession, person_id: UUID) -> None:
    """Serialise what changes one person's calendar, as claims do; refuse who has left."""
    row = (
        await session.execute(
            select(Person.left_at).where(Person.id == person_id).with_for_update(key_share=True)
        )
    ).one_or_none()
    if row is None or row.left_at is not None:
        raise NotFound


async def reword_address(
    session: AsyncSession,
    asker: Asker,
    address_id: UUID,
    changes: Mapping[str, Any],
    now: datetime,
) -> None:
    """Change the words of an address; every event then counts as changed, else devices skip it."""
    require_write(asker)
    row = await _own(session, asker.person_id, address_id)
    before = Wording(*(getattr(row, name) for name in Wording.__slots__))
    wording = plain(Wording(**(asdict(before) | dict(changes))), row.shows)
    reasons = wrong_with(row.shows, "kept" if row.pool_id else None, wording)
    if reasons:
        raise CalendarNotOffered(reasons=reasons)
    if wording == before:
        return
    after = now if row.stamped_at is None else max(now, row.stamped_at + _SECOND)
    await session.execute(
        update(CalendarAddress)
        .where(CalendarAddress.id == address_id)
        .values(**asdict(wording), worded_at=after, built_from=None)
    )
    await _record(session, asker.person_id, "calendar-address-reworded", address_id, now)


async def _own(session: AsyncSession, person_id: UUID, address_id: UUID) -> CalendarAddress:
    address = await session.scalar(
        select(CalendarAddress)
        .where(
            CalendarAddress.id == address_id,
            CalendarAddress.person_id == person_id,
            CalendarAddress.revoked_at.is_(None),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if address is None:
        raise NotFound
    return address


async def revoke_address(
    session: AsyncSession, person_id: UUID, address_id: UUID, now: datetime
) -> None:
    """Stop an address at once; its text is forgotten, its hash stays so that devices are wiped."""
    await _revoke(session, person_id, address_id, now)
    await _record(session, person_id, "calendar-address-revoked", address_id, now)


async def rotate_address(
    session: AsyncSession, person_id: UUID, address_id: UUID, now: datetime
) -> MadeAddress:
    """Replace an address that others may have seen by a new one in the same words.

    What devices were told goes along, so that an event keeps its UID and never falls back.
    """
    old = await _revoke(session, person_id, address_id, now)
    await _record(session, person_id, "calendar-address-rotated", address_id, now)
    wording = Wording(*(getattr(old, name) for name in Wording.__slots__))
    made = await _add(
        session,
        person_id,
        wording,
        now,
        shows=old.shows,
        pool_id=old.pool_id,
        worded_at=old.worded_at,
        stamped_at=old.stamped_at,
    )
    await session.execute(
        update(CalendarShiftEntry)
        .where(CalendarShiftEntry.address_id == address_id)
        .values(address_id=made.id)
    )
    return made


async def revoke_all_addresses(
    session: AsyncSession, actor: UUID | str, person_id: UUID, now: datetime
) -> None:
    """Stop every address of somebody who leaves, or whose devices are lost."""
    await session.execute(
        update(CalendarAddress)
        .where(CalendarAddress.person_id == person_id, CalendarAddress.revoked_at.is_(None))
        .values(revoked_at=now, **STOPPED)
    )
    await record(
        session,
        actor=actor,
        verb="calendar-addresses-revoked",
        subject="person",
        subject_id=person_id,
        now=now,
    )


async def revoke_lapsed(session: AsyncSession, address_id: UUID, now: datetime) -> None:
    """Stop an address whose owner has lost the role that it needs."""
    address = CalendarAddress.id == address_id
    stopped = await session.scalar(
        update(CalendarAddress)
        .where(address, CalendarAddress.revoked_at.is_(None))
        .values(revoked_at=now, **STOPPED)
        .returning(CalendarAddress.id)
    )
    if stopped is not None:
        await _record(session, SYSTEM, "calendar-address-lapsed", address_id, now)


async def _revoke(
    session: AsyncSession, person_id: UUID, address_id: UUID, now: datetime
) -> Row[Any]:
    row = (
        await session.execute(
            update(CalendarAddress)
            .where(
                CalendarAddress.id == address_id,
                CalendarAddress.person_id == person_id,
                CalendarAddress.revoked_at.is_(None),
            )
            .values(revoked_at=now, **STOPPED)
            .returning(
                *(getattr(CalendarAddress, name) for name in Wording.__slots__),
                CalendarAddress.shows,
                CalendarAddress.pool_id,
                CalendarAddress.worded_at,
                CalendarAddress.stamped_at,
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


async def _record(
    session: AsyncSession, actor: UUID | str, verb: str, address_id: UUID, now: datetime
) -> None:
    await record(
        session,
        actor=actor,
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
