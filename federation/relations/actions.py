"""What changes between two nodes, with all that follows from it on this one."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners import actions
from federation.partners.models import Partner
from federation.permissions.rules import Asker
from federation.pools.slots.restating import restate_for_partner


async def type_words(
    session: AsyncSession, *, asker: Asker, node_id: str, typed: str, now: datetime
) -> Partner:
    """Type the words that were heard; the partner's people count as speakers from then on."""
    partner = await actions.confirm_words(
        session, asker=asker, node_id=node_id, typed=typed, now=now
    )
    await restate_for_partner(session, node_id, now)
    return partner
