"""What this node says of itself, kept and told to partners; and what partners say of themselves."""

from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database import outbox
from federation.partners.actions import renew_document
from federation.partners.errors import BadDocument
from federation.partners.models import KeptDocument, Partner
from federation.partners.queries import speaking_partner
from federation.partners.rules.document import contents
from federation.partners.rules.handshake import SPEAKING

ANNOUNCE = "announce-document"


async def keep_document(session: AsyncSession, text: str, now: datetime) -> None:
    """Keep this node's document, so that a backup knows its keys, and tell partners what is new."""
    version = contents(text).version
    row = insert(KeptDocument).values(version=version, text=text, kept_at=now)
    await session.execute(row.on_conflict_do_nothing())
    behind = await session.scalars(
        select(Partner.node_id)
        .where(Partner.state.in_(SPEAKING), Partner.told_version < version)
        .order_by(Partner.node_id)
    )
    for node_id in behind:
        await outbox.put(session, ANNOUNCE, {"node_id": node_id}, now=now, key=node_id)


async def was_told(session: AsyncSession, node_id: str, text: str) -> None:
    """Note which version of this node's document a partner has been shown."""
    version = contents(text).version
    told = update(Partner).where(Partner.node_id == node_id, Partner.told_version < version)
    await session.execute(told.values(told_version=version))


async def receive_document(session: AsyncSession, text: str, now: datetime) -> None:
    """Pin a partner's newer document, whoever brings it: it proves itself.

    This is how a partner is found again that has moved. A stranger's is not looked at, and nobody
    is told whether this node knows the other.
    """
    node_id = contents(text).node
    if await speaking_partner(session, node_id) is None:
        return
    try:
        await renew_document(session, node_id=node_id, text=text, now=now)
    except BadDocument as refusal:
        structlog.get_logger().warning("document not followed", node=node_id, code=refusal.code)
