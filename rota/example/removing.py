"""Removes everything that hangs on an example: its ids stand nowhere else, so they find it all."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    Uuid,
    any_,
    cast,
    column,
    delete,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from database.base import Base
from database.outbox import OutboxRow
from federation.audit.models import AuditEntry
from federation.feeds.models import Feed
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project
from rota.example.errors import ExampleEntangled

Key = tuple[Any, ...]
Found = dict[Table, dict[Key, dict[str, Any]]]
ID = "[0-9a-f]{8}-[0-9a-f-]{27}"
TO_ITS_MAKER = (Project.__tablename__, Project.example_of.key)
"""The one column of an example that names something outside of it."""


async def remove_all(session: AsyncSession, project_id: UUID) -> None:
    """Remove an example whole, or refuse where something of others hangs on a row of it."""
    await session.flush()
    await session.execute(select(Project.id).where(Project.id == project_id).with_for_update())
    found = await _everything_of(session, project_id)
    if list(_entangled(found)):
        raise ExampleEntangled
    for table in reversed(Base.metadata.sorted_tables):
        if rows := found.get(table):
            await session.execute(delete(table).where(tuple_(*table.primary_key).in_(rows)))
    session.expire_all()


async def _everything_of(session: AsyncSession, project_id: UUID) -> Found:
    """Follow ids from row to row until no table has another row that names one of them."""
    pools = await session.scalars(
        select(Pool.id)
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(PoolMember.project_id == project_id, Pool.example)
    )
    ids, found = {project_id, *pools}, Found()
    known = 0
    while len(ids) > known:
        known = len(ids)
        for table in Base.metadata.sorted_tables:
            rows = await session.execute(select(table).where(_names_one(table, ids)))
            kept = found.setdefault(table, {})
            for row in rows.mappings():
                key = tuple(row[column.name] for column in table.primary_key)
                kept[key] = dict(row)
                ids |= {value for value in key if len(key) == 1 and isinstance(value, UUID)}
    return found


def _names_one(table: Table, ids: set[UUID]) -> ColumnElement[bool]:
    among = any_(literal(sorted(ids), ARRAY(Uuid())))
    words = any_(literal(sorted(map(str, ids)), ARRAY(Text())))
    names = [each == among for each in table.columns if isinstance(each.type, Uuid)]
    if table is Feed.__table__:
        names.append(table.c.subject == words)
    elif table is AuditEntry.__table__:
        names.append(table.c.actor == words)
    elif table is OutboxRow.__table__:
        # what is to be done names what it is about in its words
        said = func.regexp_matches(cast(table.c.payload, Text) + " " + table.c.key, ID, "g")
        named = said.table_valued(column("ids", ARRAY(Text()))).render_derived()
        names.append(exists().where(named.c.ids.overlap(sorted(map(str, ids)))))
    return or_(false(), *names)


def _entangled(found: Found) -> Iterator[str]:
    """Name the rows that lead out of the example, to a project or a node that is not of it."""
    ids = {key[0] for rows in found.values() for key in rows if len(key) == 1}
    for table, rows in found.items():
        leading = [
            column
            for column in table.columns
            if column.foreign_keys and (table.name, column.name) != TO_ITS_MAKER
        ]
        for row in rows.values():
            yield from (
                f"{table.name}.{column.name}"
                for column in leading
                if row[column.name] is not None and row[column.name] not in ids
            )
