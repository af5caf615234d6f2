"""Handing a pool over as planned: the host offers it, another node's administrator accepts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.feeds.queries import PRIVATE
from federation.handing.errors import MembersNotMet, NoMemberNode, NothingOffered
from federation.handing.models import PoolHanding, PoolPart
from federation.handing.queries import members_by_node, pool_of_member, standing
from federation.handing.rules import (
    AGREED,
    PURPOSE,
    TAKING,
    Counted,
    PoolDocument,
    read,
    written,
)
from federation.notices.actions import notify
from federation.partners.actions import may_partner
from federation.partners.keys import NodeKeys
from federation.partners.models import Partner
from federation.partners.rules.handshake import JOINED
from federation.people.models import Person, Role, RoleGrant
from federation.permissions.rules import Asker
from federation.pools.errors import NotTheHost
from federation.pools.models import Pool
from federation.restoring.queries import refuse_while_restoring

OFFERED = "pool.offered"
ACCEPTED = "pool.accepted"
UNOFFERED = "pool.unoffered"
ASKED = "Another node asks yours to plan a pool from now on. Please look at who plans your pools."


class PoolOffered(msgspec.Struct, frozen=True):
    """The host asks a member's node to host a pool; the exact bytes that both would sign."""

    document: str


class PoolAccepted(msgspec.Struct, frozen=True):
    """The yes of the new host: its signature on what was offered."""

    pool: UUID
    statement: str


class PoolUnoffered(msgspec.Struct, frozen=True):
    """Either side's no to a hand-over that has not taken place."""

    pool: UUID
    term: Counted


async def offer_pool(
    session: AsyncSession, asker: Asker, pool_id: UUID, node_id: str, own_id: str, now: datetime
) -> None:
    """Ask the node of a member to host a pool of this node; nothing changes until it has agreed."""
    may_partner(asker)
    pool = await pool_of_member(session, asker, pool_id)
    if pool.host is not None:
        raise NotTheHost
    await refuse_while_restoring(session)
    members = await members_by_node(session, pool_id, own_id)
    partner = await session.get(Partner, node_id)
    if partner is None or partner.state != JOINED or node_id not in members:
        raise NoMemberNode
    before = await standing(session, pool, own_id)
    document = PoolDocument(
        pool=pool_id,
        term=before.term + 1,
        version=1,
        host=node_id,
        deputy=None,
        members=members,
        at=now,
    )
    await _take_back(session, pool_id, now)
    await keep_handing(session, document, node_id, "offered", now)
    said = {"document": written(document)}
    await append(session, PRIVATE, node_id, OFFERED, said, now=now)
    await _note(session, asker.person_id, "offer-pool", document, node_id, now)


async def offer_to_all(
    session: AsyncSession, handing: PoolHanding, own_id: str, now: datetime
) -> bool:
    """Offer a pool anew where somebody takes part since; tells whether that was so.

    What both sign says who hears of it, and on which node each project lives.
    """
    document = read(handing.document)
    members = await members_by_node(session, document.pool, own_id)
    if all(set(ids) <= set(document.members.get(node, ())) for node, ids in members.items()):
        return False
    anew = msgspec.structs.replace(document, members=members, at=now)
    await keep_handing(session, anew, handing.node_id, "offered", now)
    said = {"document": written(anew)}
    await append(session, PRIVATE, handing.node_id, OFFERED, said, now=now)
    await _note(session, SYSTEM, "offer-pool", anew, handing.node_id, now)
    return True


async def keep_handing(
    session: AsyncSession,
    document: PoolDocument,
    node_id: str,
    state: str,
    now: datetime,
    *,
    statements: dict[str, str] | None = None,
) -> PoolHanding:
    """Keep what is under way for a pool, in the place of anything else."""
    kept: PoolHanding = await session.merge(
        PoolHanding(
            pool_id=document.pool,
            node_id=node_id,
            term=document.term,
            document=written(document),
            state=state,
            at=now,
            statements=statements or {},
        )
    )
    await session.flush()
    return kept


async def receive_offer(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime, keys: NodeKeys
) -> None:
    """Leave to this node's partner administrators whether it hosts a partner's pool.

    What was offered of a term that has come meanwhile, after a loss perhaps, is over. Who has
    agreed already who hosts that term after a loss signs no other host of it.
    """
    document = read(msgspec.convert(payload, PoolOffered).document)
    pool = await session.get(Pool, document.pool)
    if pool is None or document.host != keys.node_id:
        raise NotFound
    before = await standing(session, pool, keys.node_id)
    if document.term <= before.term:
        return
    if pool.host != host or document.term != before.term + 1:
        raise NotFound
    handing = await handing_of(session, document.pool)
    if handing is not None and (_is_done(handing, host) or handing.document == written(document)):
        return
    if handing is not None and handing.state in {TAKING, AGREED} and handing.term == document.term:
        await say_unoffered(session, host, document.pool, document.term, now)
        return
    await keep_handing(session, document, host, "asked", now)
    await _note(session, host, "asked-to-host", document, host, now)
    for person_id in await administrators(session):
        await notify(
            session, person_id=person_id, code="pool-offered", text=ASKED, now=now, about=pool.id
        )


