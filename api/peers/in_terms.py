"""Of which pool something is said, and whether in the term that counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.events import Apply
from federation.errors import NotHereYet
from federation.feeds.queries import PRIVATE
from federation.partners.sender import Sender
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.pools.terms import SaidIn, term_of
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift
from rota.waiting.models import WaitingEntry


def in_its_term(apply: Apply, *, counts_late: bool) -> Apply:
    """Let what is said in a term to come wait, and pass over what was said in one that is over.

    What of it still holds is said anew; of what is not, the word `counts_late` as well.
    """

    async def hear(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        said_in = msgspec.convert(payload, SaidIn).term
        pool = await pool_meant(session, sender, payload) if said_in is not None else None
        if said_in is not None and pool is not None:
            counts = await _counts(session, sender, pool, said_in)
            if not counts and not counts_late:
                return
        await apply(session, sender, payload, now)

    return hear


async def counting(
    session: AsyncSession, sender: Sender, payloads: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Leave out of many words in the feed of one pool those of a term that is over."""
    said_in = {msgspec.convert(each, SaidIn).term for each in payloads} - {None}
    pool = UUID(sender.subject)
    over = {
        term
        for term in said_in
        if term is not None and not await _counts(session, sender, pool, term)
    }
    return [each for each in payloads if each.get("term") not in over]


async def _counts(session: AsyncSession, sender: Sender, pool_id: UUID, said_in: int) -> bool:
    """Tell whether the term in which something was said is not over; one to come is waited for.

    Who hosts the pool as far as is believed here may be in a later term than is known of it.
    """
    believed = await term_of(session, pool_id)
    if said_in > believed:
        pool = await session.get(Pool, pool_id)
        if pool is not None and pool.host != sender.node_id:
            raise NotHereYet
    return said_in >= believed


async def pool_meant(session: AsyncSession, sender: Sender, payload: dict[str, Any]) -> UUID | None:
    """Find the pool of which something is said, by the feed or by what is named."""
    if sender.feed_kind != PRIVATE:
        return _id(sender.subject)
    if "pool" in payload:
        return _id(payload["pool"])
    for name, query in (
        ("handle", select(Handle.pool_id).where(Handle.id == _id(payload.get("handle")))),
        ("shift", select(Shift.pool_id).where(Shift.id == _id(payload.get("shift")))),
        (
            "seat",
            select(Shift.pool_id)
            .join(Seat, Seat.shift_id == Shift.id)
            .where(Seat.id == _id(payload.get("seat"))),
        ),
        (
            "entry",
            select(Handle.pool_id)
            .join(WaitingEntry, WaitingEntry.handle_id == Handle.id)
            .where(WaitingEntry.id == _id(payload.get("entry"))),
        ),
        ("claim", _pool_of_claim(payload.get("claim"))),
        # who gave a seat for nothing has no other claim in an exchange
        ("gave", _pool_of_claim(payload.get("gave"))),
    ):
        found: UUID | None = await session.scalar(query) if payload.get(name) else None
        if found is not None:
            # not of the first that is named: a seat of a part may be known to the host alone
            return found
    return None


def _pool_of_claim(named: object) -> Select[UUID]:
    return (
        select(Handle.pool_id)
        .join(Claim, Claim.handle_id == Handle.id)
        .where(Claim.id == _id(named))
    )


def _id(named: object) -> UUID | None:
    try:
        return UUID(str(named))
    except ValueError:
        return None
