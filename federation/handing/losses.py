"""A pool's host is lost: its deputy takes the pool over, with the yes of most of the others.

Nobody signs before the host was silent for a day.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.feeds.models import FeedCursor
from federation.feeds.queries import PRIVATE
from federation.handing.actions import (
    administrators,
    handing_of,
    is_under_way,
    keep_handing,
    require_met,
)
from federation.handing.errors import HostWasHeard, NoMemberNode, NothingOffered, NotTheDeputy
from federation.handing.models import PoolHanding, PoolTerm
from federation.handing.parted import wait_for_homes
from federation.handing.queries import current_term, members_by_node, pool_of_member, standing
from federation.handing.rules import (
    AGREED,
    PURPOSE,
    TAKING,
    TO_AGREE,
    PoolDocument,
    Signed,
    follows,
    read,
    read_signed,
    written,
)
from federation.handing.terms import Change, believe, keep, proofs
from federation.notices.actions import notify
from federation.partners.actions import may_partner
from federation.partners.keys import NodeKeys
from federation.partners.models import Partner
from federation.partners.rules.handshake import JOINED
from federation.permissions.rules import Asker
from federation.pools.errors import NotTheHost
from federation.pools.models import Pool
from federation.restoring.queries import refuse_while_restoring

SAID_TAKING = "pool.taking"
SAID_AGREED = "pool.agreed"
SILENCE = timedelta(hours=24)
ASKED = "A pool's node is silent, and another one would plan the pool. Please look who plans it."


class PoolTaking(msgspec.Struct, frozen=True):
    """The deputy would take a lost host's pool over; what it has signed, for others to sign."""

    document: str
    statement: str


class PoolAgreed(msgspec.Struct, frozen=True):
    """A member's node agrees: its signature on the same bytes."""

    pool: UUID
    statement: str


async def name_deputy(
    session: AsyncSession,
    asker: Asker,
    pool_id: UUID,
    node_id: str | None,
    keys: NodeKeys,
    now: datetime,
) -> None:
    """Say which member's node takes a pool of this node over if this one is lost; or none does."""
    may_partner(asker)
    pool = await pool_of_member(session, asker, pool_id)
    if pool.host is not None:
        raise NotTheHost
    await refuse_while_restoring(session)
    members = await members_by_node(session, pool_id, keys.node_id)
    if node_id is not None:
        partner = await session.get(Partner, node_id)
        if partner is None or partner.state != JOINED or node_id not in members:
            raise NoMemberNode
    await _sign_own(session, pool, node_id, members, keys, now)
    await _note(session, asker.person_id, "name-deputy", pool_id, now, node=node_id)


async def sign_again(session: AsyncSession, pool_id: UUID, keys: NodeKeys, now: datetime) -> None:
    """Sign anew who takes part in a pool that has a deputy, where that has changed."""
    pool = await session.get(
        Pool, pool_id, with_for_update={"key_share": True}, populate_existing=True
    )
    term = await current_term(session, pool_id)
    if pool is None or pool.host is not None or term is None or term.deputy is None:
        return
    members = await members_by_node(session, pool_id, keys.node_id)
    if _as_kept(members) != term.members:
        await _sign_own(session, pool, term.deputy, members, keys, now)


def _as_kept(members: Mapping[str, list[UUID]]) -> dict[str, list[str]]:
    return {node: [str(each) for each in projects] for node, projects in members.items()}


async def _sign_own(
    session: AsyncSession,
    pool: Pool,
    deputy: str | None,
    members: dict[str, list[UUID]],
    keys: NodeKeys,
    now: datetime,
) -> None:
    before = await standing(session, pool, keys.node_id)
    document = PoolDocument(
        pool=pool.id,
        term=before.term,
        version=before.version + 1,
        host=keys.node_id,
        deputy=deputy,
        members=members,
        at=now,
    )
    statements = {keys.node_id: _signed(written(document), keys)}
    signed = Signed(document, frozenset(statements))
    await keep(session, pool, before, signed, statements, keys.node_id, now)


def _signed(text: str, keys: NodeKeys) -> str:
    return keys.sign("head", text.encode(), purpose=PURPOSE)


async def last_heard(session: AsyncSession, host: str) -> datetime | None:
    """Tell when a node was last known to be current in any of its feeds."""
    found: datetime | None = await session.scalar(
        select(func.max(FeedCursor.checked_at)).where(FeedCursor.node_id == host)
    )
    return found


async def _require_silent(session: AsyncSession, host: str, now: datetime) -> datetime:
    heard = await last_heard(session, host)
    if heard is None or heard > now - SILENCE:
        raise HostWasHeard
    return heard


async def take_over(
    session: AsyncSession, asker: Asker, pool_id: UUID, keys: NodeKeys, now: datetime
) -> Change | None:
    """As the deputy of a host that is lost: sign the next term, and ask the others for theirs.

    Gives the change where that is enough already, as with two nodes.
    """
    may_partner(asker)
    pool = await pool_of_member(session, asker, pool_id)
    term = await current_term(session, pool_id)
    if pool.host is None or term is None or term.deputy != keys.node_id:
        raise NotTheDeputy
    await refuse_while_restoring(session)
    await _require_silent(session, pool.host, now)
    document = PoolDocument(
        pool=pool_id,
        term=term.term + 1,
        version=1,
        host=keys.node_id,
        deputy=None,
        members={node: [UUID(each) for each in ids] for node, ids in term.members.items()},
        at=now,
    )
    others = _others(document, keys.node_id, pool.host)
    await require_met(session, others)
    statement = _signed(written(document), keys)
    handing = await keep_handing(
        session, document, pool.host, TAKING, now, statements={keys.node_id: statement}
    )
    said = {"document": written(document), "statement": statement}
    for node in others:
        await append(session, PRIVATE, node, SAID_TAKING, said, now=now)
    await _note(session, asker.person_id, "take-pool-over", pool_id, now, term=document.term)
    return await _complete(session, pool, handing, keys, now)