async def is_under_way(session: AsyncSession, document: PoolDocument) -> bool:
    """Tell whether just this was heard before, of somebody who says it again after a restore."""
    handing = await handing_of(session, document.pool)
    return handing is not None and handing.document == written(document)


async def administrators(session: AsyncSession) -> list[UUID]:
    """List who of this node speaks for it with others."""
    rows = await session.scalars(
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == Role.PARTNER_ADMINISTRATOR, Person.left_at.is_(None))
        .order_by(Person.id)
    )
    return list(rows)


async def accept_pool(
    session: AsyncSession, asker: Asker, pool_id: UUID, keys: NodeKeys, now: datetime
) -> None:
    """Agree to host a pool; it becomes this node's when its host has said what it holds."""
    may_partner(asker)
    await pool_of_member(session, asker, pool_id)
    handing = await handing_of(session, pool_id)
    if handing is None or handing.state != "asked":
        raise NothingOffered
    await refuse_while_restoring(session)
    document = read(handing.document)
    await require_met(session, sorted(set(document.members) - {keys.node_id}))
    statement = keys.sign("head", handing.document.encode(), purpose=PURPOSE)
    handing.state, handing.statements = "accepted", {keys.node_id: statement}
    await session.flush()
    said = {"pool": str(pool_id), "statement": statement}
    await append(session, PRIVATE, handing.node_id, ACCEPTED, said, now=now)
    await _note(session, asker.person_id, "accept-pool", document, handing.node_id, now)


async def require_met(session: AsyncSession, nodes: Collection[str]) -> None:
    """Refuse to host a pool for nodes with which this one cannot speak."""
    met = select(func.count()).where(Partner.node_id.in_(nodes), Partner.state == JOINED)
    if await session.scalar(met) != len(nodes):
        raise MembersNotMet


async def take_back_offer(
    session: AsyncSession, asker: Asker, pool_id: UUID, now: datetime
) -> None:
    """Say no to a hand-over that has not taken place, on whichever side."""
    may_partner(asker)
    await pool_of_member(session, asker, pool_id)
    handing = await handing_of(session, pool_id)
    if handing is None:
        raise NothingOffered
    document, node_id = read(handing.document), handing.node_id
    await _take_back(session, pool_id, now)
    await _note(session, asker.person_id, "take-back-offer", document, node_id, now)


async def _take_back(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    handing = await handing_of(session, pool_id)
    if handing is None:
        return
    await session.delete(handing)
    await session.flush()
    told = [handing.node_id]
    if handing.state == TAKING:
        # not to who is lost, but to all who were asked
        members = set(read(handing.document).members)
        known = select(Partner.node_id).where(Partner.node_id.in_(members - {handing.node_id}))
        told = sorted(await session.scalars(known))
    for node_id in told:
        await say_unoffered(session, node_id, pool_id, handing.term, now)


async def say_unoffered(
    session: AsyncSession, node_id: str, pool_id: UUID, term: int, now: datetime
) -> None:
    """Tell the other side that nothing comes of it."""
    said = {"pool": str(pool_id), "term": term}
    await append(session, PRIVATE, node_id, UNOFFERED, said, now=now)


async def receive_unoffered(
    session: AsyncSession, node_id: str, payload: dict[str, Any], _now: datetime
) -> None:
    """Forget what the other side no longer wants, unless it has signed that it is done."""
    said = msgspec.convert(payload, PoolUnoffered)
    handing = await handing_of(session, said.pool)
    if handing is None or (handing.node_id, handing.term) != (node_id, said.term):
        return
    if not _is_done(handing, node_id):
        await session.delete(handing)


def _is_done(handing: PoolHanding, host: str) -> bool:
    """Tell whether a host has signed as well: what it said of it before, read late, is over."""
    return handing.state == "accepted" and host in handing.statements


async def handing_of(session: AsyncSession, pool_id: UUID) -> PoolHanding | None:
    """Give what is under way for a pool, locked."""
    found: PoolHanding | None = await session.get(
        PoolHanding, pool_id, with_for_update=True, populate_existing=True
    )
    return found


async def keep_part(
    session: AsyncSession,
    pool_id: UUID,
    node_id: str,
    kind: str,
    part: int,
    said: dict[str, Any],
) -> None:
    """Keep one part of what is said in several."""
    await session.merge(PoolPart(pool_id=pool_id, node_id=node_id, kind=kind, part=part, said=said))
    await session.flush()


async def take_parts(
    session: AsyncSession, pool_id: UUID, node_id: str, kind: str
) -> list[dict[str, Any]]:
    """Give all parts in their order, and keep them no longer."""
    rows = await session.scalars(
        select(PoolPart)
        .where(PoolPart.pool_id == pool_id, PoolPart.node_id == node_id, PoolPart.kind == kind)
        .order_by(PoolPart.part)
    )
    parts = rows.all()
    for part in parts:
        await session.delete(part)
    return [part.said for part in parts]


async def _note(
    session: AsyncSession,
    actor: UUID | str,
    verb: str,
    document: PoolDocument,
    node_id: str,
    now: datetime,
) -> None:
    await record(
        session,
        actor=actor,
        verb=verb,
        subject="pool",
        subject_id=document.pool,
        now=now,
        facts={"term": document.term, "node": node_id},
    )
