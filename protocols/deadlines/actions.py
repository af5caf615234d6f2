"""Writing down since when what has to be read, after whatever changed it."""

from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.projects.models import Project
from protocols.adoption.queries import texts_of_projects
from protocols.deadlines.models import AskedReading
from protocols.deadlines.rules import days_given, what_to_read


async def note_what_to_read(session: AsyncSession, now: datetime) -> None:
    """Keep for this node's projects what has to be read; what was asked before keeps its date."""
    projects = await session.scalars(select(Project.id).where(Project.node.is_(None)))
    asked = [
        {
            "project_id": text.project_id,
            "urn": text.urn,
            "asked": what,
            "since": now,
            "days": days_given(text),
        }
        for text in await texts_of_projects(session, list(projects))
        if (what := what_to_read(text)) is not None
    ]
    keys = [(one["project_id"], one["urn"]) for one in asked]
    key = tuple_(AskedReading.project_id, AskedReading.urn)
    await session.execute(delete(AskedReading).where(key.not_in(keys)))
    if not asked:
        return
    row = insert(AskedReading)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[AskedReading.project_id, AskedReading.urn],
            set_={name: row.excluded[name] for name in ("asked", "since", "days")},
            where=AskedReading.asked != row.excluded.asked,
        ),
        asked,
    )