def _others(document: PoolDocument, own_id: str, host: str) -> list[str]:
    return sorted(set(document.members) - {own_id, host})


async def receive_taking(
    session: AsyncSession, node_id: str, payload: dict[str, Any], now: datetime, keys: NodeKeys
) -> None:
    """Leave to this node's administrators whether a host is lost and its deputy takes over.

    A deputy that was named before may not have heard who is it now. Who comes back from a backup
    may read the question once more when it has been decided.
    """
    said = msgspec.convert(payload, PoolTaking)
    statements = {node_id: said.statement}
    signed = read_signed(statements, await proofs(session, statements, keys))
    document = read(said.document)
    pool = await session.get(Pool, document.pool)
    if pool is None or signed.document != document:
        raise NotFound
    before = await standing(session, pool, keys.node_id)
    if document.term <= before.term:
        return
    deputies = {before.deputy, *(earlier.deputy for earlier in before.named)}
    if document.term != before.term + 1 or document.host != node_id or node_id not in deputies:
        raise NotFound
    if await is_under_way(session, document):
        return
    await keep_handing(session, document, node_id, TO_AGREE, now)
    await _note(session, node_id, "asked-to-agree", document.pool, now, term=document.term)
    for person_id in await administrators(session):
        await notify(
            session, person_id=person_id, code="pool-taking", text=ASKED, now=now, about=pool.id
        )


async def agree(
    session: AsyncSession, asker: Asker, pool_id: UUID, keys: NodeKeys, now: datetime
) -> None:
    """Agree that a pool's host is lost and its deputy hosts it from now on."""
    may_partner(asker)
    pool = await pool_of_member(session, asker, pool_id)
    handing = await handing_of(session, pool_id)
    if handing is None or handing.state != TO_AGREE or pool.host is None:
        raise NothingOffered
    await _require_silent(session, pool.host, now)
    statement = _signed(handing.document, keys)
    handing.state, handing.statements = AGREED, {keys.node_id: statement}
    await session.flush()
    said = {"pool": str(pool_id), "statement": statement}
    await append(session, PRIVATE, handing.node_id, SAID_AGREED, said, now=now)
    await _note(session, asker.person_id, "agree-to-take-over", pool_id, now, term=handing.term)


async def receive_agreed(
    session: AsyncSession, node_id: str, payload: dict[str, Any], now: datetime, keys: NodeKeys
) -> Change | None:
    """Count one more yes; gives the change once they are enough."""
    said = msgspec.convert(payload, PoolAgreed)
    pool = await session.get(
        Pool, said.pool, with_for_update={"key_share": True}, populate_existing=True
    )
    handing = await handing_of(session, said.pool)
    if pool is None or handing is None or handing.state != TAKING:
        return None
    own = {node_id: said.statement}
    if read_signed(own, await proofs(session, own, keys)).document != read(handing.document):
        # a yes to what was asked before, and is asked anew since
        return None
    handing.statements = {**handing.statements, **own}
    await session.flush()
    return await _complete(session, pool, handing, keys, now)


async def _complete(
    session: AsyncSession, pool: Pool, handing: PoolHanding, keys: NodeKeys, now: datetime
) -> Change | None:
    before, statements = await standing(session, pool, keys.node_id), dict(handing.statements)
    signed = read_signed(statements, await proofs(session, statements, keys))
    if not follows(before, signed):
        return None
    return await _host_after(session, before.host, statements, keys, now)


async def take_again(
    session: AsyncSession, statements: Mapping[str, str], keys: NodeKeys, now: datetime
) -> Change | None:
    """Host a pool that this node took over after a loss, and has forgotten with a backup's time.

    It has signed that itself, and so have enough others, of whom one has told it so.
    """
    signed = read_signed(statements, await proofs(session, statements, keys))
    pool = await session.get(
        Pool, signed.document.pool, with_for_update={"key_share": True}, populate_existing=True
    )
    if pool is None or keys.node_id != signed.document.host:
        return None
    before = await standing(session, pool, keys.node_id)
    if before.host in {keys.node_id, *signed.signers} or not follows(before, signed):
        return None
    return await _host_after(session, before.host, statements, keys, now)


async def _host_after(
    session: AsyncSession, lost: str, statements: Mapping[str, str], keys: NodeKeys, now: datetime
) -> Change | None:
    heard = await last_heard(session, lost)
    change = await believe(session, statements, keys, now, takes=True)
    if change is None:
        return None
    document = change.document
    term = await session.get_one(PoolTerm, (document.pool, document.term))
    term.certain_until = heard
    await wait_for_homes(session, document, keys.node_id, lost)
    return change


async def _note(
    session: AsyncSession,
    actor: UUID | str,
    verb: str,
    pool_id: UUID,
    now: datetime,
    **facts: object,
) -> None:
    await record(
        session,
        actor=actor,
        verb=verb,
        subject="pool",
        subject_id=pool_id,
        now=now,
        facts=facts,
    )
