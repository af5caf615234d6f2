from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from federation.errors import NotFound
from federation.handing.errors import HandedOver, PoolSettling
from federation.handing.models import PoolHanding, PoolTerm, PoolWait
from federation.handing.rules import ACCEPTED, Named, Standing
from federation.partners.models import Partner
from federation.partners.queries import require_reader
from federation.partners.rules.capabilities import SHIFTS
from federation.permissions.rules import Asker
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project
from federation.restoring.errors import NodeRestoring
from federation.restoring.queries import IS_RESTORING

STILL_WAITS = exists().where(
    PoolWait.pool_id == bindparam("pool_id"),
    PoolWait.answered_at.is_(None),
    PoolWait.given_up_at.is_(None),
)
MAY_GRANT = select(IS_RESTORING.scalar_subquery(), Pool.host, STILL_WAITS).where(
    Pool.id == bindparam("pool_id")
)
"""Built once: every path that grants asks it, with the shift locked."""


async def refuse_unless_granting(session: AsyncSession, pool_id: UUID) -> None:
    """Let nothing be granted that a partner may hold already, or that another node decides.

    Read anew each time, since the pool may have been read before its shift was locked.
    """
    restoring, host, waits = (await session.execute(MAY_GRANT, {"pool_id": pool_id})).one()
    if restoring:
        raise NodeRestoring
    if host is not None:
        raise HandedOver
    if waits:
        raise PoolSettling


async def still_waits(session: AsyncSession, pool_id: UUID) -> bool:
    """Tell whether a home has not said yet what its people hold in a pool that was taken over."""
    return bool(await session.scalar(select(STILL_WAITS), {"pool_id": pool_id}))


async def standing(session: AsyncSession, pool: Pool, own_id: str) -> Standing:
    """Say what this node believes of a pool; one that was never signed is in its first term."""
    term = await current_term(session, pool.id)
    return Standing(1, 0, pool.host or own_id) if term is None else standing_in(term)


def standing_in(term: PoolTerm) -> Standing:
    """Say what was signed of a term, as it is believed here."""
    named = [Named(**one) for one in (term.stood, *(term.named or ())) if one]
    return Standing(term.term, term.version, term.host, term.deputy, list(term.members), named)


