"""What is under way with a pool, when this node was restored or parts with another."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.actions import append
from federation.feeds.queries import PRIVATE
from federation.handing.actions import ACCEPTED as SAID_ACCEPTED
from federation.handing.actions import OFFERED as SAID_OFFERED
from federation.handing.losses import SAID_AGREED, SAID_TAKING
from federation.handing.models import PoolHanding, PoolPart
from federation.handing.rules import ACCEPTED, AGREED, OFFERED, TAKING, read
from federation.partners.models import Partner
from federation.partners.rules.handshake import JOINED
from federation.partners.sender import Sender

SAID_IN = {
    OFFERED: SAID_OFFERED,
    ACCEPTED: SAID_ACCEPTED,
    TAKING: SAID_TAKING,
    AGREED: SAID_AGREED,
}
"""What this node has said of a hand-over in each state in which others act next."""


async def say_again(session: AsyncSession, now: datetime) -> None:
    """Say once more what partners may not have read before every feed began anew."""
    known = set(await session.scalars(select(Partner.node_id).where(Partner.state == JOINED)))
    handings = await session.scalars(
        select(PoolHanding).where(PoolHanding.state.in_(SAID_IN)).order_by(PoolHanding.pool_id)
    )
    to_say = [
        (node, SAID_IN[handing.state], _said(handing))
        for handing in handings
        for node in _told(handing)
        # a version of before did not keep what it had signed
        if node in known and (handing.statements or handing.state == OFFERED)
    ]
    for node, kind, said in sorted(to_say, key=lambda each: each[:2]):
        await append(session, PRIVATE, node, kind, said, now=now)


async def hear_anew(session: AsyncSession, sender: Sender, now: datetime) -> None:
    """Hear a partner from the beginning, as after a restore: what it had half said is over."""
    await session.execute(delete(PoolPart).where(PoolPart.node_id == sender.node_id))
    await say_yes_again(session, sender, now)


async def say_yes_again(session: AsyncSession, sender: Sender, now: datetime) -> None:
    """Say yes once more to who comes back from a backup: it may have said since that it is over."""
    handings = await session.scalars(
        select(PoolHanding)
        .where(PoolHanding.node_id == sender.node_id, PoolHanding.state.in_((ACCEPTED, AGREED)))
        .order_by(PoolHanding.pool_id)
    )
    for handing in handings.all():
        if own := _own_statement(handing):
            said = {"pool": str(handing.pool_id), "statement": own}
            await append(session, PRIVATE, sender.node_id, SAID_IN[handing.state], said, now=now)


def _own_statement(handing: PoolHanding) -> str | None:
    """Give what this node has signed; where it is to host, that is under the host's id."""
    others = {node: text for node, text in handing.statements.items() if node != handing.node_id}
    return next(iter(others.values()), None)


def _said(handing: PoolHanding) -> dict[str, Any]:
    if handing.state == OFFERED:
        return {"document": handing.document}
    if handing.state == TAKING:
        host = read(handing.document).host
        return {"document": handing.document, "statement": handing.statements[host]}
    return {"pool": str(handing.pool_id), "statement": _own_statement(handing)}


def _told(handing: PoolHanding) -> set[str]:
    if handing.state != TAKING:
        return {handing.node_id}
    document = read(handing.document)
    return set(document.members) - {document.host, handing.node_id}


async def forget_with(session: AsyncSession, node_id: str) -> None:
    """Leave pools where they are that were to go to a node, or come from it; it hears no more.

    A lost host is not asked: who takes its pool over goes on. Whether a pool that was agreed to
    has been handed over, the other node's last word tells.
    """
    over = (PoolHanding.node_id == node_id, PoolHanding.state.not_in((TAKING, ACCEPTED)))
    await session.execute(delete(PoolHanding).where(*over))
