"""What a partner's wish needs before an action hears it; what gives something back needs nothing.

Here alone it is asked whether the partner may do this in that pool. A wish that it may not have is
handed on with the reason, so that the action answers it as any other refusal.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.events import Apply
from federation.errors import NotFound, Reason
from federation.feeds.queries import PRIVATE
from federation.grants.queries import may
from federation.partners.errors import NotGranted
from federation.partners.keys import NodeKeys
from federation.partners.rules.capabilities import CLAIM, OFFER
from federation.partners.sender import Sender
from federation.people.models import Handle
from federation.projects.models import Project
from rota.claims.models import Claim
from rota.claims.quota import TOO_MANY_CLAIMS, seats_asked_for
from rota.cover import from_homes as cover
from rota.offers.actions import receive_more_offers, receive_offers
from rota.sign_up import from_homes as claims
from rota.swaps import from_homes as swaps
from rota.swaps import offers_abroad
from rota.waiting import from_nodes as waiting

Wish = Callable[
    [AsyncSession, str, dict[str, Any], datetime, claims.Sign, tuple[Reason, ...]],
    Awaitable[None],
]
Offer = Callable[[AsyncSession, str, dict[str, Any], datetime], Awaitable[None]]

WISHES: Mapping[str, Wish] = {
    "claim.requested": claims.receive_claim,
    "cover.asked": cover.receive_asked,
    "cover.taken": cover.receive_taken,
    "swap.offered": offers_abroad.receive_offered,
    "exchange.asked": swaps.receive_asked,
    "exchange.agreed": swaps.receive_agreed,
    "waiting.joined": waiting.receive_joined,
}
"""What takes something in a pool of this node: only for partners that may claim seats there."""
OFFERS: Mapping[str, Offer] = {
    "offers.stated": receive_offers,
    "offers.added": receive_more_offers,
}
"""What partners say that their people can take: only from those that may offer it."""
WITHHELD = Reason(NotGranted.code, NotGranted.title)
ONE_MORE = frozenset({"claim.requested", "cover.taken", "exchange.asked"})
"""Wishes that end with one more seat, or would without a second one in return."""
ABOUT_CLAIMS = frozenset({"cover.asked", "exchange.agreed"})
"""Wishes that name no handle but the claim of one."""
IN_RETURN = frozenset({"exchange.asked"})
"""Wishes that may give a seat back."""


class AboutHandle(msgspec.Struct, frozen=True):
    """Who a wish is about: a handle, or the claim of one."""

    handle: UUID | None = None
    claim: UUID | None = None
    gives: UUID | None = None


def about_in(kind: str, payload: Mapping[str, Any]) -> AboutHandle:
    """Read who a wish is about, from what its action reads and from nothing beside that."""
    about = msgspec.convert(payload, AboutHandle)
    if kind in ABOUT_CLAIMS:
        about = msgspec.structs.replace(about, handle=None)
    return about if kind in IN_RETURN else msgspec.structs.replace(about, gives=None)


async def pool_of(session: AsyncSession, node_id: str, about: AboutHandle) -> UUID | None:
    """Find the pool of a partner's handle; of anybody else's the action knows nothing either."""
    theirs = select(Handle.pool_id).join(Project, Project.id == Handle.project_id)
    found: UUID | None = await session.scalar(theirs.where(Project.node == node_id, _whose(about)))
    return found


def _whose(about: AboutHandle) -> ColumnElement[bool]:
    if about.handle is not None:
        return Handle.id == about.handle
    return Handle.id.in_(select(Claim.handle_id).where(Claim.id == about.claim))


async def against_wish(
    session: AsyncSession,
    node_id: str,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    *,
    seats_at_once: int,
) -> tuple[Reason, ...]:
    """Give the reason why a partner may not wish for this here and now, if there is one."""
    about = about_in(kind, payload)
    pool = await pool_of(session, node_id, about)
    if pool is None:
        return ()
    if not await may(session, node_id, CLAIM, pool):
        return (WITHHELD,)
    if kind in ONE_MORE and about.gives is None:
        asked_for = await seats_asked_for(session, node_id, now, most=seats_at_once)
        return (TOO_MANY_CLAIMS,) if asked_for >= seats_at_once else ()
    return ()


async def require_verb(
    session: AsyncSession, node_id: str, verb: str, payload: Mapping[str, Any]
) -> None:
    """Refuse what has no answer: it is set aside."""
    pool = await pool_of(session, node_id, msgspec.convert(payload, AboutHandle))
    if pool is not None and not await may(session, node_id, verb, pool):
        raise NotGranted


def offering(act: Offer) -> Apply:
    """Let an action hear only offers that the partner may make."""

    async def apply(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        require_private(sender)
        if payload.get("offers"):
            # that somebody can take nothing any more is always heard
            await require_verb(session, sender.node_id, OFFER, payload)
        await act(session, sender.node_id, payload, now)

    return apply


def wish(kind: str, act: Wish, keys: NodeKeys, seats_at_once: int) -> Apply:
    """Let an action hear a wish together with what stands against it."""

    async def apply(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        require_private(sender)
        barred = await against_wish(
            session, sender.node_id, kind, payload, now, seats_at_once=seats_at_once
        )
        await act(session, sender.node_id, payload, now, partial(signed, keys), barred)

    return apply


def signed(keys: NodeKeys, said: dict[str, Any]) -> str:
    """Sign a receipt: it outlives the connection."""
    return keys.sign("head", said, purpose=claims.RECEIPT)


def require_private(sender: Sender) -> None:
    """Refuse what belongs into a private feed and was said in another."""
    if sender.feed_kind != PRIVATE:
        raise NotFound
