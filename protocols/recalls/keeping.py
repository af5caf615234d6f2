"""A recall's bytes as they were signed, and what they say spread out beside them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from protocols.recalls.models import Recall
from protocols.recalls.rules import RecallManifest
from protocols.statements.rules import Statement, hash_of


async def keep_recall(
    session: AsyncSession,
    manifest: RecallManifest,
    statement: Statement,
    now: datetime,
    *,
    node_id: str | None,
    kept_as: UUID,
) -> Recall:
    """Keep what one node has withdrawn, under an id of its own."""
    stated = Recall(
        id=kept_as,
        urn=manifest.urn,
        project_id=manifest.project,
        sequence=manifest.sequence,
        node_id=node_id,
        block=None if manifest.block is msgspec.UNSET else manifest.block,
        **_spread(manifest, statement, now),
    )
    session.add(stated)
    await session.flush()
    return stated


async def put_in_its_place(
    session: AsyncSession,
    known: Recall,
    manifest: RecallManifest,
    statement: Statement,
    now: datetime,
) -> None:
    """Have the same withdrawn in other words: another reason, or something else that holds."""
    for name, value in _spread(manifest, statement, now).items():
        setattr(known, name, value)
    await session.flush()


def _spread(manifest: RecallManifest, statement: Statement, now: datetime) -> dict[str, Any]:
    stored = statement.manifest.encode()
    return {
        "reason": manifest.reason,
        "holds_sequence": manifest.holds.sequence,
        "holds_texts": dict(manifest.holds.texts) if manifest.holds.texts else None,
        "manifest": stored,
        "signature": statement.signature,
        "hash": hash_of(stored),
        "stated_at": manifest.stated,
        "received_at": now,
        "follows": None if manifest.follows is msgspec.UNSET else bytes.fromhex(manifest.follows),
    }


async def note_recall(
    session: AsyncSession, actor: UUID | str, verb: str, stated: Recall, now: datetime
) -> None:
    """Write down in the audit what became of a recall."""
    await record(
        session,
        actor=actor,
        verb=verb,
        subject="recall",
        subject_id=stated.id,
        now=now,
        facts={"urn": stated.urn, "sequence": stated.sequence},
        published=Statement(manifest=stated.manifest.decode(), signature=stated.signature),
    )
