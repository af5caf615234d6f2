"""Passports as their owners and their own project's coordinators see them; nobody else does."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle, Person, RoleGrant
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool
from federation.projects.models import Project
from rota.passport.models import Training
from rota.passport.rules import needed_on

STAFF = ("worker", "supervisor")


@dataclass(frozen=True, slots=True)
class TrainingSeen:
    """A training with what it is worth today: `valid`, `to-come`, `ended` or `withdrawn`."""

    id: UUID
    person_id: UUID
    name: str
    issued: date
    expires: date
    standing: str


@dataclass(frozen=True, slots=True)
class Passport:
    """Somebody's trainings, and what channels ask for that is not valid today."""

    person_id: UUID
    name: str
    trainings: list[TrainingSeen] = field(default_factory=list)
    lacking: list[tuple[str, str]] = field(default_factory=list)
    """Each with the channel that asks for it."""


async def own_trainings(session: AsyncSession, asker: Asker, now: datetime) -> list[TrainingSeen]:
    """List the asker's own trainings, and for coordinators those of their project's people."""
    people = [asker.person_id]
    if asker.has("coordinator"):
        people += [person.id for person in await _staff(session, asker.project_id)]
    found = await _trainings(session, set(people), await _today(session, asker, now))
    return [training for trainings in found.values() for training in trainings]


async def passports_shown(
    session: AsyncSession, asker: Asker, now: datetime
) -> tuple[Passport, list[Passport]]:
    """Give the asker's own passport, and to a coordinator those of the project's people."""
    staff = _is_staff(asker.project_id)
    shown = staff if asker.has("coordinator") else false()
    query = (
        select(Person, staff, Project.zone)
        .join(Project, Project.id == Person.project_id)
        .where(or_(Person.id == asker.person_id, shown))
        .order_by(Person.name, Person.id)
    )
    rows = (await session.execute(query)).all()
    today = now.astimezone(ZoneInfo(rows[0].zone)).date()
    found = await _passports(session, [person for person, _, _ in rows], today)
    [own] = [one for one in found if one.person_id == asker.person_id]
    if not asker.has("coordinator"):
        return own, []
    return own, [one for one, row in zip(found, rows, strict=True) if row[1]]


async def _today(session: AsyncSession, asker: Asker, now: datetime) -> date:
    zone = await session.scalar(select(Project.zone).where(Project.id == asker.project_id))
    return now.astimezone(ZoneInfo(str(zone))).date()


async def _staff(session: AsyncSession, project_id: UUID) -> list[Person]:
    query = select(Person).where(_is_staff(project_id)).order_by(Person.name, Person.id)
    return list(await session.scalars(query))


def _is_staff(project_id: UUID) -> ColumnElement[bool]:
    """Limit people to a project's workers and supervisors."""
    return and_(
        Person.project_id == project_id,
        Person.left_at.is_(None),
        Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role.in_(STAFF))),
    )


async def _passports(
    session: AsyncSession, people: Sequence[Person], today: date
) -> list[Passport]:
    ids = {person.id for person in people}
    trainings = await _trainings(session, ids, today)
    asked = await _asked_of(session, ids)
    found = []
    for person in people:
        own = trainings.get(person.id, [])
        valid = {training.name for training in own if training.standing == "valid"}
        lacking = [(name, where) for name, where in asked[person.id] if name not in valid]
        found.append(Passport(person.id, person.name, own, lacking))
    return found


async def _trainings(
    session: AsyncSession, people: set[UUID], today: date
) -> dict[UUID, list[TrainingSeen]]:
    rows = await session.scalars(
        select(Training)
        .where(Training.person_id.in_(people))
        .order_by(Training.name, Training.expires.desc(), Training.id)
    )
    found: dict[UUID, list[TrainingSeen]] = defaultdict(list)
    for one in rows:
        seen = TrainingSeen(
            one.id, one.person_id, one.name, one.issued, one.expires, _standing(one, today)
        )
        found[one.person_id].append(seen)
    return found


def _standing(training: Training, today: date) -> str:
    if training.withdrawn_at is not None:
        return "withdrawn"
    if today > training.expires:
        return "ended"
    return "valid" if training.issued <= today else "to-come"


async def _asked_of(session: AsyncSession, people: set[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """List what the channels of somebody's pools ask for, each with the channel's name."""
    rows = await session.execute(
        select(Handle.person_id, Channel, Pool)
        .join(Pool, Pool.id == Handle.pool_id)
        .join(Channel, Channel.pool_id == Pool.id)
        .where(Handle.person_id.in_(people), Handle.retired_at.is_(None))
        .order_by(Pool.slug, Channel.slug)
    )
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for person_id, channel, pool in rows:
        if person_id is None:
            continue
        where = f"{channel.name}, {pool.name}"
        found[person_id] += [(name, where) for name in needed_on(channel.trainings, pool.trainings)]
    return found
