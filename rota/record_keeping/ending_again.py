"""Keeping records once more, after a restore, for no longer than was said since the backup."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.rules import Ended
from federation.projects.models import Project
from rota.record_keeping.models import RecordSetting
from rota.record_keeping.queries import settings_of

SAID = ("keep_days", "asks_gender", "asks_nationality", "keeps_notes")


async def keep_as_said_again(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Set what a project had said; its towns and areas are those of the backup."""
    owner = await session.get(Project, ended.subject_id)
    # the backup may be older than the project
    if owner is None:
        return
    said = {name: ended.facts[name] for name in SAID}
    areas = [*(await settings_of(session, owner)).areas]
    row = insert(RecordSetting).values(project_id=owner.id, areas=areas, **said)
    await session.execute(
        row.on_conflict_do_update(index_elements=[RecordSetting.project_id], set_=said)
    )
