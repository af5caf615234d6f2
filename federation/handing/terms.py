"""What was signed about a pool is believed here or refused; a term refuses the ones before it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import any_, delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database import outbox
from federation.audit.actions import record
from federation.errors import NotHereYet
from federation.handing.errors import OtherTerm
from federation.handing.models import PoolHanding, PoolPart, PoolTerm
from federation.handing.queries import current_term, standing
from federation.handing.rules import (
    PURPOSE,
    PoolDocument,
    Signed,
    Standing,
    follows,
    read_signed,
    written,
)
from federation.partners.actions import POKE
from federation.partners.keys import NodeKeys
from federation.partners.models import Partner
from federation.partners.rules.capabilities import SHIFTS
from federation.partners.rules.document import signers
from federation.partners.rules.handshake import JOINED
from federation.partners.rules.signatures import verifier
from federation.pools.models import Pool
from federation.projects.models import Project

STANDS_AFTER = timedelta(hours=24)
"""As long as a host has to be silent before it is lost."""
REMEMBERED = 8
"""How many deputies of a term are remembered besides one that was named for a day."""


class Change(NamedTuple):
    """A pool whose host has changed, as this node has just come to believe."""

    pool: Pool
    before: Standing
    document: PoolDocument
    after_loss: bool


async def proofs(
    session: AsyncSession, nodes: Mapping[str, str], keys: NodeKeys
) -> dict[str, Callable[[str], bytes]]:
    """Give what reads a signature of each node whose keys are pinned here, and of our own."""
    known = await session.scalars(select(Partner).where(Partner.node_id.in_(sorted(nodes))))
    found = {partner.node_id: verifier(signers(partner.keys, "head"), PURPOSE) for partner in known}
    if keys.node_id in nodes:
        found[keys.node_id] = verifier(keys.signers("head"), PURPOSE)
    return found


class News(Enum):
    """What something signed of a pool may change here."""

    KNOWN = auto()
    NEWER = auto()
    ANOTHER = auto()
    """Of the term that is believed, and not what is believed."""


async def news_in(session: AsyncSession, statements: Mapping[str, str], keys: NodeKeys) -> News:
    """Tell whether something signed is to be looked at; mostly it is what was shown before."""
    document = read_signed(statements, await proofs(session, statements, keys)).document
    known = await current_term(session, document.pool)
    if known is None or (document.term, document.version) > (known.term, known.version):
        return News.NEWER
    another = document.term == known.term and statements not in (known.statements, known.begun)
    return News.ANOTHER if another else News.KNOWN


async def believe(
    session: AsyncSession,
    statements: Mapping[str, str],
    keys: NodeKeys,
    now: datetime,
    *,
    takes: bool = False,
) -> Change | None:
    """Believe a newer signed document; gives the change where it names another host.

    What is known already changes nothing. What is signed of a pool that is not known here is to be
    asked for again, once its host has stated it: what is said of a pool names its term. This node
    becomes a host only where it `takes` the pool, with all that belongs to it.
    """
    signed = read_signed(statements, await proofs(session, statements, keys))
    document = signed.document
    pool = await session.get(
        Pool, document.pool, with_for_update={"key_share": True}, populate_existing=True
    )
    if pool is None:
        raise NotHereYet
    before = await standing(session, pool, keys.node_id)
    if (document.term, document.version) <= (before.term, before.version):
        return None
    if not follows(before, signed):
        raise OtherTerm
    if document.host == keys.node_id != before.host and not takes:
        if before.host in signed.signers:
            await _wait_for_contents(session, before.host, signed, statements, now)
        return None
    if document.host not in {before.host, keys.node_id}:
        await _require_known(session, document.host)
    return await keep(session, pool, before, signed, statements, keys.node_id, now)


async def _wait_for_contents(
    session: AsyncSession,
    host: str,
    signed: Signed,
    statements: Mapping[str, str],
    now: datetime,
) -> None:
    """Wait for a pool that its host has handed over to this node, and perhaps forgotten it.

    After a backup's time it may have called off what it did not know that both have signed.
    """
    document = signed.document
    agreed = PoolHanding(
        pool_id=document.pool,
        node_id=host,
        term=document.term,
        document=written(document),
        state="accepted",
        at=now,
        statements=dict(statements),
    )
    await session.merge(agreed)
    await session.flush()


async def _require_known(session: AsyncSession, node_id: str) -> None:
    """Wait until this node is joined with a pool's new host: it is tried again by then."""
    partner = await session.get(Partner, node_id)
    if partner is None or partner.state != JOINED:
        raise NotHereYet


