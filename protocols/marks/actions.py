"""Telling the owner of an answer that it is wrong or hard to read, here or on another node."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.notices.actions import notify
from federation.partners.sender import Sender
from federation.people.queries import coordinators_of
from federation.permissions.rules import Asker, require_role, require_write
from federation.projects.models import Project
from protocols.adoption.queries import texts_adopted
from protocols.items.models import Item
from protocols.marks.errors import EnoughMarks, WrongMark
from protocols.marks.models import AnswerMark
from protocols.marks.queries import READERS
from protocols.marks.rules import MOST_OPEN, Mark, reasons_against
from protocols.releases.models import Release
from protocols.statements.errors import NotTheirs

MARKED = "answer.marked"
TOLD = "Somebody has a remark on one of your canned answers."


async def mark_answer(
    session: AsyncSession,
    asker: Asker,
    urn: str,
    *,
    kind: str,
    note: str,
    language: str,
    now: datetime,
) -> None:
    """Tell an answer's owner about it; the owner learns the project and the day, never who.

    Nothing that is kept leads to the person: no row, no id that tells a time, no audit entry.
    """
    require_write(asker)
    note = note.strip()
    reasons = reasons_against(kind, note)
    if reasons:
        raise WrongMark(reasons=reasons)
    release = await _release(session, asker, urn)
    await _require_few(session, urn, asker.project_id)
    name = (await session.get_one(Project, asker.project_id)).name
    said = msgspec.convert(
        {
            "mark": uuid4(),
            "urn": urn,
            "number": release.number,
            "language": language[:35],
            "kind": kind,
            "note": note,
            "project": asker.project_id,
            "project_name": name[:200],
            "day": now.date(),
        },
        Mark,
    )
    await _keep(session, said, node_id=None)
    await record(
        session,
        actor=SYSTEM,
        verb="marked-answer",
        subject="release",
        subject_id=release.id,
        now=now,
    )
    if release.node_id is None:
        await _tell(session, release.project_id, now)
    else:
        told = msgspec.to_builtins(said)
        await append(session, "private", release.node_id, MARKED, told, now=now)


async def receive_mark(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    """Hear from a partner what its people say of an answer of this node; it is screened again."""
    if sender.feed_kind != "private":
        raise NotTheirs
    said = msgspec.convert(payload, Mark)
    reasons = reasons_against(said.kind, said.note)
    if reasons:
        raise WrongMark(reasons=reasons)
    project = await session.get(Project, said.project)
    if project is not None and project.node != sender.node_id:
        raise NotTheirs
    item = await session.scalar(select(Item).where(Item.urn == said.urn))
    if item is None:
        raise NotFound
    if await session.get(AnswerMark, said.mark) is not None:
        return
    await _require_few(session, said.urn, said.project)
    await _keep(session, said, node_id=sender.node_id)
    await record(
        session,
        actor=sender.node_id,
        verb="marked-answer",
        subject="item",
        subject_id=item.id,
        now=now,
    )
    await _tell(session, item.project_id, now)


async def settle_mark(session: AsyncSession, asker: Asker, mark_id: UUID, now: datetime) -> None:
    """Put a mark away once somebody has looked at it."""
    require_role(asker, *READERS)
    require_write(asker)
    query = (
        select(AnswerMark)
        .join(Item, Item.urn == AnswerMark.urn)
        .where(AnswerMark.id == mark_id, Item.project_id == asker.project_id)
    )
    mark = await session.scalar(query.with_for_update(of=AnswerMark))
    if mark is None:
        raise NotFound
    mark.settled_at = mark.settled_at or now
    await record(
        session,
        actor=asker.person_id,
        verb="settled-mark",
        subject="answer-mark",
        subject_id=mark_id,
        now=now,
    )


async def _release(session: AsyncSession, asker: Asker, urn: str) -> Release:
    """Give what the asker's project uses; what it does not use it has nothing to say of."""
    found = await texts_adopted(session, asker.project_id, [urn])
    locked = found[0].locked if found else None
    if locked is None or locked.kind != "answer":
        raise NotFound
    return await session.get_one(Release, locked.release)


async def _require_few(session: AsyncSession, urn: str, project_id: UUID) -> None:
    query = select(func.count()).where(
        AnswerMark.urn == urn,
        AnswerMark.project_id == project_id,
        AnswerMark.settled_at.is_(None),
    )
    if (await session.scalar(query) or 0) >= MOST_OPEN:
        raise EnoughMarks


async def _keep(session: AsyncSession, said: Mark, *, node_id: str | None) -> None:
    row = insert(AnswerMark).values(
        id=said.mark,
        urn=said.urn,
        number=said.number,
        language=said.language,
        kind=said.kind,
        note=said.note,
        project_id=said.project,
        project=said.project_name,
        day=said.day,
        node_id=node_id,
    )
    await session.execute(row.on_conflict_do_nothing())


async def _tell(session: AsyncSession, project_id: UUID, now: datetime) -> None:
    for person_id in await coordinators_of(session, project_id):
        await notify(session, person_id=person_id, code="answer-marked", text=TOLD, now=now)
