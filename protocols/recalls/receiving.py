"""What a partner's node has withdrawn: kept as it was signed, in whatever order it comes."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.feeds import actions as feeds
from federation.feeds.errors import RecallTooLarge
from federation.feeds.queries import PRIVATE
from federation.partners.sender import Sender
from protocols.changes.actions import follow_recalls_of, texts_changed
from protocols.recalls.keeping import keep_recall, note_recall, put_in_its_place
from protocols.recalls.models import Recall
from protocols.recalls.rules import RecallManifest, read_recall
from protocols.statements.errors import NotAStatement
from protocols.statements.queries import require_theirs
from protocols.statements.rules import (
    Statement,
    Verify,
    hash_of,
    statement_of,
    verified_bytes,
)


class Heard(NamedTuple):
    """What is withdrawn here because a partner said so, and the id under which it said so."""

    recall: Recall
    said: UUID


async def receive_recall(
    session: AsyncSession, sender: Sender, jws: str, now: datetime, *, verify: Verify
) -> Heard | None:
    """Keep a partner's recall, also of a release that has not arrived; None where it is known.

    A node that has lost what it withdrew withdraws it anew: it is heard again, whatever else it
    says. What it stated last holds, in whatever order that comes.
    """
    if len(jws) > feeds.LARGEST_RECALL:
        raise RecallTooLarge
    statement, manifest = _read(jws, verify)
    await require_theirs(session, sender, manifest.project)
    hashed = hash_of(statement.manifest.encode())
    known = await _of_the_same(session, sender, manifest)
    if known is not None and known.hash == hashed:
        return None
    # it is confirmed there afterwards, and feeds come before other work in the order of locks
    await feeds.hold(session, PRIVATE, sender.node_id, now=now)
    # who held the feed may have heard another one
    known = await _of_the_same(session, sender, manifest)
    if known is not None and (manifest.stated, hashed) < (known.stated_at, known.hash):
        return Heard(known, manifest.recall)
    if known is not None:
        await put_in_its_place(session, known, manifest, statement, now)
    else:
        known = await _keep(session, sender, statement, manifest, now)
    await note_recall(session, sender.node_id, "received", known, now)
    await follow_recalls_of(session, known.urn, now)
    await texts_changed(session, now)
    return Heard(known, manifest.recall)


async def _of_the_same(
    session: AsyncSession, sender: Sender, manifest: RecallManifest
) -> Recall | None:
    """Give what this partner has withdrawn already of the same release or part."""
    block = None if manifest.block is msgspec.UNSET else manifest.block
    found: Recall | None = await session.scalar(
        select(Recall)
        .where(
            Recall.node_id == sender.node_id,
            Recall.urn == manifest.urn,
            Recall.sequence == manifest.sequence,
            Recall.block.is_not_distinct_from(block),
        )
        .execution_options(populate_existing=True)
    )
    return found


async def _keep(
    session: AsyncSession,
    sender: Sender,
    statement: Statement,
    manifest: RecallManifest,
    now: datetime,
) -> Recall:
    """Keep it under its own id, or another: whoever has taken that keeps nobody's recall out."""
    free = await session.get(Recall, manifest.recall) is None
    kept_as = manifest.recall if free else new_id()
    return await keep_recall(
        session, manifest, statement, now, node_id=sender.node_id, kept_as=kept_as
    )


def _read(jws: str, verify: Verify) -> tuple[Statement, RecallManifest]:
    try:
        statement = statement_of(jws)
        return statement, read_recall(verified_bytes(statement, verify))
    except msgspec.ValidationError as error:
        raise NotAStatement from error
