"""A pool between the two words of a hand-over when its nodes part: both have signed, so it goes on.

What only the old host knew does not come any more: the new one begins with what it knows itself.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from federation.handing.actions import handing_of
from federation.handing.models import PoolHanding, PoolTerm, PoolWait
from federation.handing.queries import BEGUN_BY
from federation.handing.rules import ACCEPTED, PoolDocument, read_signed
from federation.handing.terms import Change, believe, proofs
from federation.partners.keys import NodeKeys
from federation.partners.models import Partner
from federation.partners.rules.handshake import ENDED


async def handed_to(
    session: AsyncSession, node_id: str, own_id: str, most: int
) -> list[dict[str, str]]:
    """Give what both have signed of pools that this node has handed to another, the latest."""
    before = aliased(PoolTerm)
    rows = await session.scalars(
        select(BEGUN_BY)
        .join(before, (before.pool_id == PoolTerm.pool_id) & (before.term == PoolTerm.term - 1))
        .where(PoolTerm.host == node_id, before.host == own_id, PoolTerm.version > 0)
        .order_by(PoolTerm.said_at.desc(), PoolTerm.pool_id)
        .limit(most)
    )
    return list(rows)


async def take_as_known(
    session: AsyncSession, statements: Mapping[str, str], keys: NodeKeys, now: datetime
) -> Change | None:
    """Host a pool that this node has agreed to take from a node that it speaks with no more."""
    signed = read_signed(statements, await proofs(session, statements, keys))
    document = signed.document
    handing = await handing_of(session, document.pool)
    if handing is None or handing.state != ACCEPTED or document.host != keys.node_id:
        return None
    if handing.node_id not in signed.signers or not await _has_parted(session, handing.node_id):
        return None
    old_host = handing.node_id
    change = await believe(session, statements, keys, now, takes=True)
    if change is not None:
        await wait_for_homes(session, document, keys.node_id, old_host)
    return change


async def _has_parted(session: AsyncSession, node_id: str) -> bool:
    state = await session.scalar(select(Partner.state).where(Partner.node_id == node_id))
    return bool(state == ENDED)


async def wait_for_homes(
    session: AsyncSession, document: PoolDocument, own_id: str, old_host: str
) -> None:
    """Grant nothing before all others have said what their people hold."""
    for node in sorted(set(document.members) - {own_id, old_host}):
        await session.merge(
            PoolWait(pool_id=document.pool, node_id=node, answered_at=None, given_up_at=None)
        )
    await session.flush()


async def wait_for_nobody(session: AsyncSession, pool_id: UUID) -> None:
    """As a host that is one no more wait for no home: it tells the next host what its people hold.

    After a backup's time this node may have heard it, and handed the pool over since.
    """
    await session.execute(delete(PoolWait).where(PoolWait.pool_id == pool_id))


async def forget_agreed(session: AsyncSession, node_id: str) -> None:
    """Leave pools where they are of which a node's last word says that it has kept them."""
    if await _has_parted(session, node_id):
        over = (PoolHanding.node_id == node_id, PoolHanding.state == ACCEPTED)
        await session.execute(delete(PoolHanding).where(*over))
