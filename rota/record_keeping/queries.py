from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.projects.models import Project
from rota.record_keeping.models import RecordDeletion, RecordSetting
from rota.record_keeping.rules import Settings, usual_settings


async def settings_of(session: AsyncSession, project: Project) -> Settings:
    """Give what a project records and how long it keeps it, as it has said or as is usual."""
    row = await session.get(RecordSetting, project.id)
    if row is None:
        return usual_settings(project.jurisdiction)
    return Settings(
        row.keep_days, tuple(row.areas), row.asks_gender, row.asks_nationality, row.keeps_notes
    )


async def hold_counts(session: AsyncSession, project_id: UUID, *, shared: bool = False) -> None:
    """Hold what a project counts, before anything else: alone, or shared with other records.

    Records are kept beside one another. Imports, deletion by time and the end of everything each
    wait for what runs, and are waited for: none of them sees half a record, or waits in a circle.
    """
    wanted = select(Project.id).where(Project.id == project_id)
    await session.execute(wanted.with_for_update(read=shared, key_share=not shared))


async def deleted_until(session: AsyncSession, project_id: UUID) -> date | None:
    """Give the last day of which a project's records were deleted by themselves."""
    last: date | None = await session.scalar(
        select(func.max(RecordDeletion.last_day)).where(RecordDeletion.project_id == project_id)
    )
    return last
