"""Who hosts a pool without its old host's word asks all others, and grants when they answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.handing import losses
from federation.handing.models import PoolWait
from federation.handing.queries import pool_of_member, still_waits
from federation.handing.terms import Change
from federation.partners.actions import may_partner
from federation.partners.keys import NodeKeys
from federation.permissions.rules import Asker
from federation.pools.announce import announce_pool
from federation.pools.models import Pool
from federation.restoring.actions import look_again, read_what_waited
from federation.restoring.errors import NotWaitedFor
from federation.restoring.queries import is_restoring
from protocols.pool_texts.restating import restate_pool_texts
from rota.handing import taking_claims
from rota.handing.moves import follow_moves
from rota.handing.wishes import take_wishes
from rota.reentry.actions import lock_everybody
from rota.seats.actions import settle
from rota.shifts.models import Shift
from rota.swaps.stating import restate_offers


async def take_over(
    session: AsyncSession, asker: Asker, pool_id: UUID, keys: NodeKeys, now: datetime
) -> None:
    """Take a lost host's pool over, at once or when enough others have agreed."""
    await lock_everybody(session, now)
    change = await losses.take_over(session, asker, pool_id, keys, now)
    if change is not None:
        await begin(session, change, now)


async def receive_agreed(
    session: AsyncSession, node_id: str, payload: dict[str, Any], now: datetime, keys: NodeKeys
) -> None:
    """Take the pool over with the yes that was missing."""
    await lock_everybody(session, now)
    change = await losses.receive_agreed(session, node_id, payload, now, keys)
    if change is not None:
        await begin(session, change, now)


async def begin(session: AsyncSession, change: Change, now: datetime) -> None:
    """Host the pool with what this node knows of it; homes say what their people hold.

    Nothing is granted by that: a node that was just restored begins as well, and goes on after it.
    """
    pool_id = change.pool.id
    await taking_claims.decide_here(session, pool_id, now)
    await take_wishes(session, pool_id, now)
    await announce_pool(session, pool_id, now)
    await restate_offers(session, pool_id, now)
    await restate_pool_texts(session, pool_id, now)
    await go_on_if_known(session, pool_id, now)
    await look_again(session, now)


async def go_on_if_known(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """Grant from now on, unless somebody has yet to say what is held, or a restore is not over."""
    if not await still_waits(session, pool_id) and not await is_restoring(session):
        await go_on(session, pool_id, now)


async def go_on_everywhere(session: AsyncSession, now: datetime) -> None:
    """Grant again in all pools of this node, once it knows after a restore what it had granted."""
    pools = await session.scalars(select(Pool.id).where(Pool.host.is_(None)).order_by(Pool.id))
    for pool_id in pools.all():
        await go_on_if_known(session, pool_id, now)


async def go_on(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """Grant from now on: all are known who hold a seat, as far as somebody could say.

    What was asked meanwhile is decided at once, too.
    """
    await follow_moves(session, pool_id, now)
    shifts = await session.scalars(
        select(Shift).where(Shift.pool_id == pool_id, Shift.ends > now).order_by(Shift.id)
    )
    for shift in shifts.all():
        await settle(session, shift, now)
    await taking_claims.decide_own_wishes(session, pool_id, now)
    await read_what_waited(session, now)


async def answered(session: AsyncSession, pool_id: UUID, node_id: str, now: datetime) -> bool:
    """Note that a home has said what its people hold; tells whether nobody is waited for."""
    wait = await session.get(PoolWait, (pool_id, node_id))
    if wait is not None and wait.answered_at is None:
        wait.answered_at = now
        await session.flush()
    return not await still_waits(session, pool_id)


async def go_on_without(
    session: AsyncSession, asker: Asker, pool_id: UUID, node_id: str, now: datetime
) -> None:
    """Wait no longer for a home: seats that only it knows of can be given to others."""
    may_partner(asker)
    await lock_everybody(session, now)
    await pool_of_member(session, asker, pool_id)
    wait = await session.get(PoolWait, (pool_id, node_id))
    if wait is None or wait.answered_at is not None or wait.given_up_at is not None:
        raise NotWaitedFor
    wait.given_up_at = now
    await session.flush()
    await record(
        session,
        actor=asker.person_id,
        verb="go-on-without",
        subject="pool",
        subject_id=pool_id,
        now=now,
        facts={"node": node_id},
    )
    await go_on_if_known(session, pool_id, now)
