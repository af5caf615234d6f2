"""Ending a relationship: at once and alone; the other node is told, and does its half."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database import outbox
from federation.handing.going_on import forget_with
from federation.handing.queries import agreed_with
from federation.partners import actions
from federation.partners.errors import BadSignature
from federation.partners.models import Partner
from federation.partners.rules.handshake import ENDED
from federation.permissions.rules import Asker
from federation.pools.slots.restating import restate_for_partner
from federation.relations.leaving.last_words import (
    hear,
    places_heard,
    places_said,
)
from federation.relations.leaving.rules import Leave, named_in, read_leave

TELL = "tell-of-end"
PART = "part-claims"
HANDED = "hear-handed"


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
    actions.may_partner(asker)
    partner = await actions.locked(session, node_id)
    last = await _last_words(session, partner)
    await actions.end(session, asker=asker, node_id=node_id, now=now)
    # ended before, it stays so, and only claims may be given back now
    partner.ended_at = partner.ended_at or now
    await restate_for_partner(session, node_id, now)
    await forget_with(session, node_id)
    await _hear_handed(session, node_id, None, now)
    until = claims_until and _within_reach(claims_until, now).isoformat()
    told: dict[str, Any] = {
        "node_id": node_id,
        "at": partner.ended_at.isoformat(),
        "claims_until": until,
        **last,
    }
    await outbox.put(session, TELL, told, now=now, key=node_id)
    await _part(session, node_id, claims_until, now)


async def _last_words(session: AsyncSession, partner: Partner) -> dict[str, Any]:
    """Say where both nodes' feeds are; ended once more, it stays as it was then."""
    if partner.state != ENDED:
        said = await places_said(session, partner.node_id)
        return {"said": said, "heard": await places_heard(session, partner.node_id)}
    waiting = (outbox.OutboxRow.kind == TELL, outbox.OutboxRow.key == partner.node_id)
    before = await session.scalar(select(outbox.OutboxRow.payload).where(*waiting)) or {}
    return {name: before[name] for name in ("said", "heard") if name in before}


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
        await _end_too(session, partner, leave.at, now)
    await hear(session, partner, leave, now)
    await _hear_handed(session, node_id, leave, now)
    await _part(session, node_id, leave.claims_until, now)
    if leave.given_back:
        claims = [str(each) for each in leave.given_back]
        work = {"node_id": node_id, "since": now.isoformat(), "claims": claims}
        await outbox.put(session, PART, work, now=now)


async def _end_too(session: AsyncSession, partner: Partner, at: datetime, now: datetime) -> None:
    """End it on this side as well; what the other had not read may have given seats back."""
    last = await _last_words(session, partner)
    await _tell(session, partner, at, now, "heard", last)
    await actions.close(session, partner)
    partner.ended_at, partner.ended_there = at, True
    await actions.note(session, None, "ended", now=now, node_id=partner.node_id)
    await restate_for_partner(session, partner.node_id, now)
    await forget_with(session, partner.node_id)


async def tell_given_back(session: AsyncSession, node_id: str, now: datetime) -> None:
    """Have a node with which it has ended hear that a seat was given back: it reads no feed."""
    partner = await session.get(Partner, node_id)
    if partner is None or partner.state != ENDED or partner.ended_at is None:
        return
    await _tell(session, partner, partner.ended_at, now, "given back", {})


async def _tell(
    session: AsyncSession,
    partner: Partner,
    at: datetime,
    now: datetime,
    why: str,
    last: dict[str, Any],
) -> None:
    """Say once more that it has ended, with all that was given back since."""
    told = {
        "node_id": partner.node_id,
        "at": at.isoformat(),
        "claims_until": None,
        "since": now.isoformat(),
        **last,
    }
    await outbox.put(session, TELL, told, now=now, key=f"{partner.node_id} {why}")


async def _hear_handed(
    session: AsyncSession, node_id: str, leave: Leave | None, now: datetime
) -> None:
    """Have pools taken that both have signed over to this node; the other's word settles the rest.

    That is work of its own: everybody in a pool is locked for it, before any partner is.
    """
    agreed = await agreed_with(session, node_id)
    if agreed or leave is not None:
        word = leave is not None
        work = {
            "node_id": node_id,
            "handed": [*agreed, *(leave.handed if leave else [])],
            "word": word,
            "says_what_was_read": bool(leave and leave.heard),
            "since": now.isoformat(),
        }
        await outbox.put(session, HANDED, work, now=now, key=f"{node_id} {word}")


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
