from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_role, require_write
from federation.projects.queries import hold_project
from protocols.drafting.actions import draft_text
from protocols.starter.library import starter_texts
from protocols.starter.models import StarterText


class Added(NamedTuple):
    """Titles of what came in now, and of what had come in before."""

    added: list[str]
    there: list[str]


async def add_starter_library(session: AsyncSession, asker: Asker, now: datetime) -> Added:
    """Take the starter library in as drafts; what came in before is left as it is now.

    Nothing of it holds before somebody else has approved and somebody has released it.
    """
    require_role(asker, "coordinator")
    require_write(asker)
    await hold_project(session, asker.project_id)
    known = set(
        await session.scalars(
            select(StarterText.name).where(StarterText.project_id == asker.project_id)
        )
    )
    found = Added([], [])
    for name, text in starter_texts(now.date()).items():
        if name in known:
            found.there.append(text.draft.title)
            continue
        item = await draft_text(session, asker, text, now)
        session.add(StarterText(project_id=asker.project_id, name=name, item_id=item.id))
        found.added.append(text.draft.title)
    await session.flush()
    return found
