from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.erasing.models import HandleErasure
from federation.partners.models import Partner
from federation.people.models import Handle, Person
from federation.permissions.rules import Asker, require_role

MOST_SHOWN = 200


class AskedToErase(NamedTuple):
    """A node that was asked to erase somebody; `confirmed_at` is when it had erased all of it."""

    node_id: str
    name: str
    asked_at: datetime
    confirmed_at: datetime | None


class Leaver(NamedTuple):
    """Somebody who has left; of whom is erased nothing is known but who was asked to erase too."""

    id: UUID
    name: str | None
    left_at: datetime
    erased_at: datetime | None
    handles: list[str]
    asked: list[AskedToErase]


async def leavers(
    session: AsyncSession, asker: Asker, *, person_id: UUID | None = None
) -> list[Leaver]:
    """List who has left the asker's own project, or one of them; who is not erased comes first."""
    require_role(asker, "coordinator")
    query = (
        select(Person.id, Person.name, Person.left_at, Person.erased_at)
        .where(Person.project_id == asker.project_id, Person.left_at.is_not(None))
        .order_by(Person.erased_at.desc().nulls_first(), Person.left_at.desc(), Person.id)
        .limit(MOST_SHOWN)
    )
    if person_id is not None:
        query = query.where(Person.id == person_id)
    rows = (await session.execute(query)).all()
    handles = await _handles(session, [row.id for row in rows if row.erased_at is None])
    asked = await _asked(session, [row.id for row in rows])
    return [
        Leaver(
            row.id,
            row.name if row.erased_at is None else None,
            row.left_at,
            row.erased_at,
            handles[row.id],
            asked[row.id],
        )
        for row in rows
    ]


async def _handles(session: AsyncSession, people: Collection[UUID]) -> dict[UUID, list[str]]:
    rows = await session.execute(
        select(Handle.person_id, Handle.display)
        .where(Handle.person_id.in_(people))
        .order_by(Handle.display, Handle.id)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for person, display in rows:
        if person is not None:
            found[person].append(display)
    return found


async def _asked(session: AsyncSession, people: Collection[UUID]) -> dict[UUID, list[AskedToErase]]:
    all_done = func.bool_and(HandleErasure.confirmed_at.is_not(None))
    rows = await session.execute(
        select(
            Handle.person_id,
            Partner.node_id,
            Partner.name,
            func.min(HandleErasure.asked_at),
            case((all_done, func.max(HandleErasure.confirmed_at))),
        )
        .join(Handle, Handle.id == HandleErasure.handle_id)
        .join(Partner, Partner.node_id == HandleErasure.node_id)
        .where(Handle.person_id.in_(people))
        .group_by(Handle.person_id, Partner.node_id)
        .order_by(Partner.name, Partner.node_id)
    )
    found: dict[UUID, list[AskedToErase]] = defaultdict(list)
    for person, *asked in rows:
        found[person].append(AskedToErase(*asked))
    return found


async def who_was_asked(session: AsyncSession, person_id: UUID) -> Sequence[Partner]:
    """Name the nodes that were asked to erase somebody, for whoever erases them."""
    found = await session.scalars(
        select(Partner)
        .join(HandleErasure, HandleErasure.node_id == Partner.node_id)
        .join(Handle, Handle.id == HandleErasure.handle_id)
        .where(Handle.person_id == person_id)
        .distinct()
        .order_by(Partner.name, Partner.node_id)
    )
    return found.all()
