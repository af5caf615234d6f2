"""The old host gives a pool to the node that has agreed: all that only it knew, in one transaction.

From its commit on this node is a home among others in the pool, and grants nothing in it.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotHereYet
from federation.feeds.actions import append, hold
from federation.feeds.models import Feed
from federation.feeds.queries import POOL_SHIFTS, PRIVATE
from federation.handing.actions import PoolAccepted, handing_of, offer_to_all, say_unoffered
from federation.handing.errors import OtherTerm
from federation.handing.models import PoolHanding
from federation.handing.queries import current_term, standing, still_waits
from federation.handing.rules import (
    PURPOSE,
    PoolDocument,
    Signed,
    follows,
    read,
    read_signed,
)
from federation.handing.terms import Change, keep, proofs
from federation.partners.keys import NodeKeys
from federation.pools.models import Pool
from federation.restoring.queries import is_restoring
from rota.handing.contents import Entry, contents_of, in_parts
from rota.handing.following import follow
from rota.handing.stepping_down import become_a_home, stop_hosting
from rota.handing.under_way import end_exchanges, lapse_own_proposals
from rota.reentry.actions import lock_everybody
from rota.shifts.announce import announce_shift
from rota.shifts.models import Shift
from rota.sign_up.from_homes import RECEIPT, Sign

CONTENTS = "pool.contents"
BEFORE_A_SESSION = timedelta(hours=1)


async def receive_accepted(
    session: AsyncSession,
    node_id: str,
    payload: dict[str, Any],
    now: datetime,
    keys: NodeKeys,
    sign: Sign,
) -> None:
    """Hand a pool over to the node that was asked and has agreed.

    Not while a session runs, nor while this node still learns what others hold. Who takes part by
    now must be named in what both sign.
    """
    said = msgspec.convert(payload, PoolAccepted)
    handing = await session.get(PoolHanding, said.pool)
    if handing is None or (handing.node_id, handing.state) != (node_id, "offered"):
        await _say_it_is_over(session, node_id, said, keys)
        return
    if await _agreed_to(session, node_id, said, keys) != read(handing.document):
        # a yes to an offer that was made anew since, and is still to be answered
        return
    if await _still_learns(session, said.pool) or await _session_near(session, said.pool, now):
        raise NotHereYet
    await lock_everybody(session, now)
    pool = await session.get_one(
        Pool, said.pool, with_for_update={"key_share": True}, populate_existing=True
    )
    await handing_of(session, said.pool)
    if await offer_to_all(session, handing, keys.node_id, now):
        return
    await _hand_over(session, pool, handing, said.statement, now, keys, sign)


async def _say_it_is_over(
    session: AsyncSession, node_id: str, said: PoolAccepted, keys: NodeKeys
) -> None:
    """Tell a node whose yes came too late."""
    document = await _agreed_to(session, node_id, said, keys)
    await say_unoffered(session, node_id, said.pool, document.term, document.at)


async def _agreed_to(
    session: AsyncSession, node_id: str, said: PoolAccepted, keys: NodeKeys
) -> PoolDocument:
    statements = {node_id: said.statement}
    return read_signed(statements, await proofs(session, statements, keys)).document


async def _still_learns(session: AsyncSession, pool_id: UUID) -> bool:
    """Tell whether others have yet to say what they hold: the new host would never hear it."""
    return await is_restoring(session) or await still_waits(session, pool_id)


async def _session_near(session: AsyncSession, pool_id: UUID, now: datetime) -> bool:
    near = exists().where(
        Shift.pool_id == pool_id,
        Shift.open,
        Shift.cancelled_at.is_(None),
        Shift.starts < now + BEFORE_A_SESSION,
        Shift.ends > now - BEFORE_A_SESSION,
    )
    return bool(await session.scalar(select(near)))


async def _hand_over(
    session: AsyncSession,
    pool: Pool,
    handing: PoolHanding,
    statement: str,
    now: datetime,
    keys: NodeKeys,
    sign: Sign,
) -> None:
    document, host = read(handing.document), handing.node_id
    statements = {
        keys.node_id: keys.sign("head", handing.document.encode(), purpose=PURPOSE),
        host: statement,
    }
    signed: Signed = read_signed(statements, await proofs(session, statements, keys))
    before = await standing(session, pool, keys.node_id)
    if signed.document != document or not follows(before, signed):
        raise OtherTerm
    await end_exchanges(session, pool.id, now)
    await lapse_own_proposals(session, pool.id, now)
    entries = await contents_of(session, pool, now, sign)
    await hold(session, POOL_SHIFTS, str(pool.id), now=now)
    change = await keep(session, pool, before, signed, statements, keys.node_id, now)
    if change is None:
        raise OtherTerm
    await _say_contents(session, pool, host, entries, statements, document.term, now)
    await become_a_home(session, pool.id, now)
    await follow(session, change, keys.node_id, now)
    await record(
        session,
        actor=host,
        verb="hand-pool-over",
        subject="pool",
        subject_id=pool.id,
        now=now,
        facts={"term": document.term, "entries": len(entries)},
    )


async def _say_contents(
    session: AsyncSession,
    pool: Pool,
    host: str,
    entries: list[Entry],
    statements: dict[str, str],
    term: int,
    now: datetime,
) -> None:
    read_to = await place_of(session, pool.id)
    parts = list(in_parts(entries))
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        said: dict[str, Any] = {
            "pool": str(pool.id),
            "term": term,
            "part": number,
            "last": last,
            "read_to": read_to,
            "trainings": pool.trainings,
            "statements": statements if last else {},
            **part,
        }
        await append(session, PRIVATE, host, CONTENTS, said, now=now)


async def state_sessions(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """State the sessions to come, which a new host may not have read before the feed began anew."""
    shifts = await session.scalars(
        select(Shift).where(Shift.pool_id == pool_id, Shift.ends > now).order_by(Shift.id)
    )
    coming = shifts.all()
    await hold(session, POOL_SHIFTS, str(pool_id), now=now)
    for shift in coming:
        await announce_shift(session, shift, now)


async def place_of(session: AsyncSession, pool_id: UUID) -> dict[str, Any]:
    """Say how far this node's feed of a pool reaches."""
    feed = (
        await session.execute(
            select(Feed.epoch, Feed.seq).where(
                Feed.kind == POOL_SHIFTS, Feed.subject == str(pool_id)
            )
        )
    ).one()
    return {"epoch": feed.epoch, "seq": feed.seq}


async def follow_from_here(
    session: AsyncSession, change: Change, keys: NodeKeys, now: datetime
) -> None:
    """Be a home in a pool that another node hosts, as this one has just come to believe.

    Where this node had signed that itself, and forgotten it with a backup, the new host may not
    have read what it was given: it gets what is known here once more.
    """
    if change.before.host == keys.node_id:
        sign = partial(keys.sign, "head", purpose=RECEIPT)
        entries = await stop_hosting(session, change.pool, now, sign)
        if not change.after_loss:
            await _say_again(session, change, entries, now)
    await follow(session, change, keys.node_id, now)


async def _say_again(
    session: AsyncSession, change: Change, entries: list[Entry], now: datetime
) -> None:
    pool, document = change.pool, change.document
    await state_sessions(session, pool.id, now)
    term = await current_term(session, pool.id)
    statements = dict(term.begun or term.statements) if term else {}
    await _say_contents(session, pool, document.host, entries, statements, document.term, now)
