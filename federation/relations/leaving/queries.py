from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from federation.erasing.models import HandleErasure
from federation.errors import NotFound
from federation.partners.actions import POKE, PULL
from federation.partners.models import Partner
from federation.partners.queries import require_reader
from federation.permissions.rules import Asker
from federation.relations.leaving.actions import TELL


async def untold(session: AsyncSession, asker: Asker) -> set[str]:
    """Name the nodes that still have to hear that this one has ended it."""
    require_reader(asker)
    rows = await session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == TELL))
    return {payload["node_id"] for payload in rows}


class PartnerSeen(NamedTuple):
    """A node that was met, and what this one still has to say to it or to hear from it.

    `untold`: it has not heard yet that this node has ended it. `unerased` handles it was asked to
    erase and has not said that it did. `attempts` in a row have not reached it.
    """

    partner: Partner
    untold: bool
    unerased: int
    attempts: int


async def partner_seen(session: AsyncSession, asker: Asker, node_id: str) -> PartnerSeen:
    """Give one node that was met as those see it who look after it."""
    require_reader(asker)
    untold = exists().where(OutboxRow.kind == TELL, OutboxRow.key == node_id)
    unerased = select(func.count()).where(
        HandleErasure.node_id == node_id, HandleErasure.confirmed_at.is_(None)
    )
    attempts = select(func.coalesce(func.max(OutboxRow.attempts), 0)).where(
        OutboxRow.kind.in_([POKE, PULL]),
        OutboxRow.key == node_id,
        OutboxRow.last_error.is_not(None),
    )
    query = select(Partner, untold, unerased.scalar_subquery(), attempts.scalar_subquery())
    found = (await session.execute(query.where(Partner.node_id == node_id))).first()
    if found is None:
        raise NotFound
    return PartnerSeen(*found)
