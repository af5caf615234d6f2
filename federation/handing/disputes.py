"""Two signed documents of one term that do not fit together: an alarm, until people choose."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.handing.actions import administrators
from federation.handing.errors import NothingDisputed, OtherTerm
from federation.handing.models import PoolTerm
from federation.handing.queries import current_term, pool_of_member, standing, standing_in
from federation.handing.rules import PoolDocument, Signed, contradicts, read_signed
from federation.handing.terms import Change, keep, proofs
from federation.notices.actions import notify
from federation.partners.actions import may_partner
from federation.partners.keys import NodeKeys
from federation.permissions.rules import Asker
from federation.pools.models import Pool

DIFFERS = "pool-term-differs"
TOLD = "Two signed documents name who plans a pool, and do not fit together. Please look who does."


async def notice(
    session: AsyncSession, statements: Mapping[str, str], keys: NodeKeys, now: datetime
) -> None:
    """Keep a document that contradicts the believed one, which goes on to hold, and call people."""
    signed = read_signed(statements, await proofs(session, statements, keys))
    pool_id = signed.document.pool
    pool = await session.get(Pool, pool_id, with_for_update={"key_share": True})
    term = await current_term(session, pool_id)
    if pool is None or term is None or term.disputed is not None:
        return
    earlier = await session.get(PoolTerm, (pool_id, term.term - 1))
    before = standing_in(earlier) if earlier else None
    if not contradicts(before, _believed(term), signed):
        return
    term.disputed = {"host": signed.document.host, "statements": dict(statements)}
    await session.flush()
    await _note(session, signed.document.host, DIFFERS, signed.document, now)
    structlog.get_logger().error("pool disputed", code=DIFFERS)
    for person_id in await administrators(session):
        await notify(session, person_id=person_id, code=DIFFERS, text=TOLD, now=now)


def _believed(term: PoolTerm) -> PoolDocument:
    return PoolDocument(
        pool=term.pool_id,
        term=term.term,
        version=term.version,
        host=term.host,
        deputy=term.deputy,
        members={node: [UUID(each) for each in ids] for node, ids in term.members.items()},
        at=term.said_at,
    )


async def settle(
    session: AsyncSession,
    asker: Asker,
    pool_id: UUID,
    keys: NodeKeys,
    now: datetime,
    *,
    take_other: bool,
) -> Change | None:
    """Go on with one of two documents, after a telephone call; gives a change of host."""
    may_partner(asker)
    pool = await pool_of_member(session, asker, pool_id)
    term = await current_term(session, pool_id)
    if term is None or term.disputed is None or term.settled_at is not None:
        raise NothingDisputed
    statements = term.disputed["statements"]
    signed = read_signed(statements, await proofs(session, statements, keys))
    await _note(session, asker.person_id, "settle-pool-term", signed.document, now)
    if not take_other:
        term.settled_at = now
        return None
    if signed.document.host == keys.node_id != term.host:
        # what only a host knows has not come here with it
        raise OtherTerm
    return await _take_other(session, pool, term, signed, statements, keys.node_id, now)


async def _take_other(
    session: AsyncSession,
    pool: Pool,
    term: PoolTerm,
    signed: Signed,
    statements: Mapping[str, str],
    own_id: str,
    now: datetime,
) -> Change | None:
    """Put the other document in the place of the believed one, and that where the other was."""
    before = await standing(session, pool, own_id)
    left = {"host": term.host, "statements": term.statements}
    # a term has one host for good: it is only as if the other had been heard first
    await session.execute(
        delete(PoolTerm).where(PoolTerm.pool_id == pool.id, PoolTerm.term == term.term)
    )
    session.expunge(term)
    change = await keep(session, pool, before, signed, statements, own_id, now)
    taken = await session.get_one(PoolTerm, (pool.id, signed.document.term))
    taken.disputed, taken.settled_at = left, now
    await session.flush()
    return change


async def _note(
    session: AsyncSession, actor: UUID | str, verb: str, document: PoolDocument, now: datetime
) -> None:
    await record(
        session,
        actor=actor,
        verb=verb,
        subject="pool",
        subject_id=document.pool,
        now=now,
        facts={"term": document.term, "version": document.version, "host": document.host},
    )
