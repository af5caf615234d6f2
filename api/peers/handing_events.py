"""A pool that is handed over: what nodes say of it, and why the old host's words count no more."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
import structlog
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.events import Apply, HearPool
from api.peers.in_terms import pool_meant
from api.peers.wishes import require_private, signed
from federation.errors import NotFound, NotHereYet, Refusal
from federation.feeds.queries import POOL_SHIFTS
from federation.handing import actions, disputes, losses
from federation.handing.errors import HandedOver, PoolSettling
from federation.handing.parted import take_as_known
from federation.handing.queries import (
    hosted_before,
    hosted_for,
    may_host_next,
    waits_for_contents,
)
from federation.handing.terms import News, believe, news_in
from federation.partners.keys import NodeKeys
from federation.partners.models import Partner
from federation.partners.rules.canonical import admit
from federation.partners.rules.document import signers
from federation.partners.rules.signatures import verified
from federation.partners.sender import Sender
from federation.pools.models import Pool
from rota.handing.after_loss import begin, receive_agreed
from rota.handing.following import CLAIMS
from rota.handing.hearing import receive_claims
from rota.handing.leaving import CONTENTS, follow_from_here, receive_accepted
from rota.handing.taking import receive_contents
from rota.reentry.actions import lock_everybody
from rota.reentry.entering import Verify
from rota.sign_up.from_homes import RECEIPT

Act = Callable[[AsyncSession, str, dict[str, Any], datetime], Awaitable[None]]
NOT_TAKEN = (Refusal, IntegrityError, DataError, msgspec.ValidationError, ValueError, LookupError)


def handing_events(keys: NodeKeys) -> dict[str, Apply]:
    """Give the kinds of event by which a pool goes from one host to another."""
    sign = partial(signed, keys)
    receipts = partial(_receipts_of, keys)
    return {
        actions.OFFERED: _private(partial(actions.receive_offer, keys=keys)),
        actions.UNOFFERED: _private(actions.receive_unoffered),
        actions.ACCEPTED: _private(partial(receive_accepted, keys=keys, sign=sign)),
        losses.SAID_TAKING: _private(partial(losses.receive_taking, keys=keys)),
        losses.SAID_AGREED: _private(partial(receive_agreed, keys=keys)),
        CONTENTS: _until_taken(_private(partial(receive_contents, keys=keys))),
        CLAIMS: _private(partial(receive_claims, sign=sign, receipts=receipts)),
    }


def hear_pools(keys: NodeKeys) -> HearPool:
    """Give what believes a signed word about who hosts a pool, and follows the pool."""

    async def hear(session: AsyncSession, statements: Mapping[str, str], now: datetime) -> None:
        news = await news_in(session, statements, keys)
        if news is News.ANOTHER:
            await disputes.notice(session, statements, keys, now)
        if news is not News.NEWER:
            return
        await lock_everybody(session, now)
        change = await believe(session, statements, keys, now)
        if change is not None and change.pool.host is not None:
            await follow_from_here(session, change, keys, now)
        elif taken := (
            await take_as_known(session, statements, keys, now)
            or await losses.take_again(session, statements, keys, now)
        ):
            await begin(session, taken, now)

    return hear


def _private(act: Act) -> Apply:
    async def apply(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        require_private(sender)
        await act(session, sender.node_id, payload, now)

    return apply


def _until_taken(apply: Apply) -> Apply:
    """Keep what cannot be taken now: without it, the pool would have no host at all."""

    async def take(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        try:
            # of what the database refuses everything is undone before anything else is asked
            async with session.begin_nested():
                await apply(session, sender, payload, now)
        except NotHereYet:
            raise
        except NOT_TAKEN as error:
            code = error.code if isinstance(error, Refusal) else type(error).__name__
            structlog.get_logger().warning("pool not taken over", code=code)
            raise NotHereYet from error

    return take


async def _receipts_of(keys: NodeKeys, session: AsyncSession, nodes: Sequence[str]) -> Verify:
    """Give what reads the receipts of all who have hosted a pool, this node's own among them."""
    found = await session.scalars(select(Partner).where(Partner.node_id.in_(nodes)))
    pinned = [key for partner in found for key in signers(partner.keys, "head")]
    pinned += keys.signers("head")

    def read(receipt: str) -> dict[str, Any]:
        return admit(verified(receipt, pinned, RECEIPT))

    return read


def of_its_host(apply: Apply, own_id: str, *, by_hosts: bool) -> Apply:
    """Say of what is not found whether it comes of a pool that was, or is being, handed over.

    Some kinds are said by hosts alone: where this node hosts, nobody says them any more, and where
    another one does as far as is believed here, who says them may be the next.
    """

    async def hear(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        try:
            await apply(session, sender, payload, now)
        except NotHereYet as early:
            if await _of_an_earlier_term(session, sender, payload, by_hosts=by_hosts):
                raise HandedOver from early
            raise
        except PoolSettling as settling:
            raise NotHereYet from settling
        except NotFound as unknown:
            pool = await pool_meant(session, sender, payload)
            # a handle that only the contents name tells of no pool
            if await waits_for_contents(session, pool):
                raise NotHereYet from unknown
            if by_hosts and pool is not None and await may_host_next(session, pool, sender.node_id):
                raise NotHereYet from unknown
            if pool is None:
                over = await hosted_for(session, own_id, sender.node_id) or (
                    by_hosts and await hosted_for(session, sender.node_id, own_id)
                )
            else:
                over = await hosted_before(session, pool, [sender.node_id, own_id])
            if over:
                raise HandedOver from unknown
            raise

    return hear


async def _of_an_earlier_term(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], *, by_hosts: bool
) -> bool:
    """Tell whether a host that was says something as a host: what it left unsaid comes no more.

    To the host that there is now it speaks in its private feed as any home does.
    """
    meant = await pool_meant(session, sender, payload)
    pool = None if meant is None else await session.get(Pool, meant)
    if pool is None or pool.host == sender.node_id:
        return False
    if pool.host is None and sender.feed_kind != POOL_SHIFTS and not by_hosts:
        return False
    return await hosted_before(session, pool.id, [sender.node_id])
