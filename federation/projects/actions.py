from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.people.rules import (
    Operator,
    name_for_audit,
    require_coordinator_of,
    require_operator,
)
from federation.permissions.rules import Asker
from federation.projects.errors import SlugTaken
from federation.projects.models import Project
from federation.projects.rules import require_fit, require_slug, require_zone


async def add_project(
    session: AsyncSession,
    asker: Asker | Operator,
    *,
    slug: str,
    name: str,
    region: str,
    jurisdiction: str,
    zone: str,
    languages: Sequence[str],
    now: datetime,
) -> UUID:
    """Set up a project whose home is this node; gives its id."""
    require_operator(asker)
    require_fit((name, region, jurisdiction), languages)
    project_id: UUID | None = await session.scalar(
        insert(Project)
        .values(
            id=new_id(),
            slug=require_slug(slug),
            name=name,
            region=region,
            jurisdiction=jurisdiction,
            zone=require_zone(zone),
            languages=list(languages),
        )
        .on_conflict_do_nothing(constraint="uq_project_slug")
        .returning(Project.id)
    )
    if project_id is None:
        raise SlugTaken
    await record(
        session,
        actor=name_for_audit(asker),
        verb="project.added",
        subject="project",
        subject_id=project_id,
        now=now,
    )
    return project_id


async def hide_setup(session: AsyncSession, asker: Asker, now: datetime, *, hidden: bool) -> None:
    """Put a project's first steps away for all who coordinate it, or bring them back."""
    require_coordinator_of(asker, asker.project_id)
    project = await session.get_one(Project, asker.project_id)
    if (project.setup_hidden_at is not None) == hidden:
        return
    project.setup_hidden_at = now if hidden else None
    await session.flush()
    await record(
        session,
        actor=asker.person_id,
        verb="setup.hidden" if hidden else "setup.shown",
        subject="project",
        subject_id=project.id,
        now=now,
    )