async def current_term(session: AsyncSession, pool_id: UUID) -> PoolTerm | None:
    """Give what was signed last."""
    found: PoolTerm | None = await session.scalar(
        select(PoolTerm)
        .where(PoolTerm.pool_id == pool_id)
        .order_by(PoolTerm.term.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return found


SIGNED = case(
    (PoolTerm.begun.is_not(None), func.jsonb_build_array(PoolTerm.begun, PoolTerm.statements)),
    else_=func.jsonb_build_array(PoolTerm.statements),
)
"""What was signed of one term: what has begun it, where its host has said more since."""
SIGNED_BY_BOTH = and_(
    PoolHanding.state == ACCEPTED, PoolHanding.statements.op("?")(PoolHanding.node_id)
)
"""Pools that this node has agreed to host and does not yet, as far as it knows the host's word."""
BEGUN_BY: SQLColumnExpression[Any] = func.coalesce(PoolTerm.begun, PoolTerm.statements)


def _hears_of_terms() -> ColumnElement[bool]:
    """Tell, over PoolTerm and Partner, who is shown who hosts a pool: also who may yet join it."""
    shifts = literal(f"{SHIFTS}:").op("||")(cast(PoolTerm.pool_id, Text))
    return or_(PoolTerm.members.op("?")(Partner.node_id), shifts == any_(Partner.we_grant))


def signed_of() -> SQLColumnExpression[Any]:
    """State as SQL, over Partner, what `signed_for` gives, in parts."""
    in_order = aggregate_order_by(SIGNED, PoolTerm.pool_id, PoolTerm.term)
    terms = select(func.jsonb_agg(in_order)).where(_hears_of_terms(), PoolTerm.version > 0)
    agreed = select(
        func.jsonb_agg(
            aggregate_order_by(func.jsonb_build_array(PoolHanding.statements), PoolHanding.pool_id)
        )
    ).where(PoolHanding.node_id == Partner.node_id, SIGNED_BY_BOTH)
    none = literal_column("'[]'::jsonb", JSONB)
    told, kept = (part.correlate(Partner).scalar_subquery() for part in (terms, agreed))
    both: SQLColumnExpression[Any] = func.coalesce(told, none).op("||")(func.coalesce(kept, none))
    return both


async def signed_for(session: AsyncSession, node_id: str) -> list[dict[str, str]]:
    """Give what was signed of the pools that a partner knows, the earliest term first.

    Last comes what it has signed of pools that this node is to take, and may have forgotten.
    """
    rows = await session.scalars(
        select(SIGNED)
        .join(Partner, Partner.node_id == node_id)
        .where(_hears_of_terms(), PoolTerm.version > 0)
        .order_by(PoolTerm.pool_id, PoolTerm.term)
    )
    told = [statements for term in rows for statements in term]
    return [*told, *await agreed_with(session, node_id)]


async def agreed_with(session: AsyncSession, node_id: str) -> list[dict[str, str]]:
    """Give what is known here that both have signed of pools that this node is to take."""
    rows = await session.scalars(
        select(PoolHanding.statements)
        .where(PoolHanding.node_id == node_id, SIGNED_BY_BOTH)
        .order_by(PoolHanding.pool_id)
    )
    return list(rows)


async def hosted_before(session: AsyncSession, pool_id: UUID, nodes: Sequence[str]) -> bool:
    """Tell whether one of these nodes hosted a pool in a term that is over."""
    later = select(func.max(PoolTerm.term)).where(PoolTerm.pool_id == pool_id).scalar_subquery()
    found = exists().where(
        PoolTerm.pool_id == pool_id, PoolTerm.host.in_(nodes), PoolTerm.term < later
    )
    return bool(await session.scalar(select(found)))


async def may_host_next(session: AsyncSession, pool_id: UUID, node_id: str) -> bool:
    """Tell whether a node may host a pool by now, of which it is believed that another one does."""
    host = await session.scalar(select(Pool.host).where(Pool.id == pool_id))
    return host not in {None, node_id} and not await hosted_before(session, pool_id, [node_id])


async def hosted_for(session: AsyncSession, host: str, node_id: str) -> bool:
    """Tell whether a node has hosted a pool in which another takes part, and does no more."""
    since = aliased(PoolTerm)
    later = exists().where(
        since.pool_id == PoolTerm.pool_id,
        since.term > PoolTerm.term,
        since.members.op("?")(node_id),
    )
    return bool(await session.scalar(select(exists().where(PoolTerm.host == host, later))))


async def lost_before(session: AsyncSession, pool_id: UUID, node_id: str) -> PoolTerm | None:
    """Give the term in which another node took a pool over from this one, which has not signed it.

    None where the node hosts the pool, never did, or has handed it over since.
    """
    last = (
        select(func.max(PoolTerm.term))
        .where(PoolTerm.pool_id == pool_id, PoolTerm.host == node_id)
        .scalar_subquery()
    )
    found: PoolTerm | None = await session.scalar(
        select(PoolTerm).where(
            PoolTerm.pool_id == pool_id,
            PoolTerm.term == last + 1,
            ~BEGUN_BY.bool_op("?")(node_id),
        )
    )
    return found


async def taken_since(session: AsyncSession, since: datetime) -> Sequence[UUID]:
    """List the pools that this node has come to host since a moment."""
    rows = await session.scalars(
        select(PoolTerm.pool_id)
        .join(Pool, Pool.id == PoolTerm.pool_id)
        .where(Pool.host.is_(None), PoolTerm.term > 1, PoolTerm.heard_at >= since)
        .distinct()
    )
    return rows.all()


async def hosts_of(session: AsyncSession, pool_id: UUID) -> list[str]:
    """Name all nodes that have hosted a pool, this one among them."""
    rows = await session.scalars(
        select(PoolTerm.host).where(PoolTerm.pool_id == pool_id).distinct().order_by(PoolTerm.host)
    )
    return list(rows)


async def waits_for_contents(session: AsyncSession, pool_id: UUID | None) -> bool:
    """Tell whether this node has agreed to host a pool, or any at all, and waits for it."""
    accepted = PoolHanding.state == "accepted"
    named = true() if pool_id is None else PoolHanding.pool_id == pool_id
    return bool(await session.scalar(select(exists().where(accepted, named))))


async def members_by_node(
    session: AsyncSession, pool_id: UUID, own_id: str
) -> dict[str, list[UUID]]:
    """Name the projects that take part in a pool, by the node where they live."""
    rows = await session.execute(
        select(Project.node, Project.id)
        .join(PoolMember, PoolMember.project_id == Project.id)
        .where(PoolMember.pool_id == pool_id)
        .order_by(Project.id)
    )
    members: dict[str, list[UUID]] = {}
    for node, project in rows:
        members.setdefault(node or own_id, []).append(project)
    return members


class Hosting(NamedTuple):
    """A pool as partner administrators see it: who hosts it, since which term, what is under way.

    `partners` are the nodes to which it could be handed over; `waits` those that have not said yet
    what their people hold. `disputed` is the host by another document that is as good.
    """

    pool: Pool
    host: Partner | None
    term: int
    handing: PoolHanding | None
    other: Partner | None
    partners: list[Partner]
    deputy: str | None
    waits: list[Partner]
    disputed: str | None = None


async def hostings(session: AsyncSession, asker: Asker) -> list[Hosting]:
    """List the pools in which the asker's project takes part, with who hosts each."""
    require_reader(asker)
    newest = (
        select(PoolTerm)
        .ext(distinct_on(PoolTerm.pool_id))
        .order_by(PoolTerm.pool_id, PoolTerm.term.desc())
        .subquery()
    )
    rows = await session.execute(
        select(
            Pool,
            Partner,
            newest.c.term,
            newest.c.deputy,
            PoolHanding,
            case((newest.c.settled_at.is_(None), newest.c.disputed["host"].astext)),
        )
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .outerjoin(newest, newest.c.pool_id == Pool.id)
        .outerjoin(PoolHanding, PoolHanding.pool_id == Pool.id)
        .outerjoin(Partner, Partner.node_id == Pool.host)
        .where(PoolMember.project_id == asker.project_id)
        .order_by(Pool.name, Pool.id)
    )
    found = rows.all()
    homes = await _homes(session, [pool.id for pool, *_ in found])
    waits = await _waits(session, [pool.id for pool, *_ in found])
    by_id = {each.node_id: each for each in await session.scalars(select(Partner))}
    return [
        Hosting(
            pool,
            host,
            term or 1,
            handing,
            by_id.get(handing.node_id) if handing else None,
            homes.get(pool.id, []),
            deputy,
            waits.get(pool.id, []),
            disputed,
        )
        for pool, host, term, deputy, handing, disputed in found
    ]


async def _homes(session: AsyncSession, pools: Sequence[UUID]) -> dict[UUID, list[Partner]]:
    rows = await session.execute(
        select(PoolMember.pool_id, Partner)
        .join(Project, Project.id == PoolMember.project_id)
        .join(Partner, and_(Partner.node_id == Project.node, Partner.state == "joined"))
        .where(PoolMember.pool_id.in_(pools))
        .distinct()
        .order_by(Partner.name, Partner.node_id)
    )
    homes: dict[UUID, list[Partner]] = {}
    for pool_id, partner in rows:
        homes.setdefault(pool_id, []).append(partner)
    return homes


async def _waits(session: AsyncSession, pools: Sequence[UUID]) -> dict[UUID, list[Partner]]:
    rows = await session.execute(
        select(PoolWait.pool_id, Partner)
        .join(Partner, Partner.node_id == PoolWait.node_id)
        .where(
            PoolWait.pool_id.in_(pools),
            PoolWait.answered_at.is_(None),
            PoolWait.given_up_at.is_(None),
        )
        .order_by(Partner.name, Partner.node_id)
    )
    waits: dict[UUID, list[Partner]] = {}
    for pool_id, partner in rows:
        waits.setdefault(pool_id, []).append(partner)
    return waits


async def pool_of_member(
    session: AsyncSession, asker: Asker, pool_id: UUID, *, lock: bool = True
) -> Pool:
    """Find a pool in which the asker's project takes part, and lock it; sessions come before it."""
    query = (
        select(Pool)
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(Pool.id == pool_id, PoolMember.project_id == asker.project_id)
        .execution_options(populate_existing=True)
    )
    pool: Pool | None = await session.scalar(
        query.with_for_update(of=Pool, key_share=True) if lock else query
    )
    if pool is None:
        raise NotFound
    return pool