async def keep(
    session: AsyncSession,
    pool: Pool,
    before: Standing,
    signed: Signed,
    statements: Mapping[str, str],
    own_id: str,
    now: datetime,
) -> Change | None:
    """Keep a document that follows; from here on its host is the pool's."""
    document = signed.document
    await _keep_term(session, before, document, statements, now)
    await _keep_nodes(session, before.host, document, own_id)
    await record(
        session,
        actor=document.host,
        verb="pool-term",
        subject="pool",
        subject_id=pool.id,
        now=now,
        facts={"term": document.term, "version": document.version, "host": document.host},
    )
    if document.term > before.term:
        # whatever was under way, or half said, in the term before
        over = (PoolHanding.pool_id == pool.id, PoolHanding.term <= document.term)
        await session.execute(delete(PoolHanding).where(*over))
        await session.execute(delete(PoolPart).where(PoolPart.pool_id == pool.id))
    await _poke_members(session, document, own_id, now)
    if document.host == before.host:
        return None
    pool.host = None if document.host == own_id else document.host
    await session.flush()
    await _grant_members(session, document, own_id)
    return Change(pool, before, document, before.host not in signed.signers)


async def _keep_term(
    session: AsyncSession,
    before: Standing,
    document: PoolDocument,
    statements: Mapping[str, str],
    now: datetime,
) -> None:
    known = await current_term(session, document.pool)
    if known is None and document.term > before.term:
        # so that it is remembered whose word counts no more
        session.add(_row(document.pool, before, now))
        await session.flush()
    facts: dict[str, Any] = {
        "version": document.version,
        "deputy": document.deputy,
        "members": {node: [str(each) for each in ids] for node, ids in document.members.items()},
        "statements": dict(statements),
        "said_at": document.at,
        "heard_at": now,
        "disputed": None,
        "settled_at": None,
    }
    if known is not None and known.term == document.term:
        known.stood, known.named = _stood(known, now), _named(known)
        if known.begun is None and set(known.statements) - {known.host}:
            known.begun = known.statements
        for name, value in facts.items():
            setattr(known, name, value)
    else:
        session.add(
            PoolTerm(pool_id=document.pool, term=document.term, host=document.host, **facts)
        )
    await session.flush()


def _stood(known: PoolTerm, now: datetime) -> dict[str, Any] | None:
    """Remember a deputy that was named for a day, whatever its host says from now on."""
    if known.heard_at is not None and known.heard_at > now - STANDS_AFTER:
        return known.stood
    return _deputy_of(known)


def _named(known: PoolTerm) -> list[dict[str, Any]]:
    """Remember the last deputies: a host may be lost before anybody hears whom it names now."""
    deputy, before = _deputy_of(known), known.named or []
    return [each for each in (deputy, *before) if each][:REMEMBERED]


def _deputy_of(known: PoolTerm) -> dict[str, Any] | None:
    return {"deputy": known.deputy, "nodes": list(known.members)} if known.deputy else None


def _row(pool_id: UUID, before: Standing, now: datetime) -> PoolTerm:
    return PoolTerm(
        pool_id=pool_id,
        term=before.term,
        version=0,
        host=before.host,
        deputy=None,
        members={},
        statements={},
        said_at=now,
    )


async def _keep_nodes(
    session: AsyncSession, host: str, document: PoolDocument, own_id: str
) -> None:
    """Know of each project on which node it lives: so far this was known as far as the host."""
    known = set(await session.scalars(select(Partner.node_id)))
    for node, projects in sorted(document.members.items()):
        if node in known and node not in {own_id, host}:
            await session.execute(
                update(Project)
                .where(Project.id.in_(projects), Project.node == host)
                .values(node=node)
            )


async def _grant_members(session: AsyncSession, document: PoolDocument, own_id: str) -> None:
    """Let those who take part go on taking part where this node is the host now."""
    if document.host != own_id:
        return
    shifts = f"{SHIFTS}:{document.pool}"
    partners = await session.scalars(
        select(Partner)
        .where(
            Partner.node_id.in_(sorted(document.members)),
            Partner.state == JOINED,
            ~(literal(shifts) == any_(Partner.we_grant)),
            ~(literal(shifts) == any_(Partner.withheld)),
        )
        .order_by(Partner.node_id)
        .with_for_update(key_share=True)
    )
    for partner in partners.all():
        partner.we_grant = sorted({*partner.we_grant, shifts})
    await session.flush()


async def _poke_members(
    session: AsyncSession, document: PoolDocument, own_id: str, now: datetime
) -> None:
    """Have everybody who takes part look at what was signed."""
    known = set(await session.scalars(select(Partner.node_id).where(Partner.state == JOINED)))
    for node in sorted(known & set(document.members) - {own_id}):
        await outbox.put(session, POKE, {"node_id": node}, now=now, key=node)
