"""Stopping once more, after a restore, what was stopped since the backup."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.rules import Ended
from rota.record_sharing.actions import untell
from rota.record_sharing.models import RecordSharing


async def stop_sharing_again(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Let members of a pool see no further month of a project."""
    project_id = UUID(ended.facts["project"])
    await session.execute(
        delete(RecordSharing).where(
            RecordSharing.pool_id == ended.subject_id,
            RecordSharing.project_id == project_id,
        )
    )
    if ended.subject_id is not None:
        await untell(session, project_id, ended.subject_id)
