"""What a partner's node has withdrawn: kept as it was signed, in whatever order it comes."""

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.feeds import actions as feeds
from federation.feeds.errors import RecallTooLarge
from federation.feeds.queries import PRIVATE
from federation.partners.sender import Sender
from protocols.changes.actions import follow_recalls_of, texts_changed
from protocols.recalls.actions import keep_recall, note_recall
from protocols.recalls.models import Recall
from protocols.recalls.rules import RecallManifest, read_recall
from protocols.statements.errors import AlreadyDifferent, NotAStatement
from protocols.statements.queries import require_theirs
from protocols.statements.rules import (
    Statement,
    Verify,
    hash_of,
    statement_of,
    verified_bytes,
)


async def receive_recall(
    session: AsyncSession, sender: Sender, jws: str, now: datetime, *, verify: Verify
) -> Recall | None:
    """Keep a partner's recall, also of a release that has not arrived; None where it is known."""
    if len(jws) > feeds.LARGEST_RECALL:
        raise RecallTooLarge
    statement, manifest = _read(jws, verify)
    await require_theirs(session, sender, manifest.project)
    block = None if manifest.block is msgspec.UNSET else manifest.block
    same = (Recall.urn == manifest.urn) & (Recall.sequence == manifest.sequence)
    same &= Recall.block.is_not_distinct_from(block)
    known = await session.scalar(
        select(Recall).where(
            Recall.node_id == sender.node_id, (Recall.id == manifest.recall) | same
        )
    )
    if known is not None and known.hash != hash_of(statement.manifest.encode()):
        raise AlreadyDifferent
    if known is not None:
        return None
    # it is confirmed there afterwards, and feeds come before other work in the order of locks
    await feeds.hold(session, PRIVATE, sender.node_id, now=now)
    # a third node may have taken its id for words of its own: that keeps nobody's recall out
    free = await session.get(Recall, manifest.recall) is None
    stated = await keep_recall(
        session,
        manifest,
        statement,
        now,
        node_id=sender.node_id,
        kept_as=manifest.recall if free else new_id(),
    )
    await note_recall(session, sender.node_id, "received", stated, now)
    await follow_recalls_of(session, stated.urn, now)
    await texts_changed(session, now)
    return stated


def _read(jws: str, verify: Verify) -> tuple[Statement, RecallManifest]:
    try:
        statement = statement_of(jws)
        return statement, read_recall(verified_bytes(statement, verify))
    except msgspec.ValidationError as error:
        raise NotAStatement from error
