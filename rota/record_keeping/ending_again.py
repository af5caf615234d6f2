"""Keeping records once more, after a restore, for no longer than was said since the backup."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.rules import Ended
from federation.projects.models import Project
from rota.record_keeping.actions import SAID, store_keeping
from rota.record_keeping.queries import settings_of


async def keep_as_said_again(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Set what a project had said; its towns and areas are those of the backup."""
    owner = await session.get(Project, ended.subject_id)
    # the backup may be older than the project
    if owner is None:
        return
    said = {name: ended.facts[name] for name in SAID}
    await store_keeping(session, owner.id, replace(await settings_of(session, owner), **said))
