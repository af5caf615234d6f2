"""Coordinators say what is recorded and for how long; single records are deleted by themselves."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.permissions.rules import Asker, require_role, require_write
from federation.projects.models import Project
from federation.projects.queries import project, projects_at_home
from rota.record_keeping.errors import WrongSettings
from rota.record_keeping.models import RecordDeletion, RecordSetting
from rota.record_keeping.queries import hold_counts, settings_of
from rota.record_keeping.rules import (
    Settings,
    last_day_to_delete,
    usual_settings,
    wrong_settings,
)
from rota.record_sums.actions import forget_noughts, projects_with_noughts
from rota.records.models import RecordedContact, SessionRecord

SET, DELETED = "set-record-keeping", "deleted-old-records"
SAID = ("keep_days", "asks_gender", "asks_nationality", "keeps_notes")
"""What the audit knows of it: never the towns, which are words."""


async def set_keeping(
    session: AsyncSession,
    asker: Asker,
    settings: Settings,
    now: datetime,
    *,
    places: bool = False,
) -> None:
    """Say what one's project records, and for how many days it keeps single records.

    `places` says that all areas are, also those that could be somebody's name.
    """
    require_role(asker, "coordinator")
    require_write(asker)
    before = await settings_of(session, await project(session, asker.project_id))
    wrong = wrong_settings(settings, before.areas, places=places)
    if wrong:
        raise WrongSettings(reasons=wrong)
    await store_keeping(session, asker.project_id, settings)
    await record(
        session,
        actor=asker.person_id,
        verb=SET,
        subject="project",
        subject_id=asker.project_id,
        now=now,
        facts={name: getattr(settings, name) for name in SAID},
    )


async def store_keeping(session: AsyncSession, project_id: UUID, settings: Settings) -> None:
    """Put settings in the place of those before; who calls has seen that they may hold."""
    facts = asdict(settings) | {"areas": sorted(set(settings.areas))}
    row = insert(RecordSetting).values(project_id=project_id, **facts)
    await session.execute(
        row.on_conflict_do_update(index_elements=[RecordSetting.project_id], set_=facts)
    )


async def keeping_of(session: AsyncSession, asker: Asker) -> Settings:
    """Show coordinators what their project records."""
    require_role(asker, "coordinator")
    return await settings_of(session, await project(session, asker.project_id))


async def usual_keeping(session: AsyncSession, asker: Asker) -> Settings:
    """Show coordinators what would hold if their project had said nothing."""
    require_role(asker, "coordinator")
    return usual_settings((await project(session, asker.project_id)).jurisdiction)


async def deletions_of(session: AsyncSession, asker: Asker) -> Sequence[RecordDeletion]:
    """Show coordinators what was deleted by itself, the last first."""
    require_role(asker, "coordinator")
    rows = await session.scalars(
        select(RecordDeletion)
        .where(RecordDeletion.project_id == asker.project_id)
        .order_by(RecordDeletion.at.desc())
        .limit(100)
    )
    return rows.all()


async def delete_old_records(session: AsyncSession, now: datetime) -> None:
    """Delete the single records whose time is over, of every project of this node."""
    with_noughts = await projects_with_noughts(session)
    for each in await projects_at_home(session):
        await _delete_of(session, each, now)
        if each.id in with_noughts:
            await hold_counts(session, each.id)
            await forget_noughts(session, each.id)


async def _delete_of(session: AsyncSession, owner: Project, now: datetime) -> None:
    settings = await settings_of(session, owner)
    last_day = last_day_to_delete(now, owner.zone, settings.keep_days)
    over = (SessionRecord.project_id == owner.id) & (SessionRecord.day <= last_day)
    if await session.scalar(select(SessionRecord.id).where(over).limit(1)) is None:
        return
    await hold_counts(session, owner.id)
    contacts = await session.scalar(
        select(func.count())
        .select_from(RecordedContact)
        .join(SessionRecord, SessionRecord.id == RecordedContact.record_id)
        .where(over)
    )
    ids = await session.scalars(delete(SessionRecord).where(over).returning(SessionRecord.id))
    records = len(ids.all())
    if not records:
        return
    gone = RecordDeletion(
        project_id=owner.id,
        at=now,
        last_day=last_day,
        records=records,
        contacts=contacts or 0,
    )
    session.add(gone)
    await _write_down(session, gone)


async def _write_down(session: AsyncSession, gone: RecordDeletion) -> None:
    """Say all that a restore needs, to delete once more and to know of it."""
    await record(
        session,
        actor=SYSTEM,
        verb=DELETED,
        subject="project",
        subject_id=gone.project_id,
        now=gone.at,
        facts={
            "deletion": str(gone.id),
            "last_day": gone.last_day.isoformat(),
            "records": gone.records,
            "contacts": gone.contacts,
        },
    )
