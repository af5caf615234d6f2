"""Publishing once more, after a restore, what was released since the backup.

Partners hold it, and its number is given for good: another text under it would be refused by all.
"""

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.rules import Ended
from federation.feeds.actions import append
from federation.projects.models import Project
from protocols.releases.actions import STATED, store_releases
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from protocols.statements.queries import FEED
from protocols.statements.rules import Statement


async def release_again(session: AsyncSession, ended: Ended, now: datetime) -> None:
    """Keep a release of ours as it was signed, and say it again; its draft stays as it was."""
    statement = msgspec.convert(ended.facts["published"], Statement)
    manifest = read_manifest(statement.manifest.encode())
    same = (Release.urn == manifest.urn) & (Release.sequence == manifest.sequence)
    ours = (Release.project_id == manifest.project) & Release.node_id.is_(None)
    known = await session.scalar(select(Release.id).where(ours & same))
    if known is not None or await session.get(Project, manifest.project) is None:
        return
    await store_releases(session, [(manifest, statement)], now, node_id=None)
    said = msgspec.structs.asdict(statement)
    await append(session, FEED, str(manifest.project), STATED, said, now=now)
