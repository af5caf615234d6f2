"""A pool's new host hears from each home what its people hold, as a restored host does."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound, NotHereYet
from federation.feeds.cursors.actions import parked_of_kind
from federation.handing.actions import keep_part, take_parts
from federation.handing.errors import PartsMissing
from federation.handing.losses import SILENCE
from federation.handing.models import PoolTerm, PoolWait
from federation.handing.queries import current_term, hosts_of, lost_before, still_waits
from federation.pools.models import Pool
from rota.claims.models import Claim
from rota.company.actions import tell_again
from rota.handing.after_loss import answered, go_on
from rota.handing.following import CLAIMS
from rota.handing.stated import ClaimsStated
from rota.reentry import as_host
from rota.reentry.actions import in_order, lock_everybody
from rota.reentry.entering import Reentry, Verify, proven
from rota.reentry.sessions import enter_session
from rota.reentry.stated import StatedClaim, StatedSession
from rota.seats.actions import settle
from rota.shifts.models import Shift
from rota.sign_up.from_homes import Sign

KIND = "claims"
Receipts = Callable[[AsyncSession, list[str]], Any]
"""Gives what reads receipts of these nodes, this one among them."""


class Rebuilding(Reentry):
    """One transaction in which a home's claims are entered at a pool's new host."""

    def find(
        self,
        project_id: UUID,
        kind: str,
        *,
        claim: UUID | None = None,
        shift: UUID | None = None,
        host: str | None = None,
    ) -> None:
        """Leave nothing to look at: who has lost a seat is told of it."""


async def receive_claims(
    session: AsyncSession,
    home: str,
    payload: dict[str, Any],
    now: datetime,
    sign: Sign,
    receipts: Receipts,
) -> None:
    """Keep what a home says that its people hold; enter all of it with its last part."""
    said = msgspec.convert(payload, ClaimsStated)
    pool = await session.get(Pool, said.pool)
    term = await current_term(session, said.pool)
    if pool is None or pool.host is not None or term is None or term.term != said.term:
        raise NotFound
    if not said.last:
        await keep_part(session, said.pool, home, KIND, said.part, payload)
        return
    parts = await _all_parts(session, home, said)
    await lock_everybody(session, now)
    read: Verify = await receipts(session, await hosts_of(session, said.pool))
    rebuilding = Rebuilding(
        session,
        said.pool,
        now,
        sign,
        read,
        {},
        certain_until=await _certain_until(session, term, home),
    )
    settling = await still_waits(session, said.pool)
    await _enter_sessions(rebuilding, home, parts)
    await _enter(rebuilding, home, [each for part in parts for each in part.claims])
    if settling and await answered(session, said.pool, home, now):
        await go_on(session, said.pool, now)
    elif not settling:
        await _settle(rebuilding)
    await rebuilding.tell_all()
    await tell_again(session, home, said.pool, now)


async def _all_parts(session: AsyncSession, home: str, said: ClaimsStated) -> list[ClaimsStated]:
    """Give all that a home says, in its order; the last part waits for those that wait as well.

    They come in one feed: what is neither kept nor waits by now was refused, and comes no more.
    """
    kept = await take_parts(session, said.pool, home, KIND)
    earlier = [msgspec.convert(each, ClaimsStated) for each in kept]
    parts = [*(each for each in earlier if each.part < said.part), said]
    missing = set(range(said.part)) - {each.part for each in parts}
    if missing & await _waiting_parts(session, home, said):
        raise NotHereYet
    if missing:
        raise PartsMissing
    return parts


async def _waiting_parts(session: AsyncSession, home: str, said: ClaimsStated) -> set[int]:
    waiting = [
        msgspec.json.decode(each, type=ClaimsStated)
        for each in await parked_of_kind(session, home, CLAIMS)
    ]
    return {each.part for each in waiting if (each.pool, each.term) == (said.pool, said.term)}


async def _certain_until(session: AsyncSession, term: PoolTerm, home: str) -> datetime | None:
    """Say until when a home's receipts are certain: after a host is lost, it grants by itself.

    Who took its pool over knows when it was heard last; later hosts, that nobody had for a day.
    """
    lost = await lost_before(session, term.pool_id, home)
    if lost is None or lost.term == term.term:
        return term.certain_until
    return lost.certain_until or lost.said_at - SILENCE


async def _enter_sessions(rebuilding: Rebuilding, home: str, parts: list[ClaimsStated]) -> None:
    """Know the sessions of which only others heard before their host was lost.

    Whoever is waited for has heard of them from that host: they take place. The lost host itself
    proves it by a seat, or they are called off; nobody else adds any.
    """
    session, pool_id = rebuilding.session, rebuilding.restore_id
    shifts = [shift for part in parts for shift in part.sessions]
    wait = await session.get(PoolWait, (pool_id, home))
    if wait is not None and wait.answered_at is None:
        take_place = {seat.id for shift in shifts for seat in shift.seats}
    elif await lost_before(session, pool_id, home) is not None:
        claims = [claim for part in parts for claim in part.claims if claim.state == "held"]
        take_place = {each.seat for each in claims if proven(each, rebuilding.our_receipt)}
    else:
        return
    for shift in sorted(shifts, key=lambda each: each.id):
        await enter_session(rebuilding, StatedSession(pool=pool_id, shift=shift), take_place)


async def _enter(rebuilding: Rebuilding, home: str, claims: list[StatedClaim]) -> None:
    session = rebuilding.session
    ordered = [claim for _, claim in in_order(rebuilding, [(home, each) for each in claims])]
    for stated in ordered:
        if stated.over:
            await as_host.enter_ended(rebuilding, home, stated)
    for stated in ordered:
        if not stated.over:
            await as_host.enter_live(rebuilding, home, stated)
    await as_host.ask_about_unknown(
        rebuilding, home, [each.claim for each in claims], pool=rebuilding.restore_id
    )
    await session.flush()
    # this node's own receipt takes the place of an earlier host's, the next time that it is asked
    entered = [each.claim for each in claims if each.receipt is not None]
    proofs = [each.receipt for each in claims if each.receipt is not None]
    await session.execute(
        update(Claim)
        .where(Claim.id.in_(entered), Claim.receipt.in_(proofs), Claim.decided_here)
        .values(receipt=None)
    )


async def _settle(rebuilding: Rebuilding) -> None:
    session = rebuilding.session
    shifts = await session.scalars(
        select(Shift).where(Shift.id.in_(rebuilding.shifts)).order_by(Shift.id)
    )
    for shift in shifts.all():
        await settle(session, shift, rebuilding.now)
