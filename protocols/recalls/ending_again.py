"""Withdrawing once more, after a restore, what was withdrawn since the backup."""

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.rules import Ended
from federation.feeds import actions as feeds
from federation.partners.rules.encoding import with_payload
from federation.projects.models import Project
from protocols.recalls.actions import ask_to_follow
from protocols.recalls.keeping import keep_recall
from protocols.recalls.models import Recall
from protocols.recalls.rules import read_recall
from protocols.statements.queries import FEED
from protocols.statements.rules import Statement


async def recall_again(session: AsyncSession, ended: Ended, now: datetime) -> None:
    """Keep a recall of ours as it was signed; a text that partners have hidden is hidden here."""
    statement = msgspec.convert(ended.facts["published"], Statement)
    stored = statement.manifest.encode()
    manifest = read_recall(stored)
    block = None if manifest.block is msgspec.UNSET else manifest.block
    known = await session.scalar(
        select(Recall.id).where(
            Recall.urn == manifest.urn,
            Recall.sequence == manifest.sequence,
            Recall.block.is_not_distinct_from(block),
            Recall.node_id.is_(None),
        )
    )
    if known is not None or await session.get(Project, manifest.project) is None:
        return
    whole = with_payload(statement.signature, stored)
    await feeds.recall(session, FEED, str(manifest.project), whole, now=now)
    await keep_recall(session, manifest, statement, now, node_id=None, kept_as=manifest.recall)
    await ask_to_follow(session, [manifest.urn], now)
