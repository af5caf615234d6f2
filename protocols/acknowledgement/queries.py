from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Person
from federation.permissions.rules import Asker, require_role
from protocols.acknowledgement.models import Acknowledgement
from protocols.acknowledgement.rules import (
    LackingText,
    hashes_that_count,
    lacking_text,
    needs_reading,
)
from protocols.adoption.queries import (
    text_of_project,
    texts_of_projects,
    texts_on_pool,
    texts_wished,
)
from protocols.adoption.rules import InForce
from protocols.pool_texts.queries import wishes_of


class Reader(NamedTuple):
    """One of the asker's own people, and when they read what is in force."""

    person_id: UUID
    name: str
    read_at: datetime | None


async def lacking(
    session: AsyncSession, person_ids: Collection[UUID], *, pool_id: UUID | None = None
) -> dict[UUID, list[LackingText]]:
    """Tell which of these workers lack which text: of a pool's shifts, or of their own projects.

    Every person asked for is in the answer; an empty list means that nothing is missing.
    """
    projects = await _projects_of(session, person_ids)
    texts = (
        await texts_on_pool(session, set(projects.values()), pool_id)
        if pool_id
        else await texts_of_projects(session, set(projects.values()))
    )
    return {person_id: [] for person_id in person_ids} | await lacking_of(session, projects, texts)


async def lacking_on_pool(
    session: AsyncSession, projects: Mapping[UUID, UUID], pool_id: UUID
) -> dict[UUID, list[LackingText]]:
    """Tell which workers, each with their project, lack which text of a pool's shifts."""
    texts = await texts_on_pool(session, set(projects.values()), pool_id)
    return await lacking_of(session, projects, texts)


async def lacking_on_pools(
    session: AsyncSession, projects: Mapping[UUID, UUID], pool_ids: Collection[UUID]
) -> dict[UUID, dict[UUID, list[LackingText]]]:
    """Tell by pool which workers, each with their project, lack which text of its shifts.

    However many pools and people there are, it asks the same number of questions.
    """
    members = set(projects.values())
    wishes = await wishes_of(session, members, pool_ids)
    texts = await texts_wished(session, members, wishes)
    unread = await _unread(session, projects, texts)
    return {
        pool_id: {
            person_id: [
                lacking_text(text) for text in missing if not text.named.isdisjoint(on_pool)
            ]
            for person_id, missing in unread.items()
        }
        for pool_id, on_pool in wishes.on_pools.items()
    }


async def lacking_of(
    session: AsyncSession, projects: Mapping[UUID, UUID], texts: list[InForce]
) -> dict[UUID, list[LackingText]]:
    """Tell which workers, each with their project, lack which of these texts."""
    unread = await _unread(session, projects, texts)
    return {
        person_id: [lacking_text(text) for text in missing] for person_id, missing in unread.items()
    }


async def _unread(
    session: AsyncSession, projects: Mapping[UUID, UUID], texts: list[InForce]
) -> dict[UUID, list[InForce]]:
    asked = [(text, hashes_that_count(text)) for text in texts if needs_reading(text)]
    read = await hashes_read(session, projects, {one for _, counting in asked for one in counting})
    return {
        person_id: [
            text
            for text, counting in asked
            if text.project_id == project_id and not read[person_id] & counting
        ]
        for person_id, project_id in projects.items()
    }


async def hashes_read(
    session: AsyncSession, person_ids: Iterable[UUID], hashes: Collection[bytes]
) -> dict[UUID, set[bytes]]:
    """Give which of these texts each person has acknowledged, wherever they have read it."""
    read: dict[UUID, set[bytes]] = {person_id: set() for person_id in person_ids}
    if not hashes:
        return read
    query = select(Acknowledgement.person_id, Acknowledgement.text_hash).where(
        Acknowledgement.person_id.in_(read), Acknowledgement.text_hash.in_(hashes)
    )
    for person_id, text_hash in await session.execute(query):
        read[person_id].add(text_hash)
    return read


async def readers_of(session: AsyncSession, asker: Asker, urn: str) -> list[Reader]:
    """Tell a coordinator who of the own project has read what is in force; nobody else's people."""
    require_role(asker, "coordinator")
    text = await text_of_project(session, asker.project_id, urn)
    if text is None:
        raise NotFound
    return await readers_of_text(session, asker, text)


async def readers_of_text(session: AsyncSession, asker: Asker, text: InForce) -> list[Reader]:
    """Tell the same of a text that was looked up for the asker's project."""
    require_role(asker, "coordinator")
    read = (
        select(Acknowledgement.person_id, Acknowledgement.at)
        .where(Acknowledgement.text_hash.in_(hashes_that_count(text)))
        .subquery()
    )
    query = (
        select(Person.id, Person.name, read.c.at)
        .outerjoin(read, read.c.person_id == Person.id)
        .where(Person.project_id == asker.project_id, Person.left_at.is_(None))
        .order_by(read.c.at.desc().nulls_first())
    )
    latest = {row.id: Reader(row.id, row.name, row.at) for row in await session.execute(query)}
    return sorted(latest.values(), key=lambda reader: (reader.name.casefold(), reader.person_id))


async def _projects_of(session: AsyncSession, person_ids: Collection[UUID]) -> dict[UUID, UUID]:
    query = select(Person.id, Person.project_id).where(Person.id.in_(person_ids))
    rows = (await session.execute(query)).all()
    return {row.id: row.project_id for row in rows}
