from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, null, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Text

from federation.errors import NotFound
from federation.people.models import Handle, Person, RoleGrant
from federation.people.rules import Operator
from federation.permissions.rules import Asker, require_role


class PersonWithRoles(NamedTuple):
    """Somebody as their own project sees them."""

    id: UUID
    project_id: UUID
    name: str
    languages: list[str]
    roles: frozenset[str]


def roles_of_person() -> ColumnElement[list[str]]:
    """Gather the roles in a query that joins `RoleGrant` and groups by the person."""
    return func.array_remove(func.array_agg(RoleGrant.role), null(), type_=ARRAY(Text()))


def known_as() -> ColumnElement[str]:
    """Name a `Person` of a query as other screens do: by pseudonym, by name who has none.

    For their own project alone: to others even that two pseudonyms are one person is too much.
    """
    listed = aggregate_order_by(literal(", "), Handle.display)
    pseudonyms = (
        select(func.string_agg(Handle.display, listed))
        .where(Handle.person_id == Person.id, Handle.retired_at.is_(None))
        .correlate(Person)
        .scalar_subquery()
    )
    return func.coalesce(pseudonyms, Person.name)


def _people() -> Select[UUID, UUID, str, list[str], list[str]]:
    return (
        select(Person.id, Person.project_id, Person.name, Person.languages, roles_of_person())
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.left_at.is_(None))
        .group_by(Person.id)
        .order_by(Person.name, Person.id)
    )


async def person(
    session: AsyncSession, asker: Asker | Operator, person_id: UUID
) -> PersonWithRoles:
    """Show one person: to themselves, and to coordinators of the same project."""
    found = (await session.execute(_people().where(Person.id == person_id))).one_or_none()
    if found is None:
        raise NotFound
    shown = PersonWithRoles(*found[:4], roles=frozenset(found[4]))
    if isinstance(asker, Operator) or asker.person_id == person_id:
        return shown
    if asker.project_id != shown.project_id or not asker.has("coordinator"):
        raise NotFound
    return shown


async def people_of_project(session: AsyncSession, asker: Asker) -> list[PersonWithRoles]:
    """List the people of the asker's own project, for its coordinators."""
    require_role(asker, "coordinator")
    rows = await session.execute(_people().where(Person.project_id == asker.project_id))
    return [PersonWithRoles(*row[:4], roles=frozenset(row[4])) for row in rows]


async def coordinators_of(session: AsyncSession, project_id: UUID) -> list[UUID]:
    """List who coordinates a project of this node now."""
    rows = await session.scalars(
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            Person.project_id == project_id,
            Person.left_at.is_(None),
            RoleGrant.role == "coordinator",
        )
        .order_by(Person.id)
    )
    return list(rows)
