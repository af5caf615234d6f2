"""Ending a relationship: at once and alone; the other node is told, and does its half."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from database import outbox
from federation.handing.going_on import forget_with
from federation.partners import actions
from federation.partners.errors import BadSignature
from federation.partners.models import Partner
from federation.partners.rules.handshake import ENDED
from federation.permissions.rules import Asker
from federation.pools.slots.restating import restate_for_partner
from federation.relations.leaving.rules import named_in, read_leave

TELL = "tell-of-end"
PART = "part-claims"


async def end(
    session: AsyncSession,
    *,
    asker: Asker,
    node_id: str,
    now: datetime,
    claims_until: datetime | None = None,
) -> None:
    """End a relationship; what its people and ours hold of one another stays until a moment.

    Languages that only the partner's people spoke are hidden at once.
    """
    await actions.end(session, asker=asker, node_id=node_id, now=now)
    partner = await actions.locked(session, node_id)
    # ended before, it stays so, and only claims may be given back now
    partner.ended_at = partner.ended_at or now
    await restate_for_partner(session, node_id, now)
    await forget_with(session, node_id)
    until = claims_until and _within_reach(claims_until, now).isoformat()
    told: dict[str, Any] = {
        "node_id": node_id,
        "at": partner.ended_at.isoformat(),
        "claims_until": until,
    }
    await outbox.put(session, TELL, told, now=now, key=node_id)
    await _part(session, node_id, claims_until, now)


async def receive_leave(
    session: AsyncSession, statement: str, *, own_id: str, now: datetime
) -> None:
    """Take a partner's word that it has ended it; one from before it joined anew changes nothing.

    A stranger is refused like somebody who cannot sign: nobody learns whom this node knows.
    """
    node_id = named_in(statement)
    partner = await session.get(Partner, node_id, with_for_update={"key_share": True})
    if partner is None:
        raise BadSignature
    leave = read_leave(statement, partner.keys["transport"], to=own_id, now=now)
    if leave.at <= partner.met_at:
        return
    if partner.state != ENDED:
        await actions.close(session, partner)
        partner.ended_at, partner.ended_there = leave.at, True
        await actions.note(session, None, "ended", now=now, node_id=node_id)
        await restate_for_partner(session, node_id, now)
        await forget_with(session, node_id)
    await _part(session, node_id, leave.claims_until, now)
    if leave.given_back:
        claims = [str(each) for each in leave.given_back]
        work = {"node_id": node_id, "since": now.isoformat(), "claims": claims}
        await outbox.put(session, PART, work, now=now)


async def tell_given_back(session: AsyncSession, node_id: str, now: datetime) -> None:
    """Have a node with which it has ended hear that a seat was given back: it reads no feed."""
    partner = await session.get(Partner, node_id)
    if partner is None or partner.state != ENDED or partner.ended_at is None:
        return
    told = {
        "node_id": node_id,
        "at": partner.ended_at.isoformat(),
        "claims_until": None,
        "since": now.isoformat(),
    }
    await outbox.put(session, TELL, told, now=now, key=f"{node_id} given back")


async def _part(
    session: AsyncSession, node_id: str, claims_until: datetime | None, now: datetime
) -> None:
    """Have claims ended one by one, each with its own locks, where they are not kept."""
    if claims_until is not None:
        since = _within_reach(claims_until, now).isoformat()
        work = {"node_id": node_id, "since": since}
        await outbox.put(session, PART, work, now=now, key=f"{node_id} {since}")


def _within_reach(moment: datetime, now: datetime) -> datetime:
    """Bring a moment that anybody may have written to where a calendar has sessions."""
    return min(max(moment, now), now + timedelta(days=3650))
