"""A project erases all that it has counted; also a node that comes back from a backup does."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.audit.rules import Ended
from federation.feeds.actions import erase_about
from federation.people.rules import Operator, name_for_audit
from federation.permissions.rules import Asker, require_role, require_write
from federation.projects.models import Project
from federation.projects.queries import project
from rota.import_runs.models import ImportRun
from rota.record_erasing.errors import NotTyped
from rota.record_imports.models import RecordImport
from rota.record_keeping.queries import hold_counts
from rota.record_sharing.models import RecordSharing, SharedCounts
from rota.record_sharing.stated import COUNTS_STATED
from rota.record_sums.actions import erase_sums
from rota.records.models import SessionRecord

ERASED = "erased-session-records"


async def erase_own_records(session: AsyncSession, asker: Asker, typed: str, now: datetime) -> None:
    """Erase everything that one's project has counted, once its short name was typed."""
    require_role(asker, "coordinator")
    require_write(asker)
    owner = await project(session, asker.project_id)
    if typed.strip() != owner.slug:
        raise NotTyped
    await erase_records_of(session, asker, owner, now)


async def erase_records_of(
    session: AsyncSession, who: Asker | Operator, owner: Project, now: datetime
) -> None:
    """Erase a project's single records, sums and published months, and share no further one."""
    await _erase(session, owner.id)
    await record(
        session,
        actor=name_for_audit(who),
        verb=ERASED,
        subject="project",
        subject_id=owner.id,
        now=now,
    )


async def erase_again(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Erase what a backup has brought back; what was counted after that is lost with it."""
    if ended.subject_id is not None:
        await _erase(session, ended.subject_id)


async def _erase(session: AsyncSession, project_id: UUID) -> None:
    await hold_counts(session, project_id)
    # a month is told once: so sharing ends with what was told, and may begin with a new month
    for table in (SessionRecord, RecordImport, ImportRun, RecordSharing, SharedCounts):
        await session.execute(delete(table).where(table.project_id == project_id))
    await erase_sums(session, project_id)
    # what was told and not yet read; whoever was about to tell a month has waited or is done
    await erase_about(session, COUNTS_STATED, {"project": str(project_id)})
