from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.partners.sender import Sender
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.pools.queries import pool_planned_by
from protocols.changes.actions import texts_changed
from protocols.items.rules.drafts import ProtocolKind
from protocols.pool_texts.errors import LivedReviewMissing
from protocols.pool_texts.models import PoolText
from protocols.pool_texts.queries import asks_for_lived_experience
from protocols.releases.queries import release_of
from protocols.releases.rules import Urn, read_manifest
from protocols.statements.errors import NotAStatement, NotTheirs

FEED = "pool/shifts"
STATED = "pool-text.stated"


class PoolTextStated(msgspec.Struct, frozen=True):
    """What the host tells members about the texts on its shifts."""

    pool: UUID
    protocol_kind: ProtocolKind
    urn: Urn
    project: UUID | None = None
    """Whose text it is; a host of before 0.3.0 does not say."""


async def name_pool_text(
    session: AsyncSession, asker: Asker, *, pool_id: UUID, urn: str, now: datetime
) -> None:
    """Put an item in force on a pool's shifts, in place of another of its kind."""
    await pool_planned_by(session, asker, pool_id, lock=True)
    chosen = await release_of(session, asker, urn, None)
    manifest = read_manifest(chosen.manifest)
    kind = manifest.protocol_kind
    if kind is None:
        raise NotFound("A canned answer is no protocol: name a protocol.")
    if not manifest.lived_experience and await asks_for_lived_experience(session, pool_id):
        raise LivedReviewMissing
    project = chosen.project_id
    await _put(session, pool_id, kind, urn, project)
    stated = {"pool": str(pool_id), "protocol_kind": kind, "urn": urn, "project": str(project)}
    await append(session, FEED, str(pool_id), STATED, stated, now=now)
    await _record(session, asker.person_id, pool_id, urn, now)
    await texts_changed(session, now)


async def require_word_of_host(session: AsyncSession, sender: Sender, pool_id: UUID) -> None:
    """Believe of a pool only its host, and only in the feed in which all members hear it."""
    host = await session.scalar(select(Pool.host).where(Pool.id == pool_id))
    if host != sender.node_id or (sender.feed_kind, sender.subject) != (FEED, str(pool_id)):
        raise NotTheirs


async def receive_pool_text(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    """Take over what the host of a pool has put in force on its shifts."""
    try:
        stated = msgspec.convert(payload, PoolTextStated)
    except msgspec.ValidationError as error:
        raise NotAStatement from error
    await require_word_of_host(session, sender, stated.pool)
    await _put(session, stated.pool, stated.protocol_kind, stated.urn, stated.project)
    await _record(session, sender.node_id, stated.pool, stated.urn, now)
    await texts_changed(session, now)


async def _put(
    session: AsyncSession, pool_id: UUID, kind: str, urn: str, project: UUID | None
) -> None:
    named = {"urn": urn, "project_id": project, "project_urn": urn if project else None}
    row = insert(PoolText).values(id=new_id(), pool_id=pool_id, protocol_kind=kind, **named)
    await session.execute(
        row.on_conflict_do_update(constraint="uq_pool_text_pool_id_protocol_kind", set_=named)
    )


async def _record(
    session: AsyncSession, actor: UUID | str, pool_id: UUID, urn: str, now: datetime
) -> None:
    await record(
        session,
        actor=actor,
        verb="named-text",
        subject="pool",
        subject_id=pool_id,
        now=now,
        facts={"urn": urn},
    )
