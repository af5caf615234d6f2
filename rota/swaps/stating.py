"""The host tells partners of offers: all members that a seat is offered, never by whom."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import Reason
from federation.feeds.actions import append
from federation.feeds.telling import Telling, tell
from federation.people.models import Handle
from federation.pools.terms import in_term
from federation.projects.models import Project
from rota.claims.models import Claim
from rota.swaps.models import SwapOffer, SwapWanted


async def offer_stated(
    session: AsyncSession, offer: SwapOffer, now: datetime, reasons: Sequence[Reason] = ()
) -> list[Telling]:
    """Give what is to be said of an offer, and to which node; to all members under no name.

    Of an offer to one person only their home hears, with the giver's name in the pool; the home of
    who made it hears how it ended.
    """
    if not offer.decided_here or offer.claim_id is None:
        return []
    stated = await _stated(session, offer)
    row = (
        await session.execute(
            select(Handle.display, Project.node)
            .join(Claim, Claim.handle_id == Handle.id)
            .join(Project, Project.id == Handle.project_id)
            .where(Claim.id == offer.claim_id)
        )
    ).one()
    said: list[tuple[str, dict[str, Any]]] = []
    to = await session.get(Handle, offer.to_handle_id) if offer.to_handle_id else None
    if to is not None:
        home = await session.scalar(select(Project.node).where(Project.id == to.project_id))
        if home is not None:
            said.append((home, stated | {"to": str(to.id), "giver": row.display}))
    elif offer.state != "refused":
        said.append(("", stated))
    if row.node is not None and offer.state != "open":
        why = [reason._asdict() for reason in reasons]
        said.append((row.node, stated | {"reasons": why}))
    return [(node, partial(_say, session, offer, node, each, now)) for node, each in said]


async def state_as_known(session: AsyncSession, offer: SwapOffer, home: str, now: datetime) -> None:
    """Tell the home of who made an offer how it ended at a host before this one."""
    said = await _stated(session, offer) | {"reasons": []}
    await _say(session, offer, home, said, now)


async def _stated(session: AsyncSession, offer: SwapOffer) -> dict[str, Any]:
    terms = await terms_of(session, offer)
    stated = terms | {"seat": str(offer.seat_id), "state": offer.state}
    return await in_term(session, offer.pool_id, stated)


async def terms_of(session: AsyncSession, offer: SwapOffer) -> dict[str, Any]:
    """Write down what an offer asks for, and how long, as nodes tell one another."""
    wanted = await session.scalars(
        select(SwapWanted).where(SwapWanted.offer_id == offer.id).order_by(SwapWanted.seat_id)
    )
    return {
        "offer": str(offer.id),
        "one_way": offer.one_way,
        "wanted": [
            {
                "seat": str(each.seat_id),
                "starts": each.starts.isoformat(),
                "ends": each.ends.isoformat(),
            }
            for each in wanted
        ],
        "until": offer.expires_at.isoformat(),
    }


async def as_offered(session: AsyncSession, offer: SwapOffer) -> dict[str, Any]:
    """Write an offer down as its home asks the host to make it."""
    offered = await terms_of(session, offer) | {
        "claim": str(offer.claim_id),
        "handle": str(offer.handle_id),
        "to": offer.to_display,
    }
    return await in_term(session, offer.pool_id, offered)


async def restate_offers(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """As a restored host: say again what is offered, in case that it was not heard."""
    offers = await session.scalars(
        select(SwapOffer)
        .join(Claim, Claim.id == SwapOffer.claim_id)
        .where(
            SwapOffer.pool_id == pool_id,
            SwapOffer.state == "open",
            SwapOffer.decided_here,
            SwapOffer.expires_at > now,
            Claim.state == "held",
        )
        .order_by(SwapOffer.id)
    )
    await tell([each for offer in offers.all() for each in await offer_stated(session, offer, now)])


async def _say(
    session: AsyncSession, offer: SwapOffer, node: str, stated: dict[str, Any], now: datetime
) -> None:
    kind, subject = ("private", node) if node else ("pool/shifts", str(offer.pool_id))
    await append(session, kind, subject, "swap.stated", stated, now=now)
