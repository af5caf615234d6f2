"""What this node says of itself, kept and told to partners; and what partners say of themselves."""

from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database import outbox
from federation.partners.actions import (
    POKE,
    PULL,
    RESTATE_SPEAKERS,
    locked,
    may_partner,
    note,
    pin_document,
    revoke_tokens,
    tell_hours,
)
from federation.partners.errors import (
    BadDocument,
    NothingToSettle,
    OlderDocument,
    OtherDocument,
)
from federation.partners.models import KeptDocument, Partner
from federation.partners.queries import speaking_partner
from federation.partners.rules.document import contents, renewed
from federation.partners.rules.handshake import FROZEN, SPEAKING, WAITING_FOR_THEM
from federation.permissions.rules import Asker

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
        # an older one may be brought by anybody who has kept it
        structlog.get_logger().warning("document not followed", node=node_id, code=refusal.code)


async def renew_document(
    session: AsyncSession, *, node_id: str, text: str, now: datetime, shown_by_itself: bool = False
) -> None:
    """Pin a partner's newer keys, if the ones that we pinned vouch for them.

    Two that do not fit together freeze the partner: only somebody with its root key can have made
    the second, or, with an older one that it shows itself, its node is not the one that we know.
    """
    partner = await locked(session, node_id)
    if partner.state not in SPEAKING:
        # somebody has ended it while the document was on its way
        return
    try:
        document = renewed(partner.document, text)
    except OtherDocument as alarm:
        await _freeze(session, partner, text, alarm, now=now)
        return
    except OlderDocument as alarm:
        if not shown_by_itself:
            raise
        await _freeze(session, partner, text, alarm, now=now)
        return
    if document.version == partner.document_version:
        return
    pin_document(partner, document, text)
    # it may know a kind of feed that it did not know
    await tell_hours(session, [*partner.we_grant, *partner.withheld], now)
    await note(session, None, "keys-renewed", now=now, node_id=node_id, version=document.version)


async def settle(
    session: AsyncSession, *, asker: Asker, node_id: str, take_other: bool, now: datetime
) -> Partner:
    """Go on with one of two documents, after a telephone call; the other is forgotten."""
    may_partner(asker)
    partner = await locked(session, node_id)
    if partner.disputed is None:
        raise NothingToSettle
    if take_other:
        pin_document(partner, contents(partner.disputed), partner.disputed)
    partner.alarm = partner.disputed = None
    # it is connected again when it next speaks as itself
    partner.state = WAITING_FOR_THEM
    for kind in (POKE, PULL):
        await outbox.put(session, kind, {"node_id": node_id}, now=now, key=node_id)
    version = partner.document_version
    await note(session, asker, "settled", now=now, node_id=node_id, version=version)
    return partner


async def _freeze(
    session: AsyncSession, partner: Partner, text: str, alarm: BadDocument, *, now: datetime
) -> None:
    """Read nothing and tell nothing until somebody has called them; both documents are kept."""
    partner.state, partner.alarm, partner.disputed = FROZEN, alarm.code, text
    await revoke_tokens(session, partner)
    about = {"node_id": partner.node_id}
    await outbox.put(session, RESTATE_SPEAKERS, about, now=now, key=partner.node_id)
    await note(session, None, alarm.code, now=now, node_id=partner.node_id)
    structlog.get_logger().error("partner frozen", node=partner.node_id, code=alarm.code)
