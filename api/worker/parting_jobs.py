"""What a worker does when a relationship has ended: the other node is told, claims are ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from api.peers.applying import hear_pools
from api.peers.client import PartnerRefusedError, send_leave
from api.worker.workshop import Workshop
from database.session import door
from federation.handing.parted import forget_agreed, handed_to
from federation.partners.models import Partner
from federation.partners.rules.handshake import ENDED
from federation.relations.leaving.last_words import signed_heads, unheard_since
from federation.relations.leaving.rules import MOST_HANDED, PURPOSE
from rota.handing.unread import claims_never_told
from rota.record_sharing.actions import stop_with_partners
from rota.sign_up.parting import claims_with, given_back, part

TOLD_FOR = timedelta(days=30)
HEARD_AGAIN = timedelta(minutes=10)
NOT_KNOWN = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
"""What an older version answers: it has no such address."""


async def tell_of_end(workshop: Workshop, payload: dict[str, Any]) -> None:
    """Tell a node that this one has ended it, until it has heard, or a month is over."""
    at, now = datetime.fromisoformat(payload["at"]), workshop.clock()
    since = datetime.fromisoformat(payload.get("since", payload["at"]))
    async with door(workshop.engine) as session:
        # at once: both may meet anew before the hour is over
        await stop_with_partners(session, now)
        partner = await session.get(Partner, payload["node_id"])
        unheard = await unheard_since(session, payload["node_id"])
        handed = await handed_to(session, payload["node_id"], workshop.node.node_id, MOST_HANDED)
        back = await given_back(session, payload["node_id"], min(at, unheard or at), now)
    begun_anew = partner is None or partner.state != ENDED or partner.ended_at != at
    if partner is None or begun_anew or now - since > TOLD_FOR:
        return
    said: dict[str, Any] = {
        "node": workshop.node.node_id,
        "to": partner.node_id,
        "at": payload["at"],
        "claims_until": payload["claims_until"],
        "given_back": [str(each) for each in back],
        "said": signed_heads(payload.get("said", []), workshop.node.keys, now),
        "heard": payload.get("heard", []),
        "handed": handed,
    }
    statement = workshop.node.keys.sign("transport", said, purpose=PURPOSE)
    try:
        await send_leave(partner.base_url, statement, development=workshop.settings.development)
    except PartnerRefusedError as refusal:
        if refusal.status not in NOT_KNOWN:
            raise


async def hear_handed(workshop: Workshop, payload: dict[str, Any]) -> datetime | None:
    """Take the pools that a node had handed over before it ended it; the others stay there.

    What cannot be believed now, as while this node is restored, is tried again for a month. Seats
    of ours of which a pool's new host has never read are given back: to it they are free.
    """
    node_id, now = payload["node_id"], workshop.clock()
    if not await hear_pools(workshop.reader, node_id, payload["handed"]):
        tries = now - datetime.fromisoformat(payload["since"]) < TOLD_FOR
        return now + HEARD_AGAIN if tries else None
    if payload["word"]:
        async with door(workshop.engine) as session:
            await forget_agreed(session, node_id)
    if payload["says_what_was_read"]:
        async with door(workshop.engine) as session:
            lost = await claims_never_told(session, node_id, now)
        await _part_each(workshop.engine, lost, now)
    return None


async def part_claims(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """End the claims that are not kept, or were given back, each in a transaction of its own."""
    since = datetime.fromisoformat(payload["since"])
    only = [UUID(each) for each in payload["claims"]] if "claims" in payload else None
    async with door(engine) as session:
        found = await claims_with(session, payload["node_id"], since, now, only=only)
    await _part_each(engine, found, now)


async def _part_each(engine: AsyncEngine, claims: Sequence[UUID], now: datetime) -> None:
    for claim_id in claims:
        async with door(engine) as session:
            await part(session, claim_id, now)
