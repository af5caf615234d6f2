import re
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.audit.actions import record
from federation.errors import NotFound
from federation.people.errors import (
    LimitNotStricter,
    NameMissing,
    UnknownLanguage,
    UnknownRole,
    WrongLimit,
)
from federation.people.models import Person, Role, RoleGrant
from federation.people.rules import (
    Limits,
    Operator,
    OwnLimits,
    name_for_audit,
    possible,
    require_coordinator_of,
    stricter,
)
from federation.permissions.rules import Asker, require_write

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

PERSON_CHANGED = "person-changed"


async def add_person(
    session: AsyncSession,
    asker: Asker | Operator,
    *,
    project_id: UUID,
    name: str,
    languages: Sequence[str],
    roles: Collection[str],
    now: datetime,
    hours_per_week: float = 8,
    shifts_per_week: int = 3,
    rest_hours: float = 11,
) -> UUID:
    """Take somebody into a project, with their first roles; gives the person's id."""
    require_coordinator_of(asker, project_id)
    if not name.strip():
        raise NameMissing
    for tag in languages:
        if not LANGUAGE_TAG.fullmatch(tag):
            raise UnknownLanguage
    person = Person(
        project_id=project_id,
        name=name.strip(),
        languages=list(languages),
        hours_per_week=hours_per_week,
        shifts_per_week=shifts_per_week,
        rest_hours=rest_hours,
    )
    session.add(person)
    await session.flush()
    await record(
        session,
        actor=name_for_audit(asker),
        verb="person.added",
        subject="person",
        subject_id=person.id,
        now=now,
    )
    for role in sorted(roles):
        await grant_role(session, asker, person_id=person.id, role=role, now=now)
    return person.id


async def _project_of(session: AsyncSession, person_id: UUID) -> UUID:
    """Lock the person, so that what is granted and what is taken away come one after the other."""
    project_id = await session.scalar(
        select(Person.project_id)
        .where(Person.id == person_id, Person.left_at.is_(None))
        .with_for_update()
    )
    if project_id is None:
        raise NotFound
    return project_id


async def grant_role(
    session: AsyncSession, asker: Asker | Operator, *, person_id: UUID, role: str, now: datetime
) -> None:
    """Give a role; granting it twice changes nothing."""
    require_coordinator_of(asker, await _project_of(session, person_id))
    if role not in set(Role):
        raise UnknownRole
    granted = await session.scalar(
        insert(RoleGrant)
        .values(id=new_id(), person_id=person_id, role=role)
        .on_conflict_do_nothing(constraint="uq_role_grant_person_id_role")
        .returning(RoleGrant.id)
    )
    if granted is not None:
        await _record_role(session, asker, "role.granted", person_id, role, now)
        await _changed(session, person_id, now)


async def take_role(
    session: AsyncSession, asker: Asker | Operator, *, person_id: UUID, role: str, now: datetime
) -> None:
    """Take a role away; the next request of that person is already without it."""
    require_coordinator_of(asker, await _project_of(session, person_id))
    taken = await session.scalar(
        delete(RoleGrant)
        .where(RoleGrant.person_id == person_id, RoleGrant.role == role)
        .returning(RoleGrant.id)
    )
    if taken is not None:
        await _record_role(session, asker, "role.taken", person_id, role, now)
        await _changed(session, person_id, now)


async def set_limits(
    session: AsyncSession, asker: Asker, *, person_id: UUID, limits: Limits, now: datetime
) -> None:
    """Set how much somebody may work for the project; seats that they have already stay."""
    require_coordinator_of(asker, await _project_of(session, person_id))
    if not possible(limits):
        raise WrongLimit
    await session.execute(update(Person).where(Person.id == person_id).values(asdict(limits)))
    await _record_limits(session, asker, person_id, now)


async def limit_oneself(
    session: AsyncSession, asker: Asker, *, own: OwnLimits, now: datetime
) -> None:
    """Work less, or rest longer, than one's project allows; no reason has to be given."""
    require_write(asker)
    await _project_of(session, asker.person_id)
    person = await session.get_one(Person, asker.person_id, populate_existing=True)
    if not possible(own):
        raise WrongLimit
    if stricter(person.project_limits, own) != Limits(
        _or(own.hours_per_week, person.hours_per_week),
        _or(own.shifts_per_week, person.shifts_per_week),
        _or(own.rest_hours, person.rest_hours),
    ):
        raise LimitNotStricter
    person.own_hours_per_week = own.hours_per_week
    person.own_shifts_per_week = own.shifts_per_week
    person.own_rest_hours = own.rest_hours
    await _record_limits(session, asker, asker.person_id, now)


T = TypeVar("T", int, float)


def _or(own: T | None, otherwise: T) -> T:
    return otherwise if own is None else own


async def _record_limits(
    session: AsyncSession, asker: Asker, person_id: UUID, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb="person.limits-set",
        subject="person",
        subject_id=person_id,
        now=now,
    )
    await _changed(session, person_id, now)


async def let_go(
    session: AsyncSession, asker: Asker | Operator, *, person_id: UUID, now: datetime
) -> None:
    """End somebody's part in the project; every way in ends with it, at once."""
    require_coordinator_of(asker, await _project_of(session, person_id))
    await session.execute(update(Person).where(Person.id == person_id).values(left_at=now))
    await record(
        session,
        actor=name_for_audit(asker),
        verb="person.left",
        subject="person",
        subject_id=person_id,
        now=now,
    )
    await _changed(session, person_id, now)


async def _changed(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Have what follows from it done after the commit: handles restated, a leaver's seats freed."""
    await put(session, PERSON_CHANGED, {"person": str(person_id)}, now=now, key=str(person_id))


async def _record_role(
    session: AsyncSession,
    asker: Asker | Operator,
    verb: str,
    person_id: UUID,
    role: str,
    now: datetime,
) -> None:
    await record(
        session,
        actor=name_for_audit(asker),
        verb=verb,
        subject="person",
        subject_id=person_id,
        now=now,
        facts={"role": role},
    )
