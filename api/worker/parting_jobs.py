"""What a worker does when a relationship has ended: the other node is told, claims are ended."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from api.peers.client import PartnerRefusedError, send_leave
from api.worker.workshop import Workshop
from database.session import door
from federation.partners.models import Partner
from federation.partners.rules.handshake import ENDED
from federation.relations.leaving.rules import PURPOSE
from rota.sign_up.parting import claims_with, part

TOLD_FOR = timedelta(days=30)
NOT_KNOWN = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
"""What an older version answers: it has no such address."""


async def tell_of_end(workshop: Workshop, payload: dict[str, Any]) -> None:
    """Tell a node that this one has ended it, until it has heard, or a month is over."""
    async with door(workshop.engine) as session:
        partner = await session.get(Partner, payload["node_id"])
    at = datetime.fromisoformat(payload["at"])
    begun_anew = partner is None or partner.state != ENDED or partner.ended_at != at
    if partner is None or begun_anew or workshop.clock() - at > TOLD_FOR:
        return
    said = {
        "node": workshop.node.node_id,
        "to": partner.node_id,
        "at": payload["at"],
        "claims_until": payload["claims_until"],
    }
    statement = workshop.node.keys.sign("transport", said, purpose=PURPOSE)
    try:
        await send_leave(partner.base_url, statement, development=workshop.settings.development)
    except PartnerRefusedError as refusal:
        if refusal.status not in NOT_KNOWN:
            raise


async def part_claims(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """End the claims that are not kept, each in a transaction of its own."""
    since = datetime.fromisoformat(payload["since"])
    async with door(engine) as session:
        found = await claims_with(session, payload["node_id"], since, now)
    for claim_id in found:
        async with door(engine) as session:
            await part(session, claim_id, now)
