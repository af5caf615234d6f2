"""After a restore: keeping no longer than was said since, and deleting what had been deleted."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.rules import Ended
from federation.projects.models import Project
from rota.record_keeping.actions import SAID, store_keeping
from rota.record_keeping.models import RecordDeletion
from rota.record_keeping.queries import hold_counts, settings_of
from rota.records.models import SessionRecord


async def keep_as_said_again(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Set what a project had said; its towns and areas are those of the backup."""
    owner = await session.get(Project, ended.subject_id)
    # the backup may be older than the project
    if owner is None:
        return
    said = {name: ended.facts[name] for name in SAID}
    await store_keeping(session, owner.id, replace(await settings_of(session, owner), **said))


async def delete_old_again(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Delete single records that a backup has brought back, and remember up to which day.

    However long they are kept by now. Their sums stay, as they do when records are deleted.
    """
    owner = await session.get(Project, ended.subject_id)
    # the backup may be older than the project
    if owner is None:
        return
    told = ended.facts
    last_day = date.fromisoformat(told["last_day"])
    await hold_counts(session, owner.id)
    over = (SessionRecord.project_id == owner.id) & (SessionRecord.day <= last_day)
    await session.execute(delete(SessionRecord).where(over))
    row = insert(RecordDeletion).values(
        id=UUID(told["deletion"]),
        project_id=owner.id,
        at=ended.at,
        last_day=last_day,
        records=told["records"],
        contacts=told["contacts"],
    )
    await session.execute(row.on_conflict_do_nothing(index_elements=[RecordDeletion.id]))
