"""Telling readers of a new detail in what they have read; nothing more is asked of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.actions import notify, withdraw
from federation.people.models import Person
from federation.projects.models import Project
from protocols.acknowledgement.models import Acknowledgement
from protocols.acknowledgement.rules import Detail, new_detail
from protocols.adoption.queries import texts_of_projects
from rota.readings.models import ReadingNotice

NEW_DETAIL = "new-detail"
TEXT = (
    "Something that you have read has changed in a detail. You need not confirm it again; "
    "please look at it before you next work by it."
)


class Told(NamedTuple):
    """Somebody, and the words that they are told of."""

    person_id: UUID
    asked: bytes


async def tell_of_details(session: AsyncSession, now: datetime) -> None:
    """Tell whoever has read only what came before, once for each new wording.

    However many texts and readers there are, it takes the same few questions to find them.
    """
    projects = await session.scalars(select(Project.id).where(Project.node.is_(None)))
    details: dict[UUID, list[Detail]] = defaultdict(list)
    for text in await texts_of_projects(session, list(projects)):
        detail = new_detail(text)
        if detail is not None:
            details[text.project_id].append(detail)
    concerned = await _concerned(session, details)
    for person_id in await _taken(session, concerned, now):
        await withdraw(session, person_id=person_id, code=NEW_DETAIL, now=now)
        await notify(session, person_id=person_id, code=NEW_DETAIL, text=TEXT, now=now)


async def _concerned(session: AsyncSession, details: Mapping[UUID, list[Detail]]) -> list[Told]:
    hashes = {one for found in details.values() for detail in found for one in detail.hashes}
    query = (
        select(Person.id, Person.project_id, Acknowledgement.text_hash)
        .join(Acknowledgement, Acknowledgement.person_id == Person.id)
        .where(Person.left_at.is_(None), Acknowledgement.text_hash.in_(hashes))
    )
    read: dict[tuple[UUID, UUID], set[bytes]] = defaultdict(set)
    for person_id, project_id, text_hash in await session.execute(query):
        read[person_id, project_id].add(text_hash)
    return [
        Told(person_id, detail.name)
        for (person_id, project_id), known in sorted(read.items())
        for detail in details.get(project_id, ())
        if detail.is_news_to(known)
    ]


async def _taken(session: AsyncSession, told: Iterable[Told], now: datetime) -> list[UUID]:
    """Write down whom is told of what, and give those who had not been told before."""
    rows = [{**one._asdict(), "step": "new", "at": now} for one in told]
    if not rows:
        return []
    row = insert(ReadingNotice).on_conflict_do_nothing().returning(ReadingNotice.person_id)
    return sorted(set(await session.scalars(row, rows)))
